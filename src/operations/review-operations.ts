import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { unmetCells, withStated } from '../egress/compliance-checklist.ts';
import { hardStops, unwaived } from '../egress/finding.ts';
import { type ApprovalStep, votingSteps } from '../egress/kind-policy.ts';
import { partsOf, type ReleaseContent } from '../egress/release-content.ts';
import type { EgressState } from '../egress/review-states.ts';
import { stepToVoteOn } from '../egress/review-votes.ts';
import type { Action } from '../identity/permissions.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { egressConflict, egressSourcesOf, endJob, findToDecide, readForDecision, withReason } from './egress-access.ts';
import { egressView } from './egress-view.ts';
import { refuseAccess } from './guard.ts';
import type { EgressView, Operations, VoteInput } from './operations.ts';
import type { EgressRecord, StoreTransaction, VoteRecord } from './ports.ts';
import { checkedReason } from './reason.ts';
import { tallyOf } from './review-standing.ts';
import { openContent } from './sealed-content.ts';
import { tellVerdict } from './verdict-notice.ts';
import { profileOfRequest } from './whose-rules.ts';

type ReviewOperations = Pick<Operations, 'approve' | 'reject'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

const DUTIES = (): readonly Problem[] => [problem('access.separation_of_duties', { rule: 'S6' })];

/** Roles that vote somewhere in the chain. */
function isReviewer(ports: OperationsPorts, actor: Actor, request: EgressRecord): boolean {
  return votingSteps(profileOfRequest(ports, request)).some((step) => actor.roles.includes(step.role));
}

/** The request for a person of the chain, or a refusal on record. */
export async function findToReview(ports: OperationsPorts, actor: Actor, action: Action, id: string): Outcome<EgressRecord> {
  const found = await findToDecide(ports, actor, action, id);
  if (!found.ok || isReviewer(ports, actor, found.value)) return found;
  return refuseAccess(ports, actor, action, [problem('access.forbidden', { action })], { kind: 'egress', id });
}

/** What an approval must say of the content before it counts. */
function incomplete(request: EgressRecord, content: ReleaseContent, input: VoteInput, voter: string): readonly Problem[] {
  const findings = request.findings ?? [];
  const hard = hardStops(findings);
  if (hard.length > 0) return [problem('egress.hard_stop', { rules: hard })];
  const missing = unwaived(findings, input.waivers ?? []);
  const stated = (input.checklist ?? []).map((cell) => ({ ...cell, checker: voter }));
  const unmet = unmetCells(withStated(request.checklist ?? [], stated));
  return [
    ...filesProblems(content, input, 'approve'),
    ...(missing.length === 0 ? [] : [problem('egress.waiver_missing', { rules: missing })]),
    ...(unmet.length === 0 ? [] : [problem('egress.checklist_unmet', { cells: unmet })]),
  ];
}

/** A vote on files names every one of them, and an approval approves every one. Source: egress-rules.md §2.3. */
function filesProblems(content: ReleaseContent, { files }: VoteInput, vote: 'approve' | 'reject'): readonly Problem[] {
  if (files === undefined) return [];
  const names = partsOf(content).map((part) => part.name);
  const isWhole = files.length === names.length && names.every((name) => files.some((file) => file.name === name));
  const isConsistent = vote === 'approve' ? files.every((file) => file.vote === 'approve') : files.some((file) => file.vote === 'reject');
  return isWhole && isConsistent ? [] : [problem('egress.files_incomplete', { files: names })];
}

/** The step that this person may vote on now; not twice in a round, and not before the steps before are through. */
async function turnOf(ports: OperationsPorts, tx: StoreTransaction, actor: Actor, request: EgressRecord): Outcome<ApprovalStep> {
  const votes = await tx.egress.votes(request.id);
  if (votes.some((vote) => vote.voter === actor.id && vote.round === request.round)) return err(DUTIES());
  const before = await tallyOf(ports, tx, request);
  const step = stepToVoteOn(votingSteps(profileOfRequest(ports, request)), before, actor.roles);
  if (step === undefined || step === null) {
    const next = before.steps.find((item) => item.standing !== 'passed');
    return err([problem('egress.not_your_step', { step: next?.step ?? 'none' })]);
  }
  return ok(step);
}

function voteRecord(request: EgressRecord, actor: Actor, step: ApprovalStep, vote: 'approve' | 'reject', input: VoteInput) {
  return {
    egress: request.id,
    round: request.round,
    voter: actor.id,
    organisation: actor.organisation,
    step: step.name,
    vote,
    grounds: vote === 'approve' ? null : (input.grounds ?? 'disclosure'),
    reason: input.reason,
    files: input.files ?? [],
    checklist: input.checklist ?? [],
    waivers: vote === 'approve' ? (input.waivers ?? []) : [],
    contentDigest: request.contentDigest,
  } satisfies Omit<VoteRecord, 'at'>;
}

function voteEvent(request: EgressRecord, actor: Actor, vote: Omit<VoteRecord, 'at'>, state: EgressState): AuditEvent {
  const { job, contentDigest, round } = request;
  const { step, grounds, waivers, reason } = vote;
  const facts = {
    job,
    contentDigest,
    round,
    step,
    vote: vote.vote,
    ...(grounds === null ? {} : { grounds }),
    ...(waivers.length === 0 ? {} : { waived: waivers.map((waiver) => waiver.rule) }),
    state,
    reasonDigest: textDigest(reason),
  };
  return { operation: 'egress.vote', actor, object: request.id, outcome: 'done', trace: job, facts };
}

