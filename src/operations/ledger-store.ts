import type { AuditEvent } from '../audit/event.ts';
import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';

/** One figure of one cell as the release ledger keeps it, for one unit type. Source: gate.md §7, ADR 0014. */
export interface LedgerEntry {
  /** Order of registration in the instance: the earliest is the one that others are answered by. */
  readonly seq: number;
  readonly dataset: string;
  readonly version: string;
  readonly job: string;
  /** Number of the entry within its job, and of the row of the statement that it belongs to. */
  readonly ordinal: number;
  readonly cell: number;
  readonly unitType: string;
  /** `linear` for counts and sums, which are all compared with one another; otherwise the functional. */
  readonly namespace: string;
  /** Columns it is computed from: the neighbourhood in which combinations are looked for. */
  readonly family: string;
  readonly state: string;
  readonly at: string;
  /** `encodeSketch` of the unit totals. */
  readonly sketch: Uint8Array;
  readonly body: {
    readonly gate: string;
    readonly key: readonly (string | number | boolean | null)[];
    readonly term: string;
    /** Whether the figure is a count or sum. */
    readonly isTotal: boolean;
    /** Weighed by size; counts of units are not. */
    readonly isMagnitude: boolean;
    /** No unit's share is negative while another's is positive. */
    readonly isOneSigned: boolean;
    /** Exact or least number of units behind it. */
    readonly units: number;
    /** What it was decided by. */
    readonly policy: DisclosurePolicy;
    /** The figure: decimal text of a count or sum, or what another aggregate gave. */
    readonly figure: string | number | boolean | null;
    /** The query that gave it, as people are shown it. */
    readonly answered: string;
  };
}

/** What the index of the ledger needs of an entry that is new or changed. */
export interface LedgerChange extends Pick<LedgerEntry, 'seq' | 'job' | 'version' | 'unitType' | 'namespace' | 'family' | 'state'> {
  readonly revision: number;
  /** The first bytes of the sketch: mask and lanes. */
  readonly coarse: Uint8Array;
}

/** A dataset (`*`: all of them) whose ledger lacks releases that a restored backup did not know. */
export interface ShutLedger {
  readonly dataset: string;
  /** Of the log in the backup: entries, and the checkpoint that was signed over them. */
  readonly size: number;
  readonly note: string;
}

/** What identifies the entries of a dataset as they stood at a revision. Source: ADR 0025. */
export interface LedgerMark {
  /** Number of the last entry, and SHA-256 of its sealed part in hex: the part is never the same twice. */
  readonly seq: number;
  readonly sealed: string;
  readonly revision: number;
}

/** Reads of the ledger. Source: gate.md §7. */
export interface LedgerReads {
  /** Entries of a dataset that are new or changed since a revision, in order of registration. */
  changes(dataset: string, after: number): Promise<readonly LedgerChange[]>;
  /** The same, as everything stands, in stretches: entries behind a number, at most so many. */
  page(dataset: string, afterSeq: number, most: number): Promise<readonly LedgerChange[]>;
  /** The mark at an entry; null where there is none of that number. */
  mark(dataset: string, at: Pick<LedgerMark, 'seq' | 'revision'>): Promise<LedgerMark | null>;
  /** Entries that nothing changed since a revision, released or reserved ones: see `EntryTable.sums`. */
  sums(dataset: string, revision: number): Promise<string>;
  entries(dataset: string, seqs: readonly number[]): Promise<readonly LedgerEntry[]>;
  /** Whether anything is released or reserved. */
  holdsAny(dataset: string): Promise<boolean>;
  ofJob(job: string): Promise<readonly Pick<LedgerEntry, 'seq' | 'state'>[]>;
  /** Whether the ledger of this dataset is known to lack releases. */
  isShut(dataset: string): Promise<boolean>;
  /** What is shut, and the log as it was known when it was shut. */
  shut(): Promise<readonly ShutLedger[]>;
  /** Jobs with reservations from before an ISO instant. */
  undecided(before: string): Promise<readonly Pick<LedgerEntry, 'job' | 'dataset'>[]>;
}

/** Writes of the ledger, each beside the event that tells of it. Source: gate.md §7. */
export interface LedgerWrites {
  /** Adds entries as reserved, in order. */
  reserve(entries: readonly Omit<LedgerEntry, 'seq' | 'state' | 'at'>[], event: AuditEvent): Promise<void>;
  /** Shuts the ledgers of these datasets, and no others: what was shut before and is not named is open again. */
  setShut(shut: readonly ShutLedger[], event: AuditEvent): Promise<void>;
  /** Ends every reservation of a job. What is released or dropped already stays so. */
  settle(job: string, to: 'released' | 'dropped', event: AuditEvent): Promise<void>;
}
