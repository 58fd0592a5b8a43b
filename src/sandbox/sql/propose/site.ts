import type { Column, Table } from '../../../catalog/dataset.ts';
import { foldName } from '../../../catalog/identifier.ts';
import type { Problem } from '../../../problems/problem.ts';
import type { Call, Expression, OrderItem, Position, Query, Select } from '../ast.ts';
import { AGGREGATES } from '../compile/functions.ts';
import { printExpression } from './print-expression.ts';
import { printInner } from './print-query.ts';
import { expressionsIn, sameMeaning, standsAt } from './tree.ts';

/** What a refusal says, as far as a rewrite needs it; texts are empty where its code has no such fact. */
export interface Refusal {
  readonly code: Problem['code'];
  readonly at: Position;
  readonly construct: string;
  readonly name: string;
  readonly use: string;
  readonly role: string;
  readonly type: string;
}

/** One SELECT, perhaps an inner one, in which the refused part stands. */
export interface Site {
  readonly query: Query;
  readonly select: Select;
  readonly refusal: Refusal;
  /** What the grant names, and nothing else. */
  readonly tables: readonly Table[];
}

/** The SELECT as it might be instead, and in plain words what differs: `label: SQL`, labels of `SQL_CHANGES`. */
export interface Edit {
  readonly query: Query;
  readonly changes: readonly string[];
}

/** A small closed way to rewrite: nearest first, nothing where it does not apply. Source: gate.md §3 (a refusal says how to rewrite). */
export type Rule = (site: Site) => readonly Edit[];

/** Facts of a problem with a place; undefined for one without. */
export function refusalOf({ code, facts }: Problem): Refusal | undefined {
  const { line, column } = facts;
  if (typeof line !== 'number' || typeof column !== 'number') return undefined;
  const text = (name: string): string => (typeof facts[name] === 'string' ? facts[name] : '');
  const [construct, name, use, role, type] = ['construct', 'name', 'use', 'role', 'type'].map(text);
  return { code, at: { line, column }, construct: construct ?? '', name: name ?? '', use: use ?? '', role: role ?? '', type: type ?? '' };
}

/** The items of ORDER BY; none where it is ORDER BY ALL. */
export function orderOf(query: Query): readonly OrderItem[] {
  return 'all' in query.orderBy ? [] : query.orderBy;
}

/** What is said when the whole ORDER BY goes. */
export function unsorted(query: Query): readonly string[] {
  return orderOf(query).map((item) => `dropped order: ${shown(item.expression)}`);
}

/** An expression as a change shows it. */
export function shown(expression: Expression): string {
  return printExpression(expression, printInner);
}

/** `replaced: a → b`. */
export function replaced(before: Expression, after: Expression): string {
  return `replaced: ${shown(before)} → ${shown(after)}`;
}

/** Whether the expression is an aggregate call. */
export function isAggregate(expression: Expression): expression is Call {
  return expression.kind === 'call' && AGGREGATES.has(expression.name);
}

/** The aggregate around the refused part, the outermost one; undefined outside aggregates. */
export function aggregateAt({ query, refusal }: Site): Call | undefined {
  return expressionsIn(query)
    .filter(isAggregate)
    .find((call) => standsAt(call, refusal.at));
}

/** The keys of the grouping as written; those of GROUP BY ALL, DISTINCT or none are the items without an aggregate. */
export function keysOf(select: Select): readonly Expression[] {
  const plain = select.items.map((item) => item.expression).filter((item) => !expressionsIn(item).some(isAggregate));
  if (select.grouping === null || select.grouping === 'all') return plain;
  return [...select.grouping.expressions, ...plain];
}

/** The granted column of a name, whatever table has it first; undefined for names that the query gives itself. */
export function columnNamed(path: readonly string[], tables: readonly Table[]): Column | undefined {
  const name = foldName(path.at(-1) ?? '');
  return tables.flatMap((table) => table.columns).find((column) => foldName(column.name) === name);
}

/** Every part of the clauses that means the same as the expression, outside aggregates unless it is one. */
export function alike(query: Query, expression: Expression): readonly Expression[] {
  const { body } = query;
  if (body.kind !== 'select') return [];
  const clauses = [body.items, body.grouping, body.having, body.qualify, query.orderBy];
  const inside = isAggregate(expression)
    ? new Set<Expression>()
    : new Set(
        clauses
          .flatMap((part) => expressionsIn(part))
          .filter(isAggregate)
          .flatMap((call) => expressionsIn(call)),
      );
  return clauses.flatMap((part) => expressionsIn(part)).filter((part) => !inside.has(part) && sameMeaning(part, expression));
}

/** The place of what no text had: nothing that was refused stands there. */
export const NEW: Position = { line: 0, column: 0 };

/** A call of the language at a place. */
export function callOf(
  name: string,
  parts: readonly Expression[],
  at: Position,
  more: Partial<Pick<Call, 'operator' | 'distinct' | 'filter'>> = {},
): Call {
  return { kind: 'call', name, operator: false, arguments: parts, distinct: false, filter: null, orderBy: [], at, ...more };
}

/** A literal of the language at a place. */
export function literalOf(type: Extract<Expression, { kind: 'literal' }>['type'], text: string, at: Position): Expression {
  return { kind: 'literal', type, text, at };
}
