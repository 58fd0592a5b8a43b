import type { DatasetVersion } from '../catalog/dataset.ts';
import { strictestMode } from '../catalog/disclosure-mode.ts';
import { policyFor } from '../catalog/disclosure-policy.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { maskedByPolicy } from '../masking/policy/dataset-policy.ts';
import type { JobContext } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { MaskPolicyRecord } from './mask-policy-store.ts';
import type { DatasetRecord, GrantRecord } from './ports.ts';
import { runsOn } from './simulation-reach.ts';

/** What records keep of a policy. */
export function maskPolicyReference({ policy, version }: Pick<MaskPolicyRecord, 'policy' | 'version'>): string {
  return `${policy}@${version}`;
}

/** What a job runs on, and which simulation that is where it is one. */
export interface JobGround {
  readonly context: JobContext;
  readonly simulationId?: string;
}

/** The ground of a query that is about the scores of a model. */
export function withScoring(ground: JobGround, scoring: JobContext['scoring']): JobGround {
  return scoring === undefined ? ground : { ...ground, context: { ...ground.context, scoring } };
}

/** The version in force, if it may be queried. */
export async function queryableVersion(ports: OperationsPorts, record: DatasetRecord): Promise<DatasetVersion | null> {
  if (record.currentVersion === null) return null;
  const version = await ports.store.view.datasets.version(record.name, record.currentVersion);
  return version?.state === 'queryable' ? version : null;
}

/**
 * What a job of this grant knows: the newest simulation in use that is open to it, or the version in force. Refuses with `job.no_simulation` or
 * `job.no_version`. Depends on the catalogue, the grant and the masking policy in force.
 */
export async function jobGround(
  ports: OperationsPorts,
  record: DatasetRecord,
  grant: GrantRecord,
  target: 'sim' | 'real',
): Promise<Result<JobGround, readonly Problem[]>> {
  const masking = await ports.store.view.maskPolicies.inForce(record.name);
  const shared = {
    dataset: masking === null ? record.dataset : maskedByPolicy(record.dataset, masking, grant.scenario),
    ...(masking === null ? {} : { maskPolicy: maskPolicyReference(masking) }),
    grant,
    policy: policyFor(ports.policy, record.dataset.k),
    mode: strictestMode(record.dataset.mode, grant.mode),
  };
  if (target === 'sim') {
    const sets = await ports.store.view.simulations.list(record.name);
    const simulation = sets.find((item) => runsOn(ports, grant.merchant, item));
    if (simulation === undefined) return err([problem('job.no_simulation', { dataset: record.name })]);
    const sealedPath = ports.simulator.sealedPath(record.name, simulation.id);
    return ok({ context: { ...shared, version: simulation.version, sealedPath }, simulationId: simulation.id });
  }
  const version = await queryableVersion(ports, record);
  if (version === null) return err([problem('job.no_version', { dataset: record.name })]);
  return ok({ context: { ...shared, version, sealedPath: ports.loader.sealedPath(record.name, version.version) } });
}
