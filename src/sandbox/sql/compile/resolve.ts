import type { ComparisonOperator, Expression, Position, Subquery } from '../ast.ts';
import type { Scalar, ScalarBranch, Test } from '../model/scalar.ts';
import { foldCall, foldComparison, numberOf } from './fold.ts';
import { AGGREGATES } from './functions.ts';
import { refuse, refuseConstruct } from './refusal.ts';
import type { UnitRows } from './rows.ts';
import { lookUp, type Scope } from './scope.ts';

/** What names mean, and how queries inside an expression are compiled. */
export interface Environment {
  readonly scope: Scope;
  readonly inner: InnerQueries;
  /** Joins further rows to those at hand; absent where these are settled already. */
  readonly attach?: (rows: UnitRows) => void;
}

export interface InnerQueries {
  /** EXISTS and IN (query). */
  member(subquery: Subquery, environment: Environment): Test;
  /** A query that gives one value. */
  value(subquery: Subquery, environment: Environment): Scalar;
}

const MAX_IN_ITEMS = 200;
const MAX_ALIAS_DEPTH = 8;

/** Resolves names in an expression over rows, and spells out the constructs that others express. Throws Refused. Source: gate.md §3.3, §5. */
export function resolveScalar(expression: Expression, environment: Environment, depth = 0): Scalar {
  const { at } = expression;
  const scalar = (item: Expression): Scalar => resolveScalar(item, environment, depth);
  switch (expression.kind) {
    case 'column':
      return resolveColumn(expression, environment, depth);
    case 'literal':
    case 'interval':
      return expression;
    case 'cast':
      return castOf(scalar(expression.input), expression.type, at);
    case 'case':
      return {
        kind: 'case',
        branches: expression.branches.map((item) => ({ when: resolveTest(item.when, environment, depth), then: scalar(item.then) })),
        otherwise: expression.otherwise === null ? { kind: 'literal', type: 'null', text: '', at } : scalar(expression.otherwise),
        at,
      };
    case 'call':
      if (expression.filter !== null || expression.distinct || expression.orderBy.length > 0) {
        if (!AGGREGATES.has(expression.name)) return refuseConstruct(`FILTER, DISTINCT or ORDER BY with ${expression.name}()`, at);
      }
      if (AGGREGATES.has(expression.name)) return refuseConstruct(`${expression.name}() in a condition or inside another aggregate`, at);
      if (expression.name.includes('~~')) return { kind: 'truth', test: resolveTest(expression, environment, depth), at };
      return callOf(expression.name, expression.arguments.map(scalar), at);
    case 'subquery':
      if (expression.form === 'scalar') return environment.inner.value(expression, environment);
      return { kind: 'truth', test: resolveTest(expression, environment, depth), at };
    case 'window':
      return refuseConstruct('WINDOW', at);
    case 'star':
      return refuseConstruct('*', at);
    default:
      return { kind: 'truth', test: resolveTest(expression, environment, depth), at };
  }
}

function resolveColumn(expression: Extract<Expression, { kind: 'column' }>, environment: Environment, depth: number): Scalar {
  const { path, at } = expression;
  for (let scope: Scope | null = environment.scope; scope !== null; scope = scope.parent) {
    const found = lookUp(path, scope, at);
    if (found !== undefined) return found;
    const alias = path.length === 1 ? scope.aliases.get((path[0] ?? '').toLowerCase()) : undefined;
    if (alias !== undefined && depth < MAX_ALIAS_DEPTH) {
      // An alias may name itself: inside it, the name means what it would mean without the alias.
      const aliases = new Map([...scope.aliases].filter(([name]) => name !== (path[0] ?? '').toLowerCase()));
      return resolveScalar(alias, { ...environment, scope: { ...scope, aliases } }, depth + 1);
    }
  }
  return refuse('sql.column_unknown', { name: path.join('.'), ...at });
}

/** A cast of a literal that changes nothing is the literal. */
function castOf(input: Scalar, type: string, at: Position): Scalar {
  if (input.kind === 'truth' && type === 'BOOLEAN') return input;
  const isNumber = numberOf(input) !== undefined && /^(DECIMAL|DOUBLE|FLOAT|BIGINT|INTEGER|HUGEINT)/.test(type);
  if (isNumber && (numberOf(input)?.scale === 0 || !/INT/.test(type))) return input;
  if (input.kind === 'literal' && input.type === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(input.text)) {
    if (type === 'DATE') return { ...input, type: 'date' };
    if (type === 'TIMESTAMP') return { ...input, type: 'timestamp' };
  }
  return { kind: 'cast', input, type, at };
}

