import type { Expression, Subquery } from '../ast.ts';
import type { Scalar, Test } from '../model/scalar.ts';
import { callOf, castOf, refuseVolatile } from './calls.ts';
import { asTest, compareExpressions, compareScalars, sameOrNull } from './compare.ts';
import { expressionText, holdsQuery } from './expressions.ts';
import { AGGREGATES } from './functions.ts';
import { refuse, refuseConstruct } from './refusal.ts';
import type { UnitRows } from './rows.ts';
import { lookUp, type Scope } from './scope.ts';
import { textTest } from './text-tests.ts';

/** What names mean, and how queries inside an expression are compiled. */
export interface Environment {
  readonly scope: Scope;
  readonly inner: InnerQueries;
  /** Joins further rows to those at hand; absent where these are settled already. */
  readonly attach?: (rows: UnitRows) => void;
  /** Inner queries whose values are columns of the rows already, by their text. */
  readonly settled?: ReadonlyMap<string, Scalar>;
}

export interface InnerQueries {
  /** EXISTS and IN (query). */
  member(subquery: Subquery, environment: Environment): Test;
  /** A query that gives one value. */
  value(subquery: Subquery, environment: Environment): Scalar;
  /** An expression over such queries and literals alone, computed above their gates; undefined where it is none. */
  computed(expression: Expression): Scalar | undefined;
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
      return computedAbove(expression, environment) ?? castOf(scalar(expression.input), expression.type, at);
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
      return computedAbove(expression, environment) ?? callOf(expression.name, expression.arguments.map(scalar), at);
    case 'subquery':
      if (expression.form === 'scalar')
        return environment.settled?.get(expressionText(expression)) ?? environment.inner.value(expression, environment);
      return { kind: 'truth', test: resolveTest(expression, environment, depth), at };
    case 'window':
      return refuseConstruct(`${expression.name}() OVER in a condition, an aggregate or a key`, at);
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
  if (path.length === 1) refuseVolatile(path[0] ?? '', at);
  return refuse('sql.column_unknown', { name: path.join('.'), ...at });
}

/** Arithmetic of inner queries and literals, no column in it: one value, like the query alone. */
function computedAbove(expression: Expression, environment: Environment): Scalar | undefined {
  return holdsQuery(expression) ? environment.inner.computed(expression) : undefined;
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
      return textTest(expression, scalar) ?? asTest(scalar(expression));
    default:
      return asTest(scalar(expression));
  }
}
