import fc from 'fast-check';
import type { Call, Expression, FrameBound, OrderItem, Position, Query, Subquery, Window } from '../../../src/sandbox/sql/ast.ts';

/** Every node of a random tree stands here: the property is about shapes, not places. */
export const NOWHERE: Position = { line: 1, column: 1 };
const at = NOWHERE;

export const anyName = fc.constantFrom('a', 'b', 'Foo', 'select', 'a b', '年份', 'x"y', 'c_1');
const column = fc.array(anyName, { minLength: 1, maxLength: 2 }).map((path): Expression => ({ kind: 'column', path, at }));

type Literal = Extract<Expression, { readonly kind: 'literal' }>;
const literalOf =
  (type: Literal['type']) =>
  (text: string): Expression => ({ kind: 'literal', type, text, at });
const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const time = fc.tuple(fc.nat(23), fc.nat(59), fc.nat(59)).map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

const anyString = fc.oneof(
  fc.constantFrom('', "it's", '50%', '上海', 'line\nbreak'),
  fc.string({ maxLength: 8 }).map((text) => text.replaceAll('\0', '')),
);

const literal = fc.oneof(
  fc.oneof(fc.integer().map(String), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)).map(literalOf('integer')),
  fc
    .tuple(fc.boolean(), fc.nat(99_999), fc.nat(99), fc.integer({ min: 1, max: 9 }))
    .map(([minus, whole, middle, last]) => `${minus ? '-' : ''}${whole}.${middle}${last}`)
    .map(literalOf('decimal')),
  fc
    .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -20, max: 20 }))
    .map(([digits, exponent]) => String(Number(`${digits}e${exponent}`) || 0))
    .map(literalOf('double')),
  anyString.filter((text) => text.isWellFormed()).map(literalOf('string')),
  fc.constantFrom('true', 'false').map(literalOf('boolean')),
  fc.constant('').map(literalOf('null')),
  day.map(literalOf('date')),
  fc
    .tuple(day, time)
    .map((parts) => parts.join(' '))
    .map(literalOf('timestamp')),
);

const interval = fc
  .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.constantFrom('year', 'month', 'week', 'day', 'hour', 'minute', 'second'))
  .map(([amount, unit]): Expression => ({ kind: 'interval', amount, unit, at }) as Expression);

const anyOperator = fc.constantFrom('=', '<>', '<', '<=', '>', '>=');
const TYPES = ['INTEGER', 'BIGINT', 'DOUBLE', 'FLOAT', 'DECIMAL(12,2)', 'VARCHAR', 'DATE', 'TIMESTAMP', 'BOOLEAN'];
const TEXT_IS_LITERAL = new Set(['DATE', 'TIMESTAMP', 'BOOLEAN']);

const plainCall = (name: string, parameters: readonly Expression[], operator = false): Call => ({
  kind: 'call',
  name,
  operator,
  arguments: parameters,
  distinct: false,
  filter: null,
  orderBy: [],
  at,
});

/** Items of ORDER BY over these expressions. */
export function orderOf(expression: fc.Arbitrary<Expression>, minLength = 0): fc.Arbitrary<readonly OrderItem[]> {
  const item = fc.record({
    expression,
    descending: fc.boolean(),
    nulls: fc.constantFrom('default' as const, 'first' as const, 'last' as const),
  });
  return fc.array(item, { minLength, maxLength: 2 });
}

const some = (inner: fc.Arbitrary<Expression>, minLength: number, maxLength: number) => fc.array(inner, { minLength, maxLength });
const maybe = (inner: fc.Arbitrary<Expression>) => fc.option(inner, { nil: null, freq: 2 });

/** Expressions of the language, in the form the reader gives them, with subqueries of `query`. */
export function randomExpression(depth: number, query: fc.Arbitrary<Query> | undefined, windows = true): fc.Arbitrary<Expression> {
  const leaf = fc.oneof({ arbitrary: column, weight: 3 }, { arbitrary: literal, weight: 2 }, interval);
  if (depth === 0) return leaf;
  const inner = randomExpression(depth - 1, query, windows);
  const compound = fc.oneof(
    fc
      .tuple(fc.oneof(anyOperator, fc.constantFrom('is distinct from', 'is not distinct from')), inner, inner)
      .map(([operator, left, right]) => ({ kind: 'compare', operator, left, right, at }) as Expression),
    fc.tuple(inner, inner, inner).map(([input, lower, upper]): Expression => ({ kind: 'between', input, lower, upper, at })),
    fc
      .tuple(
        inner,
        some(
          inner.filter((item) => item.kind !== 'subquery'),
          1,
          3,
        ),
        fc.boolean(),
      )
      .map(([input, items, negated]): Expression => ({ kind: 'in', input, items, negated, at })),
    fc.tuple(inner, fc.boolean()).map(([input, negated]): Expression => ({ kind: 'isNull', input, negated, at })),
    conjunction(inner),
    inner.filter((item) => !FOLDED_BY_NOT.has(item.kind)).map((item): Expression => ({ kind: 'not', item, at })),
    caseOf(inner),
    castOf(inner),
    callOf(inner),
    // The engine allows no window inside a window.
    ...(windows ? [windowOf(randomExpression(depth - 1, undefined, false))] : []),
    ...(query === undefined
      ? []
      : [subqueryOf(inner, query), subqueryOf(inner, query).map((item): Expression => ({ kind: 'not', item, at }))]),
  );
  return fc.oneof(leaf, { arbitrary: compound, weight: 2 });
}

