import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { EXACT } from '../catalog/disclosure-mode.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { JobContext } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { JobRecord, StoreTransaction } from './ports.ts';

const BILLION = 1e9;

/**
 * Takes what a run under differential privacy costs off the budgets of its grant and of its dataset, before anything is
 * read, in the transaction that puts its intent on record. Refused where either would be overdrawn, and where exact figures
 * of the dataset are or may be out; exact runs are refused where noise of it is out. What is spent stays spent, whatever
 * becomes of the job. Nothing happens for simulation data.
 *
 * Source: gate.md §8 (spent before the run, refused when gone; never called DP where exact figures of the same data are out).
 */
export async function spendPrivacy(tx: StoreTransaction, job: JobRecord, context: JobContext): Promise<Result<null, readonly Problem[]>> {
  const { dataset } = job;
  const { grant, mode = EXACT } = context;
  if (job.target === 'sim') return ok(null);
  const ofDataset = await tx.privacy.spent({ dataset });
  if (mode.kind !== 'dp') return ofDataset === 0 ? ok(null) : err([problem('mode.exact_released', { dataset })]);
  if (await tx.ledger.holdsAny(dataset)) return err([problem('mode.exact_released', { dataset })]);
  // Costs are rounded up and budgets down.
  const rho = mode.rhoPerQuery + (job.training?.rho ?? 0);
  const rhoBillionths = Math.ceil(rho * BILLION);
  const ofGrant = await tx.privacy.spent({ dataset, grant: grant.id });
  // Fitted models tell of the same people: what they spent counts beside what queries spent.
  const ofModels = await tx.fitBudget.spent(dataset);
  const isOver =
    ofGrant + rhoBillionths > Math.floor(mode.rhoPerGrant * BILLION) ||
    ofDataset + ofModels + rhoBillionths > Math.floor(mode.rhoOfDataset * BILLION);
  if (isOver) return err([problem('mode.budget_spent', { dataset })]);
  const event: AuditEvent = {
    operation: 'privacy.spend',
    actor: SYSTEM_ACTOR,
    object: job.id,
    outcome: 'done',
    trace: job.id,
    facts: { dataset, grant: grant.id, rho },
  };
  await tx.privacy.spend({ job: job.id, dataset, grant: grant.id, rhoBillionths }, event);
  return ok(null);
}
