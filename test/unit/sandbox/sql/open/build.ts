import type { Call, Expression, FromItem, OrderItem, Query, Select, SelectItem, Window } from '../../../../../src/sandbox/sql/ast.ts';

/** Builders of syntax trees, for tests that need no text. */
export const at = { line: 1, column: 1 };

export const col = (...path: readonly string[]): Expression => ({ kind: 'column', path, at });
export const int = (value: number | string): Expression => ({ kind: 'literal', type: 'integer', text: String(value), at });
export const dec = (text: string): Expression => ({ kind: 'literal', type: 'decimal', text, at });
export const str = (text: string): Expression => ({ kind: 'literal', type: 'string', text, at });
export const nil: Expression = { kind: 'literal', type: 'null', text: '', at };

export function call(name: string, args: readonly Expression[] = [], more: Partial<Call> = {}): Expression {
  const operator = !/^[a-z]/.test(name);
  return { kind: 'call', name, operator, arguments: args, distinct: false, filter: null, orderBy: [], at, ...more };
}

export const by = (expression: Expression, descending = false): OrderItem => ({ expression, descending, nulls: 'default' });

const FRAME: Window['frame'] = { mode: 'range', start: { kind: 'unboundedPreceding' }, end: { kind: 'currentRow' } };

export function over(name: string, args: readonly Expression[], more: Partial<Window> = {}): Expression {
  return { kind: 'window', name, arguments: args, partitionBy: [], orderBy: [], filter: null, frame: FRAME, at, ...more };
}

export const compare = (left: Expression, operator: '=' | '<>' | '<' | '<=' | '>' | '>=', right: Expression): Expression => ({
  kind: 'compare',
  operator,
  left,
  right,
  at,
});

export function choice(when: Expression, value: Expression, otherwise: Expression | null): Expression {
  return { kind: 'case', branches: [{ when, then: value }], otherwise, at };
}

export const cast = (input: Expression, type: string): Expression => ({ kind: 'cast', input, type, at });
export const item = (expression: Expression, alias = ''): SelectItem => ({ expression, alias });
export const star: Expression = { kind: 'star', table: '', exclude: [], replace: [], at };
export const table = (name: string, alias = ''): FromItem => ({ kind: 'table', table: name, alias, columns: [], at });
export const derived = (query: Query, alias = ''): FromItem => ({ kind: 'subquery', query, alias, columns: [], at });

export function select(items: readonly SelectItem[], from: FromItem | null, more: Partial<Select> = {}): Select {
  return { kind: 'select', distinct: false, items, from, where: null, grouping: null, having: null, qualify: null, at, ...more };
}

export function query(body: Query['body'], more: Partial<Query> = {}): Query {
  return { commonTables: [], body, orderBy: [], limit: null, offset: null, ...more };
}

export const groupedBy = (...expressions: readonly Expression[]): Select['grouping'] => ({
  expressions,
  sets: [expressions.map((_, index) => index)],
});
