import { createHmac } from 'node:crypto';
import type { AuditEvent } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { withStated } from '../egress/compliance-checklist.ts';
import { hardStops } from '../egress/finding.ts';
import { chainOf } from '../egress/kind-policy.ts';
import { keyIdOf, releaseKey } from '../egress/manifest.ts';
import { referenceOf } from '../egress/merged-profile.ts';
import type { ReleaseFacts } from '../egress/provenance.ts';
import type { ReleaseContent } from '../egress/release-content.ts';
import { buildPackage, type ReleasePackage, watermarkOf } from '../egress/release-package.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { newId } from '../kernel/id.ts';
import { PRODUCT_VERSION } from '../kernel/product-version.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import { consentObstacles } from './consent-marks.ts';
import type { OperationsPorts } from './data-ports.ts';
import { egressSourcesOf, endJob, findToDecide, withReason } from './egress-access.ts';
import { voidFallenVotes } from './egress-operations.ts';
import { egressView } from './egress-view.ts';
import { externalObstacles } from './external-data-operations.ts';
import { reach } from './guard.ts';
import { isContained } from './incident-hold.ts';
import { maskPolicyReference } from './job-context.ts';
import type { Operations, ReleaseView } from './operations.ts';
import type { EgressRecord, ReleaseRecord, StoreTransaction, StoreView, VoteRecord } from './ports.ts';
import { checkedReason } from './reason.ts';
import { approvalReceipts } from './receipts.ts';
import { clashingRules } from './recheck-release.ts';
import { releaseObstacles, tallyOf } from './review-standing.ts';
import { openContent } from './sealed-content.ts';
import { tellVerdict } from './verdict-notice.ts';
import { profileOfRequest } from './whose-rules.ts';

type ReleaseOperations = Pick<Operations, 'release' | 'recall' | 'showRelease'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

interface Prepared {
  readonly facts: ReleaseFacts;
  readonly pack: ReleasePackage;
  readonly datasetVersion: string;
  readonly maskPolicy: string | undefined;
}

/** What people see of a release. Source: requirements.md §7.5. */
export function releaseView(record: ReleaseRecord): ReleaseView {
  const { id, egress, recipient, releasedAt, state, files } = record;
  return { id, egress, recipient, releasedAt, state, files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })) };
}

/** Votes of the round, in the order they were given, without their reasons. */
function votesOf(request: EgressRecord, votes: readonly VoteRecord[]): ReleaseFacts['votes'] {
  return votes.filter((item) => item.round === request.round).map((item) => ({ by: item.voter, vote: item.vote, at: item.at }));
}

/** Steps of the chain with who approved, assessed or filed. */
function stepsOf(ports: OperationsPorts, request: EgressRecord, votes: readonly VoteRecord[]): ReleaseFacts['steps'] {
  return chainOf(profileOfRequest(ports, request)).map((step) => ({
    step: step.name,
    people:
      step.by === 'assessment'
        ? [request.riskAssessment?.by ?? '']
        : votes
            .filter((vote) => vote.round === request.round && vote.step === step.name && vote.vote === 'approve')
            .map((vote) => vote.voter),
  }));
}

async function factsOf(
  ports: OperationsPorts,
  request: EgressRecord,
  votes: readonly VoteRecord[],
  content: ReleaseContent,
): Promise<ReleaseFacts> {
  const stated = votes
    .filter((vote) => vote.round === request.round)
    .flatMap((vote) => vote.checklist.map((cell) => ({ ...cell, checker: vote.voter })));
  const found = canonicalJson({ salt: content.salt, findings: request.findings ?? [] });
  return {
    release: newId('rel', ports.rng),
    egress: request.id,
    contentDigest: request.contentDigest,
    votes: votesOf(request, votes),
    steps: stepsOf(ports, request, votes),
    checklist: withStated(request.checklist ?? [], stated),
    profile: referenceOf(profileOfRequest(ports, request)),
    filingReceipt: request.filingReceipt ?? '',
    ...(request.riskAssessment === undefined ? {} : { riskAssessment: request.riskAssessment.reference }),
    ...(request.firstRelease === undefined ? {} : { firstRelease: request.firstRelease }),
    // Keyed: findings name withheld cells, and the salt goes out with the package.
    findingsDigest: await keyedDigest(ports, request.dataset, found),
    productVersion: PRODUCT_VERSION,
    watermark: watermarkOf(content),
    releasedAt: ports.clock.now().toISOString(),
  };
}

