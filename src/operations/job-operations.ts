import type { AuditEvent } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { queryShape } from '../audit/query-shape.ts';
import { allowedKind, type EgressProfile } from '../egress/kind-policy.ts';
import type { ProductKind } from '../egress/product-kinds.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Admitted, JobContext } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, reach, refuseAccess, within } from './guard.ts';
import { jobGround, withScoring } from './job-context.ts';
import { jobEventsSeen } from './job-events.ts';
import type { JobQueue } from './job-queue.ts';
import { ACTIVE_JOB_STATES } from './job-states.ts';
import { jobView } from './job-view.ts';
import { isGrantLive, liveGrant } from './live-grant.ts';
import type { Operations } from './operations.ts';
import { readPage } from './page-wish.ts';
import type { DatasetRecord, GrantRecord, JobRecord } from './ports.ts';
import { dropOfClosedGrant, sealedModelOf } from './sealed-model.ts';
import { profileFor } from './whose-rules.ts';

type JobOperations = Pick<Operations, 'submitJob' | 'scoreModel' | 'listJobs' | 'showJob' | 'awaitJob' | 'cancelJob' | 'jobEvents'>;

interface Submission {
  readonly dataset: string;
  readonly sql: string;
  readonly target: 'sim' | 'real';
  readonly dialect?: string | undefined;
  readonly productKind?: string | undefined;
  readonly scoring?: JobContext['scoring'];
}

/** Jobs one merchant may have waiting or running. */
const ACTIVE_LIMIT = 20;

/** Characters of base64 of a model whose scores are asked about: 4 MiB. */
const MOST_MODEL = 5_592_408;

/** What admission found: ready to queue, or the problems; what was admitted stands in both where it got so far. */
interface Checked {
  readonly admitted?: Admitted;
  readonly problems: readonly Problem[];
}

const ownerOf = (job: JobRecord) => ({ id: job.merchant, organisation: job.organisation });

/** Admission, and for real data that the very same artefact passed on simulation data. No data touched. */
async function check(
  ports: OperationsPorts,
  actor: Actor,
  input: Submission,
  translation: Admitted['translation'],
  record: DatasetRecord,
  grant: GrantRecord,
): Promise<Checked> {
  const { dataset } = input;
  if (input.target === 'real' && (await ports.store.view.ledger.isShut(dataset)))
    return { problems: [problem('ledger.unreconciled', { dataset })] };
  const ground = await jobGround(ports, record, grant, input.target);
  if (!ground.ok) return { problems: ground.error };
  const admitted = await ports.pipeline.admit(input.sql, withScoring(ground.value, input.scoring).context);
  if (!admitted.ok) return { problems: admitted.error };
  const { probes: _probes, ...shown } = admitted.value;
  const { artefactHash } = shown;
  const kept: Admitted = { ...shown, ...(translation === undefined ? {} : { translation }) };
  if (input.target === 'sim') return { admitted: kept, problems: [] };
  const passed = await ports.store.view.jobs.list({
    merchant: actor.id,
    dataset: input.dataset,
    target: 'sim',
    artefactHash,
    states: ['SIM_PASSED'],
  });
  const mine = passed.some((job) => job.organisation === actor.organisation && job.artefactHash === artefactHash);
  return { admitted: kept, problems: mine ? [] : [problem('job.not_simulated', { dataset: input.dataset, artefactHash })] };
}

/**
 * What the record keeps of a model that was handed in. The file itself is on disk before any record refers to it; where no record follows, the
 * next start removes it. One that is refused is not kept.
 */
async function keepModel({ models }: OperationsPorts, { scoring }: Submission, grant: GrantRecord, isRefused: boolean) {
  if (scoring === undefined) return {};
  const { format, bytes } = scoring;
  return { scoring: { format, ...(isRefused ? sealedModelOf(bytes) : await models.keep(grant.id, bytes)) } };
}

