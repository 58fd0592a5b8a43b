import type { LineageLink, TraceStep } from '../audit/lineage.ts';
import type { LogFault } from '../audit/log-fault.ts';
import type { Signal } from '../audit/signals.ts';
import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';

type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

export interface AuditEntryView {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly organisation: string;
  readonly operation: string;
  readonly object: { readonly kind: string; readonly id: string };
  readonly outcome: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly trace?: string;
  /** Its leaf in the tree, hex. */
  readonly hash: string;
}

export interface AuditVerification {
  readonly verified: boolean;
  readonly entries: number;
  /** `hash`: root of the tree, hex. */
  readonly checkpoint: { readonly size: number; readonly hash: string } | null;
  readonly faults: readonly LogFault[];
  /** Root over all entries, hex. */
  readonly root: string;
  /** The last signed size that agreed before the first fault, and the time of its last entry. */
  readonly lastRight: { readonly size: number; readonly at: string | null } | null;
}

/** What entries must have, all of it. Times ISO 8601, both included. */
export interface AuditSearchFilter {
  readonly actor?: string | undefined;
  readonly organisation?: string | undefined;
  readonly operation?: string | undefined;
  readonly object?: string | undefined;
  readonly trace?: string | undefined;
  readonly outcome?: string | undefined;
  readonly dataset?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly verdict?: string | undefined;
  readonly rule?: string | undefined;
  readonly digest?: string | undefined;
  readonly shape?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface AuditSearchView {
  readonly entries: readonly AuditEntryView[];
  /** `before` of the next page; null at the end. */
  readonly next: number | null;
}

/** From a released byte back to its sources, and from a source forward to every recipient. */
export interface AuditTraceView {
  readonly id: string;
  /** Nearest sources last, then what was asked for (distance 0), then what came of it. */
  readonly steps: readonly TraceStep[];
  readonly links: readonly LineageLink[];
  /** Entries about what stands in the chain, oldest first, at most 1000. */
  readonly entries: readonly AuditEntryView[];
  readonly isComplete: boolean;
}

/** The text of one query, literals taken out. */
export interface QueryTextView {
  readonly job: string;
  readonly shape: string;
  readonly digest: string;
  readonly at: string;
}

export interface OpeningView {
  readonly id: string;
  readonly job: string;
  readonly requestedBy: string;
  readonly approvedBy: string | null;
  /** Once approved, to who asked: the query with its literals. */
  readonly text?: string;
}

export interface AuditExportView {
  readonly format: 'ocsf' | 'csv' | 'syslog';
  /** Numbers of the first and the last entry; 0 and 0 where there is none. */
  readonly first: number;
  readonly last: number;
  readonly text: string;
  /** A C2SP note over format, numbers and the text's SHA-256. */
  readonly note: string;
}

export interface PruneView {
  readonly entries: number;
  readonly ranges: readonly string[];
}

export interface HoldView {
  readonly id: string;
  readonly subject: string;
  readonly setBy: string;
  readonly at: string;
}

/** What can be asked about the log. Source: requirements.md §7.6; GZ-27a, GZ-27c, QZ-3.1.8b. */
export interface AuditOperations {
  /** Newest first. `save`: keeps the filter under this name; `saved`: uses one that was kept. Recorded, like every reading of the log. */
  searchAudit(
    actor: Actor,
    input: {
      readonly filter: AuditSearchFilter;
      readonly before?: number | undefined;
      readonly limit: number;
      readonly save?: string | undefined;
      readonly saved?: string | undefined;
    },
  ): Refusable<AuditSearchView>;
  /** `id`: of a job, request, release, grant, load, dataset, `dataset@version`, or the SHA-256 of a released file. */
  traceAudit(actor: Actor, id: string): Refusable<AuditTraceView>;
  auditSignals(actor: Actor, input: { readonly days: number }): Refusable<readonly Signal[]>;
  /** A C2SP tlog-proof of one entry. */
  auditReceipt(actor: Actor, seq: number): Refusable<{ readonly receipt: string }>;
  auditCheckpoint(actor: Actor): Refusable<{ readonly checkpoint: string; readonly keys: readonly string[] }>;
  queryText(actor: Actor, job: string): Refusable<QueryTextView>;
  requestOpening(actor: Actor, input: { readonly job: string; readonly reason: string }): Refusable<OpeningView>;
  /** By another person than who asked. */
  approveOpening(actor: Actor, id: string): Refusable<OpeningView>;
  openQueryText(actor: Actor, id: string): Refusable<OpeningView>;
  exportAudit(
    actor: Actor,
    input: { readonly format: 'ocsf' | 'csv' | 'syslog'; readonly after: number; readonly limit: number },
  ): Refusable<AuditExportView>;
  /** Drops texts whose time is up. Nothing below the floor, nothing held, nothing that lives. */
  pruneAudit(actor: Actor): Refusable<PruneView>;
  /** `subject`: an id, or `*` for everything. */
  holdAudit(actor: Actor, input: { readonly subject: string; readonly reason: string }): Refusable<HoldView>;
  releaseAuditHold(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<readonly HoldView[]>;
  auditEntries(actor: Actor, input: { readonly after: number; readonly limit: number }): Refusable<readonly AuditEntryView[]>;
  /** `witnessed`: checkpoints that witnesses kept, as notes; the log must continue each of them. */
  verifyAudit(actor: Actor, input?: { readonly witnessed: readonly string[] }): Refusable<AuditVerification>;
}
