import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { API_FILE, type ApiDefinition, checkDefinition, fillingsToTry, fillTemplate } from '../egress/api-product.ts';
import { allowedKind } from '../egress/kind-policy.ts';
import { caution } from '../egress/provenance.ts';
import { sha256Hex } from '../egress/release-content.ts';
import { publicBand } from '../egress/withheld-band.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { egressView } from './egress-view.ts';
import { allowed, reach, refuseAccess } from './guard.ts';
import { jobGround } from './job-context.ts';
import type { JobQueue } from './job-queue.ts';
import { type FinishReal, runJob } from './job-runner.ts';
import { liveGrant } from './live-grant.ts';
import type { EgressView, Operations } from './operations.ts';
import { budgetFindings, probingOf, recordProbes } from './probing.ts';
import type { ApiAnswerView } from './product-interface.ts';
import { checkedReason } from './reason.ts';
import { clashingRules } from './recheck-release.ts';
import { overQuota, type RunningProduct, runningProduct } from './running-product.ts';
import { sealProduct } from './seal-product.ts';
import { profileFor } from './whose-rules.ts';

type ApiOperations = Pick<Operations, 'createApi' | 'callApi' | 'stopProduct'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

const NO_ANSWER = (): Result<never, readonly Problem[]> => err([problem('product.not_answered', {})]);

/** What is known of a definition without running it, and what is done at every call. Source: requirements.md §10.3 (api). */
const CRITERIA = ['grant-scope', 'canonical-writers', 'definition-only', 'each-call-gated', 'each-corner-admitted'] as const;

async function create(ports: OperationsPorts, actor: Actor, input: Parameters<Operations['createApi']>[1]): Outcome<EgressView> {
  const permitted = await allowed(ports, actor, 'product.create');
  if (!permitted.ok) return permitted;
  const { dataset, ...rest } = input;
  const definition = checkDefinition({ format: 'sluice-api-1', ...rest });
  if (!definition.ok) return definition;
  const object = { kind: 'dataset', id: dataset };
  const record = await ports.store.view.datasets.get(dataset);
  if (record === null) return refuseAccess(ports, actor, 'product.create', [problem('access.not_found', { kind: 'dataset' })], object);
  const kind = allowedKind(profileFor(ports, record.dataset), 'api');
  if (!kind.ok) return kind;
  const grant = await liveGrant(ports.store.view, actor, dataset, ports.clock.now(), 'real');
  if (grant === null) return refuseAccess(ports, actor, 'product.create', [problem('job.no_grant', { dataset })], object);
  const ground = await jobGround(ports, record, grant, 'real');
  if (!ground.ok) return ground;
  for (const values of fillingsToTry(definition.value)) {
    const sql = fillTemplate(definition.value, values);
    if (!sql.ok) return sql;
    const admitted = await ports.pipeline.admit(sql.value, ground.value.context);
    if (!admitted.ok) return admitted;
  }
  const draft = {
    kind: 'api',
    context: ground.value.context,
    text: rest.template,
    fileName: API_FILE,
    criteria: CRITERIA,
    findings: [],
  } as const;
  const opened = await sealProduct(ports, actor, { ...draft, definition: { ...definition.value } });
  return opened.ok ? ok(egressView(actor, opened.value)) : opened;
}

/** The call in line, counted whatever comes of it. */
async function keepCall(ports: OperationsPorts, actor: Actor, product: RunningProduct, sql: string): Outcome<string> {
  const definition = product.definition as ApiDefinition;
  const { context } = product.ground;
  const admitted = await ports.pipeline.admit(sql, context);
  if (!admitted.ok) return NO_ANSWER();
  const id = newId('job', ports.rng);
  const { artefactHash, tables, columns } = admitted.value;
  const dataset = context.dataset.name;
  const shared = { actor, object: id, outcome: 'done', trace: id } as const;
  const facts = { dataset, target: 'real', artefactHash };
  const grant = context.grant.id;
  const submit: AuditEvent = {
    ...shared,
    operation: 'job.submit',
    facts: { ...facts, sqlDigest: textDigest(sql), grant, tables: tables.slice(0, 200), columns: columns.slice(0, 200) },
  };
  const { callsPerDay: perDay, callsPerMinute: perMinute } = definition;
  const release = product.release.id;
  return ports.store.write(async (tx) => {
    const over = await overQuota(tx, ports.clock.now(), release, { perDay, perMinute, weight: 1 });
    if (over.length > 0) return err(over);
    await tx.products.addCall(release, 1, submit);
    const author = { merchant: actor.id, organisation: actor.organisation, grantId: grant } as const;
    await tx.jobs.add(
      { id, dataset, sql, target: 'real', state: 'SUBMITTED', ...author, callOf: release, productKind: 'api', artefactHash },
      submit,
    );
    const queued = await tx.jobs.transition(id, { from: ['SUBMITTED'], to: 'REAL_QUEUED' }, { ...shared, operation: 'job.queue', facts });
    return queued.ok ? ok(id) : queued;
  });
}

