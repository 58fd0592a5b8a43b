import { UNIT_COLUMN } from '../../../catalog/dataset.ts';
import { quoteName } from '../../../catalog/identifier.ts';
import type { GateProgram } from '../model/program.ts';

const TABLE = /("(?:[^"]|"")+") AS (t\d+)\b/g;
const TEXT = /('(?:[^']|'')*')/;

/** Column that says which unit the rows of a sampled statement belong to; undefined where tables cannot be sampled one by one. Source: gate.md §6. */
export function sampledColumn(program: GateProgram): string | undefined {
  const [only, ...more] = program.units;
  return only === undefined || more.length > 0 || only.touching !== null ? undefined : quoteName(UNIT_COLUMN(only.type));
}

/** Every table that a statement reads under the name of an instance, quoted. */
export function tablesIn(sql: string): readonly string[] {
  const bare = sql.split(TEXT).filter((_, index) => index % 2 === 0);
  return [...new Set(bare.flatMap((part) => [...part.matchAll(TABLE)].map((match) => match[1] ?? '')))];
}

/**
 * A statement over the units numbered below a bound that reads the rows of no others, in any of its tables: joins,
 * semi-joins and features are then those of the sample. Only where a gate has one unit instance (`sampledColumn`): then
 * every table with a column of that unit is joined on it, and rows of other units change nothing about these.
 *
 * @param tables  of those that the statement names, the ones that have the column; quoted.
 */
export function sampleTables(sql: string, tables: ReadonlySet<string>, column: string, below: number): string {
  const restricted = (part: string): string =>
    part.replace(TABLE, (found, table: string, name: string) =>
      tables.has(table) ? `(SELECT * FROM ${table} WHERE ${column} < ${below}) AS ${name}` : found,
    );
  return sql
    .split(TEXT)
    .map((part, index) => (index % 2 === 0 ? restricted(part) : part))
    .join('');
}
