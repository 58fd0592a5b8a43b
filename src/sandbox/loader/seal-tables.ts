import { createHmac } from 'node:crypto';
import { type Dataset, ROW_KEY_COLUMN, type Table, UNIT_COLUMN, type UnitPath } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { sealedColumns, sealedTableColumns, sealedTableSql } from '../../catalog/sealed-layout.ts';
import type { StagedSession } from './staged-session.ts';
import { filteredSql } from './standing-filter.ts';
import { stagedTable, type TablePlan } from './table-plan.ts';
import { columnType } from './value-rules.ts';

export interface SealKeys {
  /** Keys the buckets of units; the same for every version of a dataset. */
  readonly bucketKey: Uint8Array;
  /** Keys the row keys; the same for every version of a dataset. */
  readonly rowKeyKey: Uint8Array;
}

/**
 * A key for one purpose, as 22 characters. They go before and after the text that is hashed: with 128 bits on each
 * side one SHA-256 block holds the key and a usual id. Keys reach the engine as parameters, never as SQL text.
 */
function purposeKey(key: Uint8Array, purpose: string): string {
  return createHmac('sha256', key).update(purpose, 'utf8').digest().subarray(0, 16).toString('base64url');
}

/** Keyed hash of `text` under parameter $1, as 64 hex digits. */
const keyedHash = (text: string): string => `sha256($1::VARCHAR || ${text} || $1::VARCHAR)`;

const unitTable = (index: number): string => `staging.unit${index}`;

/** Unit types of a dataset in the order of their first table. */
export function unitTypes(dataset: Dataset): readonly string[] {
  return [...new Set(dataset.tables.flatMap((table) => Object.keys(table.units)))];
}

/**
 * Numbers the units of one type over all tables, densely from 0 in the order of their keyed hash, so that a number says
 * nothing about the identifier, and gives each its bucket and its key. Source: gate.md §2.
 */
export async function numberUnits(
  session: StagedSession,
  dataset: Dataset,
  plans: readonly TablePlan[],
  unitType: string,
  keys: SealKeys,
): Promise<void> {
  const type = unitValueType(dataset, unitType);
  const values = plans.flatMap((plan) => {
    const path = plan.table.units[unitType];
    if (path === undefined) return [];
    const joined = joinPath(plan, unitType, path, plans);
    return [`SELECT ${joined.value}::${type} AS v FROM ${filteredSql(plan.table, stagedTable(plan.number))} AS t ${joined.joins}`];
  });
  const index = unitTypes(dataset).indexOf(unitType);
  await session.run(
    `CREATE TABLE ${unitTable(index)} AS SELECT v, ('0x' || h[1:2])::USMALLINT AS b, (('0x' || h[18:25])::UBIGINT % 2147483646 + 1)::INTEGER AS k FROM ` +
      `(SELECT v, ${keyedHash('v::VARCHAR')} AS h FROM (SELECT DISTINCT v FROM (${values.join(' UNION ALL ')}) WHERE v IS NOT NULL)) ` +
      `ORDER BY ('0x' || h[3:17])::UBIGINT, v`,
    [purposeKey(keys.bucketKey, `unit:${unitType}`)],
  );
}

/** One type for the values of a unit in every table: integers of different widths meet in HUGEINT. */
function unitValueType(dataset: Dataset, unitType: string): string {
  const types = new Set<string>();
  for (const table of dataset.tables) {
    const path = table.units[unitType];
    if (path === undefined) continue;
    const last = dataset.tables.find((other) => other.name === (path.hops.at(-1)?.table ?? table.name));
    const column = last?.columns.find((candidate) => candidate.name === path.column);
    if (column !== undefined) types.add(columnType(column).name);
  }
  const [only] = types;
  return types.size === 1 && only !== undefined ? only : 'HUGEINT';
}

/** Joins from the rows `t` of a table along a path, and the value of the unit at its end. */
function joinPath(
  plan: TablePlan,
  unitType: string,
  path: UnitPath,
  plans: readonly TablePlan[],
): { readonly joins: string; readonly value: string } {
  let alias = 't';
  const joins: string[] = [];
  for (const [index, hop] of path.hops.entries()) {
    const next = `"hop_${unitType}_${index}"`;
    const target = plans.find((other) => other.table.name === hop.table);
    if (target === undefined) throw new Error(`Path of ${plan.table.name} leads to a table that is not planned`);
    joins.push(`LEFT JOIN ${stagedTable(target.number)} AS ${next} ON ${next}.${quoteName(hop.to)} = ${alias}.${quoteName(hop.from)}`);
    alias = next;
  }
  return { joins: joins.join(' '), value: `${alias}.${quoteName(path.column)}` };
}

/** Writes one sealed table: standing filters applied, units joined, rows keyed and sorted. Source: gate.md §2. */
export async function sealTable(
  session: StagedSession,
  dataset: Dataset,
  plan: TablePlan,
  plans: readonly TablePlan[],
  keys: SealKeys,
): Promise<void> {
  const { table } = plan;
  await session.run(sealedTableSql(table));
  const from = `${filteredSql(table, stagedTable(plan.number))} AS t`;
  const columns = sealedColumns(table).map((column) => `t.${quoteName(column.name)}`);
  const target = `INSERT INTO ${quoteName(table.name)} (${sealedTableColumns(table)
    .map((column) => quoteName(column.name))
    .join(', ')})`;
  if (table.visibility === 'public') {
    await session.run(
      `${target} SELECT ${columns.join(', ')} FROM ${from} ORDER BY ${table.primaryKey.map((name) => `t.${quoteName(name)}`).join(', ')}`,
    );
    return;
  }
  const joins: string[] = [];
  for (const [unitType, path] of Object.entries(table.units)) {
    const alias = `"unit_${unitType}"`;
    const joined = joinPath(plan, unitType, path, plans);
    const units = `(SELECT rowid::INTEGER AS u, v, b, k FROM ${unitTable(unitTypes(dataset).indexOf(unitType))}) AS ${alias}`;
    joins.push(joined.joins, `LEFT JOIN ${units} ON ${alias}.v = ${joined.value}::${unitValueType(dataset, unitType)}`);
    columns.push(`${alias}.u`, `${alias}.b`, `${alias}.k`);
  }
  columns.push(`(('0x' || ${keyedHash(primaryKeyText(table))}[1:8])::UBIGINT & 2147483647)::INTEGER`);
  const [first = ''] = Object.keys(table.units);
  const order = `${quoteName(UNIT_COLUMN(first))} NULLS LAST, ${quoteName(ROW_KEY_COLUMN)}`;
  const named = sealedTableColumns(table).map((column, index) => `${columns[index]} AS ${quoteName(column.name)}`);
  await session.run(`${target} SELECT * FROM (SELECT ${named.join(', ')} FROM ${from} ${joins.join(' ')}) ORDER BY ${order}`, [
    purposeKey(keys.rowKeyKey, `table:${table.name}`),
  ]);
}

/** Text of the primary key, different for different keys: the parts of a composite key carry their lengths. */
function primaryKeyText(table: Table): string {
  const parts = table.primaryKey.map((name) => `t.${quoteName(name)}::VARCHAR`);
  if (parts.length === 1) return parts[0] ?? '';
  return parts.map((part) => `length(${part})::VARCHAR || ':' || ${part}`).join(' || ');
}