/** Writes the job with its first two states in one transaction: submitted, then refused or queued. */
async function keepJob(
  ports: OperationsPorts,
  actor: Actor,
  input: Submission,
  grant: GrantRecord,
  checked: Checked,
  productKind: ProductKind,
): Promise<Result<JobRecord, readonly Problem[]>> {
  const id = newId('job', ports.rng);
  const { dataset, sql, target } = input;
  const { admitted, problems } = checked;
  const artefactHash = admitted?.artefactHash ?? null;
  const shared = { dataset, target };
  const sqlDigest = textDigest(sql);
  const submit = {
    ...shared,
    sqlDigest,
    shapeDigest: admitted === undefined ? undefined : queryShape(admitted.canonicalSql).digest,
    artefactHash: artefactHash ?? undefined,
    grant: grant.id,
    tables: admitted?.tables.slice(0, 200),
    columns: admitted?.columns.slice(0, 200),
  };
  const common = { actor, object: id, trace: id };
  const model = await keepModel(ports, input, grant, problems.length > 0);
  return ports.store.write(async (tx) => {
    // While a file was written the agreement may have ended, and its deletion been certified.
    if (input.scoring !== undefined && !(await isGrantLive(tx, grant.id, ports.clock.now(), target)))
      return err([problem('job.no_grant', { dataset })]);
    await tx.jobs.add(
      {
        id,
        dataset,
        sql,
        target,
        state: 'SUBMITTED',
        merchant: actor.id,
        organisation: actor.organisation,
        grantId: grant.id,
        productKind,
        artefactHash,
        ...(admitted === undefined ? {} : { admitted }),
        ...model,
      },
      { ...common, operation: 'job.submit', outcome: 'done', facts: submit },
    );
    await tx.audit.keepQueryText({ job: id, text: admitted?.canonicalSql ?? sql, isCanonical: admitted !== undefined });
    if (problems.length > 0) {
      const codes = [...new Set(problems.map((item) => item.code))];
      return tx.jobs.transition(
        id,
        { from: ['SUBMITTED'], to: 'REFUSED', patch: { problems } },
        { ...common, operation: 'job.refuse', outcome: 'refused', facts: { ...shared, sqlDigest, problems: codes } },
      );
    }
    return tx.jobs.transition(
      id,
      { from: ['SUBMITTED'], to: target === 'sim' ? 'SIM_QUEUED' : 'REAL_QUEUED' },
      { ...common, operation: 'job.queue', outcome: 'done', facts: { ...shared, artefactHash: artefactHash ?? undefined } },
    );
  });
}

async function submit(
  ports: OperationsPorts,
  queue: JobQueue,
  actor: Actor,
  input: Submission,
): Promise<Result<JobRecord, readonly Problem[]>> {
  const permitted = await allowed(ports, actor, 'job.submit');
  if (!permitted.ok) return permitted;
  const { dataset } = input;
  const object = { kind: 'dataset', id: dataset };
  const record = await ports.store.view.datasets.get(dataset);
  if (record === null) return refuseAccess(ports, actor, 'job.submit', [problem('access.not_found', { kind: 'dataset' })], object);
  const grant = await liveGrant(ports.store.view, actor, dataset, ports.clock.now(), input.target);
  if (grant === null) return refuseAccess(ports, actor, 'job.submit', [problem('job.no_grant', { dataset })], object);
  const active = await ports.store.view.jobs.list({ merchant: actor.id, states: ACTIVE_JOB_STATES, limit: ACTIVE_LIMIT });
  if (active.length >= ACTIVE_LIMIT) return err([problem('job.queue_full', { limit: ACTIVE_LIMIT })]);
  const kind = jobKind(profileFor(ports, record.dataset), input.productKind);
  if (!kind.ok) return kind;
  const { dialect } = input;
  const translated = dialect === undefined ? undefined : await ports.pipeline.translate(input.sql, dialect, record.dataset);
  if (translated !== undefined && !translated.ok) return keepJob(ports, actor, input, grant, { problems: translated.error }, kind.value);
  // From here on the job is the translation: it is what was admitted, and what runs again on real data.
  const written: Submission = translated === undefined ? input : { ...input, sql: translated.value.sql };
  const translation =
    translated === undefined ? undefined : { dialect: translated.value.dialect, differences: translated.value.differences };
  const checked = await check(ports, actor, written, translation, record, grant);
  const kept = await keepJob(ports, actor, written, grant, checked, kind.value);
  if (!kept.ok && input.scoring !== undefined) {
    await dropOfClosedGrant(ports, grant.id);
    return refuseAccess(ports, actor, 'job.submit', kept.error, object);
  }
  if (kept.ok && ACTIVE_JOB_STATES.includes(kept.value.state)) {
    queue.add(kept.value.id);
  }
  return kept;
}