function callOf(name: string, parts: readonly Scalar[], at: Position): Scalar {
  const [first, second, third] = parts;
  const none: Scalar = { kind: 'literal', type: 'null', text: '', at };
  const folded = foldCall(name, parts);
  if (folded !== undefined) return folded;
  const choose = (branches: readonly ScalarBranch[], otherwise: Scalar): Scalar => ({ kind: 'case', branches, otherwise, at });
  const compare = (operator: ComparisonOperator, left: Scalar, right: Scalar): Test => compareScalars(operator, left, right, at);
  if ((name === 'coalesce' || name === 'ifnull') && parts.length >= 1) {
    const last = parts.at(-1) ?? none;
    const branches = parts.slice(0, -1).map((item) => ({ when: { kind: 'isNull', input: item, negated: true, at } as const, then: item }));
    return branches.length === 0 ? last : choose(branches, last);
  }
  if (first === undefined) return { kind: 'call', name, arguments: parts, at };
  if (name === 'nullif' && second !== undefined && parts.length === 2)
    return choose([{ when: compare('=', first, second), then: none }], first);
  if (name === 'if' && second !== undefined && parts.length === 3) return choose([{ when: asTest(first), then: second }], third ?? none);
  if (name === 'abs' && parts.length === 1)
    return choose(
      [{ when: compare('<', first, { kind: 'literal', type: 'integer', text: '0', at }), then: callOf('-', [first], at) }],
      first,
    );
  return { kind: 'call', name, arguments: parts, at };
}

const DISTINCT_FROM = { 'is distinct from': true, 'is not distinct from': false } as const;

/** Resolves a condition over rows. Throws Refused. */
export function resolveTest(expression: Expression, environment: Environment, depth = 0): Test {
  const { at } = expression;
  const scalar = (item: Expression): Scalar => resolveScalar(item, environment, depth);
  const test = (item: Expression): Test => resolveTest(item, environment, depth);
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { kind: expression.kind, items: expression.items.map(test), at };
    case 'not':
      return { kind: 'not', item: test(expression.item), at };
    case 'compare': {
      if (expression.operator === 'is distinct from' || expression.operator === 'is not distinct from') {
        const same = sameOrNull(scalar(expression.left), scalar(expression.right), at);
        return DISTINCT_FROM[expression.operator] ? { kind: 'not', item: same, at } : same;
      }
      return compareExpressions(expression.operator, scalar(expression.left), scalar(expression.right), at);
    }
    case 'between': {
      const input = scalar(expression.input);
      const items = [compareScalars('>=', input, scalar(expression.lower), at), compareScalars('<=', input, scalar(expression.upper), at)];
      return { kind: 'and', items, at };
    }
    case 'in': {
      if (expression.items.length > MAX_IN_ITEMS) return refuseConstruct(`IN with more than ${MAX_IN_ITEMS} values`, at);
      const input = scalar(expression.input);
      const any: Test = { kind: 'or', items: expression.items.map((item) => compareExpressions('=', input, scalar(item), at)), at };
      return expression.negated ? { kind: 'not', item: any, at } : any;
    }
    case 'isNull':
      return { kind: 'isNull', input: scalar(expression.input), negated: expression.negated, at };
    case 'subquery':
      return expression.form === 'scalar' ? asTest(scalar(expression)) : environment.inner.member(expression, environment);
    case 'call':
      return likeTest(expression, environment, depth) ?? asTest(scalar(expression));
    default:
      return asTest(scalar(expression));
  }
}

const LIKE: Readonly<Record<string, { readonly operator: '~~' | '~~*'; readonly negated: boolean }>> = {
  '~~': { operator: '~~', negated: false },
  '!~~': { operator: '~~', negated: true },
  '~~*': { operator: '~~*', negated: false },
  '!~~*': { operator: '~~*', negated: true },
};

function likeTest(call: Extract<Expression, { kind: 'call' }>, environment: Environment, depth: number): Test | undefined {
  const [input, pattern] = call.arguments;
  const like = Object.hasOwn(LIKE, call.name) ? LIKE[call.name] : undefined;
  const found = ['starts_with', 'prefix', '^@'].includes(call.name)
    ? ('start' as const)
    : ['contains', 'suffix', 'ends_with'].includes(call.name)
      ? call.name
      : undefined;
  if (like === undefined && found === undefined) {
    if (call.name.includes('~~')) refuseConstruct(`operator ${call.name}`, call.at);
    return undefined;
  }
  if (input === undefined || pattern?.kind !== 'literal' || pattern.type !== 'string')
    return refuseConstruct('pattern that is no literal', call.at);
  const part = pattern.text;
  if (like === undefined && /[%_]/.test(part)) return refuseConstruct(`${call.name}() of a text with % or _`, call.at);
  const text = like !== undefined ? part : found === 'start' ? `${part}%` : found === 'contains' ? `%${part}%` : `%${part}`;
  return {
    kind: 'like',
    input: resolveScalar(input, environment, depth),
    operator: like?.operator ?? '~~',
    pattern: text,
    negated: like?.negated ?? false,
    at: call.at,
  };
}

