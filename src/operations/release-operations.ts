import type { AuditEvent } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { keyIdOf, releaseKey } from '../egress/manifest.ts';
import type { ReleaseFacts } from '../egress/provenance.ts';
import { sha256Hex } from '../egress/release-content.ts';
import { buildPackage, type ReleasePackage } from '../egress/release-package.ts';
import { APPROVERS_NEEDED, approvedByTwo } from '../identity/separation-of-duties.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { egressSourcesOf, endJob, findToDecide, voidFallenVotes } from './egress-operations.ts';
import { egressView } from './egress-view.ts';
import { reach } from './guard.ts';
import type { Operations, ReleaseView } from './operations.ts';
import type { EgressRecord, ReleaseRecord, StoreTransaction, StoreView, VoteRecord } from './ports.ts';
import { checkedReason } from './reason.ts';
import { approvalReceipts } from './receipts.ts';
import { clashingRules } from './recheck-release.ts';
import { openContent } from './sealed-content.ts';

type ReleaseOperations = Pick<Operations, 'release' | 'recall' | 'showRelease' | 'releaseFile'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

interface Prepared {
  readonly facts: ReleaseFacts;
  readonly pack: ReleasePackage;
  readonly datasetVersion: string;
}

function viewOf(record: ReleaseRecord): ReleaseView {
  const { id, egress, recipient, releasedAt, state, files } = record;
  return { id, egress, recipient, releasedAt, state, files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })) };
}

/** Votes of the round, in the order they were given, without their reasons. */
function votesOf(request: EgressRecord, votes: readonly VoteRecord[]): ReleaseFacts['votes'] {
  return votes.filter((item) => item.round === request.round).map((item) => ({ by: item.voter, vote: item.vote, at: item.at }));
}

/** Why this request may not be released as it stands in the store, or nothing. */
function obstacles(request: EgressRecord, votes: readonly VoteRecord[]): readonly Problem[] {
  if (request.state !== 'FILED') return [problem('access.state_conflict', { kind: 'egress', state: request.state })];
  if (request.filingReceipt === undefined) return [problem('egress.receipt_missing', {})];
  return approvedByTwo(request, votes) ? [] : [problem('egress.not_approved', { needed: APPROVERS_NEEDED })];
}

/** A result outlives its version being replaced, not its being withdrawn: what was wrong with the data is wrong with it. */
async function withdrawnVersion(view: Pick<StoreView, 'datasets'>, dataset: string, version: string): Promise<readonly Problem[]> {
  const state = (await view.datasets.version(dataset, version))?.state;
  return state === 'queryable' ? [] : [problem('egress.version_withdrawn', { dataset, version })];
}

/** The package, from the sealed bytes and what the store says now. Nothing is written. */
async function prepare(ports: OperationsPorts, request: EgressRecord): Outcome<Prepared> {
  const votes = await ports.store.view.egress.votes(request.id);
  const found = obstacles(request, votes);
  if (found.length > 0) return err(found);
  const content = await openContent(ports, request);
  if (!content.ok) return content;
  const withdrawn = await withdrawnVersion(ports.store.view, request.dataset, content.value.datasetVersion);
  if (withdrawn.length > 0) return err(withdrawn);
  const facts: ReleaseFacts = {
    release: newId('rel', ports.rng),
    egress: request.id,
    contentDigest: request.contentDigest,
    votes: votesOf(request, votes),
    filingReceipt: request.filingReceipt ?? '',
    releasedAt: ports.clock.now().toISOString(),
  };
  const keyId = keyIdOf(releaseKey(await ports.keys.publicKey('release')));
  const signer = { keyId, sign: (bytes: Uint8Array) => ports.keys.sign('release', bytes) };
  const receipts = await approvalReceipts(ports, request.id, request.contentDigest);
  return ok({ facts, pack: await buildPackage(content.value, facts, signer, receipts), datasetVersion: content.value.datasetVersion });
}

