import type { Decimal } from '../../kernel/decimal.ts';
import type { KeyValue } from '../executed.ts';
import type { Sketch } from './sketch.ts';

/** One count, sum or other figure of one row that a statement is about to release. Stays inside the domain. */
export interface LedgerFigure {
  /** The same for the same figure of other gates over the same rows. */
  readonly term: string;
  /** `linear` for counts and sums: they are compared with one another whatever they came from. Otherwise the functional. */
  readonly namespace: string;
  /** Columns it is computed from; empty for counts. */
  readonly family: string;
  /** Of a count or sum. */
  readonly total: Decimal | null;
  /** Of another functional. */
  readonly value: KeyValue;
  /** No unit's share is negative while another's is positive. */
  readonly oneSign: boolean;
  /** Exact or least number of units behind it. */
  readonly units: number;
  /** One for each unit instance of the rows. */
  readonly sketches: readonly { readonly unitType: string; readonly sketch: Sketch }[];
}

/** One row of a gate whose figures are about to be released. */
export interface LedgerRow {
  readonly gate: string;
  /** The same for gates over the same rows. */
  readonly rowsId: string;
  /** Ids of the grouping keys, and the labels under them. */
  readonly keys: readonly string[];
  readonly labels: readonly KeyValue[];
  readonly answered: string;
  readonly figures: readonly LedgerFigure[];
}

/** What becomes of one figure. Reasons are for operators only: merchants see one status for all. Source: gate.md §7, §9. */
export type LedgerVerdict =
  | { readonly kind: 'keep' }
  /** Answered as it was before: the figure of an earlier release, or what released figures add up to. */
  | {
      readonly kind: 'replace';
      readonly total: Decimal | null;
      readonly value: KeyValue;
      readonly answered: string;
      readonly labels: readonly KeyValue[];
      readonly reason: LedgerReason;
    }
  | { readonly kind: 'withhold'; readonly reason: LedgerReason };

export interface LedgerReason {
  readonly rule:
    | 'ledger.near'
    | 'ledger.reserved'
    | 'ledger.difference'
    | 'ledger.combination'
    | 'ledger.complement'
    | 'ledger.functionals';
  /** In words for operators: neighbours, combinations, least numbers of units that differ. */
  readonly text: string;
  readonly counted: number | null;
}
