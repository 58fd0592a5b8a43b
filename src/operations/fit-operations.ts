import { textDigest } from '../audit/fact-values.ts';
import { allowedKind } from '../egress/kind-policy.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Admitted } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { fitsBudget } from './fit-runner.ts';
import { fitText } from './fit-spec.ts';
import { allowed, refuseAccess } from './guard.ts';
import { queryableVersion } from './job-context.ts';
import type { JobQueue } from './job-queue.ts';
import { jobView } from './job-view.ts';
import { liveGrant } from './live-grant.ts';
import type { Operations } from './operations.ts';
import type { DatasetRecord, GrantRecord, JobRecord } from './ports.ts';
import { profileFor } from './whose-rules.ts';

type FitOperations = Pick<Operations, 'fitModel' | 'showFitBudget'>;

/** A model and a comparison tell of every column: a grant of some is not enough. */
export function coversAll(grant: GrantRecord, record: DatasetRecord): boolean {
  return record.dataset.tables.every((table) => grant.tables[table.name] === '*');
}

/** The admission of what reads a whole dataset: `text` stands where queries have their SQL. */
export function wholeAdmission(record: DatasetRecord, text: string, artefactHash: string): Admitted {
  const { tables } = record.dataset;
  return {
    canonicalSql: text,
    artefactHash,
    tables: tables.map((table) => table.name),
    // Direct identifiers are not in a sealed version, so no fit reads them.
    columns: tables.flatMap((table) => table.columns.flatMap(({ name, role }) => (role === 'directId' ? [] : [`${table.name}.${name}`]))),
    roundings: [],
  };
}

interface KeptJob {
  readonly record: DatasetRecord;
  readonly grant: GrantRecord;
  readonly admitted: Admitted;
  readonly body: Pick<JobRecord, 'fit' | 'fidelity' | 'productKind'>;
}

/** A job that is no query, put on record and queued. */
export async function keepJob(
  ports: OperationsPorts,
  actor: Actor,
  { record, grant, admitted, body }: KeptJob,
): Promise<Result<JobRecord, readonly Problem[]>> {
  const id = newId('job', ports.rng);
  const { canonicalSql: sql, artefactHash } = admitted;
  const shared = { dataset: record.name, target: 'real' } as const;
  const common = { actor, object: id, trace: id, outcome: 'done' } as const;
  const who = { merchant: actor.id, organisation: actor.organisation, grantId: grant.id };
  return ports.store.write(async (tx) => {
    await tx.jobs.add(
      { id, ...shared, ...who, sql, state: 'SUBMITTED', artefactHash, admitted, ...body },
      {
        ...common,
        operation: 'job.submit',
        facts: { ...shared, sqlDigest: textDigest(sql), artefactHash, grant: grant.id, tables: admitted.tables.slice(0, 200) },
      },
    );
    const queued = { ...common, operation: 'job.queue', facts: { ...shared, artefactHash } } as const;
    return tx.jobs.transition(id, { from: ['SUBMITTED'], to: 'REAL_QUEUED' }, queued);
  });
}

/** Models fitted inside the enclave: asked for like a job, reviewed like any egress. Source: synthetic-and-masking.md §4; requirement U6. */
export function fitOperations(ports: OperationsPorts, queue: JobQueue): FitOperations {
  const missing = (actor: Actor, action: 'simulation.fit' | 'simulation.read', id: string) =>
    refuseAccess(ports, actor, action, [problem('access.not_found', { kind: 'dataset' })], { kind: 'dataset', id });
  return {
    async fitModel(actor, { dataset, ...fit }) {
      const permitted = await allowed(ports, actor, 'simulation.fit');
      if (!permitted.ok) return permitted;
      const record = await ports.store.view.datasets.get(dataset);
      if (record === null) return missing(actor, 'simulation.fit', dataset);
      const grant = await liveGrant(ports.store.view, actor, dataset, ports.clock.now(), 'real');
      if (grant === null || !coversAll(grant, record)) {
        const problems = [grant === null ? problem('job.no_grant', { dataset }) : problem('synth.grant_partial', { dataset })];
        return refuseAccess(ports, actor, 'simulation.fit', problems, { kind: 'dataset', id: dataset });
      }
      if ((await queryableVersion(ports, record)) === null) return err([problem('job.no_version', { dataset })]);
      const kind = allowedKind(profileFor(ports, record.dataset), 'model_algorithm');
      if (!kind.ok) return kind;
      const cost = ports.fitter.cost(record.dataset, fit);
      if (!cost.ok) return cost;
      const affordable = await fitsBudget(ports, ports.store.view, dataset, cost.value);
      if (!affordable.ok) return affordable;
      const text = fitText(fit, record.name);
      const admitted = wholeAdmission(record, text, textDigest(text));
      const kept = await keepJob(ports, actor, { record, grant, admitted, body: { fit, productKind: 'model_algorithm' } });
      if (!kept.ok) return kept;
      queue.add(kept.value.id);
      return ok(jobView(actor, kept.value));
    },

    async showFitBudget(actor, dataset) {
      const permitted = await allowed(ports, actor, 'simulation.read');
      if (!permitted.ok) return permitted;
      if ((await ports.store.view.datasets.get(dataset)) === null) return missing(actor, 'simulation.read', dataset);
      const spent = (await ports.store.view.fitBudget.spent(dataset)) / 1e9;
      return ok({ dataset, limit: ports.fitRhoPerDataset, spent });
    },
  };
}