/** Whether what the ledger held for the job is free for others again: what was released meanwhile was not compared with it. */
async function expiredReservation(tx: StoreTransaction, job: string): Promise<readonly Problem[]> {
  const entries = await tx.ledger.ofJob(job);
  return entries.some((entry) => entry.state === 'dropped') ? [problem('egress.reservation_expired', {})] : [];
}

/** State, votes, receipt and digest again, as they stand in this transaction; then the release, or nothing. */
async function commit(ports: OperationsPorts, tx: StoreTransaction, actor: Actor, id: string, prepared: Prepared): Outcome<ReleaseRecord> {
  const { facts, pack, datasetVersion } = prepared;
  const request = await tx.egress.get(id);
  if (request === null) throw new Error('A request disappeared');
  const votes = await tx.egress.votes(id);
  const found = [
    ...obstacles(request, votes),
    ...(await withdrawnVersion(tx, request.dataset, datasetVersion)),
    ...(await expiredReservation(tx, request.job)),
  ];
  if (found.length > 0) return err(found);
  const clashing = await clashingRules(ports, tx, request);
  if (clashing.length > 0) return err([problem('egress.ledger_conflict', { rules: clashing })]);
  const same =
    request.contentDigest === facts.contentDigest &&
    request.filingReceipt === facts.filingReceipt &&
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
  };
  await tx.releases.add(record, event);
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
    if (committed.ok) return ok(viewOf(committed.value));
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
    const said = { by: actor.id, step: 'recall', at: ports.clock.now().toISOString(), reason: reason.value };
    const step = { from: ['RELEASED'], to: 'RECALLED', patch: { reasons: [...(request.reasons ?? []), said] } } as const;
    const moved = await tx.egress.transition(id, step, event);
    if (!moved.ok || record === null) return moved;
    const ended = await tx.releases.transition(record.id, { from: ['available'], to: 'recalled' }, event);
    return ended.ok ? moved : ended;
  });
  return recalled.ok ? ok(egressView(actor, recalled.value)) : recalled;
}

async function findRelease(
  ports: OperationsPorts,
  actor: Actor,
  action: 'release.read' | 'release.download',
  id: string,
): Outcome<ReleaseRecord> {
  const record = await ports.store.view.releases.get(id);
  const request = record === null ? null : await ports.store.view.egress.get(record.egress);
  const ownerOf = () => ({ id: record?.recipient ?? '', organisation: request?.organisation ?? '' });
  return reach(ports, actor, action, { kind: 'release', id }, record, ownerOf);
}

/** One file, to its recipient alone; digest checked, and on record before a byte goes out. */
async function download(ports: OperationsPorts, actor: Actor, id: string, name: string): Outcome<Uint8Array> {
  const found = await findRelease(ports, actor, 'release.download', id);
  if (!found.ok) return found;
  const file = found.value.files.find((item) => item.name === name);
  if (file === undefined) return err([problem('access.not_found', { kind: 'file' })]);
  if (found.value.state !== 'available') return err([problem('egress.recalled', {})]);
  const bytes = await ports.packages.read(id, file.name);
  if (bytes === null || bytes.length !== file.bytes || sha256Hex(bytes) !== file.sha256)
    return err([problem('egress.package_damaged', {})]);
  const facts = { egress: found.value.egress, file: name, digest: file.sha256, recipient: found.value.recipient };
  return ports.store.write(async (tx) => {
    // A recall that came while the file was read wins.
    if ((await tx.releases.get(id))?.state !== 'available') return err([problem('egress.recalled', {})]);
    await tx.audit.append({ operation: 'release.download', actor, object: id, outcome: 'done', facts });
    return ok(bytes);
  });
}

/** What leaves, and taking it back. Source: requirements.md §5.6 (RELEASED, RECALLED). */
export function releaseOperations(ports: OperationsPorts): ReleaseOperations {
  return {
    release: (actor, id) => release(ports, actor, id),
    recall: (actor, { id, reason }) => recall(ports, actor, id, reason),
    async showRelease(actor, id) {
      const found = await findRelease(ports, actor, 'release.read', id);
      return found.ok ? ok(viewOf(found.value)) : found;
    },
    releaseFile: (actor, { id, name }) => download(ports, actor, id, name),
  };
}
