import { isNumeric } from '../../catalog/column-type.ts';
import type { Column, Table } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import type { StagedSession } from './staged-session.ts';
import { columnType } from './value-rules.ts';

/** Of the rows that have both columns, at least this share holds the same. */
const LEAST_SHARE = 0.05;
/** And so many times as often as columns of so few different values do by chance. */
const TIMES_BY_CHANCE = 4;
/** Columns of very few values are alike where nearly all rows are. */
const NEARLY_ALL = 0.9;
/** Pairs asked for in one statement. */
const MOST_AT_ONCE = 200;

/**
 * Pairs of columns that hold the same number, day or time in many rows: between them a reader subtracts. What is 0 in both says nothing.
 *
 * Exact; one pass over the table for 200 pairs. Does not see that one column is a multiple of another, nor columns that are alike in few rows only.
 *
 * @param different  about how many values a column has.
 * Source: ADR 0049.
 */
export async function alikePairs(
  session: StagedSession,
  table: Table,
  columns: readonly Column[],
  different: ReadonlyMap<string, number>,
): Promise<readonly (readonly [string, string])[]> {
  const pairs = columns.flatMap((first, index) =>
    columns
      .slice(index + 1)
      .flatMap((second) => (kindOf(first) !== null && kindOf(first) === kindOf(second) ? [[first, second] as const] : [])),
  );
  const found: (readonly [string, string])[] = [];
  for (let from = 0; from < pairs.length; from += MOST_AT_ONCE) {
    const asked = pairs.slice(from, from + MOST_AT_ONCE);
    const counts = asked.flatMap(([first, second]) => {
      const [a, b] = [quoteName(first.name), quoteName(second.name)];
      const isSomething = kindOf(first) === 'number' ? ` AND ${a} <> 0` : '';
      return [`count(*) FILTER (${a} = ${b}${isSomething})`, `count(*) FILTER (${a} IS NOT NULL AND ${b} IS NOT NULL)`];
    });
    const [row = []] = await session.run(`SELECT ${counts.join(', ')} FROM ${quoteName(table.name)}`);
    for (const [index, [first, second]] of asked.entries()) {
      const [same, both] = [Number(row[2 * index]), Number(row[2 * index + 1])];
      const values = Math.max(1, Math.min(different.get(first.name) ?? 1, different.get(second.name) ?? 1));
      const least = Math.max(LEAST_SHARE, Math.min(NEARLY_ALL, TIMES_BY_CHANCE / values));
      if (same > 0 && same >= least * both) found.push([first.name, second.name]);
    }
  }
  return found;
}

/** Columns of one kind are compared. */
function kindOf(column: Column): 'number' | 'time' | null {
  const type = columnType(column);
  if (isNumeric(type)) return 'number';
  return TIMES.has(type.family) ? 'time' : null;
}

const TIMES: ReadonlySet<string> = new Set(['date', 'timestamp']);
