import {
  BUCKET_COLUMN,
  type Column,
  type Dataset,
  isSealedColumn,
  ROW_KEY_COLUMN,
  type Table,
  UNIT_COLUMN,
  UNIT_KEY_COLUMN,
} from './dataset.ts';
import { quoteName } from './identifier.ts';

export interface SealedColumn {
  readonly name: string;
  /** DuckDB type. */
  readonly type: string;
}

/** Declared columns that stand in the sealed file, in order. */
export function sealedColumns(table: Table): readonly Column[] {
  return table.columns.filter(isSealedColumn);
}

/** Every column of the sealed table: the declared ones, then those the loader adds. Source: gate.md §2. */
export function sealedTableColumns(table: Table): readonly SealedColumn[] {
  const declared = sealedColumns(table).map((column) => ({ name: column.name, type: column.type }));
  if (table.visibility === 'public') return declared;
  const added = Object.keys(table.units).flatMap((unitType) => [
    { name: UNIT_COLUMN(unitType), type: 'INTEGER' },
    { name: BUCKET_COLUMN(unitType), type: 'USMALLINT' },
    { name: UNIT_KEY_COLUMN(unitType), type: 'INTEGER' },
  ]);
  return [...declared, ...added, { name: ROW_KEY_COLUMN, type: 'INTEGER' }];
}

/** `CREATE TABLE` of one sealed table, without rows. Names are quoted. */
export function sealedTableSql(table: Table): string {
  const columns = sealedTableColumns(table).map((column) => `${quoteName(column.name)} ${column.type}`);
  return `CREATE TABLE ${quoteName(table.name)} (${columns.join(', ')})`;
}

/** Statements that build the empty clone of a dataset's sealed file, for admission. No data, no keys. */
export function readSealedSchema(dataset: Dataset): string[] {
  return dataset.tables.map(sealedTableSql);
}
