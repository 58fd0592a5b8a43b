import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import type { EgressFinding } from '../egress/finding.ts';
import type { ProductKind } from '../egress/product-kinds.ts';
import { contentDigest, encodeContent, fingerprintOf, type ReleaseContent, sha256Hex } from '../egress/release-content.ts';
import { UNTOLD } from '../egress/withheld-band.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { newId } from '../kernel/id.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { JobContext } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { openEgress } from './open-egress.ts';
import type { EgressRecord, JobRecord, StoreTransaction } from './ports.ts';
import { profileFor } from './whose-rules.ts';

/** A product that is a definition and no result: what is sealed and asks to leave is the definition itself. */
export interface ProductDraft {
  readonly kind: ProductKind;
  readonly context: JobContext;
  /** As people read it; stands where jobs have their query. */
  readonly text: string;
  readonly fileName: string;
  readonly definition: Readonly<Record<string, unknown>>;
  /** Rules that were applied to the definition, by name; see `check-coverage.ts`. */
  readonly criteria: readonly string[];
  readonly findings: readonly EgressFinding[];
}

function contentOf(ports: OperationsPorts, actor: Actor, job: string, draft: ProductDraft): ReleaseContent {
  const { context, definition, fileName } = draft;
  const { k, dominance, pShare } = context.policy;
  const bytes = canonicalJson(definition);
  return {
    salt: Buffer.from(ports.rng.bytes(32)).toString('hex'),
    job,
    merchant: actor.id,
    merchantOrganisation: actor.organisation,
    dataset: context.dataset.name,
    datasetVersion: context.version.version,
    datasetDigest: context.version.digest,
    artefactHash: sha256Hex(bytes),
    canonicalSql: draft.text,
    policy: { k, dominance: { units: dominance.units, share: dominance.share }, pShare },
    isolation: ports.isolation,
    criteria: draft.criteria,
    withheldBand: UNTOLD,
    table: { columns: [], rows: [] },
    productKind: draft.kind,
    purpose: context.grant.scenario,
    files: [{ name: fileName, base64: Buffer.from(bytes, 'utf8').toString('base64') }],
  };
}

async function keepJob(
  tx: StoreTransaction,
  actor: Actor,
  draft: ProductDraft,
  content: ReleaseContent,
  digest: string,
): Promise<Result<JobRecord, readonly Problem[]>> {
  const { job, dataset, artefactHash, datasetVersion } = content;
  const common = { actor, object: job, outcome: 'done', trace: job } as const;
  const submit: AuditEvent = {
    ...common,
    operation: 'job.submit',
    facts: { dataset, target: 'real', sqlDigest: textDigest(draft.text), artefactHash, grant: draft.context.grant.id },
  };
  await tx.jobs.add(
    {
      id: job,
      dataset,
      sql: draft.text,
      target: 'real',
      state: 'SUBMITTED',
      merchant: actor.id,
      organisation: actor.organisation,
      grantId: draft.context.grant.id,
      productKind: draft.kind,
      artefactHash,
    },
    submit,
  );
  const sealed: AuditEvent = {
    ...common,
    actor: SYSTEM_ACTOR,
    operation: 'job.outcome',
    facts: { dataset, target: 'real', artefactHash, state: 'RESULT_SEALED', resultDigest: digest },
  };
  const patch = { resultDigest: digest, datasetVersion, isolation: content.isolation };
  return tx.jobs.transition(job, { from: ['SUBMITTED'], to: 'RESULT_SEALED', patch }, sealed);
}

/**
 * Seals a definition and opens its egress request, with a job that says who handed it in. Nothing runs over data.
 * Source: requirements.md §10.3 (what is approved is the definition), §5.6 (CREATED).
 */
export async function sealProduct(
  ports: OperationsPorts,
  actor: Actor,
  draft: ProductDraft,
): Promise<Result<EgressRecord, readonly Problem[]>> {
  const content = contentOf(ports, actor, newId('job', ports.rng), draft);
  const bytes = encodeContent(content);
  const digest = contentDigest(bytes);
  const fingerprint = fingerprintOf(content, await ports.keys.datasetKey(content.dataset, 'release'));
  const egress = newId('egr', ports.rng);
  await ports.vault.seal(content.job, bytes);
  const opened = await ports.store.write(async (tx) => {
    const job = await keepJob(tx, actor, draft, content, digest);
    if (!job.ok) return job;
    const request = {
      egress,
      job: job.value,
      content,
      digest,
      fingerprint,
      findings: draft.findings,
      profile: profileFor(ports, draft.context.dataset),
    };
    const moved = await openEgress(tx, {
      ...request,
      withheldBand: '0',
      isReleasable: true,
      rules: draft.findings.map((item) => item.rule),
    });
    if (!moved.ok) return moved;
    const record = await tx.egress.get(egress);
    if (record === null) throw new Error('A request disappeared');
    return ok(record);
  });
  if (!opened.ok) await ports.vault.destroy(content.job);
  return opened;
}
