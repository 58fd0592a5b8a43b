import fc from 'fast-check';
import type { Expression, OrderItem, Query, Select, Window } from '../../../../../src/sandbox/sql/ast.ts';
import type { ReleasedValue } from '../../../../../src/sandbox/sql/open/relation.ts';
import {
  at,
  call,
  cast,
  choice,
  col,
  compare,
  dec,
  derived,
  groupedBy,
  int,
  item,
  nil,
  over,
  query,
  select,
  star,
  str,
  table,
} from './build.ts';

/** Columns of the random released tables, by what can be done with them. */
export const COLUMNS = [
  { name: 'i', type: 'BIGINT' },
  { name: 'h', type: 'HUGEINT' },
  { name: 'd', type: 'DECIMAL(38,2)' },
  { name: 'w', type: 'DECIMAL(38,0)' },
  { name: 'f', type: 'DOUBLE' },
  { name: 's', type: 'VARCHAR' },
  { name: 't', type: 'DATE' },
  { name: 'b', type: 'BOOLEAN' },
] as const;

const nines = '9'.repeat(38);
const VALUES: readonly (readonly ReleasedValue[])[] = [
  [0, 1, -1, '9223372036854775807', '-9223372036854775808', 7, null],
  [0, '170141183460469231731687303715884105727', '-170141183460469231731687303715884105728', 5, null],
  ['0.00', '1.25', '-3.50', `${'9'.repeat(36)}.99`, `-${'9'.repeat(36)}.99`, null],
  ['0', nines, `-${nines}`, '12', null],
  [0, 0.1, -0.3, 1.7976931348623157e308, -1.7976931348623157e308, 5e-324, 1e200, 3.7, null],
  ['', 'abc', "it's", '数', '12', 'x'.repeat(300), '%', '2024-01-01', 'inf', null],
  ['2024-01-31', '9999-12-31', '0001-01-01', '2024-02-29', null],
  [true, false, null],
];

export const rowsOf = (maxLength: number): fc.Arbitrary<(readonly ReleasedValue[])[]> =>
  fc.array(fc.tuple(...VALUES.map((values) => fc.constantFrom(...values))), { maxLength });

const columnOf = (...names: readonly string[]): fc.Arbitrary<Expression> => fc.constantFrom(...names.map((name) => col(name)));
const double = (text: string): Expression => ({ kind: 'literal', type: 'double', text, at });

type Exprs = {
  readonly num: Expression;
  readonly text: Expression;
  readonly date: Expression;
  readonly truth: Expression;
  readonly any: Expression;
};

