import { type Decimal, parseDecimal } from '../../kernel/decimal.ts';
import type { Cell, QueryRows } from '../../sandbox/enclave/port.ts';
import type { GateProgram } from '../../sandbox/sql/model/program.ts';
import type { CellKey } from '../../sandbox/sql/statements/relation.ts';
import { cellName, MalformedAnswer } from '../read-evidence.ts';

export interface SpecialRow {
  readonly key: CellKey;
  readonly values: readonly Cell[];
}

/** Rows of a statement by cell: `columns` values after the keys. Throws MalformedAnswer. */
export function specialRows(program: GateProgram, rows: QueryRows, columns: number): ReadonlyMap<string, SpecialRow> {
  const width = program.keys.length + columns;
  if (rows.columns.length !== width) throw new MalformedAnswer('An answer has the wrong width');
  const found = new Map<string, SpecialRow>();
  for (const row of rows.rows) {
    if (row.length !== width) throw new MalformedAnswer('A row has the wrong width');
    const key = row.slice(0, program.keys.length).map(asLabel);
    if (found.has(cellName(key))) throw new MalformedAnswer('A cell came twice');
    found.set(cellName(key), { key, values: row.slice(program.keys.length) });
  }
  return found;
}

function asLabel(cell: Cell): CellKey[number] {
  if (typeof cell === 'object' && cell !== null) throw new MalformedAnswer('A key is a list');
  return cell as CellKey[number];
}

/** A value that can be published. */
export function asValue(cell: Cell | undefined): number | string | boolean | null {
  if (cell === undefined || (typeof cell === 'object' && cell !== null)) throw new MalformedAnswer('A value is a list');
  return cell as number | string | boolean | null;
}

/** Null for NULL. */
export function asDecimal(cell: Cell | undefined): Decimal | null {
  if (cell === null) return null;
  // The engine writes no 0 before the point of a decimal that has only digits behind it.
  const text = String(cell).replace(/^(-?)\./, '$10.');
  const decimal = typeof cell === 'string' || typeof cell === 'number' ? parseDecimal(text) : undefined;
  if (decimal === undefined) throw new MalformedAnswer('A figure is no number');
  return decimal;
}

/** A whole number that is not negative; NULL counts nobody. */
export function asCount(cell: Cell | undefined): number {
  const value = asDecimal(cell);
  if (value === null) return 0;
  if (value.scale !== 0 || value.digits < 0n) throw new MalformedAnswer('A count is no count');
  return Number(value.digits);
}

/** A list of `length`; NULL entries as null. */
export function asDecimals(cell: Cell | undefined, length: number): readonly (Decimal | null)[] {
  const items = asList(cell);
  if (items.length !== length) throw new MalformedAnswer('A list has the wrong length');
  return items.map(asDecimal);
}

/** NULL is an empty list. */
export function asList(cell: Cell | undefined): readonly Cell[] {
  if (cell === null) return [];
  if (!Array.isArray(cell)) throw new MalformedAnswer('A list is none');
  return cell as readonly Cell[];
}
