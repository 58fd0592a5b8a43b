import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { durationBand } from '../audit/fact-values.ts';
import type { ColumnLineage } from '../catalog/column-lineage.ts';
import { EXACT } from '../catalog/disclosure-mode.ts';
import { checkResult } from '../egress/check-result.ts';
import { criteriaOf } from '../egress/content-criteria.ts';
import { publicSourceCriteria } from '../egress/exemption.ts';
import type { EgressFinding } from '../egress/finding.ts';
import type { EgressProfile } from '../egress/kind-policy.ts';
import {
  type ContentFile,
  contentDigest,
  encodeContent,
  fingerprintOf,
  type ReleaseContent,
  type ReleaseTable,
} from '../egress/release-content.ts';
import { publicBand, withheldBand } from '../egress/withheld-band.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Decided, JobContext } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { attemptOf } from './job-states.ts';
import { openEgress } from './open-egress.ts';
import type { JobRecord, StoreTransaction } from './ports.ts';
import { budgetFindings, type JobProbing, probingOf, recordProbes } from './probing.ts';
import { profileFor } from './whose-rules.ts';

/** The name of a rule before whatever a finding adds to it (unit types, counts): the log keeps the name alone. */
const RULE_NAME = /^[A-Za-z0-9_.-]{1,100}/;

/** What a product brings along that is more than a table of figures. */
export interface SealedBeside extends Pick<ReleaseContent, 'watermark' | 'membership' | 'externals'> {
  readonly files?: readonly ContentFile[];
  /** Rules that stand behind it; absent: those of queries or fits. */
  readonly criteria?: readonly string[];
  /** Columns of our own making, of which no cell comes from data. */
  readonly unscanned?: readonly string[];
  readonly consents?: readonly string[] | undefined;
  /** What each column derives from, where it was no query that made them. */
  readonly lineage?: readonly ColumnLineage[];
  /** Asked in the transaction that seals; a refusal undoes it. */
  readonly stillHolds?: (tx: StoreTransaction) => Promise<Result<null, readonly Problem[]>>;
}

/** What the columns of a table derive from. Null for reports of our own; a query or masked dataset without it does not leave. */
function lineageOf(job: JobRecord, decided: Decided, { lineage, unscanned = [] }: SealedBeside): readonly ColumnLineage[] | null {
  if (madeBy(job) !== null) return null;
  return [...(lineage ?? decided.admitted.lineage ?? []), ...unscanned.map((column) => ({ column, sources: [] }))];
}

/** What made the content, where it was no question. */
function madeBy(job: JobRecord): 'model' | 'fit' | 'fidelity' | null {
  if (job.training !== undefined) return 'model';
  if (job.fit !== undefined) return 'fit';
  return job.fidelity === undefined ? null : 'fidelity';
}

function contentOf(ports: OperationsPorts, job: JobRecord, context: JobContext, decided: Decided, beside: SealedBeside): ReleaseContent {
  const { files = [], watermark, membership, consents, externals } = beside;
  const { k, dominance, pShare } = context.policy;
  const { mode = EXACT } = context;
  const lineage = lineageOf(job, decided, beside);
  return {
    salt: Buffer.from(ports.rng.bytes(32)).toString('hex'),
    job: job.id,
    merchant: job.merchant,
    merchantOrganisation: job.organisation,
    dataset: job.dataset,
    datasetVersion: decided.datasetVersion,
    datasetDigest: context.version.digest,
    artefactHash: decided.admitted.artefactHash,
    canonicalSql: decided.admitted.canonicalSql,
    policy: { k, dominance: { units: dominance.units, share: dominance.share }, pShare },
    ...(mode.kind === 'exact-withheld' ? {} : { mode }),
    isolation: decided.isolation,
    criteria: [
      ...(beside.criteria ?? criteriaOf(madeBy(job) ?? mode.kind)),
      ...(context.maskPolicy === undefined || beside.criteria !== undefined ? [] : ['masking-policy']),
      ...publicSourceCriteria(profileFor(ports, context.dataset), context.dataset.publicSource),
    ],
    withheldBand: publicBand(decided.publicLabelsWithheld),
    table: decided.table,
    ...(lineage === null ? {} : { lineage }),
    productKind: job.fit !== undefined ? 'model_algorithm' : (job.productKind ?? 'indicator'),
    ...(context.maskPolicy === undefined ? {} : { maskPolicy: context.maskPolicy }),
    ...(watermark === undefined ? {} : { watermark }),
    ...(membership === undefined ? {} : { membership }),
    ...(consents === undefined ? {} : { consents }),
    ...(externals === undefined ? {} : { externals }),
    purpose: context.grant.scenario,
    ...(files.length === 0 ? {} : { files }),
  };
}

function without(table: ReleaseTable, names: readonly string[]): ReleaseTable {
  if (names.length === 0) return table;
  const kept = [...table.columns.keys()].filter((at) => !names.includes(table.columns[at]?.name ?? ''));
  return {
    columns: table.columns.filter((_, at) => kept.includes(at)),
    rows: table.rows.map((row) => kept.map((at) => row[at] ?? null)),
  };
}

