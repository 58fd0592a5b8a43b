import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { type Fields, listOf } from '../governance/field.ts';
import type { Matter } from '../governance/matter.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { ACTIVE_JOB_STATES } from './job-states.ts';
import type { EgressRecord, JobRecord, StoreTransaction, StoreView } from './ports.ts';

/** What came of the effects: jobs to abort once it is committed, and matters whose own step must follow. */
export interface EffectOutcome {
  readonly abort: readonly string[];
  readonly follow: readonly { readonly matter: Matter; readonly step: string; readonly fields: Fields; readonly reason: string }[];
}

export const NOTHING: EffectOutcome = { abort: [], follow: [] };

/** Ids of the grants that rest on an agreement or laboratory. */
export async function grantsOfBasis(view: StoreView, basis: string): Promise<readonly string[]> {
  return (await view.grants.list({})).filter((grant) => grant.basis === basis).map((grant) => grant.id);
}

/** Jobs that rest on an agreement or laboratory, through their grants. */
export async function jobsOfBasis(view: StoreView, basis: string): Promise<readonly JobRecord[]> {
  const grants = await grantsOfBasis(view, basis);
  return (await view.jobs.list({})).filter((job) => grants.includes(job.grantId));
}

/** Stops jobs that wait or run. The grants themselves die with what they rest on: `liveGrant` looks at it every time. */
export async function stopJobs(tx: StoreTransaction, jobs: readonly JobRecord[], trace: string): Promise<readonly string[]> {
  const active = jobs.filter((job) => ACTIVE_JOB_STATES.includes(job.state));
  for (const { id, dataset, target, state } of active) {
    const facts = { dataset, target, from: state };
    const event: AuditEvent = { operation: 'job.cancel', actor: SYSTEM_ACTOR, object: id, outcome: 'done', trace: id, facts };
    const moved = await tx.jobs.transition(id, { from: ACTIVE_JOB_STATES, to: 'STOPPED' }, event);
    if (moved.ok) await tx.ledger.settle(id, 'dropped', event);
  }
  return active.length === 0 || trace === '' ? [] : active.map((job) => job.id);
}

export async function stopJobsOfOrganisations(
  tx: StoreTransaction,
  organisations: readonly string[],
  trace: string,
): Promise<readonly string[]> {
  const jobs = (await tx.jobs.list({ states: ACTIVE_JOB_STATES })).filter((job) => organisations.includes(job.organisation));
  return stopJobs(tx, jobs, trace);
}

export async function suspendPersons(
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
 * Stops what was released: its files are not handed out any more, tokens that were given included, and an interface does not answer.
 * Somebody has to let each run again (`stopProduct`). What was downloaded before has left.
 */
async function stopProducts(
  tx: StoreTransaction,
  { id: trace, fields }: Matter,
  reason: string,
): Promise<Result<null, readonly Problem[]>> {
  const named = listOf(fields['products']);
  for (const release of named) {
    if ((await tx.releases.get(release)) === null)
      return err([problem('matter.field_invalid', { field: 'products', keyword: 'no such product' })]);
  }
  const agreements = listOf(fields['agreements']);
  const grants = (await tx.grants.list({})).filter(({ basis }) => basis !== undefined && agreements.includes(basis)).map(({ id }) => id);
  const isMeant = async (request: EgressRecord): Promise<boolean> =>
    listOf(fields['persons']).includes(request.merchant) ||
    listOf(fields['merchants']).includes(request.organisation) ||
    listOf(fields['datasets']).includes(request.dataset) ||
    (grants.length > 0 && grants.includes((await tx.jobs.get(request.job))?.grantId ?? ''));
  for (const request of await tx.egress.list({ states: ['RELEASED'] })) {
    const release = await tx.releases.ofEgress(request.id);
    if (release === null || !(named.includes(release.id) || (await isMeant(request)))) continue;
    const facts = { egress: request.id, state: 'stopped', reasonDigest: textDigest(reason) };
    const event: AuditEvent = { operation: 'product.stop', actor: SYSTEM_ACTOR, object: release.id, outcome: 'done', trace, facts };
    await tx.products.setStopped(release.id, true, event);
  }
  return ok(null);
}

/**
 * Containment in one call: people can no longer sign in, merchants are suspended, agreements close access, products stop, datasets
 * take no query, and what runs for any of them is stopped. All of it or nothing. A name that is not there refuses the step.
 * Source: requirements.md §5.10 (CONTAINED), QZ-6.4a.
 */
export async function contain(
  tx: StoreTransaction,
  matter: Matter,
  reason: string,
  today: string,
): Promise<Result<EffectOutcome, readonly Problem[]>> {
  const { fields, id } = matter;
  const [persons, merchants, datasets] = [listOf(fields['persons']), listOf(fields['merchants']), listOf(fields['datasets'])];
  const suspended = await suspendPersons(tx, persons, id, reason);
  if (!suspended.ok) return suspended;
  const stopped = await stopProducts(tx, matter, reason);
  if (!stopped.ok) return stopped;
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
    abort.push(...(await stopJobs(tx, await jobsOfBasis(tx, agreement), id)));
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
