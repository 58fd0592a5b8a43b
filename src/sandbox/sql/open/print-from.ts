import { foldName, quoteName } from '../../../catalog/identifier.ts';
import type { FromItem, JoinItem } from '../ast.ts';
import { printCondition, printExpression, type Surroundings } from './print-expression.ts';
import { aliasOf, innerScope } from './scope.ts';

const JOINS: Readonly<Record<JoinItem['join'], string>> = {
  inner: 'JOIN',
  left: 'LEFT JOIN',
  semi: 'SEMI JOIN',
  anti: 'ANTI JOIN',
  cross: 'CROSS JOIN',
};

/**
 * The SQL of FROM. Throws for a table that is neither a common table nor one that the caller knows: nothing but
 * released relations and public tables is ever read up here.
 * Source: gate.md §9 (what stands above a gate).
 */
export function printFrom(from: FromItem, around: Surroundings): string {
  if (from.kind === 'join') return printJoin(from, around);
  const columns = from.columns.length === 0 ? '' : `(${from.columns.map(quoteName).join(', ')})`;
  return `${sourceOf(from, around)} AS ${quoteName(aliasOf(from))}${columns}`;
}

function sourceOf(from: Exclude<FromItem, JoinItem>, around: Surroundings): string {
  const { scope } = around;
  if (from.kind === 'subquery') return `(${around.query(from.query, innerScope(scope))})`;
  if (from.kind === 'values') {
    const rows = from.rows.map((row) => `(${row.map((item) => printExpression(item, around)).join(', ')})`);
    return `(VALUES ${rows.join(', ')})`;
  }
  if (scope.commonTables.has(foldName(from.table))) return quoteName(from.table);
  const table = scope.tables(from.table);
  if (table === undefined) throw new Error('The open layer was asked for a table that is not released');
  return typeof table === 'string' ? table : table.sql;
}

function printJoin(join: JoinItem, around: Surroundings): string {
  const right = printFrom(join.right, around);
  const text = `${printFrom(join.left, around)} ${JOINS[join.join]} ${join.right.kind === 'join' ? `(${right})` : right}`;
  if (join.join === 'cross') return text;
  if (join.using.length > 0) return `${text} USING (${join.using.map(quoteName).join(', ')})`;
  if (join.on === null) throw new Error('A join without a condition');
  return `${text} ON ${printCondition(join.on, around)}`;
}