interface Sealed {
  readonly content: ReleaseContent;
  readonly digest: string;
  readonly fingerprint: string;
  readonly egress: string;
  readonly decided: Decided;
  /** What the automatic gate found on the sealed content. */
  readonly checked: readonly EgressFinding[];
  readonly probing: JobProbing;
  readonly elapsedMs: number;
  readonly stillHolds?: SealedBeside['stillHolds'];
  readonly profile: EgressProfile;
}

function event<O extends AuditEvent['operation']>(
  operation: O,
  object: string,
  job: JobRecord,
  facts: Extract<AuditEvent, { operation: O }>['facts'],
): AuditEvent {
  return { operation, actor: SYSTEM_ACTOR, object, outcome: 'done', trace: job.id, facts } as AuditEvent;
}

/** The job's way from running to its sealed result, and from there to its egress request. */
async function openRequest(tx: StoreTransaction, job: JobRecord, sealed: Sealed): Promise<Result<null, readonly Problem[]>> {
  const { content, digest, fingerprint, egress, decided } = sealed;
  const holds = await sealed.stillHolds?.(tx);
  if (holds?.ok === false) return holds;
  const version = await tx.datasets.version(job.dataset, content.datasetVersion);
  if (version?.state !== 'queryable') return err([problem('job.no_version', { dataset: job.dataset })]);
  const band = withheldBand(decided.withheldCells);
  const { verdict, isolation, datasetVersion } = decided;
  const findings = [...sealed.checked, ...(await budgetFindings(tx, sealed.probing))];
  const rules = [...new Set(findings.flatMap((item) => RULE_NAME.exec(item.rule) ?? []))].slice(0, 200);
  const outcome = event('job.outcome', job.id, job, {
    dataset: job.dataset,
    datasetVersion,
    target: job.target,
    artefactHash: decided.admitted.artefactHash,
    state: 'RESULT_SEALED',
    verdict,
    rules,
    isolation,
    resultDigest: digest,
    withheldBand: band,
    durationBand: durationBand(sealed.elapsedMs),
  });
  const patch = {
    isolation,
    datasetVersion,
    verdict,
    resultDigest: digest,
    withheldBand: band,
    ...(job.training === undefined ? {} : { training: job.training }),
  };
  const held = await tx.jobs.transition(job.id, { from: ['REAL_RUNNING'], to: 'RESULT_SEALED', patch, attempt: attemptOf(job) }, outcome);
  if (!held.ok) return held;
  await recordProbes(tx, sealed.probing, outcome);
  const opened = await openEgress(tx, {
    egress,
    job,
    content,
    digest,
    fingerprint,
    findings,
    withheldBand: band,
    profile: sealed.profile,
    isReleasable: decided.verdict === 'releasable' && content.table.rows.length > 0,
    rules,
  });
  return opened.ok ? ok(null) : opened;
}

/**
 * Seals what a real job gave and opens its egress request, all in one transaction after the sealed bytes are on disk.
 * Where the transaction refuses (the job was cancelled, the version withdrawn) the bytes are destroyed again; where the
 * process dies in between, `recover` finds them.
 */
export async function sealResult(
  ports: OperationsPorts,
  job: JobRecord,
  context: JobContext,
  decided: Decided,
  elapsedMs: number,
  beside: SealedBeside = {},
): Promise<Result<null, readonly Problem[]>> {
  const content = contentOf(ports, job, context, decided, beside);
  const bytes = encodeContent(content);
  const digest = contentDigest(bytes);
  const probing = await probingOf(ports, job, decided);
  const { dataset, grant } = context;
  const columnsRead = decided.admitted.columns;
  const checked = checkResult({
    table: without(content.table, beside.unscanned ?? []),
    columnsRead,
    lineage: content.lineage ?? null,
    dataset,
    grant,
    gateFindings: decided.findings,
    isRowLevel: content.watermark !== undefined,
  });
  const fingerprint = fingerprintOf(content, await ports.keys.datasetKey(job.dataset, 'release'));
  const sealed: Sealed = {
    content,
    digest,
    fingerprint,
    egress: newId('egr', ports.rng),
    decided,
    checked,
    probing,
    elapsedMs,
    profile: profileFor(ports, dataset),
    stillHolds: beside.stillHolds,
  };
  // A process that was taken for lost must not write over what its successor sealed. One that is stopped between this look and the file
  // still can: then the digest on record is not that of the file, and nothing of it is released.
  if (!(await isCurrentTry(ports, job))) return err([]);
  await ports.vault.seal(job.id, bytes);
  // Thrown faults leave the bytes: the transaction may have been committed. `recover` tells and cleans up.
  const opened = await ports.store.write((tx) => openRequest(tx, job, sealed));
  if (!opened.ok && (await isCurrentTry(ports, job))) await ports.vault.destroy(job.id);
  return opened;
}

async function isCurrentTry({ store }: OperationsPorts, job: JobRecord): Promise<boolean> {
  const now = await store.view.jobs.get(job.id);
  return now !== null && attemptOf(now) === attemptOf(job);
}
