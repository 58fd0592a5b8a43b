import { readColumnType } from '../../catalog/column-type.ts';
import type { Column, Table } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { cellLabels } from '../../synthetic/fit/decode-cell.ts';
import { attributeOf, cellSql, declaredCells, isNaming, modelColumns } from '../../synthetic/fit/model-domain.ts';
import type { ScoredCells, ScoredColumn, ScoredTable } from '../../synthetic/score/scored-table.ts';
import type { EnclaveSession } from '../enclave/port.ts';
import { numberColumn, rowCount, textColumn } from './file-tables.ts';

/** Text columns of one side: a session, and what stands there after FROM. */
export interface ScoredSource {
  readonly session: EnclaveSession;
  readonly from: string;
}

/** Where the real and the synthetic rows of one table stand. */
export interface ScoredPair {
  readonly table: Table;
  readonly real: ScoredSource;
  readonly synthetic: ScoredSource;
}

/**
 * Fetches what scores are computed from: every column that describes, as numbers or texts, and the cell numbers of those that
 * a model can hold. The values stay in this process. Source: synthetic-and-masking.md §2.
 */
export async function readScored(pair: ScoredPair, mostCells?: number): Promise<ScoredTable> {
  const { table, real, synthetic } = pair;
  const [realRows, syntheticRows] = [await rowCount(real.session, real.from), await rowCount(synthetic.session, synthetic.from)];
  const columns: ScoredColumn[] = [];
  for (const column of table.columns.filter((item) => !isNaming(table, item))) {
    columns.push(await readColumn(column, quoteName(column.name), pair, realRows, syntheticRows));
  }
  const cells: ScoredCells[] = [];
  for (const column of modelColumns(table, mostCells)) {
    const sql = cellSql(column, quoteName(column.name));
    cells.push({
      name: column.name,
      declared: declaredCells(column),
      ordered: attributeOf(column).ordered > 0,
      labels: cellLabels(column),
      real: Int32Array.from(await numberColumn(real.session, sql, real.from, realRows)),
      synthetic: Int32Array.from(await numberColumn(synthetic.session, sql, synthetic.from, syntheticRows)),
    });
  }
  return { table: table.name, realRows, syntheticRows, columns, cells };
}

/** One column of both sides; `source` is its SQL. */
export async function readColumn(
  column: Column,
  source: string,
  { real: first, synthetic: second }: Pick<ScoredPair, 'real' | 'synthetic'>,
  realRows: number,
  syntheticRows: number,
): Promise<ScoredColumn> {
  const number = numberSql(column, source);
  if (number === undefined) {
    const real = await textColumn(first.session, source, first.from, realRows);
    return { name: column.name, kind: 'category', real, synthetic: await textColumn(second.session, source, second.from, syntheticRows) };
  }
  const real = await numberColumn(first.session, number, first.from, realRows);
  return { name: column.name, kind: 'number', real, synthetic: await numberColumn(second.session, number, second.from, syntheticRows) };
}

/** A closed list is a category whatever its type. */
function numberSql(column: Column, source: string): string | undefined {
  const family = readColumnType(column.type)?.family;
  if (column.domain !== undefined || family === undefined || family === 'text' || family === 'boolean') return undefined;
  const typed = `TRY_CAST(${source} AS ${column.type})`;
  return family === 'date' || family === 'timestamp' ? `epoch(${typed})::DOUBLE` : `${typed}::DOUBLE`;
}
