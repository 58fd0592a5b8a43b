import type { ColumnLineage } from '../catalog/column-lineage.ts';
import type { AffiliationTerm } from '../egress/affiliation.ts';
import type { ChecklistCell, StatedCell } from '../egress/compliance-checklist.ts';
import type { EgressFinding, Waiver } from '../egress/finding.ts';
import type { ApprovalStep } from '../egress/kind-policy.ts';
import type { ProductKind } from '../egress/product-kinds.ts';
import type { EgressOwner, EgressState } from '../egress/review-states.ts';
import type { FileStanding, RejectionGround, StepStanding } from '../egress/review-votes.ts';
import type { Result } from '../kernel/result.ts';
import type { ResultTable } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { PageWish } from './page-wish.ts';

type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

/* Source: requirements.md §5.6, §7.5. */

/** A vote as those inside the domain see it; until all have voted, only one's own. */
export interface VoteView {
  readonly by: string;
  readonly round: number;
  readonly step: string;
  readonly vote: 'approve' | 'reject';
  readonly grounds: RejectionGround | null;
  readonly files: readonly { readonly name: string; readonly vote: 'approve' | 'reject' }[];
  readonly waivers: readonly Waiver[];
  readonly at: string;
  readonly reason: string;
}

export interface CommentView {
  /** `reviewer` where the merchant looks: he does not learn who. */
  readonly by: string;
  readonly round: number;
  readonly visibility: 'public' | 'private';
  readonly kind: 'comment' | 'question' | 'answer';
  readonly text: string;
  readonly at: string;
}

export interface EgressView {
  readonly id: string;
  readonly job: string;
  readonly dataset: string;
  readonly merchant: string;
  readonly state: EgressState;
  /** Who has the next word. */
  readonly owner: EgressOwner | 'nobody';
  readonly round: number;
  readonly productKind: ProductKind;
  /** `name@version`; absent on requests from before profiles. */
  readonly profile?: string;
  readonly contentDigest: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /**
   * In bands: `0`, `1–4`, `5–19`, `20+`. Inside the domain, cells that did not come out. To merchants, labels of a public
   * domain without a row (empty and small are one), or `untold` where labels are not public.
   */
  readonly withheldBand: string;
  readonly filingReceipt?: string;
  readonly releasedAt?: string;
  /** Once released: what `showRelease` takes. */
  readonly releaseId?: string;
  /** What a reviewer asked or said to the merchant, once it was returned; his answers. Inside the domain, private ones too. */
  readonly comments?: readonly CommentView[];
  /** Inside the domain only, all that follows. */
  readonly chain?: readonly ApprovalStep[];
  /** Once reviewers see one another. */
  readonly standings?: readonly StepStanding[];
  /** People who have voted in this round. */
  readonly votesCast?: number;
  readonly votes?: readonly VoteView[];
  readonly checklist?: readonly ChecklistCell[];
  /** Soft rules that an approval must give a reason for. */
  readonly toWaive?: readonly string[];
  readonly riskAssessment?: { readonly reference: string; readonly by: string; readonly at: string };
  readonly firstRelease?: string;
  /** In the answer to an approval: a C2SP tlog-proof of its entry. */
  readonly receipt?: string;
  readonly reasons?: readonly { readonly by: string; readonly step: string; readonly at: string; readonly reason: string }[];
  readonly findings?: readonly EgressFinding[];
  /** Reviewers only: what would leave, with the names and digests of its files. */
  readonly preview?: ResultTable;
  /** What each column of it derives from. */
  readonly lineage?: readonly ColumnLineage[];
  /** With the votes on each once reviewers see one another. */
  readonly files?: readonly (Pick<FileStanding, 'name' | 'sha256'> & Partial<FileStanding>)[];
  readonly sql?: string;
}

/** An approving or rejecting vote with everything it may say. */
export interface VoteInput {
  readonly id: string;
  readonly reason: string;
  /** Of a rejection; `disclosure`, the veto, where nothing is said. */
  readonly grounds?: RejectionGround | undefined;
  /** Every file of the content, if any. */
  readonly files?: readonly { readonly name: string; readonly vote: 'approve' | 'reject' }[] | undefined;
  readonly checklist?: readonly StatedCell[] | undefined;
  readonly waivers?: readonly Waiver[] | undefined;
}

export interface DownloadTokenView {
  /** Shown here and never again. */
  readonly token: string;
  readonly release: string;
  readonly file: string;
  readonly expiresAt: string;
}

