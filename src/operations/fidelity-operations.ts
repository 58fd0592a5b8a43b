import { textDigest } from '../audit/fact-values.ts';
import { type Dataset, isSealedColumn } from '../catalog/dataset.ts';
import { allowedKind } from '../egress/kind-policy.ts';
import { err, ok } from '../kernel/result.ts';
import { problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { reportsLeft } from './fidelity-runner.ts';
import { coversAll, keepJob, wholeAdmission } from './fit-operations.ts';
import { refuseAccess } from './guard.ts';
import { queryableVersion } from './job-context.ts';
import type { JobQueue } from './job-queue.ts';
import { jobView } from './job-view.ts';
import { liveGrant } from './live-grant.ts';
import type { Operations } from './operations.ts';
import { reachSimulation } from './simulation-reach.ts';
import { isInUse } from './simulation-states.ts';
import { profileFor } from './whose-rules.ts';

/** As for fits. Source: synthetic-and-masking.md §4.2. */
const MOST_TARGET_VALUES = 8;

function isTarget(dataset: Dataset, target: string): boolean {
  const columns = dataset.tables.flatMap((table) => table.columns.filter((column) => column.name === target && isSealedColumn(column)));
  return columns.some(({ domain, type }) => type === 'BOOLEAN' || (domain !== undefined && domain.length <= MOST_TARGET_VALUES));
}

/** How far a set is to be trusted: asked for like a job, computed inside, reviewed like any egress. Source: synthetic-and-masking.md §11 item 4; requirement U6. */
export function fidelityOperations(ports: OperationsPorts, queue: JobQueue): Pick<Operations, 'measureFidelity'> {
  return {
    async measureFidelity(actor, { simulation, target }) {
      const found = await reachSimulation(ports, actor, 'simulation.fit', simulation);
      if (!found.ok) return found;
      const { state, dataset, id } = found.value;
      if (!isInUse(state)) return err([problem('simulation.not_in_use', { state })]);
      const record = await ports.store.view.datasets.get(dataset);
      if (record === null) throw new Error('A simulation without its dataset');
      const grant = await liveGrant(ports.store.view, actor, dataset, ports.clock.now(), 'real');
      if (grant === null || !coversAll(grant, record)) {
        const problems = [grant === null ? problem('job.no_grant', { dataset }) : problem('synth.grant_partial', { dataset })];
        return refuseAccess(ports, actor, 'simulation.fit', problems, { kind: 'simulation', id });
      }
      if (target !== undefined && !isTarget(record.dataset, target))
        return err([problem('synth.target', { column: target, most: MOST_TARGET_VALUES })]);
      const version = await queryableVersion(ports, record);
      if (version === null) return err([problem('job.no_version', { dataset })]);
      const kind = allowedKind(profileFor(ports, record.dataset), 'report');
      if (!kind.ok) return kind;
      const left = await reportsLeft(ports.store.view, { dataset: record.dataset, version });
      if (!left.ok) return left;
      const text = `COMPARE ${id} WITH ${dataset}${target === undefined ? '' : ` (target ${target})`}`;
      const admitted = wholeAdmission(record, text, textDigest(text));
      const fidelity = { simulation: id, ...(target === undefined ? {} : { target }) };
      const kept = await keepJob(ports, actor, { record, grant, admitted, body: { fidelity, productKind: 'report' } });
      if (!kept.ok) return kept;
      queue.add(kept.value.id);
      return ok(jobView(actor, kept.value));
    },
  };
}
