import { label } from './contributions.ts';
import { type Dropped, print } from './operand.ts';
import type { RawTables } from './raw-tables.ts';
import { type Monomial, type Output, rowsSql, type ShownQuery } from './shown-query.ts';
import type { UnitInstance } from './unit-instances.ts';

/** By cell, the monomials that are told with the figure of an earlier one that is told. */
export type Alike = (cell: string, isTold: (monomial: number) => boolean) => ReadonlyMap<number, number>;

interface Pair {
  readonly first: number;
  readonly second: number;
}

/** Monomials of one row that count or add up the same over different rows, the earlier first. */
function pairsOf(query: ShownQuery): readonly Pair[] {
  const asked = [...new Set(query.outputs.flatMap((output) => output.rests))];
  return asked.flatMap((second, index) =>
    asked.slice(0, index).flatMap((first) => (isPair(query, first, second) ? [{ first, second }] : [])),
  );
}

function isPair({ monomials }: ShownQuery, first: number, second: number): boolean {
  const [a, b] = [monomials[first], monomials[second]];
  if (a === undefined || b === undefined) return false;
  const isPieces = a.piece !== b.piece && a.piece !== null && b.piece !== null;
  if (a.kind === 'unit' || b.kind === 'unit') return a.kind === b.kind && 'unit' in a && 'unit' in b && a.unit === b.unit && isPieces;
  if (a.kind === 'value' || b.kind === 'value') return a.kind === b.kind && 'sql' in a && 'sql' in b && a.sql === b.sql && isPieces;
  const [x, y] = [a, b].map((item) => ('sql' in item ? item.sql : null));
  if (a.piece === b.piece) return x !== null && y !== null && x !== y;
  return isPieces || x !== y;
}

/**
 * The monomials that are told with the figure of an earlier one: fewer than k units lie between them.
 * Source: docs/adr/0015.
 */
export async function alikeIn(
  query: ShownQuery,
  units: readonly UnitInstance[],
  dropped: Dropped,
  k: number,
  raw: RawTables,
): Promise<Alike> {
  const pairs = pairsOf(query);
  if (pairs.length === 0) return () => new Map();
  const inside = (monomial: Monomial | undefined): string => {
    const piece = monomial === undefined || monomial.piece === null ? undefined : query.pieces[monomial.piece];
    const present = monomial?.kind === 'present' || monomial?.kind === 'value' ? `(${monomial.sql}) IS NOT NULL` : 'TRUE';
    return `coalesce(${piece === undefined ? 'TRUE' : print([piece], dropped)} AND ${present}, FALSE)`;
  };
  const keys = query.keys.map((key, index) => `${key} AS key${index}`);
  const names = query.keys.map((_, index) => `key${index}`);
  const flags = pairs.map(({ first, second }) => {
    const [a, b] = [inside(query.monomials[first]), inside(query.monomials[second])];
    return query.monomials[first]?.kind === 'unit' ? `bool_or(${a}) <> bool_or(${b})` : `bool_or(${a} <> ${b})`;
  });
  const found = new Map<string, number[]>();
  for (const unit of units) {
    const own = `SELECT ${[...keys, `${unit.column} AS unit`, ...flags.map((flag, index) => `${flag} AS f${index}`)].join(', ')} ${rowsSql(query, dropped, unit.touching ?? [])} GROUP BY ${[...names, 'unit'].join(', ')}`;
    const counts = flags.map((_, index) => `count(*) FILTER (f${index} AND unit IS NOT NULL)`);
    const grouped = names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`;
    for (const row of await raw.query(`SELECT ${[...names, ...counts].join(', ')} FROM (${own})${grouped}`)) {
      const cell = JSON.stringify(row.slice(0, names.length).map(label));
      const known = found.get(cell);
      found.set(
        cell,
        row.slice(names.length).map((count, index) => Math.min(Number(count), known?.[index] ?? Number(count))),
      );
    }
  }
  return (cell, isTold) => {
    const alike = new Map<number, number>();
    for (const [index, { first, second }] of pairs.entries())
      if (!alike.has(second) && isTold(first) && (found.get(cell)?.[index] ?? 0) < k) alike.set(second, alike.get(first) ?? first);
    return alike;
  };
}

/** A figure whose monomials are told like others; undefined where it is told as it is written. Sums of several are not followed: `'?'`. */
export function toldSql(query: ShownQuery, output: Output, alike: ReadonlyMap<number, number>, dropped: Dropped): string | undefined {
  if (!output.rests.some((index) => alike.has(index))) return undefined;
  const figures = output.rests.map((index) => figureSql(query, query.monomials[alike.get(index) ?? index], dropped));
  const isOne = (output.text.match(/\b(count|sum|avg)\(/g) ?? []).length === 1 && !/ [*+/-] /.test(output.text);
  if (!isOne) return "'?'";
  return output.text.startsWith('avg(') ? `${figures[0]} / CAST(NULLIF(${figures[1]}, 0) AS DOUBLE)` : figures[0];
}

function figureSql(query: ShownQuery, monomial: Monomial | undefined, dropped: Dropped): string {
  if (monomial === undefined) return 'NULL';
  const piece = monomial.piece === null ? undefined : query.pieces[monomial.piece];
  const filter = piece === undefined ? '' : ` FILTER (WHERE ${print([piece], dropped)})`;
  if (monomial.kind === 'rows') return `count(*)${filter}`;
  if (monomial.kind === 'unit') return `count(DISTINCT ${monomial.unit})${filter}`;
  return `${monomial.kind === 'present' ? 'count' : 'sum'}(${monomial.sql})${filter}`;
}
