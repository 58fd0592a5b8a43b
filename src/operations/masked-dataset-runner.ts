import type { AuditEvent } from '../audit/event.ts';
import { type Membership, openNumbers } from '../egress/rows/composition.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { planMaskedDataset } from '../masking/dataset/plan-masked-dataset.ts';
import { CHECK_COLUMN, type MaskedProduct, RECORD_COLUMN } from '../pipeline/masked/make-masked-product.ts';
import type { Decided, JobContext } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { consentObstacles } from './consent-marks.ts';
import { consentedSubjects } from './consented-subjects.ts';
import type { OperationsPorts } from './data-ports.ts';
import { openExternal } from './external-data-operations.ts';
import { attemptOf } from './job-states.ts';
import type { EgressRecord, JobRecord, StoreView } from './ports.ts';
import { riskFiles } from './risk-files.ts';
import { sealResult } from './seal-result.ts';
import { openContent } from './sealed-content.ts';
import { maskingRulesFor } from './whose-rules.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** What was let out, or may yet be. What is blocked, refused or taken back for good says nothing to anybody. */
const MAY_LEAVE: readonly EgressRecord['state'][] = [
  'CREATED',
  'AUTO_CHECK',
  'HELD_LINKAGE',
  'REVIEW',
  'RETURNED',
  'CHECKED',
  'FILED',
  'APPEALED',
  'RELEASED',
  'RECALLED',
];

const CRITERIA = [
  'grant-scope',
  'canonical-writers',
  'result-format',
  'identifier-scan',
  'masking-lineage',
  'masking-policy',
  'units',
  'raw-match',
  'reversibility',
  'linkage',
  'release-ledger',
  'composition',
] as const;

/** Requests of masked datasets over a dataset that count for composition, oldest first, by id. Source: issue "Masking" (composition check against earlier releases). */
export async function maskedBefore(view: Pick<StoreView, 'egress'>, dataset: string): Promise<readonly EgressRecord[]> {
  const found = await view.egress.list({ states: MAY_LEAVE });
  return found.filter((item) => item.dataset === dataset && item.productKind === 'masked_dataset').toReversed();
}

async function membershipOf(ports: OperationsPorts, request: EgressRecord, unit: string): Promise<Membership | 'unknown' | null> {
  const content = await openContent(ports, request);
  if (!content.ok || content.value.membership === undefined) return 'unknown';
  const { membership, table } = content.value;
  if (membership.unit !== unit) return null;
  const at = (name: string): number => table.columns.findIndex((column) => column.name === name);
  const values = new Map(
    membership.carried.map((name) => [name, table.rows.map((row) => (row[at(name)] === null ? null : String(row[at(name)])))] as const),
  );
  return { keys: openNumbers(membership.keys), classes: openNumbers(membership.classes), values };
}

async function begin(ports: OperationsPorts, job: JobRecord, { version, grant, policy }: JobContext): Outcome<JobRecord> {
  const event: AuditEvent = {
    operation: 'job.intent',
    actor: { id: job.merchant, organisation: job.organisation, roles: ['merchant'] },
    object: job.id,
    outcome: 'done',
    trace: job.id,
    facts: {
      dataset: job.dataset,
      datasetVersion: version.version,
      datasetDigest: version.digest,
      target: 'real',
      artefactHash: job.artefactHash ?? undefined,
      grant: grant.id,
      tables: job.admitted?.tables.slice(0, 200),
      columns: job.admitted?.columns.slice(0, 200),
      k: policy.k,
      isolation: ports.isolation,
    },
  };
  return ports.store.write((tx) =>
    tx.jobs.transition(job.id, { from: ['REAL_QUEUED'], to: 'REAL_RUNNING', attempt: attemptOf(job) }, event),
  );
}

function decidedOf(job: JobRecord, { version }: JobContext, product: MaskedProduct, isolation: Decided['isolation']): Decided {
  if (job.admitted === undefined) throw new Error('A masked dataset that was never admitted');
  return {
    admitted: job.admitted,
    verdict: 'releasable',
    table: product.table,
    withheldRows: 0,
    withheldCells: 0,
    publicLabelsWithheld: null,
    findings: product.findings,
    probes: [],
    gates: [],
    isolation,
    datasetVersion: version.version,
  };
}

/**
 * Makes a queued masked dataset: policy and grant as they stand now, intent on record, rows of the sealed version, sealed product, egress request. A job that raced another over the same people fails, for neither was compared with the other.
 * `fail` ends the job. Source: issue "Masking" (masked datasets); requirements.md §5.6.
 */