/**
 * The answer of one call: what a job with the same text could have released without a person looking, under the same ledger and
 * the same probing budget. Where a reviewer of a job would have something to look at, nothing is answered.
 */
function answering(product: RunningProduct, keep: (view: ApiAnswerView) => void): FinishReal {
  return async (ports, { job, context, decided }) => {
    const probing = await probingOf(ports, job, decided);
    const release = product.release.id;
    const { columns, rows } = decided.table;
    const table = { columns, rows };
    return ports.store.write(async (tx) => {
      const version = await tx.datasets.version(job.dataset, decided.datasetVersion);
      if (version?.state !== 'queryable' || decided.verdict !== 'releasable' || rows.length === 0) return NO_ANSWER();
      const isLive = (await tx.releases.get(release))?.state === 'available' && !(await tx.products.isStopped(release));
      if (!isLive || (await budgetFindings(tx, probing)).length > 0) return NO_ANSWER();
      if (decided.findings.some((item) => item.severity === 'hard')) return NO_ANSWER();
      if ((await clashingRules(ports, tx, { job: job.id, dataset: job.dataset })).length > 0) return NO_ANSWER();
      const facts = { dataset: job.dataset, target: job.target, artefactHash: job.artefactHash ?? undefined, state: 'DONE' };
      const event: AuditEvent = { operation: 'job.outcome', actor: SYSTEM_ACTOR, object: job.id, outcome: 'done', trace: job.id, facts };
      const patch = { isolation: decided.isolation, datasetVersion: decided.datasetVersion };
      const done = await tx.jobs.transition(job.id, { from: ['REAL_RUNNING'], to: 'DONE', patch }, event);
      if (!done.ok) return done;
      await recordProbes(tx, probing, event);
      await tx.ledger.settle(job.id, 'released', event);
      const digest = sha256Hex(canonicalJson({ call: job.id, table }));
      const called = { job: job.id, dataset: job.dataset, contentDigest: digest, outcome: 'answered' };
      const actor = { id: job.merchant, organisation: job.organisation, roles: ['merchant'] };
      await tx.audit.append({ operation: 'product.call', actor, object: release, outcome: 'done', facts: called });
      keep({ call: job.id, release, table, withheldBand: publicBand(decided.publicLabelsWithheld), caution: caution(context.policy.k) });
      return ok(null);
    });
  };
}

async function call(
  ports: OperationsPorts,
  queue: JobQueue,
  actor: Actor,
  { id, values }: Parameters<Operations['callApi']>[1],
): Outcome<ApiAnswerView> {
  const product = await runningProduct(ports, actor, id, 'api');
  if (!product.ok) return product;
  const sql = fillTemplate(product.value.definition as ApiDefinition, values);
  if (!sql.ok) return sql;
  const kept = await keepCall(ports, actor, product.value, sql.value);
  if (!kept.ok) return kept;
  const answers: ApiAnswerView[] = [];
  queue.add(kept.value, (signal) =>
    runJob(
      ports,
      kept.value,
      signal,
      answering(product.value, (view) => answers.push(view)),
    ),
  );
  await queue.settled(kept.value);
  const [answer] = answers;
  const isDone = (await ports.store.view.jobs.get(kept.value))?.state === 'DONE';
  // As with a release: what goes out stands in the signed files of the log first, where a restored instance finds it.
  if (isDone) await ports.audit.checkpoint();
  return answer !== undefined && isDone ? ok(answer) : NO_ANSWER();
}

/** The stop switch: nothing is answered while it is thrown, calls under way included. Source: requirements.md §10.3 (O), GZ-7c. */
async function stop(
  ports: OperationsPorts,
  actor: Actor,
  input: Parameters<Operations['stopProduct']>[1],
): Outcome<{ readonly isStopped: boolean }> {
  const { id, isStopped } = input;
  const record = await ports.store.view.releases.get(id);
  const request = record === null ? null : await ports.store.view.egress.get(record.egress);
  const owner = { id: record?.recipient ?? '', organisation: request?.organisation ?? '' };
  const found = await reach(ports, actor, 'product.stop', { kind: 'release', id }, record, () => owner);
  if (!found.ok) return found;
  const reason = checkedReason(input.reason);
  if (!reason.ok) return reason;
  const facts = { egress: found.value.egress, state: isStopped ? 'stopped' : 'running', reasonDigest: textDigest(reason.value) };
  return ports.store.write(async (tx) => {
    await tx.products.setStopped(id, isStopped, { operation: 'product.stop', actor, object: id, outcome: 'done', facts });
    return ok({ isStopped });
  });
}

/** Interfaces: what is approved is a query with holes; every call is gated like a job. Source: requirements.md §10.3 (api). */
export function apiOperations(ports: OperationsPorts, queue: JobQueue): ApiOperations {
  return {
    createApi: (actor, input) => create(ports, actor, input),
    callApi: (actor, input) => call(ports, queue, actor, input),
    stopProduct: (actor, input) => stop(ports, actor, input),
  };
}
