import { UNIT_COLUMN } from '../../../catalog/dataset.ts';
import { quoteName, quoteText } from '../../../catalog/identifier.ts';
import { conditionsIn, NOTHING_DROPPED, printCondition, printTemplate, type Reduction } from '../model/condition.ts';
import type { GateProgram } from '../model/program.ts';
import { splitWhere } from './label-conditions.ts';
import { fromSql, groupBy, keyColumns, keyNames, where } from './relation.ts';

/**
 * The keys of every cell of the relation, whatever the conditions on its rows: without a condition in FROM, and with
 * them. Conditions on labels hold. Where WHERE has no others, the cells with the conditions in FROM are those that have
 * rows, which whoever asks knows already: they are left out.
 * Source: gate.md §6.
 */
export function cellsStatement(program: GateProgram): string {
  const names = keyNames(program);
  const labels = where(labelsSql(program));
  const whole = (reduction: Reduction): string =>
    `SELECT ${keyColumns(program).join(', ')} FROM ${fromSql(program, null, reduction)}${labels}${groupBy(names)}`;
  const dropped = new Set(conditionsIn(program.from).map((condition) => condition.id));
  const plain = whole(NOTHING_DROPPED);
  if (dropped.size === 0) return plain;
  const without = whole({ neutral: dropped, never: new Set() });
  return splitWhere(program).rest === null ? without : `${plain} UNION ${without}`;
}

/** Above this many the labels of several tables are not combined. */
export const MAX_COMBINED_CELLS = 20_000;

/**
 * At least the keys of every cell of the relation, from the tables that the keys stand in, without the joins between
 * them; at most one more than `MAX_COMBINED_CELLS`. Undefined where FROM is not made of plain tables.
 *
 * @param types   engine types of the keys, where they are known.
 * @param sample  only units numbered below it, of the tables that say which unit a row belongs to: then a number of
 *                cells to expect, and no list of all.
 */
export function labelsStatement(program: GateProgram, sample: number | null = null, types: readonly string[] = []): string | undefined {
  if (conditionsIn(program.from).length > 0 || program.keys.length === 0) return undefined;
  const from = printTemplate(program.from, NOTHING_DROPPED).replace(/'(?:[^']|'')*'/g, "''");
  if (from.includes(' LEFT JOIN ')) return undefined;
  const columns = new Set(program.keys.flatMap((key) => columnsIn(key.sql)));
  const names = [...new Set([...columns].map((column) => column.slice(0, column.indexOf('.'))))];
  const sources = names.map((name) => sourceOf(from, name));
  if (names.length === 0 || sources.includes(undefined)) return undefined;
  const tables = names.map((name, index) => {
    const own = [...columns].filter((column) => column.startsWith(`${name}.`));
    const number = sample === null ? undefined : unitOf(program, name, sources[index] ?? '');
    const filter = number === undefined ? '' : ` WHERE ${number} < ${sample}`;
    const source = `${sources[index]} AS ${name}`;
    const declared = own.map((column) => declaredLabels(program, column, types, source));
    if (declared.every((labels) => labels !== undefined)) return `(SELECT * FROM ${declared.join(' CROSS JOIN ')}) AS ${name}`;
    return `(SELECT DISTINCT ${own.join(', ')} FROM ${source}${filter}) AS ${name}`;
  });
  const cells = `SELECT ${keyColumns(program).join(', ')} FROM ${tables.join(' CROSS JOIN ')}${where(labelsSql(program))}${groupBy(keyNames(program))}`;
  return `${cells} LIMIT ${MAX_COMBINED_CELLS + 1}`;
}

/** The number of the first unit in the rows of a table, where these say to which one they belong. */
function unitOf(program: GateProgram, name: string, source: string): string | undefined {
  const [unit] = program.units;
  if (unit?.number.startsWith(`${name}.`) === true) return unit.number;
  return unit !== undefined && program.unitsOf?.[source]?.includes(unit.type) === true
    ? `${name}.${quoteName(UNIT_COLUMN(unit.type))}`
    : undefined;
}

/** The labels of a text column with a closed list of them, which the loader has checked, and NULL where there is one. */
function declaredLabels(program: GateProgram, column: string, types: readonly string[], source: string): string | undefined {
  const index = program.keys.findIndex((key) => key.sql === column);
  const labels = program.keys[index]?.publicLabels ?? null;
  if (labels === null || labels.length === 0 || types[index] !== 'VARCHAR') return undefined;
  const name = column.slice(column.indexOf('.') + 1);
  const values = labels.map((label) => `(${quoteText(String(label))})`).join(', ');
  return `(SELECT ${name} FROM (VALUES ${values}) AS v(${name}) UNION ALL (SELECT ${column} FROM ${source} WHERE ${column} IS NULL LIMIT 1)) AS l${index}`;
}

function labelsSql(program: GateProgram): readonly string[] {
  return splitWhere(program).labels.map((condition) => printCondition(condition, NOTHING_DROPPED));
}

function columnsIn(sql: string): readonly string[] {
  return sql.replace(/'(?:[^']|'')*'/g, "''").match(/\bt\d+\."(?:[^"]|"")+"/g) ?? [];
}

/** The plain table that an instance is, where it is one. */
function sourceOf(from: string, name: string): string | undefined {
  // A subquery would stand between FROM or JOIN and AS.
  const found = [...from.matchAll(new RegExp(`(?:^|JOIN )("(?:[^"]|"")+") AS ${name}\\b`, 'g'))];
  return found.length === 1 ? found[0]?.[1] : undefined;
}