/** The engine negates these itself. */
const FOLDED_BY_NOT = new Set<Expression['kind']>(['compare', 'isNull', 'in']);

function conjunction(inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc.constantFrom('and' as const, 'or' as const).chain((kind) =>
    // The engine flattens one inside itself.
    some(
      inner.filter((item) => item.kind !== kind),
      2,
      3,
    ).map((items): Expression => ({ kind, items, at })),
  );
}

function caseOf(inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const branches = fc.array(
    fc.tuple(inner, inner).map(([when, then]) => ({ when, then })),
    { minLength: 1, maxLength: 2 },
  );
  const otherwise = maybe(inner.filter((item) => item.kind !== 'literal' || item.type !== 'null'));
  return fc.tuple(branches, otherwise).map(([items, last]): Expression => ({ kind: 'case', branches: items, otherwise: last, at }));
}

function castOf(inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const isLiteral = (input: Expression, type: string) => input.kind === 'literal' && input.type === 'string' && TEXT_IS_LITERAL.has(type);
  return fc
    .tuple(inner, fc.constantFrom(...TYPES))
    .filter(([input, type]) => !isLiteral(input, type))
    .map(([input, type]): Expression => ({ kind: 'cast', input, type, at }));
}

function callOf(inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const scalar = fc.tuple(fc.constantFrom('lower', 'abs', 'date_part', 'greatest', 'coalesce', 'grouping'), some(inner, 1, 3));
  const binary = fc.constantFrom('+', '-', '*', '/', '//', '%', '**', '||', '~~', '!~~', '~~*', '!~~*', '~~~');
  const aggregate = fc.record({
    name: fc.constantFrom('sum', 'count', 'quantile_cont'),
    parameters: some(inner, 1, 2),
    distinct: fc.boolean(),
    filter: maybe(inner),
    orderBy: orderOf(inner),
  });
  return fc.oneof(
    scalar.map(([name, parameters]) => plainCall(name, parameters)),
    fc.tuple(inner, inner).map((parameters) => plainCall('nullif', parameters)),
    fc.tuple(binary, inner, inner).map(([name, left, right]) => plainCall(name, [left, right], true)),
    column.map((item) => plainCall('-', [item], true)),
    maybe(inner).map((filter) => ({ ...plainCall('count_star', []), filter })),
    aggregate.map(({ name, parameters, distinct, filter, orderBy }) => ({ ...plainCall(name, parameters), distinct, filter, orderBy })),
  );
}

function subqueryOf(inner: fc.Arbitrary<Expression>, query: fc.Arbitrary<Query>): fc.Arbitrary<Subquery> {
  const plain = fc
    .tuple(fc.constantFrom('scalar' as const, 'exists' as const), query)
    .map(([form, asked]) => ({ kind: 'subquery', form, query: asked, input: null, operator: '=', at }) as const);
  const any = fc
    .tuple(inner, anyOperator, query)
    .map(([input, operator, asked]) => ({ kind: 'subquery', form: 'any', query: asked, input, operator, at }) as Subquery);
  return fc.oneof(plain, any);
}

const EDGES = ['unboundedPreceding', 'preceding', 'currentRow', 'following', 'unboundedFollowing'] as const;

function frameOf(inner: fc.Arbitrary<Expression>): fc.Arbitrary<Window['frame']> {
  const bound = (edge: (typeof EDGES)[number], offset: Expression): FrameBound =>
    edge === 'preceding' || edge === 'following' ? { kind: edge, offset } : { kind: edge };
  return fc
    .tuple(fc.nat(3), fc.integer({ min: 1, max: 4 }), fc.constantFrom('rows' as const, 'range' as const), inner, inner)
    .filter(([start, end]) => start <= end)
    .map(([start, end, mode, first, last]) => {
      const isWhole = start === 0 && end === 4;
      return {
        mode: isWhole ? 'range' : mode,
        start: bound(EDGES[start] ?? 'currentRow', first),
        end: bound(EDGES[end] ?? 'currentRow', last),
      };
    });
}

function windowOf(inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const named = fc.oneof(
    fc.tuple(fc.constantFrom('row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'count_star'), fc.constant([])),
    fc.tuple(fc.constantFrom('ntile', 'first_value', 'last_value', 'sum', 'avg'), some(inner, 1, 1)),
    fc.tuple(fc.constant('nth_value'), some(inner, 2, 2)),
    fc.tuple(fc.constantFrom('lag', 'lead'), some(inner, 1, 3)),
  );
  return fc
    .tuple(named, some(inner, 0, 2), orderOf(inner), maybe(inner), frameOf(inner))
    .map(([[name, parameters], partitionBy, orderBy, filter, frame]): Expression => {
      const isAggregate = ['sum', 'avg', 'count_star'].includes(name);
      return { kind: 'window', name, arguments: parameters, partitionBy, orderBy, filter: isAggregate ? filter : null, frame, at };
    });
}
