import { type Dropped, type Operand, print } from './operand.ts';
import type { RawTables } from './raw-tables.ts';
import { type Monomial, rowsSql, type ShownQuery } from './shown-query.ts';
import type { UnitInstance } from './unit-instances.ts';

/** What one unit gives to one monomial of one cell; numbers in millionths. */
export interface Contribution {
  /** Rows of the piece. */
  readonly rows: number;
  /** Of those, rows where the expression is not NULL. */
  readonly present: number;
  readonly sum: bigint;
  readonly absolute: bigint;
  readonly low: bigint | null;
  readonly high: bigint | null;
}

/** Cell name → unit → one contribution per monomial. Rows without a unit stand under ''. */
export type Contributions = ReadonlyMap<string, ReadonlyMap<string, readonly Contribution[]>>;

export const NOTHING: Contribution = { rows: 0, present: 0, sum: 0n, absolute: 0n, low: null, high: null };

function fixed(sql: string): string {
  return `CAST(CAST(${sql} AS DECIMAL(38,6)) * 1000000 AS HUGEINT)`;
}

function columnsOf(monomial: Monomial, piece: Operand | undefined, dropped: Dropped): readonly string[] {
  const filter = ` FILTER (WHERE ${piece === undefined ? 'TRUE' : `coalesce(${print([piece], dropped)}, FALSE)`})`;
  const rows = `count(*)${filter}`;
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return [rows];
  if (monomial.kind === 'present') return [rows, `count(${monomial.sql})${filter}`];
  const sized = [`sum(${monomial.sql})`, `sum(abs(${monomial.sql}))`, `min(${monomial.sql})`, `max(${monomial.sql})`];
  return [rows, `count(${monomial.sql})${filter}`, ...sized.map((item) => fixed(item + filter))];
}

const WIDTH: Readonly<Record<Monomial['kind'], number>> = { rows: 1, unit: 1, present: 2, value: 6 };

/** Contributions of every unit to every cell under what was dropped. */
export async function contributionsOf(query: ShownQuery, unit: UnitInstance, dropped: Dropped, raw: RawTables): Promise<Contributions> {
  const columns = query.monomials.flatMap((monomial) =>
    columnsOf(monomial, monomial.piece === null ? undefined : query.pieces[monomial.piece], dropped),
  );
  const keys = query.keys.map((key, index) => `${key} AS key${index}`);
  const names = [...query.keys.map((_, index) => `key${index}`), 'unit'];
  const sql = `SELECT ${[...keys, `${unit.column} AS unit`, ...columns.map((column, index) => `${column} AS c${index}`)].join(', ')} ${rowsSql(query, dropped, unit.touching ?? [])} GROUP BY ${names.join(', ')}`;
  const found = new Map<string, Map<string, readonly Contribution[]>>();
  for (const row of await raw.query(sql)) {
    const cell = JSON.stringify(row.slice(0, keys.length).map(label));
    const units = found.get(cell) ?? new Map<string, readonly Contribution[]>();
    found.set(cell, units);
    units.set(row[keys.length] ?? '', contributionsIn(query, row.slice(keys.length + 1)));
  }
  return found;
}

function contributionsIn(query: ShownQuery, row: readonly (string | null)[]): readonly Contribution[] {
  let at = 0;
  return query.monomials.map((monomial) => {
    const [rows = '0', present = rows, sum = null, absolute = null, low = null, high = null] = row.slice(at, at + WIDTH[monomial.kind]);
    at += WIDTH[monomial.kind];
    return {
      rows: Number(rows),
      present: Number(present),
      sum: BigInt(sum ?? 0),
      absolute: BigInt(absolute ?? 0),
      low: low === null ? null : BigInt(low),
      high: high === null ? null : BigInt(high),
    };
  });
}

/** A label as both sides write it. */
export function label(value: string | number | boolean | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value);
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? String(Number(text)) : text.replace(/^(\d{4}-\d\d-\d\d) 00:00:00$/, '$1');
}

/** Cells of the relation whatever its conditions: with those inside FROM, and without. */
export async function universeOf(query: ShownQuery, dropped: readonly Dropped[], raw: RawTables): Promise<ReadonlySet<string>> {
  const found = new Set<string>(query.keys.length === 0 ? ['[]'] : []);
  if (query.keys.length === 0) return found;
  for (const item of dropped) {
    const rows = await raw.query(
      `SELECT DISTINCT ${query.keys.map((key, index) => `${key} AS key${index}`).join(', ')} ${rowsSql({ ...query, where: null }, item)}`,
    );
    for (const row of rows) found.add(JSON.stringify(row.map(label)));
  }
  return found;
}
