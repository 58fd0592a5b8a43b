import { quoteName } from '../../../catalog/identifier.ts';
import type { Call, Expression, OrderItem, Query, Star, Subquery } from '../ast.ts';
import { isOpenType, standTogether } from './family.ts';
import { type OpenFunction, openFunction } from './functions.ts';
import { finite, guarded, guardedFinite, guardedText, type Operand } from './guard.ts';
import { familyOf } from './inference.ts';
import { printAggregate } from './print-aggregate.ts';
import { printInterval, printLiteral } from './print-literal.ts';
import { printWindow } from './print-window.ts';
import { innerScope, type Scope } from './scope.ts';

/** Where an expression stands: its scope, how inner queries are printed, and what orders the rows of its select. */
export interface Surroundings {
  readonly scope: Scope;
  readonly query: (query: Query, scope: Scope) => string;
  /** Expressions that together tell the select's rows apart. Source: gate.md §9 (ties). */
  readonly ties: readonly string[];
}

/** The SQL of an expression that gives a value or NULL for whatever values it meets. Source: gate.md §9. */
export function printExpression(expression: Expression, around: Surroundings): string {
  const print = (item: Expression): string => printExpression(item, around);
  switch (expression.kind) {
    case 'column':
      return expression.path.map(quoteName).join('.');
    case 'literal':
      return printLiteral(expression);
    case 'interval':
      return printInterval(expression);
    case 'compare':
      return compatible(
        [expression.left, expression.right],
        around,
        ([left, right]) => `${left} ${expression.operator.toUpperCase()} ${right}`,
      );
    case 'between':
      return compatible(
        [expression.input, expression.lower, expression.upper],
        around,
        ([input, lower, upper]) => `${input} BETWEEN ${lower} AND ${upper}`,
      );
    case 'in':
      return compatible([expression.input, ...expression.items], around, ([input, ...items]) =>
        items.length === 0
          ? String(expression.negated).toUpperCase()
          : `${input} ${expression.negated ? 'NOT ' : ''}IN (${items.join(', ')})`,
      );
    case 'isNull':
      return `(${print(expression.input)} IS ${expression.negated ? 'NOT ' : ''}NULL)`;
    case 'and':
    case 'or':
      return joined(expression.items, expression.kind, around);
    case 'not':
      return `(NOT ${printCondition(expression.item, around)})`;
    case 'case':
      return printCase(expression, around);
    case 'cast':
      return printCast(expression, around);
    case 'call':
      return printCall(expression, around);
    case 'star':
      return printStar(expression, around);
    case 'subquery':
      return printSubquery(expression, around);
    case 'window':
      return printWindow(expression, {
        ties: around.ties,
        print,
        condition: (item) => printCondition(item, around),
        family: (item) => familyOf(item, around.scope),
      });
  }
}

/** An expression where the engine wants a truth value; a text that is none is NULL. */
export function printCondition(expression: Expression, around: Surroundings): string {
  const sql = printExpression(expression, around);
  return familyOf(expression, around.scope) === 'boolean' ? sql : `TRY_CAST(${sql} AS BOOLEAN)`;
}

/** One item of an ORDER BY; NULLs come last unless the merchant says otherwise. */
export function printOrderItem(item: OrderItem, sql: string): string {
  return `${sql} ${item.descending ? 'DESC' : 'ASC'} NULLS ${item.nulls === 'first' ? 'FIRST' : 'LAST'}`;
}

function joined(items: readonly Expression[], kind: 'and' | 'or', around: Surroundings): string {
  if (items.length === 0) return kind === 'and' ? 'TRUE' : 'FALSE';
  return `(${items.map((item) => printCondition(item, around)).join(kind === 'and' ? ' AND ' : ' OR ')})`;
}

/** Values side by side, as they are where no cast between them can fail. */
function compatible(items: readonly Expression[], around: Surroundings, build: (names: readonly string[]) => string): string {
  const families = items.map((item) => familyOf(item, around.scope));
  if (standTogether(families)) return `(${build(items.map((item) => printExpression(item, around)))})`;
  return guarded(
    items.map((item) => operand(item, around)),
    build,
  );
}

function operand(expression: Expression, around: Surroundings): Operand {
  return {
    sql: printExpression(expression, around),
    literal: expression.kind === 'literal' || expression.kind === 'interval',
  };
}

function printCase(expression: Extract<Expression, { kind: 'case' }>, around: Surroundings): string {
  const whens = expression.branches.map((branch) => branch.when);
  const thens = expression.branches.map((branch) => branch.then);
  return printChoice(whens, [...thens, ...(expression.otherwise === null ? [] : [expression.otherwise])], around);
}

