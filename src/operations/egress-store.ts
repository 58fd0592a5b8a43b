import type { AuditEvent } from '../audit/event.ts';
import type { AffiliationTerm } from '../egress/affiliation.ts';
import type { ChecklistCell } from '../egress/compliance-checklist.ts';
import type { Waiver } from '../egress/finding.ts';
import type { ProductKind } from '../egress/product-kinds.ts';
import type { ReviewVote } from '../egress/review-votes.ts';
import type { EgressState, EgressView, ReleaseView } from './operations.ts';
import type { Stretch } from './page-wish.ts';
import type { Kept, Step } from './store-step.ts';

/* Records of what wants to leave and what left. Source: requirements.md §7.5. */

/** What somebody said about a request, apart from votes. Never changed, never removed. */
export interface EgressComment {
  readonly round: number;
  readonly by: string;
  readonly organisation: string;
  /** `public`: the merchant sees it once the request was returned or ended. `private`: people inside the domain only. */
  readonly visibility: 'public' | 'private';
  readonly kind: 'comment' | 'question' | 'answer';
  readonly text: string;
  readonly at: string;
}

export interface EgressBody extends Pick<EgressView, 'filingReceipt' | 'releasedAt' | 'findings' | 'riskAssessment'> {
  /** Of cells; inside the domain only. */
  readonly withheldBand?: string;
  /** Of labels of a public domain, or `untold`: what the merchant is told. */
  readonly publicWithheldBand?: string;
  /** Consents that the rows rest on. */
  readonly consents?: readonly string[];
  readonly releaseId?: string;
  /** `name@version` of the egress profile that was in force when the request was opened. */
  readonly profile?: string;
  /** Release that let the same content out first. */
  readonly firstRelease?: string;
  /** Keyed digest of the content without its salt: the same content has the same one. */
  readonly fingerprint?: string;
  /** Grid of the compliance check as records filled it. */
  readonly checklist?: readonly ChecklistCell[];
  readonly comments?: readonly EgressComment[];
  /** Reasons people gave for clearing, returning, withdrawing, appealing or recalling, in order. */
  readonly reasons?: readonly { readonly by: string; readonly step: string; readonly at: string; readonly reason: string }[];
}

export interface EgressRecord extends EgressBody {
  readonly id: string;
  readonly job: string;
  readonly dataset: string;
  readonly merchant: string;
  readonly organisation: string;
  readonly state: EgressState;
  /** Starts at 1; goes up when a returned request comes back. Votes count for their round only. */
  readonly round: number;
  readonly productKind: ProductKind;
  readonly contentDigest: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One vote of one person in one round. Never changed, never removed. */
export interface VoteRecord extends ReviewVote {
  readonly egress: string;
  readonly reason: string;
  /** Per file of the content; every file, or none where the vote is on all alike. */
  readonly files: readonly { readonly name: string; readonly vote: 'approve' | 'reject' }[];
  /** Cells of the checklist that this person states. */
  readonly checklist: readonly (Pick<ChecklistCell, 'object' | 'domain' | 'evidence'> & { readonly result: 'pass' | 'fail' })[];
  readonly waivers: readonly Waiver[];
  readonly at: string;
}

/** A right to fetch one file of one release once. The token itself is nowhere. */
export interface DownloadTokenRecord {
  /** SHA-256 of the token, lower-case hex. */
  readonly digest: string;
  readonly release: string;
  readonly file: string;
  readonly recipient: string;
  readonly expiresAt: string;
  readonly usedAt: string | null;
}

/** Something that a person has to know without having asked. */
export interface NoticeRecord {
  readonly id: string;
  readonly recipient: string;
  readonly kind:
    | 'release.recalled'
    | 'egress.returned'
    | 'consent.ended'
    | 'egress.rejected'
    | 'egress.released'
    | 'egress.appeal_upheld'
    | 'egress.appeal_dismissed'
    | 'report.made';
  readonly object: string;
  readonly at: string;
}

export interface ReleaseRecord extends ReleaseView {
  readonly contentDigest: string;
  /** See `EgressBody.fingerprint`; empty where the release is from before it was kept. */
  readonly fingerprint: string;
}

export interface EgressReads {
  get(id: string): Promise<EgressRecord | null>;
  /** Newest first. */
  list(
    filter: Stretch & {
      readonly merchant?: string;
      readonly dataset?: string;
      readonly job?: string;
      readonly states?: readonly EgressState[];
    },
  ): Promise<readonly EgressRecord[]>;
  /** Of every round, oldest first. */
  votes(egress: string): Promise<readonly VoteRecord[]>;
}

export interface ReleaseReads {
  get(id: string): Promise<ReleaseRecord | null>;
  ofEgress(egress: string): Promise<ReleaseRecord | null>;
  /** The earliest release with this content, recalled ones included. */
  first(fingerprint: string): Promise<ReleaseRecord | null>;
  token(digest: string): Promise<DownloadTokenRecord | null>;
}

export interface AffiliationReads {
  /** Every term with this organisation on either side, ended ones too, in the order of their declaration. */
  of(organisation: string): Promise<readonly AffiliationTerm[]>;
}

export interface NoticeReads {
  /** Newest first. */
  of(recipient: string): Promise<readonly NoticeRecord[]>;
}

export interface EgressWrites {
  add(record: Omit<EgressRecord, 'createdAt' | 'updatedAt'>, event: AuditEvent): Promise<EgressRecord>;
  transition(
    id: string,
    step: Step<EgressState, EgressBody & Pick<EgressRecord, 'round' | 'contentDigest'>>,
    event: AuditEvent,
  ): Kept<EgressRecord>;
  /** Conflict: this person has voted in this round. */
  vote(vote: Omit<VoteRecord, 'at'>, event: AuditEvent): Kept<VoteRecord>;
}

export interface ReleaseWrites {
  add(record: ReleaseRecord, event: AuditEvent): Promise<void>;
  transition(id: string, step: Step<ReleaseView['state'], Record<never, never>>, event: AuditEvent): Kept<ReleaseRecord>;
  addToken(token: Omit<DownloadTokenRecord, 'usedAt'>, event: AuditEvent): Promise<void>;
  /** Conflict: it was used. */
  useToken(digest: string, event: AuditEvent): Kept<void>;
}

export interface AffiliationWrites {
  add(term: AffiliationTerm, event: AuditEvent): Promise<void>;
  /** Ends the terms of the two that have no end. Conflict: there is none. */
  end(pair: { readonly organisation: string; readonly affiliate: string; readonly validTo: string }, event: AuditEvent): Kept<void>;
}

export interface NoticeWrites {
  /** The event is that of what the notice tells. */
  add(notice: Omit<NoticeRecord, 'at'>, event: AuditEvent): Promise<void>;
}
