import { type Problem, problem } from '../../problems/problem.ts';
import type { Expression, SelectItem, SelectStatement } from './ast.ts';
import type { BoundAggregate, BoundKey, BoundOutput } from './bound.ts';
import { resolveColumn, type Scope, sameName } from './scope.ts';

const AGGREGATES = new Set(['count', 'count_star', 'sum', 'avg', 'mean']);
const MAX_OUTPUTS = 64;
const MAX_NAME = 64;

export interface BoundOutputs {
  readonly keys: readonly BoundKey[];
  readonly outputs: readonly BoundOutput[];
  readonly order: readonly { readonly output: number; readonly descending: boolean }[];
}

/** Resolves the select list, GROUP BY (names, aliases, positions, ALL) and ORDER BY over output columns. Source: gate.md §3.3, §5, §9. */
export function bindOutputs(statement: SelectStatement, scope: Scope, problems: Problem[]): BoundOutputs {
  const { items } = statement;
  if (items.length > MAX_OUTPUTS)
    problems.push(problem('sql.construct_refused', { construct: `more than ${MAX_OUTPUTS} columns`, line: 1, column: 1 }));
  const grouping =
    statement.groupBy === 'all' ? items.map((item) => item.expression).filter((item) => !isAggregate(item)) : statement.groupBy;
  const keys = distinctKeys(
    grouping.map((item) => keyFrom(behind(item, items, scope), scope, problems)).filter((key) => key !== undefined),
  );
  const outputs = items.map((item) => outputFrom(item, keys, scope, problems)).filter((output) => output !== undefined);
  checkNames(outputs, items, problems);
  const order = problems.length > 0 ? [] : orderFrom(statement, outputs, problems);
  return { keys, outputs, order };
}

function isAggregate(expression: Expression): boolean {
  return expression.kind === 'call' && AGGREGATES.has(expression.name);
}

/** What a grouping item stands for: a position, an alias where no column has that name, or itself. */
function behind(item: Expression, items: readonly SelectItem[], scope: Scope): Expression {
  if (item.kind === 'literal' && item.type === 'integer') return items[Number(item.text) - 1]?.expression ?? item;
  if (item.kind !== 'column' || item.path.length !== 1) return item;
  const name = item.path[0] ?? '';
  const isColumn = scope.instances.some((instance) => instance.table.columns.some((column) => sameName(column.name, name)));
  return isColumn ? item : (items.find((candidate) => sameName(candidate.alias, name))?.expression ?? item);
}

const PART_FUNCTIONS: Readonly<Record<string, BoundKey['coarser']>> = {
  year: 'yearNumber',
  quarter: 'quarterNumber',
  month: 'monthNumber',
};
const TRUNCATIONS: Readonly<Record<string, BoundKey['coarser']>> = { month: 'month', quarter: 'quarter', year: 'year' };

function keyFrom(expression: Expression, scope: Scope, problems: Problem[]): BoundKey | undefined {
  if (expression.kind === 'column') {
    const column = resolveColumn(expression, scope, problems);
    return column === undefined ? undefined : { column, coarser: 'none' };
  }
  const shape = expression.kind === 'call' ? coarserShape(expression) : undefined;
  if (shape === undefined) {
    const construct = expression.kind === 'call' ? `${expression.name}() as a grouping key` : 'expression as a grouping key';
    problems.push(problem('sql.construct_refused', { construct, ...expression.at }));
    return undefined;
  }
  const column = resolveColumn(shape.column, scope, problems);
  return column === undefined ? undefined : { column, coarser: shape.coarser };
}

function coarserShape(
  call: Extract<Expression, { kind: 'call' }>,
): { readonly column: Extract<Expression, { kind: 'column' }>; readonly coarser: BoundKey['coarser'] } | undefined {
  const [first, second] = call.arguments;
  if (call.distinct) return undefined;
  const part = Object.hasOwn(PART_FUNCTIONS, call.name) ? PART_FUNCTIONS[call.name] : undefined;
  if (part !== undefined && call.arguments.length === 1 && first?.kind === 'column') return { column: first, coarser: part };
  const named = call.name === 'date_trunc' ? TRUNCATIONS : call.name === 'date_part' ? PART_FUNCTIONS : undefined;
  if (
    named === undefined ||
    call.arguments.length !== 2 ||
    first?.kind !== 'literal' ||
    first.type !== 'string' ||
    second?.kind !== 'column'
  )
    return undefined;
  const unit = first.text.toLowerCase();
  const coarser = Object.hasOwn(named, unit) ? named[unit] : undefined;
  return coarser === undefined ? undefined : { column: second, coarser };
}