/** Releases of a dataset whose watermark stands in a table, with how sure that is. */
export interface CopyTraceView {
  readonly suspects: readonly { readonly release: string; readonly recipient: string; readonly marked: number; readonly matched: number }[];
  /** Releases that were compared. */
  readonly compared: number;
}

export interface NoticeView {
  readonly id: string;
  readonly kind: string;
  readonly object: string;
  readonly at: string;
}

export interface ReleaseView {
  readonly id: string;
  readonly egress: string;
  readonly recipient: string;
  readonly releasedAt: string;
  readonly state: 'available' | 'recalled';
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

/** Two organisations and, where it is known, the last day (`YYYY-MM-DD`) of their belonging together. */
export interface AffiliationInput {
  readonly organisation: string;
  readonly affiliate: string;
  readonly validTo?: string | undefined;
  readonly reason: string;
}

export interface AffiliationView {
  readonly organisation: string;
  /** Those of today. */
  readonly affiliates: readonly string[];
  /** All that were ever declared. */
  readonly terms: readonly AffiliationTerm[];
}

/** Review, release and fetching of what wants to leave. Source: requirements.md §5.6. */
export interface EgressUseCases {
  /** Newest first: all, or a page of them. */
  listEgress(
    actor: Actor,
    filter: { readonly state?: EgressState; readonly dataset?: string; readonly page?: PageWish },
  ): Refusable<readonly EgressView[]>;
  showEgress(actor: Actor, id: string): Refusable<EgressView>;
  approve(actor: Actor, input: VoteInput): Refusable<EgressView>;
  reject(actor: Actor, input: VoteInput): Refusable<EgressView>;
  /** Public questions go to the merchant with the reason; votes of the round are void. */
  returnToMerchant(
    actor: Actor,
    input: { readonly id: string; readonly reason: string; readonly questions?: readonly string[] | undefined },
  ): Refusable<EgressView>;
  /** The merchant answers every question, in order, and opens a new round. */
  resubmit(actor: Actor, input: { readonly id: string; readonly answers: readonly string[] }): Refusable<EgressView>;
  comment(
    actor: Actor,
    input: { readonly id: string; readonly text: string; readonly visibility: 'public' | 'private' },
  ): Refusable<EgressView>;
  /** An operator lets a request that was held for linkage go to review. */
  clear(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<EgressView>;
  /** Puts a risk assessment on record; `reference` is its number. */
  assess(actor: Actor, input: { readonly id: string; readonly reference: string }): Refusable<EgressView>;
  appeal(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<EgressView>;
  /** Upheld, it goes to review in a new round; dismissed, it stays rejected. Nothing is released by it. */
  decideAppeal(actor: Actor, input: { readonly id: string; readonly isUpheld: boolean; readonly reason: string }): Refusable<EgressView>;
  withdraw(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<EgressView>;
  file(actor: Actor, input: { readonly id: string; readonly receipt: string }): Refusable<EgressView>;
  release(actor: Actor, id: string): Refusable<ReleaseView>;
  recall(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<EgressView>;
  showRelease(actor: Actor, id: string): Refusable<ReleaseView>;
  /** Right to fetch one file once, for the recipient alone. */
  issueDownloadToken(actor: Actor, input: { readonly id: string; readonly name: string }): Refusable<DownloadTokenView>;
  /** Takes the token with it: a second time needs another one. */
  releaseFile(actor: Actor, input: { readonly id: string; readonly name: string; readonly token: string }): Refusable<Uint8Array>;
  /** Whose copy a table is: operators, with a table of a row-level release in hand. */
  traceCopy(actor: Actor, input: { readonly dataset: string; readonly table: ResultTable }): Refusable<CopyTraceView>;
  listNotices(actor: Actor): Refusable<readonly NoticeView[]>;
  /** Operators. Whoever belongs to one of the two neither votes for nor sees what the other asks to let out. */
  declareAffiliation(actor: Actor, input: AffiliationInput & { readonly validFrom?: string | undefined }): Refusable<AffiliationView>;
  /** Operators of neither of the two. From the day after `validTo`, today where nothing is said, they are strangers again. */
  endAffiliation(actor: Actor, input: AffiliationInput): Refusable<AffiliationView>;
  listAffiliations(actor: Actor, input: { readonly organisation: string }): Refusable<AffiliationView>;
}
