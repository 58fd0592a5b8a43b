import { DialectRefused, type Difference, type ForeignDialect, type ValueType } from './dialect.ts';
import { type CastType, type Disguised, NUMBER_BASE } from './disguise.ts';
import type { Token, TokenKind } from './tokens.ts';

/** A node of node-sql-parser's tree. */
export type TreeNode = Readonly<Record<string, unknown>>;

/** What the caller knows of a column's type, by its name; `unknown` where several tables differ. */
export type ColumnTypes = (name: string) => ValueType;

/** SQL of DuckDB, in parentheses where it is compound, and what is known of its type. */
export interface Printed {
  readonly sql: string;
  readonly type: ValueType;
}

/** What the printers of one statement share. */
export interface Translation {
  readonly dialect: ForeignDialect;
  readonly disguised: Disguised;
  readonly columnTypes: ColumnTypes;
  readonly differences: Set<Difference>;
  /** Tokens that stand in the translation. What is not there in the end was lost by the reader. */
  readonly used: Set<number>;
  /** Joins printed without a condition: as many as the merchant wrote CROSS. */
  readonly crossJoins: { count: number };
  /** Prints an expression, and a query without parentheses around it; handed round here because they print each other. */
  readonly print: (value: unknown) => Printed;
  readonly printQuery: (value: unknown) => string;
}

/** Whether `value` is a node: an object, and no list. */
export function isTreeNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Lets a node through only if nothing but `allowed` is set in it: what node-sql-parser adds to a node is a construct
 * that we do not know. Throws DialectRefused. Source: ADR 0012.
 */
export function only(value: unknown, allowed: readonly string[], construct: string, t: Translation): TreeNode {
  if (!isTreeNode(value)) throw refused(construct, value, t);
  for (const [key, item] of Object.entries(value)) {
    const isEmpty = item === null || item === undefined || item === false || item === '' || (Array.isArray(item) && item.length === 0);
    if (!isEmpty && !allowed.includes(key) && key !== 'loc')
      throw refused(`${construct} with ${key.replaceAll('_', ' ').trim()}`, value, t);
  }
  return value;
}

/** The members of a list; none of anything else. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The merchant's name behind a stand-in, given as a string or as a node with a value. Throws DialectRefused for anything else. */
export function nameOf(value: unknown, t: Translation): string {
  const bare = isTreeNode(value) ? (isTreeNode(value.expr) ? value.expr.value : value.value) : value;
  const name = tokenOf(bare, t, ['name', 'word', 'text']);
  if (name === undefined) throw refused(typeof bare === 'string' ? bare.toLowerCase() : 'a name', value, t);
  return name.value;
}

/** The number behind a stand-in as written, with its sign; undefined if there is none. */
export function numberOf(value: unknown, t: Translation): string | undefined {
  const number = Number(value);
  const token = useToken(Math.abs(number) - NUMBER_BASE, t, ['number']);
  return token === undefined ? undefined : `${number < 0 ? '-' : ''}${token.value}`;
}

/** The type that a stand-in within a cast means; undefined if there is none. */
export function castTypeOf(value: unknown, t: Translation): CastType | undefined {
  const index = Number(value) - NUMBER_BASE;
  t.used.add(index);
  return t.disguised.types.get(index);
}

/** The string behind a stand-in; undefined if there is none. */
export function textOf(value: unknown, t: Translation): string | undefined {
  return tokenOf(value, t, ['text', 'word'])?.value;
}

/** A refusal at the place of the first of the merchant's tokens within `value`. */
export function refused(construct: string, value: unknown, t: Translation): DialectRefused {
  return new DialectRefused(construct, t.disguised.tokens[firstToken(value)]?.offset ?? 0);
}

function firstToken(value: unknown): number {
  if (typeof value === 'string') return Number(/^zq(\d+)$/.exec(value)?.[1] ?? Number.POSITIVE_INFINITY);
  if (typeof value === 'number' && Math.abs(value) >= NUMBER_BASE) return Math.abs(value) - NUMBER_BASE;
  if (Array.isArray(value)) return value.reduce<number>((first, item) => Math.min(first, firstToken(item)), Number.POSITIVE_INFINITY);
  if (!isTreeNode(value)) return Number.POSITIVE_INFINITY;
  // A subquery node repeats the fields of its tree: walking both doubles with every level.
  return firstToken('ast' in value ? [value.ast] : Object.values(value));
}

function tokenOf(value: unknown, t: Translation, kinds: readonly TokenKind[]): Token | undefined {
  const found = typeof value === 'string' ? /^zq(\d+)$/.exec(value)?.[1] : undefined;
  return found === undefined ? undefined : useToken(Number(found), t, kinds);
}

function useToken(index: number, t: Translation, kinds: readonly TokenKind[]): Token | undefined {
  const token = t.disguised.tokens[index];
  if (token === undefined || !kinds.includes(token.kind)) return undefined;
  t.used.add(index);
  return token;
}
