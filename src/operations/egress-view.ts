import type { AffiliationTerm } from '../egress/affiliation.ts';
import { rulesToWaive } from '../egress/finding.ts';
import { chainOf } from '../egress/kind-policy.ts';
import { partsOf, type ReleaseContent } from '../egress/release-content.ts';
import { STATE_OWNERS } from '../egress/review-states.ts';
import { isIndependent, type Tally, tallyFiles } from '../egress/review-votes.ts';
import { UNTOLD } from '../egress/withheld-band.ts';
import { scopeOf } from '../identity/permit.ts';
import type { Actor } from './actor.ts';
import type { CommentView, EgressView, VoteView } from './operations.ts';
import type { EgressComment, EgressRecord, VoteRecord } from './ports.ts';
import { profileOfRequest, type RulingPorts } from './whose-rules.ts';

/**
 * Whether this person may look inside: the role, and nobody of the author's organisation or its affiliates.
 * Source: requirements.md §6.1, §6.2 S6.
 */
export function mayReview(actor: Actor, request: EgressRecord, affiliates: readonly string[]): boolean {
  return scopeOf(actor, 'egress.review') === 'all' && isIndependent(actor, request, affiliates);
}

const UNKNOWN_TO_MERCHANTS: readonly EgressRecord['state'][] = ['CREATED', 'AUTO_CHECK', 'BLOCKED'];

/**
 * Whether this person may know of the request. A merchant never learns of a blocked one, for that would tell a
 * withheld job from a failed one. Source: gate.md §9.
 */
export function maySee(actor: Actor, request: EgressRecord): boolean {
  if (scopeOf(actor, 'egress.read') === 'all') return true;
  return !UNKNOWN_TO_MERCHANTS.includes(request.state);
}

/** What a merchant sees of where a request is held for linkage: a review like any other. Source: gate.md §9. */
function shownState(request: EgressRecord, isInside: boolean): EgressRecord['state'] {
  return !isInside && request.state === 'HELD_LINKAGE' ? 'REVIEW' : request.state;
}

/** What everybody sees who may see the request at all. A merchant's band is that of public labels alone. Source: gate.md §9. */
export function egressView(actor: Actor, request: EgressRecord): EgressView {
  const { id, job, dataset, merchant, round, productKind, contentDigest, createdAt, updatedAt } = request;
  const isInside = scopeOf(actor, 'egress.read') === 'all';
  const state = shownState(request, isInside);
  const comments = isInside ? [] : commentsForMerchant(request);
  return {
    id,
    job,
    dataset,
    merchant,
    state,
    owner: STATE_OWNERS[state],
    round,
    productKind,
    contentDigest,
    createdAt,
    updatedAt,
    withheldBand: (isInside ? request.withheldBand : request.publicWithheldBand) ?? UNTOLD,
    ...(request.profile === undefined ? {} : { profile: request.profile }),
    ...(request.filingReceipt === undefined ? {} : { filingReceipt: request.filingReceipt }),
    ...(request.releasedAt === undefined ? {} : { releasedAt: request.releasedAt }),
    ...(request.releaseId === undefined ? {} : { releaseId: request.releaseId }),
    ...(comments.length === 0 ? {} : { comments }),
  };
}

/** States in which reviewers are still at it: what they said to the merchant waits until they are done. */
const STILL_REVIEWED: readonly EgressRecord['state'][] = ['HELD_LINKAGE', 'REVIEW', 'CHECKED', 'FILED'];

function commentsForMerchant(request: EgressRecord): readonly CommentView[] {
  const isTold = (comment: EgressComment): boolean =>
    comment.by === request.merchant || comment.round < request.round || !STILL_REVIEWED.includes(request.state);
  return (request.comments ?? [])
    .filter((comment) => comment.visibility === 'public' && isTold(comment))
    .map((comment) => ({ ...shownComment(comment), by: comment.by === request.merchant ? comment.by : 'reviewer' }));
}

function shownComment({ by, round, visibility, kind, text, at }: EgressComment): CommentView {
  return { by, round, visibility, kind, text, at };
}

function shownVote(vote: VoteRecord): VoteView {
  const { voter, round, step, grounds, files, waivers, at, reason } = vote;
  return { by: voter, round, step, vote: vote.vote, grounds, files, waivers, at, reason };
}

export interface InsideView {
  readonly ports: RulingPorts;
  readonly votes: readonly VoteRecord[];
  readonly tally: Tally;
  readonly affiliations: readonly AffiliationTerm[];
}

/**
 * What people inside the domain see besides: chain, checklist, reasons, and votes and comments of every round, withdrawn and
 * returned ones too. Who may vote sees of the round at hand only his own until all have voted; auditors do not vote and see
 * everything. Source: egress-rules.md §2.3 (independent, consolidating), §7 item 9.
 */
export function insideView(actor: Actor, request: EgressRecord, { ports, votes, tally }: InsideView): EgressView {
  const isBlind = request.state === 'REVIEW' && !tally.isOpenToReviewers && scopeOf(actor, 'egress.review') !== null;
  const isShown = (of: { readonly round: number }, by: string): boolean => !isBlind || of.round < request.round || by === actor.id;
  return {
    ...egressView(actor, request),
    chain: chainOf(profileOfRequest(ports, request)),
    ...(isBlind ? {} : { standings: tally.steps }),
    votesCast: votes.filter((vote) => vote.round === request.round).length,
    votes: votes.filter((vote) => isShown(vote, vote.voter)).map(shownVote),
    comments: (request.comments ?? []).filter((comment) => isShown(comment, comment.by)).map(shownComment),
    checklist: request.checklist ?? [],
    toWaive: rulesToWaive(request.findings ?? []),
    ...(request.riskAssessment === undefined ? {} : { riskAssessment: request.riskAssessment }),
    ...(request.firstRelease === undefined ? {} : { firstRelease: request.firstRelease }),
    reasons: (request.reasons ?? []).filter((item) => !isBlind || item.by === actor.id || item.step !== 'reject'),
  };
}

/**
 * What reviewers see besides: findings, and where the content is intact what would leave, what each of its columns derives from, and its files, with
 * the votes on each once they may see one another.
 */
export function reviewView(actor: Actor, request: EgressRecord, inside: InsideView, content: ReleaseContent | null): EgressView {
  const view = insideView(actor, request, inside);
  const findings = request.findings ?? [];
  if (content === null)
    return {
      ...view,
      findings: [
        ...findings,
        { rule: 'sealed-content', severity: 'hard', text: 'The sealed content is missing or was changed; nothing can leave.' },
      ],
    };
  const files = partsOf(content);
  return {
    ...view,
    findings,
    preview: content.table,
    ...(content.lineage === undefined ? {} : { lineage: content.lineage }),
    files: view.standings === undefined ? files : tallyFiles(files, request, inside.votes, inside.affiliations),
    sql: content.canonicalSql,
  };
}