/** Row expressions: everything but aggregates, windows and subqueries. */
const { num, text, truth, any } = fc.letrec<Exprs>((tie) => ({
  num: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    columnOf('i', 'h', 'd', 'w', 'f'),
    fc.constantFrom(int(0), int(2), int(-7), int('9223372036854775807'), dec('1.5'), dec('0.001'), double('1e300'), nil),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/', '//', '%', '**', 'greatest', 'mod', 'nullif', 'coalesce', 'pow'), tie('num'), tie('num'))
      .map(([name, x, y]) => call(name, [x, y])),
    fc
      .tuple(fc.constantFrom('abs', 'floor', 'ceil', 'sign', 'ln', 'log2', 'exp', 'sqrt', 'cbrt', '-'), tie('num'))
      .map(([name, x]) => call(name, [x])),
    fc
      .tuple(fc.constantFrom('round', 'trunc'), tie('num'), fc.constantFrom(-38, -2, 0, 2, 38))
      .map(([name, x, digits]) => call(name, [x, int(digits)])),
    fc
      .tuple(tie('any'), fc.constantFrom('BIGINT', 'INTEGER', 'DOUBLE', 'DECIMAL(38,2)', 'DECIMAL(10,4)', 'HUGEINT', 'TINYINT'))
      .map(([x, type]) => cast(x, type)),
    tie('text').map((x) => call('length', [x])),
    tie('date').map((x) => call('year', [x])),
    fc
      .tuple(fc.constantFrom('date_diff', 'date_sub'), fc.constantFrom('day', 'month', 'second'), tie('date'), tie('date'))
      .map(([name, part, x, y]) => call(name, [str(part), x, y])),
    fc.tuple(tie('truth'), tie('num'), tie('num')).map(([when, x, y]) => choice(when, x, y)),
  ),
  text: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    columnOf('s'),
    fc.constantFrom(str(''), str('a'), str('12'), nil),
    fc.tuple(tie('text'), tie('any')).map(([x, y]) => call('||', [x, y])),
    fc.tuple(fc.constantFrom('upper', 'lower', 'trim', 'reverse'), tie('text')).map(([name, x]) => call(name, [x])),
    fc.tuple(fc.constantFrom('left', 'right', 'substr'), tie('text'), tie('num')).map(([name, x, y]) => call(name, [x, cast(y, 'BIGINT')])),
    fc.tuple(tie('text'), fc.constantFrom(0, 3, 1000)).map(([x, length]) => call('lpad', [x, int(length), str('*')])),
    tie('text').map((x) => call('regexp_replace', [x, str('[a-z]+'), str('_')])),
    tie('any').map((x) => cast(x, 'VARCHAR')),
    tie('date').map((x) => call('strftime', [x, str('%Y-%m-%d %j')])),
  ),
  date: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    columnOf('t'),
    fc
      .tuple(fc.constantFrom('+', '-'), tie('date'), fc.constantFrom(1, 400, 100_000_000))
      .map(([name, x, amount]) => call(name, [x, { kind: 'interval', amount, unit: 'month', at }])),
    fc.tuple(fc.constantFrom('month', 'year', 'week'), tie('date')).map(([part, x]) => call('date_trunc', [str(part), x])),
    tie('date').map((x) => call('last_day', [x])),
    fc.tuple(tie('num'), tie('num')).map(([x, y]) => call('make_date', [cast(x, 'BIGINT'), cast(y, 'BIGINT'), int(1)])),
    fc.tuple(tie('text'), fc.constantFrom('DATE', 'TIMESTAMP')).map(([x, type]) => cast(x, type)),
  ),
  truth: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    columnOf('b'),
    fc.tuple(fc.constantFrom('=', '<', '>=' as const), tie('num'), tie('num')).map(([op, x, y]) => compare(x, op as '=', y)),
    fc.tuple(fc.constantFrom('=', '<' as const), tie('text'), tie('num')).map(([op, x, y]) => compare(x, op as '=', y)),
    fc.tuple(tie('date'), tie('date')).map(([x, y]) => compare(x, '<=', y)),
    fc.tuple(tie('num'), tie('num'), tie('num')).map(([input, lower, upper]): Expression => ({ kind: 'between', input, lower, upper, at })),
    fc
      .tuple(tie('num'), tie('num'), fc.boolean())
      .map(([input, x, negated]): Expression => ({ kind: 'in', input, items: [x, int(3)], negated, at })),
    tie('any').map((input): Expression => ({ kind: 'isNull', input, negated: true, at })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), tie('truth'), tie('truth'))
      .map(([kind, x, y]): Expression => ({ kind, items: [x, y], at })),
    fc.tuple(tie('text'), fc.constantFrom('%a%', '_', '\\')).map(([x, pattern]) => call('~~', [x, str(pattern)])),
    tie('text').map((x) => cast(x, 'BOOLEAN')),
  ),
  any: fc.oneof(tie('num'), tie('text'), tie('date'), tie('truth')),
}));

const order = fc.record({
  expression: any,
  descending: fc.boolean(),
  nulls: fc.constantFrom('default', 'first' as const),
}) as fc.Arbitrary<OrderItem>;
/** An aggregate takes no constant to be ordered by. */
const within = order.filter((item) => item.expression.kind !== 'literal');
const orders = fc.array(order, { maxLength: 2 });

const aggregate: fc.Arbitrary<Expression> = fc.oneof(
  fc.constant(call('count_star')),
  fc
    .tuple(fc.constantFrom('sum', 'avg', 'min', 'max', 'median', 'stddev', 'var_pop', 'kurtosis', 'count', 'mode'), num, fc.boolean())
    .map(([name, x, distinct]) => call(name, [x], { distinct: distinct && name !== 'mode' })),
  fc
    .tuple(fc.constantFrom('corr', 'covar_samp', 'regr_slope', 'regr_r2', 'regr_count'), num, num)
    .map(([name, y, x]) => call(name, [y, x])),
  fc.tuple(num, truth).map(([x, filter]) => call('sum', [x], { filter })),
  fc.tuple(fc.constantFrom('quantile_cont', 'quantile_disc'), num).map(([name, x]) => call(name, [x, dec('0.3')])),
  fc.tuple(text, within).map(([x, by]) => call('string_agg', [x, str(',')], { orderBy: [by] })),
  fc.tuple(any, within).map(([x, by]) => call('first', [x], { orderBy: [by] })),
  fc.tuple(any, any).map(([x, y]) => call('arg_max', [x, y])),
  truth.map((x) => call('bool_and', [x])),
);

