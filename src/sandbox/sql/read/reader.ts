import type { Expression, FromItem, Position, Query } from '../ast.ts';
import { ConstructRefused, type JsonNode } from './node-reader.ts';

/** Levels of an expression, of queries within queries; tables, joins and SELECTs of one text. Source: gate.md §3.1 (size limits). */
const MAX_EXPRESSION_DEPTH = 64;
const MAX_QUERY_DEPTH = 16;
export const MAX_TABLES = 32;
export const MAX_JOINS = 64;
export const MAX_SELECTS = 64;
export const MAX_SELECT_ITEMS = 256;
export const MAX_GROUPING_SETS = 16;

/** Where in the tree the reader stands: the nearest place in the text, and how deep it is. */
export interface Place {
  readonly at: Position;
  readonly depth: number;
  readonly queries: number;
  /** Directly below an equality or IN: rows may be compared there, and stand nowhere else. */
  readonly rows?: boolean;
}

/**
 * What the readers of single constructs share; each reads one kind of node and leaves its children to these. All throw
 * ConstructRefused. Source: gate.md §3.
 */
export interface Reader {
  /** The place of a node, of what stands within it where the engine made it up, or else `around`. */
  locate(node: JsonNode, around: Position): Position;
  expression(value: unknown, place: Place): Expression;
  query(value: unknown, place: Place): Query;
  from(value: unknown, place: Place): FromItem;
  /** Counts one more of the whole text and refuses beyond the limit. */
  count(what: 'table' | 'JOIN' | 'SELECT', at: Position): void;
}

/** The place of the children of an expression at `at`. */
export function below(place: Place, at: Position): Place {
  if (place.depth >= MAX_EXPRESSION_DEPTH) throw new ConstructRefused('expression nested too deeply', at);
  return { at, depth: place.depth + 1, queries: place.queries };
}

/** The place of a query inside a query. Expressions start anew there. */
export function inner(place: Place, at: Position): Place {
  if (place.queries >= MAX_QUERY_DEPTH) throw new ConstructRefused('query nested too deeply', at);
  return { at, depth: 0, queries: place.queries + 1 };
}

/** `SET_OPERATION` as `SET OPERATION`, for names of constructs that have no better one. */
export function plainName(name: unknown): string {
  return typeof name === 'string' ? name.replaceAll('_', ' ') : 'unknown construct';
}
