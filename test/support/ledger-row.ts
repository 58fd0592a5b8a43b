import type { LedgerRow, RowFigure } from '../../src/pipeline/ledger-port.ts';

/** One row of a statement without keys, each of its figures in a column of its own. */
export function ledgerRow(figures: readonly RowFigure[]): LedgerRow {
  return {
    gate: 'g',
    rowsId: 'rows',
    oneRow: true,
    keys: [],
    labels: [],
    answered: 'the query',
    figures: figures.map((figure, at) => ({ ...figure, outputs: [at] })),
  };
}
