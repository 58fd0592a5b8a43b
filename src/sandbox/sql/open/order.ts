import type { Expression, OrderItem, Query, Select } from '../ast.ts';
import { isAggregated } from './grouping.ts';
import { outputsOf, selectScope } from './inference.ts';
import { innerScope, type Scope } from './scope.ts';
import { tieBreaks } from './ties.ts';

/** What stands after a query's body. `wrap`: the body has to become a relation called `__o` first. */
export interface PrintedOrder {
  readonly sql: string;
  readonly wrap: boolean;
}

type Print = (expression: Expression, scope: Scope, ties: readonly string[]) => string;

/**
 * ORDER BY of a query whose order is seen: the outermost, and those with LIMIT or OFFSET. The merchant's items first,
 * then all output columns. An inner order that decides nothing is left out. Source: gate.md §9 (output order).
 */
export function printOrder(query: Query, scope: Scope, outermost: boolean, print: Print): PrintedOrder {
  if (!outermost && query.limit === null && query.offset === null) return { sql: '', wrap: false };
  const outputs = outputsOf({ ...query, commonTables: [] }, scope);
  const items = 'all' in query.orderBy ? [] : query.orderBy.filter((item) => !isIdle(item));
  const direction = 'all' in query.orderBy && query.orderBy.all === 'descending' ? 'DESC' : 'ASC';
  const all = outputs?.map((_, index) => `${index + 1} ${direction} NULLS LAST`);
  const { body } = query;
  if (body.kind !== 'select') {
    const printed = items.map((item) => orderItem(item, print(item.expression, innerScope(scope), [])));
    if (all !== undefined) return { sql: `ORDER BY ${[...printed, ...all].join(', ')}`, wrap: printed.length > 0 };
    return { sql: `ORDER BY ${[...printed, `__o ${direction} NULLS LAST`].join(', ')}`, wrap: true };
  }
  const inside = selectScope(body, scope);
  const ties = tieBreaks(body, inside, (expression) => print(expression, inside, []));
  const printed = items.map((item) => orderItem(item, print(item.expression, inside, ties)));
  if (all !== undefined) return { sql: `ORDER BY ${[...printed, ...all].join(', ')}`, wrap: false };
  return withoutOutputs(body, printed, ties, direction);
}

/** A star over columns that are not known: the rows of FROM tell those of the result apart. */
function withoutOutputs(select: Select, printed: readonly string[], ties: readonly string[], direction: string): PrintedOrder {
  if (select.distinct || isAggregated(select)) {
    return { sql: `ORDER BY ${[...printed, `__o ${direction} NULLS LAST`].join(', ')}`, wrap: true };
  }
  return { sql: `ORDER BY ${[...printed, ...ties.map((tie) => `${tie} ${direction} NULLS LAST`)].join(', ')}`, wrap: false };
}

/** A constant orders nothing, and the engine refuses it; a whole number is a position. */
function isIdle(item: OrderItem): boolean {
  return item.expression.kind === 'literal' && item.expression.type !== 'integer';
}

function orderItem(item: OrderItem, sql: string): string {
  return `${sql} ${item.descending ? 'DESC' : 'ASC'} NULLS ${item.nulls === 'first' ? 'FIRST' : 'LAST'}`;
}