/** Kinds that the result of a query can leave as; the others come from their own makers. Source: requirements.md §10.3. */
const QUERY_KINDS: readonly ProductKind[] = ['indicator', 'report'];

function jobKind(profile: EgressProfile, named: string | undefined): Result<ProductKind, readonly Problem[]> {
  const kind = allowedKind(profile, named);
  if (!kind.ok || QUERY_KINDS.includes(kind.value)) return kind;
  const { name, productKinds } = profile;
  return err([problem('egress.kind_not_allowed', { kinds: productKinds.filter((item) => QUERY_KINDS.includes(item)), profile: name })]);
}

/** Jobs: submit, look, wait, cancel. Another merchant's job answers exactly as one that does not exist. */
export function jobOperations(ports: OperationsPorts, queue: JobQueue): JobOperations {
  const find = async (actor: Actor, action: 'job.read' | 'job.cancel', id: string): Promise<Result<JobRecord, readonly Problem[]>> =>
    reach(ports, actor, action, { kind: 'job', id }, await ports.store.view.jobs.get(id), ownerOf);
  const seen = (actor: Actor, job: Result<JobRecord, readonly Problem[]>) => (job.ok ? ok(jobView(actor, job.value)) : job);

  return {
    submitJob: async (actor, input) => seen(actor, await submit(ports, queue, actor, input)),

    async scoreModel(actor, { model, ...input }) {
      const permitted = await allowed(ports, actor, 'job.submit');
      if (!permitted.ok) return permitted;
      if (model.base64.length > MOST_MODEL) return err([problem('model.file_refused', { fault: 'too_large', place: 'model' })]);
      const bytes = Buffer.from(model.base64, 'base64');
      return seen(actor, await submit(ports, queue, actor, { ...input, scoring: { format: model.format, bytes } }));
    },

    async listJobs(actor, filter) {
      const scope = await allowed(ports, actor, 'job.read');
      if (!scope.ok) return scope;
      const { dataset, state, target, page } = filter;
      const stored = {
        ...(scope.value === 'own' ? { merchant: actor.id } : {}),
        ...(dataset === undefined ? {} : { dataset }),
        ...(target === undefined ? {} : { target }),
        // Only this state is shown of jobs that are in others.
        ...(state === undefined || state === 'REAL_FAILED' ? {} : { states: [state] }),
      };
      const isMine = (job: JobRecord): boolean => within(scope.value, actor, [job], ownerOf).length === 1;
      return readPage(page, {
        find: (id) => ports.store.view.jobs.get(id),
        read: (stretch) => ports.store.view.jobs.list({ ...stored, ...stretch }),
        idOf: (job) => job.id,
        mayAfter: isMine,
        view: (job) => {
          const view = isMine(job) ? jobView(actor, job) : null;
          // By the state that this person sees: filtering by the stored one would tell withheld jobs from failed ones.
          return state === undefined || view?.state === state ? view : null;
        },
      });
    },

    showJob: async (actor, id) => seen(actor, await find(actor, 'job.read', id)),

    async awaitJob(actor, id) {
      const found = await find(actor, 'job.read', id);
      if (!found.ok) return found;
      await queue.settled(id);
      return seen(actor, await find(actor, 'job.read', id));
    },

    async jobEvents(actor, id) {
      const found = await find(actor, 'job.read', id);
      return found.ok ? ok(jobEventsSeen(actor, found.value, await ports.store.view.jobs.events(id))) : found;
    },

    async cancelJob(actor, id) {
      const found = await find(actor, 'job.cancel', id);
      if (!found.ok) return found;
      const { dataset, target, state } = found.value;
      const facts = { dataset, target, from: state };
      const event: AuditEvent = { operation: 'job.cancel', actor, object: id, outcome: 'done', trace: id, facts };
      const stopped = await ports.store.write(async (tx) => {
        const moved = await tx.jobs.transition(id, { from: ACTIVE_JOB_STATES, to: 'STOPPED' }, event);
        if (moved.ok) await tx.ledger.settle(id, 'dropped', event);
        return moved;
      });
      if (stopped.ok) {
        queue.cancel(id);
        return seen(actor, stopped);
      }
      // Read again, and as the asker may see it: the stored state could tell a withheld job from a failed one.
      const now = await find(actor, 'job.read', id);
      return now.ok ? err([problem('job.not_cancellable', { state: jobView(actor, now.value).state })]) : now;
    },
  };
}
