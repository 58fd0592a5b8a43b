import { quoteName } from '../../catalog/identifier.ts';
import type { BoundColumn, BoundKey, TableInstance } from './bound.ts';
import type { Leaf, Reduced } from './condition.ts';

/** How a column is called in the text at hand. */
export type ColumnPrinter = (column: BoundColumn) => string;

/**
 * The SQL of one comparison. Equal texts are equal operands: they order and merge them.
 * Source: gate.md §3.5 (what runs is printed anew), gate-examples.md D20.
 */
export function printLeaf(leaf: Leaf, print: ColumnPrinter): string {
  if (leaf.kind === 'columns') return `${print(leaf.left)} ${leaf.operator} ${print(leaf.right)}`;
  const column = print(leaf.column);
  if (leaf.kind === 'isNull') return `${column} IS ${leaf.negated ? 'NOT ' : ''}NULL`;
  if (leaf.kind === 'equal') return `${column} ${leaf.negated ? '<>' : '='} ${leaf.literal.sql}`;
  const { from, to, negated } = leaf;
  if (from !== null && to !== null) {
    // Never the text of an AND or OR of two leaves: equal texts are equal programs, and these are one operand.
    const range = `(${column} >= ${from.sql} AND ${column} < ${to.sql})`;
    return negated ? `NOT ${range}` : range;
  }
  return from !== null ? `${column} >= ${from.sql}` : `${column} < ${to?.sql}`;
}

/** The SQL of a condition, in parentheses where it is an AND or OR. */
export function printCondition(condition: Reduced, print: ColumnPrinter): string {
  if (condition === 'true' || condition === 'false') return condition.toUpperCase();
  if (condition.kind === 'leaf') return printLeaf(condition.leaf, print);
  return `(${condition.items.map((item) => printCondition(item, print)).join(condition.kind === 'and' ? ' AND ' : ' OR ')})`;
}

const TRUNCATED: Readonly<Record<string, string>> = { month: 'month', quarter: 'quarter', year: 'year' };
const PARTS: Readonly<Record<string, string>> = { yearNumber: 'year', quarterNumber: 'quarter', monthNumber: 'month' };

/** The SQL of a grouping key: the column, or its year, quarter or month. */
export function printKey(key: BoundKey, print: ColumnPrinter): string {
  const column = print(key.column);
  const unit = TRUNCATED[key.coarser];
  if (unit !== undefined) return `date_trunc('${unit}', ${column})`;
  const part = PARTS[key.coarser];
  return part === undefined ? column : `${part}(${column})`;
}

/** Columns as the merchant knows them: `table."column"`, qualified only where there are several tables. */
export function logicalColumn(instances: readonly TableInstance[]): ColumnPrinter {
  return (bound) => {
    const column = quoteName(bound.column.name);
    return instances.length === 1 ? column : `${quoteName(instances[bound.instance]?.name ?? '')}.${column}`;
  };
}

/** Columns in the statements that run: instance `i` is called `t{i}`. */
export const physicalColumn: ColumnPrinter = (bound) => `t${bound.instance}.${quoteName(bound.column.name)}`;
