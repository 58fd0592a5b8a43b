import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { type Fields, listOf } from '../governance/field.ts';
import { machineOf } from '../governance/machines.ts';
import type { Matter } from '../governance/matter.ts';
import { addMonths, shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { markProducts } from './consent-marks.ts';
import type { OperationsPorts } from './data-ports.ts';
import { ACTIVE_JOB_STATES } from './job-states.ts';
import type { JobRecord, StoreTransaction, StoreView } from './ports.ts';

/** Longest of what any city asks for: 36 months of audit entries. Source: QZ-3.1.8b, NB-17a (requirements.md §4.1, X8). */
const HOLD_MONTHS = 36;

/** What came of the effects: jobs to abort once it is committed, and matters whose own step must follow. */
export interface EffectOutcome {
  readonly abort: readonly string[];
  readonly follow: readonly { readonly matter: Matter; readonly step: string; readonly fields: Fields; readonly reason: string }[];
}

const NOTHING: EffectOutcome = { abort: [], follow: [] };

/** Jobs that rest on an agreement or laboratory, through their grants. */
async function jobsOfBasis(view: StoreView, basis: string): Promise<readonly JobRecord[]> {
  const grants = (await view.grants.list({})).filter((grant) => grant.basis === basis).map((grant) => grant.id);
  return (await view.jobs.list({})).filter((job) => grants.includes(job.grantId));
}

/** Stops jobs that wait or run. The grants themselves die with what they rest on: `liveGrant` looks at it every time. */
async function stopJobs(tx: StoreTransaction, jobs: readonly JobRecord[], trace: string): Promise<readonly string[]> {
  const active = jobs.filter((job) => ACTIVE_JOB_STATES.includes(job.state));
  for (const { id, dataset, target, state } of active) {
    const facts = { dataset, target, from: state };
    const event: AuditEvent = { operation: 'job.cancel', actor: SYSTEM_ACTOR, object: id, outcome: 'done', trace: id, facts };
    const moved = await tx.jobs.transition(id, { from: ACTIVE_JOB_STATES, to: 'STOPPED' }, event);
    if (moved.ok) await tx.ledger.settle(id, 'dropped', event);
  }
  return active.length === 0 || trace === '' ? [] : active.map((job) => job.id);
}

async function stopJobsOfOrganisations(tx: StoreTransaction, organisations: readonly string[], trace: string): Promise<readonly string[]> {
  const jobs = (await tx.jobs.list({ states: ACTIVE_JOB_STATES })).filter((job) => organisations.includes(job.organisation));
  return stopJobs(tx, jobs, trace);
}

async function suspendPersons(
  tx: StoreTransaction,
  ids: readonly string[],
  trace: string,
  reason: string,
): Promise<Result<null, readonly Problem[]>> {
  for (const id of ids) {
    const person = await tx.principals.get(id);
    if (person === null) return err([problem('matter.field_invalid', { field: 'persons', keyword: 'no such person' })]);
    if (person.state === 'suspended') continue;
    const facts = { reasonDigest: textDigest(reason) };
    const done = await tx.principals.suspend(id, {
      operation: 'principal.suspend',
      actor: SYSTEM_ACTOR,
      object: id,
      outcome: 'done',
      trace,
      facts,
    });
    if (!done.ok) return done;
  }
  return ok(null);
}

/**
 * Containment in one call: people can no longer sign in, merchants are suspended, agreements close access, datasets take
 * no query, and what runs for any of them is stopped. All of it or nothing. A name that is not there refuses the step.
 * Source: requirements.md §5.10 (CONTAINED), QZ-6.4a.
 */
async function contain(
  tx: StoreTransaction,
  matter: Matter,
  reason: string,
  today: string,
): Promise<Result<EffectOutcome, readonly Problem[]>> {
  const { fields, id } = matter;
  const [persons, merchants, datasets] = [listOf(fields['persons']), listOf(fields['merchants']), listOf(fields['datasets'])];
  const suspended = await suspendPersons(tx, persons, id, reason);
  if (!suspended.ok) return suspended;
  const follow: EffectOutcome['follow'][number][] = [];
  const abort = [...(await stopJobsOfOrganisations(tx, merchants, id))];
  for (const merchant of merchants) {
    const [registered] = (await tx.matters.list({ noun: 'onboarding', organisation: merchant })).filter(
      (item) => item.state === 'REGISTERED',
    );
    if (registered !== undefined) follow.push({ matter: registered, step: 'suspend', fields: { anomaly: `incident ${id}` }, reason });
  }
  for (const agreement of listOf(fields['agreements'])) {
    const record = await tx.matters.get(agreement);
    if (record?.noun !== 'agreement') return err([problem('matter.field_invalid', { field: 'agreements', keyword: 'no such agreement' })]);
    if (record.state === 'EFFECTIVE')
      follow.push({ matter: record, step: 'suspend', fields: { order: `incident ${id}`, orderDueOn: today }, reason });
  }
  for (const name of datasets) {
    const record = await tx.datasets.get(name);
    if (record === null) return err([problem('matter.field_invalid', { field: 'datasets', keyword: 'no such dataset' })]);
    abort.push(...(await stopJobs(tx, await tx.jobs.list({ dataset: name, states: ACTIVE_JOB_STATES }), id)));
    if (record.currentVersion === null) continue;
    const facts = { version: record.currentVersion, reasonDigest: textDigest(reason) };
    const event: AuditEvent = { operation: 'dataset.withdraw', actor: SYSTEM_ACTOR, object: name, outcome: 'done', trace: id, facts };
    const retired = await tx.datasets.retireVersion(name, record.currentVersion, { from: ['queryable'], to: 'withdrawn' }, event);
    if (!retired.ok) return retired;
  }
  const running = await tx.jobs.list({ states: ACTIVE_JOB_STATES });
  abort.push(
    ...(await stopJobs(
      tx,
      running.filter((job) => persons.includes(job.merchant)),
      id,
    )),
  );
  return ok({ abort, follow });
}

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

/**
 * Destroys the sealed results of every job of an agreement, looks that they are gone, and says so: number, digest of the
 * list, and until when logs are held. Refuses (`matter.data_not_deleted`) while a job runs or a result is still there.
 * Safe to repeat after a crash. Released packages are not touched: they have left. Source: requirements.md §5.3, NB-17a.
 */
export async function deleteAgreementData(ports: OperationsPorts, matter: Matter): Promise<Result<Fields, readonly Problem[]>> {
  const jobs = await jobsOfBasis(ports.store.view, matter.id);
  if (jobs.some((job) => ACTIVE_JOB_STATES.includes(job.state))) return err([problem('matter.data_not_deleted', {})]);
  const ids = jobs.map((job) => job.id).toSorted();
  for (const id of ids) await ports.vault.destroy(id);
  const left = new Set(await ports.vault.jobs());
  if (ids.some((id) => left.has(id))) return err([problem('matter.data_not_deleted', {})]);
  const deletedAt = ports.clock.now();
  const certificate = { agreement: matter.id, organisation: matter.organisation, jobs: ids, deletedAt: deletedAt.toISOString() };
  return ok({
    deletedResults: ids.length,
    certificateDigest: textDigest(canonicalJson(certificate)),
    holdUntil: addMonths(shanghaiDate(deletedAt), HOLD_MONTHS),
  });
}
