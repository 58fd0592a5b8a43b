import type { KeyValue } from '../executed.ts';
import type { BasisShelf } from './basis-shelf.ts';
import type { Sketch } from './sketch.ts';

/** A figure that may be released as far as its own cell goes, or may not. Source: gate.md §7, ADR 0014. */
export interface LedgerFigure {
  readonly sketch: Sketch;
  /** Units that contribute: exact, or at least so many. */
  readonly units: number;
  /** Whether the rules of the cell let it out. */
  readonly isReleased: boolean;
}

/** One row of a gate. */
export interface LedgerCell {
  readonly key: readonly KeyValue[];
  readonly units: number;
  /** One per term of the gate, in their order. */
  readonly figures: readonly LedgerFigure[];
}

/** The cells of one grouping of one statement. */
export interface LedgerGate {
  /** The same for gates over the same rows, as in `GateShape`. */
  readonly rowsId: string;
  /** Ids of the keys, the same for the same key of other gates over the same rows. */
  readonly keys: readonly string[];
  /** No unit has two rows: cells of the gate hold different units and are not compared with each other. */
  readonly oneRow: boolean;
  readonly terms: readonly LedgerTerm[];
  readonly cells: readonly LedgerCell[];
}

export interface LedgerTerm {
  /** The same text for the same term of other gates over the same rows. */
  readonly name: string;
  /** Sums are weighed by size, counts by heads. */
  readonly isMagnitude: boolean;
  /** Whether all unit totals have one sign, for instance by declared bounds. */
  readonly isOneSigned: boolean;
}

/** One statement, all gates of one unit type. */
export interface LedgerStatement {
  /** Entries of the same statement are its own reservations and are passed over. */
  readonly id: string;
  readonly gates: readonly LedgerGate[];
}

/** A registered figure of another statement. */
export interface LedgerEntry {
  /** Sequence number, from 1: earlier entries have smaller ones. */
  readonly id: number;
  readonly statement: string;
  /** The row it was released in, the same for its other terms. */
  readonly row: string;
  readonly state: 'reserved' | 'released';
  readonly isMagnitude: boolean;
  readonly sketch: Sketch;
}

/** What the ledger holds while one statement is decided; nothing may be added meanwhile. */
export interface LedgerSnapshot {
  /** All entries that fewer than k units may separate from the sketch, reserved ones included. */
  near(sketch: Sketch, k: number): readonly LedgerEntry[];
  /** Entries for combinations, newest first, at most `MOST_BASIS`; reserved ones included. */
  readonly basis: readonly LedgerEntry[];
  /** Where prepared bases are kept from one statement to the next. */
  readonly shelf?: BasisShelf;
  /** Entries of the family for all that can be made of them together; reserved ones included, none where there are many units. */
  readonly span: readonly LedgerEntry[];
}

export interface LedgerOptions {
  /**
   * `whole`: where one term of a row is answered from an earlier row, the others are answered from the same row or not at
   * all (D4). `each`: every term for itself.
   */
  readonly rows: 'whole' | 'each';
}

export type LedgerRule =
  | 'ledger.small'
  | 'ledger.near'
  | 'ledger.reserved'
  | 'ledger.dominated'
  | 'ledger.combination'
  | 'ledger.row'
  | 'ledger.part'
  /** One more functional of a family over nearly the same rows than may be out: found when entries are looked at again. */
  | 'ledger.functionals'
  /** What a figure that is kept was compared with: nothing stands against it. */
  | 'ledger.looked';

/** Why. For operators only: merchants see one status for all. */
export interface LedgerFinding {
  readonly rule: LedgerRule;
  /** Entries it was compared with. */
  readonly entries: readonly number[];
  /** At least how many units are between; null where none were counted. */
  readonly units: number | null;
}

/** A place among the statement's own figures. */
export interface Place {
  readonly gate: number;
  readonly cell: number;
  readonly term: number;
}

export type LedgerAction =
  /** The rules of the cell keep it in. */
  | { readonly kind: 'none' }
  | { readonly kind: 'register' }
  /** Answered with the bytes of an earlier figure, or of another figure of the statement. */
  | { readonly kind: 'snap'; readonly to: { readonly entry: LedgerEntry } | { readonly place: Place } }
  /** Answered with this arithmetic on the bytes of earlier figures. */
  | { readonly kind: 'combine'; readonly parts: readonly { readonly entry: LedgerEntry; readonly coefficient: number }[] }
  /** Waits for the decision on another statement's reservation. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'withhold' };

export interface FigureDecision {
  readonly action: LedgerAction;
  readonly findings: readonly LedgerFinding[];
}

/** Decisions by gate, cell and term. */
export type LedgerDecision = readonly (readonly (readonly FigureDecision[])[])[];
