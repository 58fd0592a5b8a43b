import type { Call, Expression, OrderItem, SelectItem } from '../ast.ts';
import { AGGREGATES } from './functions.ts';

/** Whether an aggregate stands in the expression, outside inner queries. Source: gate.md §3.3, §4. */
export function holdsAggregate(expression: Expression): boolean {
  return callsIn(expression).length > 0;
}

/** The aggregates of an expression, outside inner queries; those of a window's arguments count, the window itself does not. */
export function callsIn(expression: Expression): readonly Call[] {
  switch (expression.kind) {
    case 'call':
      return AGGREGATES.has(expression.name) ? [expression] : expression.arguments.flatMap(callsIn);
    case 'compare':
      return [...callsIn(expression.left), ...callsIn(expression.right)];
    case 'between':
      return [expression.input, expression.lower, expression.upper].flatMap(callsIn);
    case 'in':
      return [expression.input, ...expression.items].flatMap(callsIn);
    case 'isNull':
    case 'cast':
      return callsIn(expression.input);
    case 'and':
    case 'or':
      return expression.items.flatMap(callsIn);
    case 'not':
      return callsIn(expression.item);
    case 'case':
      return [
        ...expression.branches.flatMap((item) => [item.when, item.then]),
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ].flatMap(callsIn);
    case 'window':
      return [...expression.arguments, ...expression.partitionBy, ...expression.orderBy.map((item) => item.expression)].flatMap(callsIn);
    default:
      return [];
  }
}

/** Whether an inner query stands in the expression. */
export function holdsQuery(expression: Expression): boolean {
  let found = false;
  replaceParts(expression, (part) => {
    if (part.kind === 'subquery') found = true;
    return undefined;
  });
  return found;
}

/** Each aggregate once. */
export function uniqueCalls(expressions: readonly Expression[]): readonly Call[] {
  const found: Call[] = [];
  for (const call of expressions.flatMap(callsIn)) if (!found.some((other) => sameExpression(other, call))) found.push(call);
  return found;
}

/** Equal up to the place in the text and to upper and lower case of names. */
export function sameExpression(a: Expression, b: Expression): boolean {
  return expressionText(a) === expressionText(b);
}

/** A text that equal expressions share: without places, names in lower case. */
export function expressionText(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) =>
    key === 'at' ? undefined : key === 'path' && Array.isArray(value) ? value.map((part) => String(part).toLowerCase()) : value,
  );
}

/** The name of a result column that has no alias. */
export function itemName(item: SelectItem, index: number): string {
  if (item.alias !== '') return item.alias;
  const { expression } = item;
  if (expression.kind === 'column') return expression.path.at(-1) ?? `column${index}`;
  if (expression.kind !== 'call') return `column${index}`;
  if (expression.name === 'count_star') return 'count_star()';
  const inside = expression.arguments.map((argument) =>
    argument.kind === 'column' ? (argument.path.at(-1) ?? '') : argument.kind === 'literal' ? argument.text : '…',
  );
  return expression.operator ? `column${index}` : `${expression.name}(${expression.distinct ? 'DISTINCT ' : ''}${inside.join(', ')})`;
}

/** The items with names of their own: those without an alias whose name is taken are numbered, as the engine does. */
export function withOwnNames(items: readonly SelectItem[]): readonly SelectItem[] {
  const taken = new Set<string>();
  return items.map((item, index) => {
    const name = itemName(item, index);
    let free = name;
    if (item.alias === '') for (let again = 1; taken.has(free.toLowerCase()); again++) free = `${name}_${again}`;
    taken.add(free.toLowerCase());
    return free === name ? item : { ...item, alias: free };
  });
}

/** The expression with parts replaced, outermost first; inner queries are left alone. */
export function replaceParts(expression: Expression, replace: (part: Expression) => Expression | undefined): Expression {
  const again = (item: Expression): Expression => replaceParts(item, replace);
  const maybe = (item: Expression | null): Expression | null => (item === null ? null : again(item));
  const ordered = (items: readonly OrderItem[]): readonly OrderItem[] =>
    items.map((item) => ({ ...item, expression: again(item.expression) }));
  const replaced = replace(expression);
  if (replaced !== undefined) return replaced;
  switch (expression.kind) {
    case 'compare':
      return { ...expression, left: again(expression.left), right: again(expression.right) };
    case 'between':
      return { ...expression, input: again(expression.input), lower: again(expression.lower), upper: again(expression.upper) };
    case 'in':
      return { ...expression, input: again(expression.input), items: expression.items.map(again) };
    case 'isNull':
    case 'cast':
      return { ...expression, input: again(expression.input) };
    case 'and':
    case 'or':
      return { ...expression, items: expression.items.map(again) };
    case 'not':
      return { ...expression, item: again(expression.item) };
    case 'case':
      return {
        ...expression,
        branches: expression.branches.map((item) => ({ when: again(item.when), then: again(item.then) })),
        otherwise: maybe(expression.otherwise),
      };
    case 'call':
      return {
        ...expression,
        arguments: expression.arguments.map(again),
        filter: maybe(expression.filter),
        orderBy: ordered(expression.orderBy),
      };
    case 'window':
      return {
        ...expression,
        arguments: expression.arguments.map(again),
        partitionBy: expression.partitionBy.map(again),
        orderBy: ordered(expression.orderBy),
        filter: maybe(expression.filter),
      };
    default:
      return expression;
  }
}
