import { type AffiliationTerm, affiliatesAt } from './affiliation.ts';
import type { ApprovalStep, ApprovalStepName } from './kind-policy.ts';

/** Why somebody votes against a release. Disclosure is a veto; the others can be outvoted. Source: egress-rules.md §7 item 9. */
export const REJECTION_GROUNDS = ['disclosure', 'purpose', 'compliance', 'quality'] as const;
export type RejectionGround = (typeof REJECTION_GROUNDS)[number];

/** An egress request as the rules see it. */
export interface RequestUnderReview {
  readonly merchant: string;
  readonly organisation: string;
  readonly round: number;
  readonly contentDigest: string;
}

/** One vote of one person in one round. */
export interface ReviewVote {
  readonly voter: string;
  readonly organisation: string;
  readonly round: number;
  readonly step: ApprovalStepName;
  readonly vote: 'approve' | 'reject';
  /** Null for approvals. */
  readonly grounds: RejectionGround | null;
  readonly contentDigest: string;
  /** ISO 8601: independence is judged as it was then. */
  readonly at: string;
}

export interface StepStanding {
  readonly step: ApprovalStepName;
  /** Different people whose vote counts. */
  readonly approvals: number;
  readonly rejections: number;
  readonly standing: 'open' | 'passed' | 'rejected';
}

/** How the votes of the round stand. */
export interface Tally {
  readonly steps: readonly StepStanding[];
  /** `passed` only when every step is. */
  readonly standing: 'open' | 'passed' | 'rejected';
  /** Every step has as many votes as it needs people: from here on reviewers see each other. */
  readonly isOpenToReviewers: boolean;
  readonly isVetoed: boolean;
}

/**
 * Counts the votes of a round. A vote counts once per person, only for this very content, and never from the author, from his
 * organisation or from what was an affiliate of it on the day of the vote. One rejection on disclosure grounds rejects. On other grounds a step passes when it has
 * its people and more approvals than rejections, and is rejected when as many people reject as would have to approve.
 * A vote for a step that is not in the chain counts for nothing.
 * Source: requirements.md §6.2 S6; egress-rules.md §7 item 9 (veto), W4, W5.
 */
export function tallyVotes(
  steps: readonly ApprovalStep[],
  request: RequestUnderReview,
  votes: readonly ReviewVote[],
  affiliations: readonly AffiliationTerm[],
): Tally {
  const counted = countedVotes(request, votes, affiliations);
  const standings = steps.map((step) => standingOf(step, counted));
  const isVetoed = counted.some((vote) => vote.vote === 'reject' && (vote.grounds === null || vote.grounds === 'disclosure'));
  const rejected = isVetoed || standings.some((item) => item.standing === 'rejected');
  const passed = !rejected && steps.length > 0 && standings.every((item) => item.standing === 'passed');
  const isOpenToReviewers = steps.every((step, index) => {
    const item = standings[index];
    return item !== undefined && item.approvals + item.rejections >= step.people;
  });
  return { steps: standings, standing: rejected ? 'rejected' : passed ? 'passed' : 'open', isOpenToReviewers, isVetoed };
}

/** How people voted on one file of a content. */
export interface FileStanding {
  readonly name: string;
  readonly sha256: string;
  /** Different people whose vote counts. */
  readonly approvals: number;
  readonly rejections: number;
}

/**
 * The votes of the round file by file. A vote that names no files is one on each of them. Votes that do not count for the request
 * do not count here. Source: egress-rules.md §2.3 (votes per file).
 */
export function tallyFiles(
  files: readonly Pick<FileStanding, 'name' | 'sha256'>[],
  request: RequestUnderReview,
  votes: readonly (ReviewVote & { readonly files: readonly { readonly name: string; readonly vote: 'approve' | 'reject' }[] })[],
  affiliations: readonly AffiliationTerm[],
): readonly FileStanding[] {
  const counted = countedVotes(request, votes, affiliations);
  return files.map(({ name, sha256 }) => {
    const said = counted.map((vote) => (vote.files.length === 0 ? vote.vote : vote.files.find((file) => file.name === name)?.vote));
    return {
      name,
      sha256,
      approvals: said.filter((vote) => vote === 'approve').length,
      rejections: said.filter((vote) => vote === 'reject').length,
    };
  });
}

function countedVotes<V extends ReviewVote>(
  request: RequestUnderReview,
  votes: readonly V[],
  affiliations: readonly AffiliationTerm[],
): readonly V[] {
  const first = new Map<string, V>();
  for (const vote of votes) {
    if (vote.round !== request.round || vote.contentDigest !== request.contentDigest) continue;
    const affiliates = affiliatesAt(affiliations, request.organisation, vote.at);
    if (!isIndependent({ id: vote.voter, organisation: vote.organisation }, request, affiliates)) continue;
    if (!first.has(vote.voter)) first.set(vote.voter, vote);
  }
  return [...first.values()];
}

function standingOf(step: ApprovalStep, votes: readonly ReviewVote[]): StepStanding {
  const own = votes.filter((vote) => vote.step === step.name);
  const approvals = own.filter((vote) => vote.vote === 'approve').length;
  const rejections = own.length - approvals;
  const isPassed = step.people > 0 && approvals >= step.people && approvals > rejections;
  const isRejected = !isPassed && step.people > 0 && rejections >= step.people;
  return { step: step.name, approvals, rejections, standing: isPassed ? 'passed' : isRejected ? 'rejected' : 'open' };
}

/**
 * Whether a person is nobody of the author's: not the author, not of the author's organisation, not of an affiliate.
 * Source: requirements.md §6.2 S6.
 */
export function isIndependent(
  person: { readonly id: string; readonly organisation: string },
  request: Pick<RequestUnderReview, 'merchant' | 'organisation'>,
  affiliates: readonly string[],
): boolean {
  return person.id !== request.merchant && person.organisation !== request.organisation && !affiliates.includes(person.organisation);
}

/**
 * The step that a person of these roles may vote on now: the first that is not passed, if it takes one of the roles. Steps go in
 * order. `null` where the turn is another's, `undefined` where no step of the chain is ever his.
 * Source: requirements.md §4.1 X4 (ordered list of approval steps).
 */
export function stepToVoteOn(steps: readonly ApprovalStep[], tally: Tally, roles: readonly string[]): ApprovalStep | null | undefined {
  if (!steps.some((step) => roles.includes(step.role))) return undefined;
  const next = steps.find((_step, index) => tally.steps[index]?.standing !== 'passed');
  return next !== undefined && roles.includes(next.role) ? next : null;
}
