import type { AuditEvent } from '../audit/event.ts';
import { countBand, textDigest } from '../audit/fact-values.ts';
import { allowedKind } from '../egress/kind-policy.ts';
import {
  answerOf,
  checkVerification,
  enumerationRules,
  isGuessing,
  neighbourhoodOf,
  normalKey,
  VERIFICATION_FILE,
  type VerificationAnswer,
  type VerificationDefinition,
} from '../egress/verification.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { claimDigest, keyDigest } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import { affiliateFamily } from './affiliate-family.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { EgressView } from './egress-interface.ts';
import { egressView } from './egress-view.ts';
import { allowed, refuseAccess } from './guard.ts';
import { jobGround } from './job-context.ts';
import { liveGrant } from './live-grant.ts';
import type { ProductOperations, VerificationAnswersView } from './product-interface.ts';
import type { VerificationScope, VerifiedKey } from './product-store.ts';
import { checkedReason } from './reason.ts';
import { overQuota, type RunningProduct, runningProduct } from './running-product.ts';
import { sealProduct } from './seal-product.ts';
import { profileFor } from './whose-rules.ts';

type VerificationOperations = Pick<ProductOperations, 'createVerification' | 'verifyKeys'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** What is known of a definition, and what is done at every batch. Source: requirements.md §10.3 (verification). */
const CRITERIA = ['grant-scope', 'canonical-writers', 'definition-only', 'lawful-basis', 'enumeration-guard'] as const;

async function create(
  ports: OperationsPorts,
  actor: Actor,
  input: Parameters<ProductOperations['createVerification']>[1],
): Outcome<EgressView> {
  const permitted = await allowed(ports, actor, 'product.create');
  if (!permitted.ok) return permitted;
  const { dataset, ...rest } = input;
  const object = { kind: 'dataset', id: dataset };
  const record = await ports.store.view.datasets.get(dataset);
  if (record === null) return refuseAccess(ports, actor, 'product.create', [problem('access.not_found', { kind: 'dataset' })], object);
  const kind = allowedKind(profileFor(ports, record.dataset), 'verification');
  if (!kind.ok) return kind;
  const grant = await liveGrant(ports.store.view, actor, dataset, ports.clock.now(), 'real');
  if (grant === null) return refuseAccess(ports, actor, 'product.create', [problem('job.no_grant', { dataset })], object);
  const ground = await jobGround(ports, record, grant, 'real');
  if (!ground.ok) return ground;
  const definition = checkVerification({ format: 'sluice-verification-1', ...rest }, record.dataset, grant);
  if (!definition.ok) return definition;
  const { table, keyColumn, compareColumn, basis } = definition.value;
  const what = compareColumn === null ? 'is known' : `holds the claimed ${compareColumn}`;
  const opened = await sealProduct(ports, actor, {
    kind: 'verification',
    context: ground.value.context,
    text: `VERIFY whether a ${table}.${keyColumn} ${what}; basis: ${basis.kind} ${basis.reference}`,
    fileName: VERIFICATION_FILE,
    definition: { ...definition.value },
    criteria: CRITERIA,
    findings: [],
  });
  return opened.ok ? ok(egressView(actor, opened.value)) : opened;
}

interface Batch {
  readonly product: RunningProduct;
  readonly definition: VerificationDefinition;
  readonly secret: Uint8Array;
  readonly keys: readonly string[];
  readonly kept: readonly VerifiedKey[];
  readonly scope: VerificationScope;
}

async function batchOf(ports: OperationsPorts, actor: Actor, product: RunningProduct, keys: readonly string[]): Promise<Batch> {
  const definition = product.definition as VerificationDefinition;
  const { dataset } = product.request;
  const secret = await ports.keys.datasetKey(dataset, 'verification');
  const { table, keyColumn, compareColumn } = definition;
  return {
    product,
    definition,
    secret,
    keys,
    // A neighbourhood is a key of its own: what it is of stands nowhere.
    kept: keys.map((key) => ({ digest: keyDigest(secret, key), neighbourhood: keyDigest(secret, `${neighbourhoodOf(key)}…`) })),
    scope: {
      organisation: actor.organisation,
      dataset,
      period: shanghaiDate(ports.clock.now()).slice(0, 7),
      scope: JSON.stringify([table, keyColumn, compareColumn]),
    },
  };
}

/**
 * Counts the batch before anything is read, or refuses it whole; both are on record. Batches of one organisation and
 * of all that belong with it in this month count together, whichever of their products they go through.
 */
