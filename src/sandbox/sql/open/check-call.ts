import { type Problem, problem } from '../../../problems/problem.ts';
import type { Call, Expression, FrameBound, OrderItem, Window } from '../ast.ts';
import { DATE_PARTS, type LiteralRule, type OpenFunction, openFunction } from './functions.ts';
import { nearestFunction } from './nearest.ts';

type Named = Call | Window;

/** What is wrong with one call: its name, how many arguments it has, or one that must be a literal and is not. Source: gate.md §9 (what stands above a gate). */
export function checkCall(call: Named): readonly Problem[] {
  const known = openFunction(call.name);
  if (known === undefined || (call.kind === 'call' && known.kind === 'window')) return [unknown(call)];
  const isWritten = isWellFormed(call, known);
  if (isWritten) return [];
  const form = call.kind === 'window' && known.kind === 'aggregate' ? `${known.signature} OVER (… ROWS BETWEEN … AND …)` : known.signature;
  return [problem('sql.function_arguments', { name: call.name, form, ...call.at })];
}

function unknown(call: Named): Problem {
  const suggestion = openFunction(call.name) === undefined ? nearestFunction(call.name) : `${call.name}() OVER (…)`;
  return problem('sql.function_unknown', { name: call.name, ...(suggestion === undefined ? {} : { suggestion }), ...call.at });
}

function isWellFormed(call: Named, known: OpenFunction): boolean {
  const count = call.arguments.length;
  if (count < known.arity[0] || count > known.arity[1]) return false;
  if (!intervalsFit(call, known)) return false;
  if (call.kind === 'window') return known.window !== null && literalsFit(call, known) && frameFits(call, known);
  if (known.aggregate === null) {
    return !call.distinct && call.filter === null && call.orderBy.length === 0 && literalsFit(call, known);
  }
  return aggregateFits(call, known);
}

function aggregateFits(call: Call, known: OpenFunction): boolean {
  const { orderBy } = call;
  const [first] = call.arguments;
  if (known.aggregate === 'ordered') return orderBy.length > 0 && !isNumberLiteral(orderBy) && literalsFit(call, known);
  if (known.name === 'mode') return call.arguments.length + orderBy.length === 1;
  if (known.name.startsWith('quantile') && call.arguments.length === 1) {
    return orderBy.length === 1 && isFraction(first) && (orderBy[0]?.descending !== true || known.name === 'quantile_cont');
  }
  if (known.aggregate === 'paired' || known.aggregate === 'best') return !call.distinct && orderBy.length === 0;
  return orderBy.length === 0 && literalsFit(call, known);
}

function isNumberLiteral(orderBy: readonly OrderItem[]): boolean {
  return orderBy.some((item) => item.expression.kind === 'literal');
}

function isFraction(expression: Expression | undefined): boolean {
  return expression !== undefined && fits(expression, { index: 0, kind: 'number', from: 0, to: 1 });
}

/** An interval stands only where it moves a date. */
function intervalsFit(call: Named, known: OpenFunction): boolean {
  const intervals = call.arguments.filter((argument) => argument.kind === 'interval').length;
  if (known.name === 'date_add') return intervals === 1 && call.arguments[1]?.kind === 'interval';
  if (known.name === '+') return intervals === 0 || (intervals === 1 && call.arguments.length === 2);
  if (known.name === '-')
    return intervals === 0 || (intervals === 1 && call.arguments.length === 2 && call.arguments[1]?.kind === 'interval');
  return intervals === 0;
}

function literalsFit(call: Named, known: OpenFunction): boolean {
  return known.literals.every((rule) => {
    const argument = call.arguments[rule.index];
    return argument === undefined || fits(argument, rule);
  });
}

function fits(expression: Expression, rule: LiteralRule): boolean {
  if (expression.kind !== 'literal') return false;
  const value = Number(expression.text);
  const isInteger = expression.type === 'integer';
  switch (rule.kind) {
    case 'any':
      return true;
    case 'text':
      return expression.type === 'string' && expression.text.length <= rule.maxLength && !expression.text.includes('\0');
    case 'part':
      return expression.type === 'string' && DATE_PARTS.has(expression.text.toLowerCase());
    case 'integer':
      return isInteger && value >= rule.from && value <= rule.to;
    case 'number':
      return (isInteger || expression.type === 'decimal' || expression.type === 'double') && value >= rule.from && value <= rule.to;
  }
}

const MAX_OFFSET = 1_000_000_000;

function frameFits(window: Window, known: OpenFunction): boolean {
  const { mode, start, end } = window.frame;
  const offsets = [start, end].flatMap((bound) => ('offset' in bound ? [bound.offset] : []));
  if (start.kind === 'unboundedFollowing' || end.kind === 'unboundedPreceding' || bounds(start) > bounds(end)) return false;
  const isWhole = window.orderBy.length === 0 || (start.kind === 'unboundedPreceding' && end.kind === 'unboundedFollowing');
  // Squares of equally ranked rows would be added in no fixed order.
  if (known.window === 'squares' && mode === 'range' && !isWhole) return false;
  if (offsets.length === 0) return true;
  if (mode === 'rows') return offsets.every((offset) => fits(offset, { index: 0, kind: 'integer', from: 0, to: MAX_OFFSET }));
  const isDated = offsets.every((offset) => offset.kind === 'interval' && offset.amount >= 0);
  const isNumeric = offsets.every((offset) => fits(offset, { index: 0, kind: 'number', from: 0, to: 1e15 }));
  return window.orderBy.length === 1 && (isDated || isNumeric);
}

function bounds(bound: FrameBound): number {
  return ['unboundedPreceding', 'preceding', 'currentRow', 'following', 'unboundedFollowing'].indexOf(bound.kind);
}