function sameKey(a: BoundKey, b: BoundKey): boolean {
  return a.coarser === b.coarser && a.column.instance === b.column.instance && a.column.column.name === b.column.column.name;
}

function distinctKeys(keys: readonly BoundKey[]): readonly BoundKey[] {
  return keys.filter((key, index) => keys.findIndex((other) => sameKey(other, key)) === index);
}

function outputFrom(item: SelectItem, keys: readonly BoundKey[], scope: Scope, problems: Problem[]): BoundOutput | undefined {
  const { expression, alias } = item;
  if (expression.kind === 'call' && isAggregate(expression)) {
    const aggregate = aggregateFrom(expression, scope, problems);
    return aggregate === undefined ? undefined : { kind: 'aggregate', name: alias === '' ? aggregateName(aggregate) : alias, aggregate };
  }
  if (expression.kind !== 'column' && (expression.kind !== 'call' || coarserShape(expression) === undefined)) {
    const construct =
      expression.kind === 'call'
        ? `${expression.name}()`
        : expression.kind === 'literal'
          ? 'constant in the select list'
          : 'expression in the select list';
    problems.push(problem('sql.construct_refused', { construct, ...expression.at }));
    return undefined;
  }
  const key = keyFrom(expression, scope, problems);
  if (key === undefined) return undefined;
  const index = keys.findIndex((candidate) => sameKey(candidate, key));
  if (index < 0) {
    problems.push(problem('sql.row_level', { name: key.column.column.name, ...expression.at }));
    return undefined;
  }
  const plain = key.coarser === 'none' ? key.column.column.name : `${key.coarser.replace('Number', '')}_${key.column.column.name}`;
  return { kind: 'key', name: alias === '' ? plain : alias, key: index };
}

function aggregateFrom(call: Extract<Expression, { kind: 'call' }>, scope: Scope, problems: Problem[]): BoundAggregate | undefined {
  const [argument, ...more] = call.arguments;
  if (call.name === 'count_star' || (call.name === 'count' && argument === undefined && !call.distinct)) return { kind: 'countRows' };
  if (argument?.kind === 'literal' && call.name === 'count' && !call.distinct && argument.type !== 'null' && more.length === 0)
    return { kind: 'countRows' };
  if (argument?.kind !== 'column' || more.length > 0) {
    problems.push(problem('sql.construct_refused', { construct: `${call.name}() of an expression`, ...call.at }));
    return undefined;
  }
  if (call.distinct && call.name !== 'count') {
    problems.push(problem('sql.construct_refused', { construct: `${call.name}(DISTINCT)`, ...call.at }));
    return undefined;
  }
  const column = resolveColumn(argument, scope, problems);
  if (column === undefined) return undefined;
  const kind = call.name === 'count' ? (call.distinct ? 'countDistinct' : 'count') : call.name === 'sum' ? 'sum' : 'avg';
  return { kind, column };
}

function aggregateName(aggregate: BoundAggregate): string {
  if (aggregate.kind === 'countRows') return 'count_star()';
  const name = aggregate.column.column.name;
  return aggregate.kind === 'countDistinct' ? `count(DISTINCT ${name})` : `${aggregate.kind}(${name})`;
}

function checkNames(outputs: readonly BoundOutput[], items: readonly SelectItem[], problems: Problem[]): void {
  const seen = new Set<string>();
  for (const [index, output] of outputs.entries()) {
    const at = items[index]?.expression.at ?? { line: 1, column: 1 };
    const folded = output.name.toLowerCase();
    if (output.name.length > MAX_NAME || /\p{Cc}/u.test(output.name) || folded.startsWith('__')) {
      problems.push(problem('sql.construct_refused', { construct: 'column name', ...at }));
    } else if (seen.has(folded)) problems.push(problem('sql.name_repeated', { name: output.name, ...at }));
    seen.add(folded);
  }
}

function orderFrom(statement: SelectStatement, outputs: readonly BoundOutput[], problems: Problem[]): BoundOutputs['order'] {
  return statement.orderBy.flatMap((item) => {
    const { expression } = item;
    const byPosition = expression.kind === 'literal' && expression.type === 'integer' ? Number(expression.text) - 1 : -1;
    const byName =
      expression.kind === 'column' && expression.path.length === 1
        ? outputs.findIndex((output) => sameName(output.name, expression.path[0] ?? ''))
        : -1;
    const output = byPosition >= 0 && byPosition < outputs.length ? byPosition : byName;
    if (output >= 0) return [{ output, descending: item.descending }];
    problems.push(problem('sql.construct_refused', { construct: 'ORDER BY of something that is not an output column', ...expression.at }));
    return [];
  });
}
