import { scopeOf } from '../identity/permit.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import { problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { JobView } from './operations.ts';
import type { JobRecord } from './ports.ts';

/** Reasons for a failed real job that depend on the catalog alone, so that the merchant may know them. */
const CATALOG_PROBLEMS: readonly ProblemCode[] = [
  'mode.budget_spent',
  'mode.exact_released',
  'job.no_grant',
  'job.no_version',
  'simulation.reports_spent',
  'synth.budget_spent',
];

/** Faults of the instance's own files: of a job on simulation data too they are for operators. */
const OPERATORS_PROBLEMS: readonly ProblemCode[] = ['audit.sealed_model_missing', 'audit.sealed_model_changed'];

/** Everything, as operators, supervisors and auditors see it. */
function wholeView(job: JobRecord): JobView {
  const { id, dataset, target, state, merchant, createdAt, updatedAt } = job;
  return {
    id,
    dataset,
    target,
    state,
    merchant,
    createdAt,
    updatedAt,
    ...(job.admitted === undefined ? {} : { admitted: job.admitted }),
    ...(job.problems === undefined ? {} : { problems: job.problems }),
    ...(job.simulation === undefined ? {} : { simulation: job.simulation }),
    ...(job.verdict === undefined ? {} : { verdict: job.verdict }),
    ...(job.egressId === undefined ? {} : { egressId: job.egressId }),
    ...(job.isolation === undefined ? {} : { isolation: job.isolation }),
    ...(job.datasetVersion === undefined ? {} : { datasetVersion: job.datasetVersion }),
    ...(job.productKind === undefined ? {} : { productKind: job.productKind }),
  };
}

/**
 * A real job as its merchant sees it. A job that was withheld and one that failed for any reason of the data or the
 * worker are one and the same: `REAL_FAILED` with the one constant problem and nothing else.
 * Source: gate.md §9 (one status for every reason a job did not come out).
 */
function merchantRealView(job: JobRecord): JobView {
  const { verdict: _verdict, ...view } = wholeView(job);
  const withheld = job.verdict === 'withheld';
  if (job.state !== 'REAL_FAILED' && !withheld) return view;
  const told = withheld ? [] : (job.problems ?? []).filter((item) => CATALOG_PROBLEMS.includes(item.code));
  const { id, dataset, target, merchant, createdAt, updatedAt, admitted, productKind } = view;
  return {
    id,
    dataset,
    target,
    state: 'REAL_FAILED',
    merchant,
    createdAt,
    updatedAt,
    ...(admitted === undefined ? {} : { admitted }),
    ...(productKind === undefined ? {} : { productKind }),
    problems: told.length > 0 ? told : [problem('job.not_released', {})],
  };
}

function merchantSimulationView(job: JobRecord): JobView {
  const hidden = job.problems?.some(({ code }) => OPERATORS_PROBLEMS.includes(code)) === true;
  return wholeView(hidden ? { ...job, problems: [problem('job.simulation_failed', {})] } : job);
}

/** What this person may see of a job that it may see at all. Simulation jobs hide nothing of their data, which are nobody's. */
export function jobView(actor: Actor, job: JobRecord): JobView {
  if (scopeOf(actor, 'job.read') === 'all') return wholeView(job);
  return job.target === 'sim' ? merchantSimulationView(job) : merchantRealView(job);
}