/** After a vote: on to CHECKED or REJECTED, or it waits for the others. */
async function afterVote(ports: OperationsPorts, tx: StoreTransaction, id: string, actor: Actor): Outcome<EgressRecord> {
  const request = await readForDecision(tx, id);
  const { standing } = await tallyOf(ports, tx, request);
  if (standing === 'open') return ok(request);
  const to: EgressState = standing === 'passed' ? 'CHECKED' : 'REJECTED';
  const facts = { job: request.job, contentDigest: request.contentDigest, state: to };
  const check: AuditEvent = { operation: 'egress.check', actor: SYSTEM_ACTOR, object: id, outcome: 'done', trace: request.job, facts };
  const moved = await tx.egress.transition(id, { from: ['REVIEW'], to }, check);
  if (!moved.ok || to === 'CHECKED') return moved;
  await tellVerdict(ports, tx, request, 'egress.rejected', check);
  const ended = await endJob(tx, request, 'REJECTED', actor);
  return ended.ok ? moved : ended;
}

interface Ballot {
  readonly vote: 'approve' | 'reject';
  readonly input: VoteInput;
  /** What keeps the vote from counting; asked after the person's turn is known. */
  readonly lacking: () => readonly Problem[];
}

/** A vote in its turn. One against, on grounds that others may outvote, waits for them. */
async function castVote(
  ports: OperationsPorts,
  tx: StoreTransaction,
  actor: Actor,
  request: EgressRecord,
  { vote, input, lacking }: Ballot,
): Outcome<EgressRecord> {
  const step = await turnOf(ports, tx, actor, request);
  if (!step.ok) return step;
  const problems = lacking();
  if (problems.length > 0) return err(problems);
  const cast = voteRecord(request, actor, step.value, vote, input);
  const voted = await tx.egress.vote(cast, voteEvent(request, actor, cast, 'REVIEW'));
  return voted.ok ? afterVote(ports, tx, request.id, actor) : voted;
}

async function castApproval(ports: OperationsPorts, actor: Actor, seen: EgressRecord, input: VoteInput): Outcome<EgressRecord> {
  const content = await openContent(ports, seen);
  if (!content.ok) return content;
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, seen.id);
    if (request.state !== 'REVIEW') return err([egressConflict(request.state)]);
    // The bytes that were opened are the bytes that are voted on.
    if (request.contentDigest !== seen.contentDigest) return err([problem('egress.content_changed', {})]);
    const lacking = () => incomplete(request, content.value, input, actor.id);
    return castVote(ports, tx, actor, request, { vote: 'approve', input, lacking });
  });
}

/**
 * The end, at once and for everybody: a rejection on disclosure grounds, or any after the votes were in. Who approved earlier may
 * still stop it: the rejection then stands as reason and state, not as a second vote.
 */
async function veto(
  ports: OperationsPorts,
  tx: StoreTransaction,
  actor: Actor,
  request: EgressRecord,
  input: VoteInput,
): Outcome<EgressRecord> {
  const steps = votingSteps(profileOfRequest(ports, request));
  const step = steps.find((item) => actor.roles.includes(item.role));
  if (step === undefined) return err([problem('access.forbidden', { action: 'egress.vote' })]);
  const cast = voteRecord(request, actor, step, 'reject', input);
  const event = voteEvent(request, actor, cast, 'REJECTED');
  const patch = { reasons: withReason(ports, request, { by: actor.id, step: 'reject', reason: input.reason }) };
  const owner = actor.roles.includes('operator') ? egressSourcesOf('REJECTED', 'operator') : [];
  const from = [...egressSourcesOf('REJECTED', 'reviewer'), ...owner];
  const rejected = await tx.egress.transition(request.id, { from, to: 'REJECTED', patch }, event);
  if (!rejected.ok) return rejected;
  await tellVerdict(ports, tx, request, 'egress.rejected', event);
  const votes = await tx.egress.votes(request.id);
  if (!votes.some((vote) => vote.voter === actor.id && vote.round === request.round)) {
    const voted = await tx.egress.vote(cast, event);
    if (!voted.ok) return voted;
  }
  const ended = await endJob(tx, request, 'REJECTED', actor);
  return ended.ok ? rejected : ended;
}

async function castRejection(ports: OperationsPorts, actor: Actor, seen: EgressRecord, input: VoteInput): Outcome<EgressRecord> {
  const content = input.files === undefined ? null : await openContent(ports, seen);
  if (content !== null && !content.ok) return content;
  const files = content === null ? [] : filesProblems(content.value, input, 'reject');
  if (files.length > 0) return err(files);
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, seen.id);
    const isVeto = (input.grounds ?? 'disclosure') === 'disclosure' || request.state !== 'REVIEW';
    return isVeto
      ? veto(ports, tx, actor, request, input)
      : castVote(ports, tx, actor, request, { vote: 'reject', input, lacking: () => [] });
  });
}

/** Votes of the people whom the profile's chain names. Source: requirements.md §5.6 (REVIEW); egress-rules.md §2.3, §7 item 9. */
export function reviewOperations(ports: OperationsPorts): ReviewOperations {
  const vote = async (actor: Actor, input: VoteInput, deed: typeof castApproval): Outcome<EgressView> => {
    const found = await findToReview(ports, actor, 'egress.vote', input.id);
    if (!found.ok) return found;
    const reason = checkedReason(input.reason);
    if (!reason.ok) return reason;
    const done = await deed(ports, actor, found.value, { ...input, reason: reason.value });
    if (done.ok) return ok(egressView(actor, done.value));
    const separated = done.error.find((item) => item.code === 'access.separation_of_duties');
    if (separated === undefined) return done;
    return refuseAccess(ports, actor, 'egress.vote', [separated], { kind: 'egress', id: input.id });
  };
  return {
    approve: (actor, input) => vote(actor, input, castApproval),
    reject: (actor, input) => vote(actor, input, castRejection),
  };
}
