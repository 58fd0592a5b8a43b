import type { LedgerRow, LedgerVerdict } from '../egress/ledger/statement.ts';

/** The release ledger of one dataset, as one job sees it. */
export interface LedgerPort {
  /**
   * Decides on figures that would be released together and reserves what is kept, in one step: two jobs of a dataset
   * are never in it at the same time. Gives a verdict for every figure of every row.
   */
  settle(rows: readonly LedgerRow[]): Promise<readonly (readonly LedgerVerdict[])[]>;
}