export async function runMaskedDataset(
  ports: OperationsPorts,
  job: JobRecord,
  context: JobContext,
  signal: AbortSignal,
  fail: (problems: readonly Problem[], failure: string) => Promise<void>,
): Promise<void> {
  const { mask } = job;
  if (mask === undefined) throw new Error('Not a masked dataset');
  const ground = await maskingGround(ports, job.dataset, context, mask);
  if (!ground.ok) return fail(ground.error, 'ground');
  const { plan } = ground.value;
  const begun = await begin(ports, job, context);
  if (!begun.ok) return;
  const startedAt = ports.clock.now().getTime();
  const before = await maskedBefore(ports.store.view, job.dataset);
  const memberships = await Promise.all(before.map((request) => membershipOf(ports, request, plan.unit)));
  // Nobody could say what was let out before: then nothing can be said of what both say together.
  if (memberships.includes('unknown')) return fail([problem('masking.unknown_release', {})], 'composition');
  const known = (await ports.store.view.externalData.list(job.dataset)).filter(({ state }) => state === 'REGISTERED');
  const external = await openExternal(
    ports,
    known.filter(({ table }) => table === mask.table),
  );
  if (!external.ok) return fail(external.error, 'external');
  const consented = mask.basis === 'consent' ? await consentedSubjects(ports, job, context) : null;
  const made = await ports.masker
    .make(
      {
        context,
        plan,
        spec: mask,
        earlier: memberships.filter((item): item is Membership => item !== null && item !== 'unknown'),
        external: external.value,
        master: await ports.keys.datasetKey(job.dataset, 'masking'),
        accepted: maskingRulesFor(ports, context.dataset).acceptedRisk,
        consented: consented === null ? null : new Set(consented.keys()),
      },
      signal,
    )
    .catch((fault: unknown) => {
      ports.onFault(fault);
      return err([]);
    });
  if (!made.ok) return fail(made.error, signal.aborted ? 'cancelled' : 'masking');
  const { membership, watermark, isolation } = made.value;
  const sealed = await sealResult(
    ports,
    begun.value,
    context,
    decidedOf(job, context, made.value, isolation),
    ports.clock.now().getTime() - startedAt,
    {
      files: await riskFiles(ports, made.value, job.sql),
      criteria: mask.basis === 'consent' ? [...CRITERIA, 'consent'] : CRITERIA,
      watermark,
      membership,
      lineage: [...plan.quasi, ...plan.carried].map(({ column, operator }) => ({
        column: column.name,
        sources: [{ column: `${plan.table.name}.${column.name}`, how: 'masked', cut: operator.operator }],
      })),
      externals: known.map(({ id }) => id),
      unscanned: [RECORD_COLUMN, CHECK_COLUMN],
      consents: consented === null ? undefined : [...consented.values()],
      async stillHolds(tx) {
        const now = await maskedBefore(tx, job.dataset);
        const same = now.length === before.length && now.every((item, at) => item.id === before[at]?.id);
        // Who took the consent back while the rows were read is in none of it.
        const ended = await consentObstacles(tx, { consents: [...(consented?.values() ?? [])] }, ports.clock.now());
        if (ended.length > 0) return err(ended);
        return same ? ok(null) : err([problem('masking.raced', {})]);
      },
    },
  );
  if (!sealed.ok) await fail(sealed.error, 'seal');
}

/** Plan of a masked dataset by the policy in force and the grant; refuses where no policy is in force. Source: issue "Masking" (policies). */
export async function maskingGround(
  ports: OperationsPorts,
  dataset: string,
  { grant, policy }: Pick<JobContext, 'grant' | 'policy'>,
  spec: NonNullable<JobRecord['mask']>,
) {
  const record = await ports.store.view.datasets.get(dataset);
  if (record !== null && maskingRulesFor(ports, record.dataset).needsConsent && spec.basis !== 'consent')
    return err([problem('masking.needs_consent', {})]);
  const masking = await ports.store.view.maskPolicies.inForce(dataset);
  if (record === null || masking === null) return err([problem('masking.no_policy', { dataset })]);
  const around = { purpose: grant.scenario, granted: grant.tables, leastK: policy.k };
  const plan = planMaskedDataset(record.dataset, { policy: masking.policy, dataset, rules: masking.rules }, spec, around);
  return plan.ok ? ok({ plan: plan.value, masking }) : plan;
}
