import { SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { type Fields, listOf } from '../governance/field.ts';
import { machineOf } from '../governance/machines.ts';
import type { Matter } from '../governance/matter.ts';
import { addMonths, shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { markProducts } from './consent-marks.ts';
import {
  contain,
  type EffectOutcome,
  grantsOfBasis,
  jobsOfBasis,
  NOTHING,
  stopJobs,
  stopJobsOfOrganisations,
  suspendPersons,
} from './containment.ts';
import type { OperationsPorts } from './data-ports.ts';
import { ACTIVE_JOB_STATES } from './job-states.ts';
import type { JobRecord, StoreTransaction, StoreView } from './ports.ts';
import { destroyUnused, grantOfModel } from './sealed-model.ts';

/** Longest of what any city asks for: 36 months of audit entries. Source: QZ-3.1.8b, NB-17a (requirements.md §4.1, X8). */
const HOLD_MONTHS = 36;

/** What an arrow does in the rest of the instance, inside its transaction. */
export async function applyEffects(
  tx: StoreTransaction,
  matter: Matter,
  effects: readonly string[],
  reason: string,
  today: string,
): Promise<Result<EffectOutcome, readonly Problem[]>> {
  if (effects.includes('contain')) {
    if (matter.fields['drill'] === true) return ok(NOTHING);
    return contain(tx, matter, reason, today);
  }
  if (effects.includes('suspend_person')) {
    const person = listOf(matter.fields['principal']);
    const known = await tx.principals.get(person[0] ?? '');
    const suspended = await suspendPersons(tx, known === null ? [] : person, matter.id, reason);
    if (!suspended.ok) return suspended;
  }
  if (effects.includes('mark_products')) {
    const marked = await markProducts(tx, matter, today);
    if (!marked.ok) return marked;
  }
  if (effects.includes('claim_affiliates')) {
    const claimed = await tx.matterWrites.claimMerchants([matter.organisation, ...listOf(matter.fields['affiliates'])]);
    if (!claimed.ok) return claimed;
  }
  let outcome: EffectOutcome = NOTHING;
  if (effects.includes('close_access')) {
    const abort =
      matter.noun === 'onboarding'
        ? await stopJobsOfOrganisations(tx, [matter.organisation], matter.id)
        : await stopJobs(tx, await jobsOfBasis(tx, matter.id), matter.id);
    outcome = { ...outcome, abort };
  }
  const application = await tx.matters.get(listOf(matter.fields['application'])[0] ?? '');
  if (application !== null && application.noun === 'use-application') {
    const fields = { agreement: matter.id };
    if (effects.includes('open_access') && ['APPROVED', 'SIGNED'].includes(application.state)) {
      outcome = { ...outcome, follow: [{ matter: application, step: 'activate', fields, reason }] };
    }
    if (effects.includes('end_application') && ['ACTIVE', 'SIGNED'].includes(application.state)) {
      outcome = {
        ...outcome,
        follow: [{ matter: application, step: 'end', fields: {}, reason: reason === '' ? 'agreement ended' : reason }],
      };
    }
  }
  if (effects.includes('reopen_target')) outcome = { ...outcome, follow: await reopenedTarget(tx, matter, reason) };
  return ok(outcome);
}

/** An upheld appeal sends what it was about back to its people; it never decides for them. Source: requirements.md §5.8. */
async function reopenedTarget(view: StoreView, appeal: Matter, reason: string): Promise<EffectOutcome['follow']> {
  const target = await view.matters.get(listOf(appeal.fields['subject'])[0] ?? '');
  if (target === null) return [];
  const step = target.noun === 'onboarding' ? 'recheck' : target.noun === 'use-application' ? 'start-review' : null;
  const possible =
    step !== null && machineOf(target.noun).transitions.some((item) => item.step === step && item.from.includes(target.state));
  return possible
    ? [{ matter: target, step, fields: target.noun === 'onboarding' ? { supervisorView: `appeal ${appeal.id}` } : {}, reason }]
    : [];
}

async function eraseWorkingCopies(ports: OperationsPorts, job: JobRecord, agreement: string): Promise<void> {
  const { id, dataset, state, simulation, training, scoring } = job;
  if (simulation === undefined && training?.files === undefined && scoring === undefined) return;
  const facts = { dataset, agreement };
  const event = { operation: 'job.erase', actor: SYSTEM_ACTOR, object: id, outcome: 'done', trace: id, facts } as const;
  // A field without a value is not kept.
  const patch = {
    simulation: undefined,
    scoring: undefined,
    ...(training === undefined ? {} : { training: { specification: training.specification } }),
  };
  await ports.store.write((tx) => tx.jobs.transition(id, { from: [state], to: state, patch: patch as object }, event));
}

/**
 * Destroys what the jobs of an agreement left: sealed results with the keys that are wrapped in them, and their working copies (tables
 * and models of simulation data, models that were handed in). Looks that the results are gone, and says so: number, digest of the list,
 * and until when logs are held. Refuses (`matter.data_not_deleted`) while a job runs or a result is still there. Safe to repeat after a
 * crash. Released packages are not touched: they have left; nor are keys of datasets, which others use. Source: requirements.md §5.3, NB-17a.
 */
export async function deleteAgreementData(ports: OperationsPorts, matter: Matter): Promise<Result<Fields, readonly Problem[]>> {
  const jobs = await jobsOfBasis(ports.store.view, matter.id);
  if (jobs.some((job) => ACTIVE_JOB_STATES.includes(job.state))) return err([problem('matter.data_not_deleted', {})]);
  const ids = jobs.map((job) => job.id).toSorted();
  for (const id of ids) await ports.vault.destroy(id);
  const left = new Set(await ports.vault.jobs());
  if (ids.some((id) => left.has(id))) return err([problem('matter.data_not_deleted', {})]);
  for (const job of jobs) await eraseWorkingCopies(ports, job, matter.id);
  // Their grants are closed: nobody hands in another one meanwhile.
  const grants = await grantsOfBasis(ports.store.view, matter.id);
  await destroyUnused(ports, grants);
  if ((await ports.models.names()).some((name) => grants.includes(grantOfModel(name))))
    return err([problem('matter.data_not_deleted', {})]);
  const deletedAt = ports.clock.now();
  const certificate = { agreement: matter.id, organisation: matter.organisation, jobs: ids, deletedAt: deletedAt.toISOString() };
  return ok({
    deletedResults: ids.length,
    certificateDigest: textDigest(canonicalJson(certificate)),
    holdUntil: addMonths(shanghaiDate(deletedAt), HOLD_MONTHS),
  });
}