/** Something computed over an aggregate or a window. */
const above = (inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> =>
  fc.oneof(
    inner,
    fc.tuple(inner, inner, fc.constantFrom('coalesce', '||')).map(([x, y, name]) => call(name, [cast(x, 'VARCHAR'), cast(y, 'VARCHAR')])),
    fc
      .tuple(inner, inner, fc.constantFrom('+', '*', '/', '//', '%'))
      .map(([x, y, name]) => call(name, [cast(x, 'DECIMAL(38,2)'), cast(y, 'HUGEINT')])),
  );

const frame: fc.Arbitrary<Window['frame']> = fc.constantFrom<Window['frame']>(
  { mode: 'range', start: { kind: 'unboundedPreceding' }, end: { kind: 'currentRow' } },
  { mode: 'rows', start: { kind: 'preceding', offset: int(2) }, end: { kind: 'following', offset: int(1) } },
  { mode: 'rows', start: { kind: 'unboundedPreceding' }, end: { kind: 'unboundedFollowing' } },
  { mode: 'range', start: { kind: 'currentRow' }, end: { kind: 'unboundedFollowing' } },
);
const ranged: fc.Arbitrary<Partial<Window>> = fc.tuple(num, fc.boolean()).map(([expression, descending]) => ({
  orderBy: [{ expression, descending, nulls: 'default' }],
  frame: { mode: 'range', start: { kind: 'preceding', offset: int(3) }, end: { kind: 'currentRow' } },
}));
const shape: fc.Arbitrary<Partial<Window>> = fc.oneof(
  fc.record({ partitionBy: fc.array(any, { maxLength: 1 }), orderBy: orders, frame }),
  ranged,
);

const byRows: Window['frame'] = { mode: 'rows', start: { kind: 'preceding', offset: int(3) }, end: { kind: 'currentRow' } };

const windowed: fc.Arbitrary<Expression> = fc.oneof(
  fc.tuple(fc.constantFrom('stddev', 'var_pop'), num, shape).map(([name, x, more]) => over(name, [x], { ...more, frame: byRows })),
  fc
    .tuple(fc.constantFrom('row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'count_star'), shape)
    .map(([name, more]) => over(name, [], more)),
  fc
    .tuple(fc.constantFrom('sum', 'avg', 'min', 'max', 'median', 'count', 'first_value', 'last_value', 'lag', 'lead'), num, shape)
    .map(([name, x, more]) => over(name, [x], more)),
  fc.tuple(fc.constantFrom('nth_value', 'lag'), any, shape).map(([name, x, more]) => over(name, [x, int(2)], more)),
  shape.map((more) => over('ntile', [int(3)], more)),
);

const named = (expressions: readonly Expression[]): Select['items'] =>
  expressions.map((expression, index) => item(expression, `c${index}`));
const filter = fc.option(truth, { nil: null, freq: 2 });

const rowSelect = fc
  .record({ items: fc.array(fc.oneof(any, above(windowed)), { minLength: 1, maxLength: 3 }), where: filter, distinct: fc.boolean() })
  .map(({ items, where, distinct }) => select(named(items), table('__g0'), { where, distinct }));

const groupSelect = fc
  .record({
    keys: fc.array(any, { maxLength: 2 }),
    items: fc.array(above(aggregate), { minLength: 1, maxLength: 3 }),
    where: filter,
    rollup: fc.boolean(),
  })
  .map(({ keys, items, where, rollup }) => {
    const usable = keys.filter((key) => key.kind !== 'literal');
    const all = usable.map((_, index) => index);
    const grouping = usable.length === 0 ? null : rollup ? { expressions: usable, sets: [all, []] } : groupedBy(...usable);
    const place = over('row_number', [], { orderBy: [{ expression: call('count_star'), descending: true, nulls: 'default' }] });
    return select(named([...usable, ...items, place]), table('__g0'), { where, grouping });
  });

const joinSelect = fc
  .record({
    on: fc.constantFrom('i', 's', 'd', 'f'),
    other: fc.constantFrom('i', 'w', 's'),
    join: fc.constantFrom('inner', 'left', 'semi', 'anti' as const),
    x: windowed,
  })
  .map(({ on, other, join, x }) => {
    const inner = query(select([item(star)], table('__g0')), { limit: 5 });
    const kind = join as 'inner';
    const from = {
      kind: 'join',
      join: kind,
      left: derived(inner, 'p'),
      right: table('__g0', 'q'),
      on: compare(col('p', on), '=', col('q', other)),
      using: [],
      at,
    } as const;
    return select([item(col('p', 'i'), 'x'), item(col('p', 'd'), 'y')], from, {
      qualify: null,
      where: null,
      distinct: x.kind !== 'window',
    });
  });

/** A random query over `__g0`. Some do not bind, by their types; none may fail because of the rows. */
export const randomQuery: fc.Arbitrary<Query> = fc.oneof(
  fc
    .record({ body: fc.oneof(rowSelect, groupSelect), limit: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }) })
    .map(({ body, limit }) => query(body, { limit })),
  joinSelect.map((body) => query(body)),
  fc.tuple(rowSelect, aggregate).map(([body]) => {
    const outer = select([item(call('count_star'), 'n'), item(call('mode', [col('c0')]), 'm')], derived(query(body, { limit: 3 }), 'z'));
    return query(outer);
  }),
);