/** CASE of conditions and as many values, or one more for ELSE. */
function printChoice(whens: readonly Expression[], values: readonly Expression[], around: Surroundings): string {
  const conditions = whens.map((when) => printCondition(when, around));
  const build = (names: readonly string[]): string => {
    const results = names.slice(conditions.length);
    const branches = conditions.map((_, index) => `WHEN ${names[index]} THEN ${results[index]}`);
    return `CASE ${branches.join(' ')}${results.length === conditions.length ? '' : ` ELSE ${results.at(-1)}`} END`;
  };
  if (standTogether(values.map((value) => familyOf(value, around.scope)))) {
    return build([...conditions, ...values.map((value) => printExpression(value, around))]);
  }
  return guarded([...conditions.map((sql) => ({ sql, literal: false })), ...values.map((value) => operand(value, around))], build);
}

function printCast(expression: Extract<Expression, { kind: 'cast' }>, around: Surroundings): string {
  if (!isOpenType(expression.type)) throw new Error('A cast to a type outside the open layer');
  const sql = `TRY_CAST(${printExpression(expression.input, around)} AS ${expression.type})`;
  return expression.type === 'DOUBLE' || expression.type === 'FLOAT' ? finite(sql) : sql;
}

function printCall(call: Call, around: Surroundings): string {
  const known = openFunction(call.name);
  if (known === undefined || known.kind === 'window') throw new Error('A function outside the open layer');
  if (known.aggregate !== null) {
    return printAggregate(call, {
      print: (item) => printExpression(item, around),
      condition: (item) => printCondition(item, around),
      orderItem: printOrderItem,
    });
  }
  return printScalar(call, known, around);
}

function printScalar(call: Call, known: OpenFunction, around: Surroundings): string {
  const items = call.arguments;
  // The engine compares its arguments with the grouping keys, so nothing may stand around them.
  if (call.name === 'grouping') return `grouping(${items.map((item) => printExpression(item, around)).join(', ')})`;
  const [first, second, third] = items;
  if (call.name === 'if' && first !== undefined && second !== undefined && third !== undefined) {
    return printChoice([first], [second, third], around);
  }
  if (known.result === 'common') return compatible(items, around, (names) => `${ALIASES[call.name] ?? call.name}(${names.join(', ')})`);
  const operands = items.map((item) => operand(item, around));
  const build = (names: readonly string[]): string => spelled(known, names);
  if (known.capped) return guardedText(operands, build);
  return isNumeric(known, familyOf(call, around.scope)) ? guardedFinite(operands, build) : guarded(operands, build);
}

const ALIASES: Readonly<Record<string, string>> = { ifnull: 'coalesce' };
const MAY_OVERFLOW = new Set(['+', '-', '*', '/', '//', '%', '**', '^', 'exp', 'power', 'pow', 'degrees', 'mod', 'log', 'ln', 'round']);

function isNumeric(known: OpenFunction, family: string): boolean {
  return MAY_OVERFLOW.has(known.name) && (family === 'double' || family === 'unknown');
}

function spelled(known: OpenFunction, names: readonly string[]): string {
  const [left = '', right] = names;
  if (known.name === 'mod' || known.kind !== 'operator') return `${known.name}(${names.join(', ')})`;
  if (right === undefined) return `(${known.name} ${left})`;
  return known.name === '/' ? `(${left} / nullif(${right}, 0))` : `(${left} ${known.name} ${right})`;
}

function printStar(star: Star, around: Surroundings): string {
  const table = star.table === '' ? '*' : `${quoteName(star.table)}.*`;
  const exclude = star.exclude.length === 0 ? '' : ` EXCLUDE (${star.exclude.map(quoteName).join(', ')})`;
  const items = star.replace.map((item) => `${printExpression(item.expression, around)} AS ${quoteName(item.name)}`);
  return `${table}${exclude}${items.length === 0 ? '' : ` REPLACE (${items.join(', ')})`}`;
}

/** A scalar subquery of several rows is NULL: the engine would fail, and whether it does depends on the rows. */
function printSubquery(subquery: Subquery, around: Surroundings): string {
  const inner = `(${around.query(subquery.query, innerScope(around.scope))})`;
  if (subquery.form === 'exists') return `(EXISTS ${inner})`;
  if (subquery.form === 'scalar') return `(SELECT CASE WHEN count(*) = 1 THEN first(__v) END FROM ${inner} AS __s(__v))`;
  if (subquery.input === null) throw new Error('A comparison with a subquery has nothing to compare');
  return `(${printExpression(subquery.input, around)} ${subquery.operator} ANY ${inner})`;
}