async function keyedDigest(ports: OperationsPorts, dataset: string, text: string): Promise<string> {
  const key = await ports.keys.datasetKey(dataset, 'release');
  return createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

/** A result outlives its version being replaced, not its being withdrawn: what was wrong with the data is wrong with it. */
async function withdrawnVersion(view: Pick<StoreView, 'datasets'>, dataset: string, version: string): Promise<readonly Problem[]> {
  const state = (await view.datasets.version(dataset, version))?.state;
  return state === 'queryable' ? [] : [problem('egress.version_withdrawn', { dataset, version })];
}

/** While an incident holds its people, its data or its agreement, nothing of it leaves. Source: QZ-6.4a. */
async function containedObstacles(view: StoreView, { merchant, organisation, dataset, job }: EgressRecord): Promise<readonly Problem[]> {
  const grant = await view.grants.get((await view.jobs.get(job))?.grantId ?? '');
  const isHeld = await isContained(view, { merchant, organisation, dataset, basis: grant?.basis });
  return isHeld ? [problem('egress.contained', {})] : [];
}

/** What was made by another masking policy than the one in force, or by none, is not let out by it. Source: issue "Masking" (policies). */
async function outdatedPolicy(
  view: Pick<StoreView, 'maskPolicies'>,
  dataset: string,
  made: string | undefined,
): Promise<readonly Problem[]> {
  const masking = await view.maskPolicies.inForce(dataset);
  const now = masking === null ? undefined : maskPolicyReference(masking);
  return now === made ? [] : [problem('masking.policy_outdated', {})];
}

/** The package, from the sealed bytes and what the store says now. Nothing is written. */
async function prepare(ports: OperationsPorts, request: EgressRecord): Outcome<Prepared> {
  const votes = await ports.store.view.egress.votes(request.id);
  const found = [
    ...releaseObstacles(ports, request, await tallyOf(ports, ports.store.view, request)),
    ...(await consentObstacles(ports.store.view, request, ports.clock.now())),
    ...(await containedObstacles(ports.store.view, request)),
  ];
  if (found.length > 0) return err(found);
  const hard = hardStops(request.findings ?? []);
  if (hard.length > 0) return err([problem('egress.hard_stop', { rules: hard })]);
  const content = await openContent(ports, request);
  if (!content.ok) return content;
  const withdrawn = await withdrawnVersion(ports.store.view, request.dataset, content.value.datasetVersion);
  if (withdrawn.length > 0) return err(withdrawn);
  const { maskPolicy, externals } = content.value;
  const outdated = [
    ...(await outdatedPolicy(ports.store.view, request.dataset, maskPolicy)),
    ...(await externalObstacles(ports.store.view, request, externals)),
  ];
  if (outdated.length > 0) return err(outdated);
  const facts = await factsOf(ports, request, votes, content.value);
  const keyId = keyIdOf(releaseKey(await ports.keys.publicKey('release')));
  const signer = { keyId, sign: (bytes: Uint8Array) => ports.keys.sign('release', bytes) };
  const receipts = await approvalReceipts(ports, request.id, request.contentDigest);
  const markKey = await ports.keys.datasetKey(request.dataset, 'watermark');
  const pack = await buildPackage(content.value, facts, signer, markKey, receipts);
  return ok({ facts, pack, datasetVersion: content.value.datasetVersion, maskPolicy });
}

/** Whether what the ledger held for the job is free for others again: what was released meanwhile was not compared with it. */
async function expiredReservation(tx: StoreTransaction, job: string): Promise<readonly Problem[]> {
  const { ledgerAfter = 0 } = (await tx.jobs.get(job)) ?? {};
  const entries = (await tx.ledger.ofJob(job)).filter(({ seq }) => seq > ledgerAfter);
  return entries.some((entry) => entry.state === 'dropped') ? [problem('egress.reservation_expired', {})] : [];
}

/** State, votes, receipt and digest again, as they stand in this transaction; then the release, or nothing. */
async function commit(ports: OperationsPorts, tx: StoreTransaction, actor: Actor, id: string, prepared: Prepared): Outcome<ReleaseRecord> {
  const { facts, pack, datasetVersion } = prepared;
  const request = await tx.egress.get(id);
  if (request === null) throw new Error('A request disappeared');
  const votes = await tx.egress.votes(id);
  const found = [
    ...releaseObstacles(ports, request, await tallyOf(ports, tx, request)),
    ...(await withdrawnVersion(tx, request.dataset, datasetVersion)),
    ...(await expiredReservation(tx, request.job)),
    ...((await tx.ledger.isShut(request.dataset)) ? [problem('ledger.unreconciled', { dataset: request.dataset })] : []),
    ...(await outdatedPolicy(tx, request.dataset, prepared.maskPolicy)),
    ...(await consentObstacles(tx, request, ports.clock.now())),
    ...(await containedObstacles(tx, request)),
  ];
  if (found.length > 0) return err(found);
  const clashing = await clashingRules(ports, tx, request);
  if (clashing.length > 0) return err([problem('egress.ledger_conflict', { rules: clashing })]);
  const same =
    request.contentDigest === facts.contentDigest &&
    (request.filingReceipt ?? '') === facts.filingReceipt &&
    canonicalJson(votesOf(request, votes)) === canonicalJson(facts.votes);
  if (!same) return err([problem('egress.content_changed', {})]);
  const { job, dataset, merchant, contentDigest } = request;
  const approvers = facts.votes.map((item) => item.by);
  const event: AuditEvent = {
    operation: 'egress.release',
    actor,
    object: id,
    outcome: 'done',
    trace: job,
    facts: {
      job,
      release: facts.release,
      recipient: merchant,
      dataset,
      datasetVersion,
      contentDigest,
      productKind: request.productKind,
      profile: facts.profile,
      ...(request.firstRelease === undefined ? {} : { firstRelease: request.firstRelease }),
      files: pack.listing.map((file) => file.sha256),
      approvers,
    },
  };
  const patch = { releaseId: facts.release, releasedAt: facts.releasedAt };
  const released = await tx.egress.transition(id, { from: egressSourcesOf('RELEASED', 'operator'), to: 'RELEASED', patch }, event);
  if (!released.ok) return released;
  const record: ReleaseRecord = {
    id: facts.release,
    egress: id,
    recipient: merchant,
    releasedAt: facts.releasedAt,
    state: 'available',
    files: pack.listing,
    contentDigest,
    fingerprint: request.fingerprint ?? '',
  };
  await tx.releases.add(record, event);
  await tellVerdict(ports, tx, request, 'egress.released', event);
  const ended = await endJob(tx, request, 'RELEASED', actor);
  return ended.ok ? ok(record) : ended;
}

/** A refusal that tells of tampering, or of what was released meanwhile, stands in the log; the request stays where it is. */
async function logRefusal(ports: OperationsPorts, actor: Actor, request: EgressRecord, problems: readonly Problem[]): Promise<void> {
  const { id, job, contentDigest } = request;
  await ports.audit.append({
    operation: 'egress.check',
    actor,
    object: id,
    outcome: 'refused',
    trace: job,
    facts: { job, contentDigest, state: request.state, rules: problems.flatMap(rulesOf) },
  });
}

function rulesOf({ code, facts }: Problem): readonly string[] {
  return code === 'egress.ledger_conflict' && 'rules' in facts ? [code, ...(facts.rules as readonly string[])] : [code];
}

/**
 * The package is complete on disk under its own id before the transaction that makes it a release: a process that dies
 * before the commit leaves a folder nobody can reach (`recover` removes it), one that dies after it leaves a release.
 */
async function release(ports: OperationsPorts, actor: Actor, id: string): Outcome<ReleaseView> {
  const found = await findToDecide(ports, actor, 'egress.release', id);
  if (!found.ok) return found;
  const prepared = await prepare(ports, found.value);
  if (!prepared.ok) {
    if (prepared.error.some((item) => item.code !== 'access.state_conflict')) await logRefusal(ports, actor, found.value, prepared.error);
    if (prepared.error.some((item) => item.code === 'egress.not_approved')) await voidFallenVotes(ports, id);
    return prepared;
  }
  const { facts, pack } = prepared.value;
  try {
    await ports.packages.put(facts.release, pack.files);
    const committed = await ports.store.write((tx) => commit(ports, tx, actor, id, prepared.value));
    if (committed.ok) {
      // Who restores an older backup learns of releases from the files of the log: this one stands there before it can be fetched.
      await ports.audit.checkpoint();
      return ok(releaseView(committed.value));
    }
    await ports.packages.remove(facts.release);
    if (committed.error.some((item) => item.code === 'egress.ledger_conflict'))
      await logRefusal(ports, actor, found.value, committed.error);
    return committed;
  } catch (fault) {
    // A fault may come after the commit, too: only what is no release goes.
    if ((await ports.store.view.releases.get(facts.release)) === null) await ports.packages.remove(facts.release);
    throw fault;
  }
}

async function recall(ports: OperationsPorts, actor: Actor, id: string, text: string) {
  const found = await findToDecide(ports, actor, 'egress.recall', id);
  if (!found.ok) return found;
  const reason = checkedReason(text);
  if (!reason.ok) return reason;
  const recalled = await ports.store.write(async (tx) => {
    const request = await tx.egress.get(id);
    const record = await tx.releases.ofEgress(id);
    if (request === null) throw new Error('A request disappeared');
    const { job, contentDigest } = request;
    const facts = { job, release: record?.id, contentDigest, reasonDigest: textDigest(reason.value) };
    const event: AuditEvent = { operation: 'egress.recall', actor, object: id, outcome: 'done', trace: job, facts };
    const reasons = withReason(ports, request, { by: actor.id, step: 'recall', reason: reason.value });
    const step = { from: ['RELEASED'], to: 'RECALLED', patch: { reasons } } as const;
    const moved = await tx.egress.transition(id, step, event);
    if (!moved.ok || record === null) return moved;
    const ended = await tx.releases.transition(record.id, { from: ['available'], to: 'recalled' }, event);
    if (!ended.ok) return ended;
    await tx.notices.add({ id: newId('ntc', ports.rng), recipient: record.recipient, kind: 'release.recalled', object: record.id }, event);
    return moved;
  });
  return recalled.ok ? ok(egressView(actor, recalled.value)) : recalled;
}

/** The release, if the actor may do this to it. Source: requirements.md §6.1 (Release: MER receives). */
export async function findRelease(
  ports: OperationsPorts,
  actor: Actor,
  action: 'release.read' | 'release.download' | 'product.call',
  id: string,
): Outcome<ReleaseRecord> {
  const record = await ports.store.view.releases.get(id);
  const request = record === null ? null : await ports.store.view.egress.get(record.egress);
  const ownerOf = () => ({ id: record?.recipient ?? '', organisation: request?.organisation ?? '' });
  return reach(ports, actor, action, { kind: 'release', id }, record, ownerOf);
}

/** What leaves, and taking it back. Source: requirements.md §5.6 (RELEASED, RECALLED). */
export function releaseOperations(ports: OperationsPorts): ReleaseOperations {
  return {
    release: (actor, id) => release(ports, actor, id),
    recall: (actor, { id, reason }) => recall(ports, actor, id, reason),
    async showRelease(actor, id) {
      const found = await findRelease(ports, actor, 'release.read', id);
      return found.ok ? ok(releaseView(found.value)) : found;
    },
  };
}
