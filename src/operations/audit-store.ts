import type { AuditEvent } from '../audit/event.ts';
import type { LineageLink, LineageNode } from '../audit/lineage.ts';
import type { RetentionGround } from '../audit/retention.ts';
import type { SearchTerm } from '../audit/search-terms.ts';
import type { AuditEntryView, AuditSearchFilter, AuditVerification } from './audit-interface.ts';
import type { Kept } from './store-step.ts';

/** What keeps texts from being pruned: everything under this id, or `*` for all. */
export interface Hold {
  readonly id: string;
  readonly subject: string;
  readonly reason: string;
  readonly setBy: string;
  readonly at: string;
}

/** Leave to read the literals of one query: asked for by one person, granted by another. */
export interface Opening {
  readonly id: string;
  readonly job: string;
  readonly requestedBy: string;
  readonly organisation: string;
  readonly reason: string;
  readonly approvedBy: string | null;
  readonly at: string;
}

/** Texts of queries: in clear without literals, whole under the key of their month. Not part of any view. */
export interface QueryTexts {
  shape(job: string): Promise<{ readonly shape: string; readonly digest: string; readonly at: string } | null>;
  /** Null where there is none, or the key of its month is gone. Who may is the caller's to check. */
  open(job: string): Promise<string | null>;
  opening(id: string): Promise<Opening | null>;
}

export interface AuditQuery {
  readonly terms: readonly SearchTerm[];
  /** ISO times, both included; null: open. */
  readonly from: string | null;
  readonly to: string | null;
  /** Only entries before this number; null: all. */
  readonly before: number | null;
  readonly limit: number;
}

export interface AuditPort {
  /** On disk when it returns. Throws `AuditUnavailable` otherwise, and a `TypeError` for a malformed event. */
  append(event: AuditEvent): Promise<void>;
  /** Ascending, `seq > after`, at most `limit` (≤ 1000). Does not record that it was read: the operation does. */
  entries(range: { readonly after: number; readonly limit: number }): Promise<readonly AuditEntryView[]>;
  /** All of the log against its checkpoint, and against what witnesses kept (notes). Needs no append, so it works on a broken log. */
  verify(witnessed?: readonly string[]): Promise<AuditVerification>;
  /** Signs a checkpoint over all entries as they are now and gives it: a C2SP note. */
  checkpoint(): Promise<string>;
  /** Proof for who has no instance that entry `seq` is in the log (C2SP tlog-proof); null where its text is not there. */
  receipt(seq: number): Promise<string | null>;
  /** Public keys of the log, one line each (C2SP verifier keys). */
  keys(): Promise<readonly string[]>;
  /** Signs a text with the log's key: a C2SP note. */
  signText(text: string): Promise<string>;
  /** Entries with all terms, newest first. Takes in what was appended since first. */
  search(query: AuditQuery): Promise<readonly AuditEntryView[]>;
  links(end: 'from' | 'to', nodes: readonly LineageNode[]): Promise<readonly LineageLink[]>;
  /** Entries about any of these objects, oldest first, at most `limit`. */
  about(ids: readonly string[], limit: number): Promise<readonly AuditEntryView[]>;
  searches(owner: string): Promise<readonly { readonly name: string; readonly filter: AuditSearchFilter }[]>;
  readonly queries: QueryTexts;
  holds(): Promise<readonly Hold[]>;
  /** Entries whose text may go now, and their retention classes. */
  prunable(ground: RetentionGround, limit: number): Promise<{ readonly seqs: readonly number[]; readonly classes: readonly string[] }>;
  /** Takes pruned texts out of the segment files too. */
  dropBundles(seqs: readonly number[]): Promise<void>;
  /** Intents without an outcome though older than this, since the beginning. */
  overdueIntents(deadlineMs: number): Promise<readonly { readonly seq: number; readonly operation: string; readonly object: string }[]>;
  /** What `tlog-witness` asks for: the checkpoint, and proof that it continues the one of `oldSize`. */
  consistency(oldSize: number): Promise<{ readonly proof: readonly Uint8Array[]; readonly checkpoint: string; readonly size: number }>;
  /** Adds lines of witnesses to the checkpoint with this text; false where it is no longer the newest. */
  addSignatures(text: string, lines: string): Promise<boolean>;
}

export interface AuditWrites {
  /** For events that change no record (a read, a refusal, an intent). */
  append(event: AuditEvent): Promise<void>;
  /** Beside the entry that tells of the query. Only a text of our own printer shows its shape; any other is sealed whole. */
  keepQueryText(query: { readonly job: string; readonly text: string; readonly isCanonical: boolean }): Promise<void>;
  saveSearch(
    search: { readonly owner: string; readonly name: string; readonly filter: AuditSearchFilter },
    event: AuditEvent,
  ): Promise<void>;
  requestOpening(opening: Omit<Opening, 'approvedBy' | 'at'>, event: AuditEvent): Promise<void>;
  /** Conflict: approved already, or asked for by the same person. */
  approveOpening(id: string, by: string, event: AuditEvent): Kept<void>;
  addHold(hold: Omit<Hold, 'at'>, event: AuditEvent): Promise<void>;
  releaseHold(id: string, event: AuditEvent): Kept<void>;
  /** Drops the texts of these entries; leaves and numbers stay. */
  prune(seqs: readonly number[], event: AuditEvent): Promise<void>;
}
