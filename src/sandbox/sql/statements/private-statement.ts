import { NOTHING_DROPPED, printTemplate } from '../model/condition.ts';
import type { GateProgram } from '../model/program.ts';
import { withinPiece } from './layout.ts';
import { groupBy, keyColumns, keyNames, where, whereSql } from './relation.ts';

/** What is added up of the rows of a cell: rows that an expression is there in, units, or whole numbers between two bounds. */
export type PrivateColumn =
  | { readonly kind: 'rows' | 'unit'; readonly piece: number | null; readonly present: string | null }
  | {
      readonly kind: 'value';
      readonly piece: number | null;
      readonly sql: string;
      /** Digits behind the point that are kept; bounds are of the number without the point. */
      readonly scale: number;
      readonly low: bigint;
      readonly high: bigint;
    };

export interface PrivateBounds {
  /** Index of the unit that is protected. */
  readonly unit: number;
  /** Row key of the protected table: it says which rows of a unit stay. */
  readonly rowKey: string;
  readonly cellsPerUnit: number;
  readonly rowsPerCell: number;
}

/**
 * Counts and clipped sums by cell over at most so many rows of each unit in a cell and so many cells of each unit. Which
 * rows and cells those are is decided by keyed hashes of the unit's own rows: another unit changes nothing about it. Rows
 * that belong to no unit are left out. Columns: the keys, then one whole number for each column asked for.
 *
 * Exact figures: noise is added outside, before anybody sees them. Source: gate.md §8 (per-unit contribution bounds).
 */
export function privateStatement(program: GateProgram, columns: readonly PrivateColumn[], bounds: PrivateBounds): string {
  const names = keyNames(program);
  const unit = program.units[bounds.unit]?.number ?? 'NULL';
  const inner = columns.map((column, index) => `${summand(program, column, unit)} AS x${index}`);
  const filter = where([whereSql(program, NOTHING_DROPPED), `${unit} IS NOT NULL`]);
  const rows = `SELECT ${[...keyColumns(program), `${unit} AS __u`, `${bounds.rowKey} AS __o`, ...inner].join(', ')} FROM ${printTemplate(program.from, NOTHING_DROPPED)}${filter}`;
  const cells =
    names.length === 0 ? '1' : `dense_rank() OVER (PARTITION BY __u ORDER BY hash(${['__u', ...names].join(', ')}), ${names.join(', ')})`;
  const ranked = `SELECT *, row_number() OVER (PARTITION BY ${['__u', ...names].join(', ')} ORDER BY hash(__o), __o) AS __r, ${cells} AS __c FROM (${rows})`;
  const totals = columns.map((column, index) =>
    column.kind === 'value' ? `sum(x${index})` : column.kind === 'unit' ? `count(DISTINCT x${index})` : `count(x${index})`,
  );
  const kept = `__r <= ${bounds.rowsPerCell} AND __c <= ${bounds.cellsPerUnit}`;
  return `SELECT ${[...names, ...totals].join(', ')} FROM (${ranked}) WHERE ${kept}${groupBy(names)}`;
}

function summand(program: GateProgram, column: PrivateColumn, unit: string): string {
  if (column.kind !== 'value') {
    const value = column.kind === 'unit' ? unit : '1';
    const shown = column.present === null ? value : `CASE WHEN ${column.present} IS NOT NULL THEN ${value} END`;
    return withinPiece(program, column.piece, shown, NOTHING_DROPPED);
  }
  // Clipped before it is counted in whole steps, so that no value can leave a type, and again after rounding.
  const steps = 10 ** column.scale;
  const [low, high] = [column.low, column.high].map((bound) => Number(bound) / steps);
  const clipped = `greatest(least(CAST(${column.sql} AS DOUBLE), ${high}::DOUBLE), ${low}::DOUBLE)`;
  const whole = `CASE WHEN ${column.sql} IS NOT NULL THEN greatest(least(CAST(round(${clipped} * ${steps}) AS BIGINT), ${column.high}), ${column.low}) END`;
  return withinPiece(program, column.piece, whole, NOTHING_DROPPED);
}
