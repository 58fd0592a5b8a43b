import type { Call, Expression, Query, Window } from '../ast.ts';
import { childrenOf } from '../open/grouping.ts';
import { resolvePath, type TracedRows, type TracedScope } from './relation.ts';
import { computed, cutOf, isFigure, type Sources, UNKNOWN, union, weakened } from './sources.ts';

/** Traces an inner query in the scope around it. */
export type TraceQuery = (query: Query, scope: TracedScope) => TracedRows;

/**
 * What an expression is computed from. Conditions of CASE count like values: they say what is shown. FILTER of an aggregate is a condition.
 * Own design: ADR 0029.
 */
export function traceExpression(expression: Expression, scope: TracedScope, inner: TraceQuery): Sources {
  const trace = (part: Expression): Sources => traceExpression(part, scope, inner);
  switch (expression.kind) {
    case 'column':
      return resolvePath(expression.path, scope);
    case 'literal':
    case 'interval':
      return [];
    case 'call':
      return traceCall(expression, scope, inner);
    case 'window':
      return traceWindow(expression, scope, inner);
    case 'subquery': {
      const { columns, rows } = inner(expression.query, scope);
      const values = union(...columns.map((column) => column.sources));
      const shown = expression.form === 'scalar' ? values : weakened(values, 'figure');
      return computed(union(shown, rows, ...(expression.input === null ? [] : [trace(expression.input)])));
    }
    case 'star':
      // Inside a call: every column there is. `count(*)` is none of them.
      return scope.relations.length === 0
        ? UNKNOWN
        : union(...scope.relations.flatMap((relation) => relation.columns.map((column) => computed(column.sources))));
    default:
      return computed(union(...childrenOf(expression).map(trace)));
  }
}

function traceCall(call: Call, scope: TracedScope, inner: TraceQuery): Sources {
  const trace = (part: Expression): Sources => traceExpression(part, scope, inner);
  const cut = cutOf(call);
  if (cut !== undefined) {
    const input = call.arguments[cut.input];
    const sources = input === undefined ? UNKNOWN : trace(input);
    return sources.map((source) => ({ ...source, plain: false, ...(source.plain && source.cut === undefined ? { cut: cut.cut } : {}) }));
  }
  const within = union(...call.arguments.map(trace), ...call.orderBy.map((item) => trace(item.expression)));
  const filter = call.filter === null ? [] : traceCondition(call.filter, scope, inner);
  return union(isFigure(call.name) ? weakened(within, 'figure') : computed(within), filter);
}

function traceWindow(window: Window, scope: TracedScope, inner: TraceQuery): Sources {
  const trace = (part: Expression): Sources => traceExpression(part, scope, inner);
  const within = union(...window.arguments.map(trace));
  const around = union(...window.partitionBy.map(trace), ...window.orderBy.map((item) => trace(item.expression)));
  const filter = window.filter === null ? [] : traceCondition(window.filter, scope, inner);
  return union(isFigure(window.name) ? weakened(within, 'figure') : computed(within), weakened(around, 'figure'), filter);
}

/**
 * What a condition on rows rests on. A smallest one of a single column and constants chooses by that column; one that brings several
 * columns together carries the one out as the other, and counts as if it grouped by them. Own design: ADR 0029.
 */
export function traceCondition(condition: Expression, scope: TracedScope, inner: TraceQuery): Sources {
  if (condition.kind === 'and' || condition.kind === 'or')
    return union(...condition.items.map((item) => traceCondition(item, scope, inner)));
  if (condition.kind === 'not') return traceCondition(condition.item, scope, inner);
  const sources = traceExpression(condition, scope, inner);
  return weakened(sources, operands(condition).size > 1 ? 'figure' : 'condition');
}

/** What a condition brings together: names as they are written, and inner queries, each of which stands for a column. */
function operands(condition: Expression): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: Expression): void => {
    if (part.kind === 'column') found.add(part.path.join('.').toLowerCase());
    if (part.kind === 'star' || part.kind === 'window' || (part.kind === 'subquery' && part.form !== 'exists')) found.add(`#${found.size}`);
    for (const child of childrenOf(part)) visit(child);
  };
  visit(condition);
  return found;
}