/** A scalar used as a condition. */
export function asTest(scalar: Scalar): Test {
  const { at } = scalar;
  if (scalar.kind === 'truth') return scalar.test;
  if (scalar.kind === 'literal') return { kind: 'constant', value: scalar.type === 'boolean' && scalar.text.toLowerCase() === 'true', at };
  if (scalar.kind === 'case') return caseTest(scalar, asTest);
  if (scalar.kind === 'column')
    return { kind: 'compare', operator: '=', left: scalar, right: { kind: 'literal', type: 'boolean', text: 'true', at }, at };
  return refuseConstruct(scalar.kind === 'call' ? `${scalar.name}() as a condition` : 'expression as a condition', at);
}

/** `CASE WHEN a THEN x ELSE y END` as a condition: a and x, or not a and y. */
function caseTest(scalar: Extract<Scalar, { kind: 'case' }>, of: (value: Scalar) => Test): Test {
  const { at } = scalar;
  const before: Test[] = [];
  const items: Test[] = [];
  for (const branch of scalar.branches) {
    items.push({ kind: 'and', items: [...before, branch.when, of(branch.then)], at });
    before.push(isNotTrue(branch.when));
  }
  items.push({ kind: 'and', items: [...before, of(scalar.otherwise)], at });
  return { kind: 'or', items, at };
}

/** FALSE or NULL: what lets CASE go on to the next branch. */
export function isNotTrue(test: Test): Test {
  const { at } = test;
  if (test.kind === 'and' || test.kind === 'or') return { kind: test.kind === 'and' ? 'or' : 'and', items: test.items.map(isNotTrue), at };
  const unknown = inputsOf(test).map((input): Test => ({ kind: 'isNull', input, negated: false, at }));
  const not: Test = test.kind === 'not' ? test.item : { kind: 'not', item: test, at };
  return unknown.length === 0 ? not : { kind: 'or', items: [not, ...unknown], at };
}

/** Columns whose NULL makes a comparison neither true nor false. */
function inputsOf(test: Test): readonly Scalar[] {
  const columns = (scalar: Scalar): readonly Scalar[] =>
    scalar.kind === 'column'
      ? scalar.column.column.nullable
        ? [scalar]
        : []
      : scalar.kind === 'call'
        ? scalar.arguments.flatMap(columns)
        : [];
  if (test.kind === 'compare') return [...columns(test.left), ...columns(test.right)];
  if (test.kind === 'like' || test.kind === 'member') return columns(test.input);
  if (test.kind === 'not') return inputsOf(test.item);
  return [];
}

/** A comparison with CASE, COALESCE or a row on one side is spelled out. */
function compareExpressions(operator: ComparisonOperator, left: Scalar, right: Scalar, at: Position): Test {
  if (left.kind === 'call' && right.kind === 'call' && left.name === 'row' && right.name === 'row') {
    if (operator !== '=' || left.arguments.length !== right.arguments.length) return refuseConstruct('comparison of rows', at);
    const items = left.arguments.flatMap((item, index) => {
      const other = right.arguments[index];
      return other === undefined ? [] : [compareScalars('=', item, other, at)];
    });
    return { kind: 'and', items, at };
  }
  return compareScalars(operator, left, right, at);
}

const FLIPPED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** A comparison in canonical form: CASE spelled out, the literal on the right, what is always true or false said so. */
export function compareScalars(operator: ComparisonOperator, left: Scalar, right: Scalar, at: Position): Test {
  if (left.kind === 'case') return caseTest(left, (value) => compareScalars(operator, value, right, at));
  if (right.kind === 'case') return caseTest(right, (value) => compareScalars(operator, left, value, at));
  if (left.kind === 'literal' && right.kind !== 'literal') return compareScalars(FLIPPED[operator], right, left, at);
  if (isNullLiteral(left) || isNullLiteral(right)) return { kind: 'constant', value: false, at };
  if (left.kind === 'truth' && right.kind === 'literal' && right.type === 'boolean' && (operator === '=' || operator === '<>')) {
    const wanted = (right.text.toLowerCase() === 'true') === (operator === '=');
    return wanted ? left.test : { kind: 'not', item: left.test, at };
  }
  const known = foldComparison(operator, left, right);
  return known === undefined ? { kind: 'compare', operator, left, right, at } : { kind: 'constant', value: known, at };
}

function isNullLiteral(scalar: Scalar): boolean {
  return scalar.kind === 'literal' && scalar.type === 'null';
}

/** IS NOT DISTINCT FROM: equal, or both NULL. */
function sameOrNull(left: Scalar, right: Scalar, at: Position): Test {
  const [a, b] = left.kind === 'literal' ? [right, left] : [left, right];
  if (isNullLiteral(b)) return { kind: 'isNull', input: a, negated: false, at };
  const nulls: Test = { kind: 'and', items: [isNull(a, at), isNull(b, at)], at };
  const equal = compareScalars('=', a, b, at);
  if (b.kind === 'literal') {
    const present: Test = { kind: 'isNull', input: a, negated: true, at };
    return { kind: 'and', items: a.kind === 'truth' ? [equal] : [present, equal], at };
  }
  return { kind: 'or', items: [equal, nulls], at };
}

function isNull(input: Scalar, at: Position): Test {
  return { kind: 'isNull', input, negated: false, at };
}
