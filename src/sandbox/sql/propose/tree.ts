import type { Expression, Position, Query } from '../ast.ts';

const KINDS: ReadonlySet<unknown> = new Set<Expression['kind']>([
  ...(['column', 'literal', 'interval', 'compare', 'between', 'in', 'isNull', 'and', 'or', 'not', 'case', 'cast', 'call'] as const),
  ...(['star', 'subquery', 'window'] as const),
]);

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function isExpression(value: object): value is Expression {
  return 'kind' in value && KINDS.has(value.kind) && (value.kind !== 'subquery' || 'form' in value);
}

function isQuery(value: object): value is Query {
  return 'commonTables' in value && 'body' in value;
}

/** Whether something inside, inner queries included, stands at the place. */
export function standsAt(value: unknown, place: Position): boolean {
  if (!isNode(value)) return false;
  const { at } = value;
  if (isNode(at) && at.line === place.line && at.column === place.column) return true;
  return Object.values(value).some((inner) => standsAt(inner, place));
}

/** Every expression of a part of a query, those around others first; not those of inner queries. */
export function expressionsIn(value: unknown): readonly Expression[] {
  if (!isNode(value)) return [];
  const inside = Object.values(value).flatMap((inner) => (isNode(inner) && isQuery(inner) ? [] : expressionsIn(inner)));
  return isExpression(value) ? [value, ...inside] : inside;
}

/** Every query of a query, inner ones first, and the query itself. */
export function queriesIn(value: unknown): readonly Query[] {
  if (!isNode(value)) return [];
  const inside = Object.values(value).flatMap(queriesIn);
  return isQuery(value) ? [...inside, value] : inside;
}

/** The same tree with nodes exchanged: those that are the keys of `swaps`, by identity. Nodes are exchanged once. */
export function swapNodes<T>(value: T, swaps: ReadonlyMap<unknown, unknown>): T {
  return swapped(value, swaps) as T;
}

function swapped(value: unknown, swaps: ReadonlyMap<unknown, unknown>): unknown {
  if (swaps.has(value)) return swaps.get(value);
  if (Array.isArray(value)) return value.map((inner) => swapped(inner, swaps));
  if (!isNode(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, swapped(inner, swaps)]));
}

/**
 * Equal but for places in the text and for upper and lower case of names; `t.x` is `x` where one of the two is written
 * without tables. Does not resolve names. Source: gate.md §3.3.
 */
export function sameMeaning(a: Expression, b: Expression): boolean {
  if (nameOf(a, true) === nameOf(b, true)) return true;
  return (isBare(a) || isBare(b)) && nameOf(a, false) === nameOf(b, false);
}

function isBare(expression: Expression): boolean {
  return expressionsIn(expression).every((part) => part.kind !== 'column' || part.path.length === 1);
}

function nameOf(expression: Expression, qualified: boolean): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'at') return undefined;
    return key === 'path' && Array.isArray(value) ? (qualified ? value : value.slice(-1)).join('.').toLowerCase() : value;
  });
}