async function admitBatch(ports: OperationsPorts, actor: Actor, batch: Batch, reference: string): Outcome<true> {
  const { product, definition, keys, kept, scope } = batch;
  const release = product.release.id;
  const shared = { actor, object: release } as const;
  const facts = {
    dataset: scope.dataset,
    datasetVersion: product.ground.context.version.version,
    keysBand: countBand(keys.length),
    basisDigest: textDigest(reference),
  };
  const asked: AuditEvent = { ...shared, operation: 'verification.ask', outcome: 'done', facts: { ...facts, outcome: 'asked' } };
  let broken: readonly string[] = [];
  const today = shanghaiDate(ports.clock.now());
  const admitted = await ports.store.write(async (tx) => {
    const { organisation, ...where } = scope;
    const organisations = await affiliateFamily(tx.affiliations, organisation, { from: `${scope.period}-01`, to: today });
    const counted = { ...where, organisations };
    const times = await tx.products.timesVerified(
      counted,
      kept.map((item) => item.digest),
    );
    const keysIn = await tx.products.keysIn(counted, [...new Set(kept.map((item) => item.neighbourhood))]);
    broken = enumerationRules(definition, keys, {
      times: new Map(keys.map((key, at) => [key, times.get(kept[at]?.digest ?? '') ?? 0])),
      keysIn: new Map(keys.map((key, at) => [neighbourhoodOf(key), keysIn.get(kept[at]?.neighbourhood ?? '') ?? 0])),
    });
    if (broken.length > 0) return err([problem('product.batch_refused', { rules: broken, least: definition.batchMinimum })]);
    const limits = { perDay: definition.keysPerDay, perMinute: definition.keysPerDay, weight: keys.length };
    const over = await overQuota(tx, ports.clock.now(), release, limits);
    if (over.length > 0) return err(over);
    await tx.products.addCall(release, keys.length, asked);
    await tx.products.addKeys(scope, kept, asked);
    return ok(true as const);
  });
  if (broken.length > 0) {
    const refused = { ...facts, outcome: 'refused', rules: broken };
    await ports.audit.append({ ...shared, operation: 'verification.ask', outcome: 'refused', facts: refused });
  }
  return admitted;
}

async function verify(
  ports: OperationsPorts,
  actor: Actor,
  { id, reference, items }: Parameters<ProductOperations['verifyKeys']>[1],
): Outcome<VerificationAnswersView> {
  const product = await runningProduct(ports, actor, id, 'verification');
  if (!product.ok) return product;
  const basis = checkedReason(reference);
  if (!basis.ok) return basis;
  const batch = await batchOf(
    ports,
    actor,
    product.value,
    items.map((item) => normalKey(item.key)),
  );
  const { definition, secret, kept } = batch;
  const isComparing = definition.compareColumn !== null;
  if (items.some((item) => (item.claim === undefined) === isComparing)) return err([problem('product.claims', {})]);
  const admitted = await admitBatch(ports, actor, batch, basis.value);
  if (!admitted.ok) return admitted;
  const { table, keyColumn, compareColumn } = definition;
  const lookup = { table, keyColumn, compareColumn, secret, digests: kept.map((item) => item.digest) };
  const held = await ports.pipeline.verifyKeys(lookup, product.value.ground.context);
  if (!held.ok) return err([problem('product.not_answered', {})]);
  const answers = items.map((item, at): VerificationAnswer => {
    const digest = kept[at]?.digest ?? '';
    const claim = item.claim === undefined ? null : claimDigest(secret, digest, item.claim.trim());
    return answerOf(claim, held.value.get(digest));
  });
  const isGuess = isGuessing(answers);
  const facts = { dataset: batch.scope.dataset, outcome: isGuess ? 'withheld' : 'answered' };
  await ports.audit.append({ operation: 'verification.ask', actor, object: id, outcome: isGuess ? 'refused' : 'done', facts });
  // Stopped or recalled while it was looked up: nothing is told any more.
  const still = await runningProduct(ports, actor, id, 'verification');
  if (!still.ok) return still;
  return isGuess ? err([problem('product.not_answered', {})]) : ok({ release: id, answers });
}

/** Yes, no or unknown on keys, in batches, on a basis. Source: requirements.md QY-24c, §10.3 (verification). */
export function verificationOperations(ports: OperationsPorts): VerificationOperations {
  return {
    createVerification: (actor, input) => create(ports, actor, input),
    verifyKeys: (actor, input) => verify(ports, actor, input),
  };
}
