import fc from 'fast-check';
import type { Expression, FromItem, Grouping, JoinItem, Query, Select, SelectItem } from '../../../src/sandbox/sql/ast.ts';
import { anyName, NOWHERE, orderOf, randomExpression } from './random-expression.ts';

const at = NOWHERE;
const maybe = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { nil: null });
const names = (minLength: number) => fc.uniqueArray(anyName, { minLength, maxLength: 3 });

/** Queries of the language, in the form the reader gives them; `depth` queries within one another. */
export function randomQuery(depth: number): fc.Arbitrary<Query> {
  const inner = depth === 0 ? undefined : randomQuery(depth - 1);
  const expression = randomExpression(Math.min(depth + 1, 2), inner);
  const select = selectOf(expression, inner);
  const bare = select.map((body): Query => ({ commonTables: [], body, orderBy: [], limit: null, offset: null }));
  const setOperation = fc
    .tuple(fc.constantFrom('union' as const, 'except' as const, 'intersect' as const), fc.boolean(), bare, inner ?? bare)
    .map(([kind, all, left, right]) => ({ kind, all, left, right, at }));
  const commonTable = (query: fc.Arbitrary<Query>) =>
    fc.record({ name: anyName, columns: fc.oneof(fc.constant([]), names(1)), query }).map((item) => ({ ...item, at }));
  return fc.record({
    commonTables:
      inner === undefined ? fc.constant([]) : fc.uniqueArray(commonTable(inner), { maxLength: 2, selector: (item) => item.name }),
    body: fc.oneof({ arbitrary: select, weight: 3 }, setOperation),
    orderBy: fc.oneof(orderOf(expression), fc.constantFrom({ all: 'ascending' as const }, { all: 'descending' as const })),
    limit: maybe(fc.nat(1000)),
    offset: maybe(fc.nat(1000)),
  });
}

function selectOf(expression: fc.Arbitrary<Expression>, inner: fc.Arbitrary<Query> | undefined): fc.Arbitrary<Select> {
  const star = fc
    .record({
      table: fc.oneof(fc.constant(''), anyName),
      exclude: names(0).map((list) => list.toSorted()),
      replace: fc.array(fc.record({ name: fc.constantFrom('r1', 'r2'), expression }), { maxLength: 1 }),
    })
    .map((item): SelectItem => ({ expression: { kind: 'star', ...item, at }, alias: '' }));
  const item = fc.oneof({ arbitrary: fc.record({ expression, alias: fc.oneof(fc.constant(''), anyName) }), weight: 4 }, star);
  return fc.record({
    kind: fc.constant('select' as const),
    distinct: fc.boolean(),
    items: fc.array(item, { minLength: 1, maxLength: 3 }),
    from: maybe(fromOf(expression, inner, 2)),
    where: maybe(expression),
    grouping: groupingOf(expression),
    having: maybe(expression),
    qualify: maybe(expression),
    at: fc.constant(at),
  });
}

function fromOf(expression: fc.Arbitrary<Expression>, inner: fc.Arbitrary<Query> | undefined, depth: number): fc.Arbitrary<FromItem> {
  const table = fc
    .tuple(anyName, aliased)
    .map(([name, { alias, columns }]): FromItem => ({ kind: 'table', table: name, alias, columns, at }));
  const subquery = (query: fc.Arbitrary<Query>) =>
    fc.tuple(query, aliased).map(([asked, { alias, columns }]): FromItem => ({ kind: 'subquery', query: asked, alias, columns, at }));
  const values = fc
    .tuple(
      fc
        .integer({ min: 1, max: 2 })
        .chain((width) => fc.array(fc.array(expression, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 2 })),
      aliased,
    )
    .map(([rows, { alias, columns }]): FromItem => ({ kind: 'values', rows, alias, columns, at }));
  const leaf = fc.oneof({ arbitrary: table, weight: 3 }, values, ...(inner === undefined ? [] : [subquery(inner)]));
  return depth === 0 ? leaf : fc.oneof(leaf, joinOf(expression, fromOf(expression, inner, depth - 1)));
}

/** A list of columns stands behind an alias only. */
const aliased = fc.oneof(
  fc.constant({ alias: '', columns: [] }),
  fc.record({ alias: anyName, columns: fc.oneof(fc.constant([]), names(1)) }),
);

function joinOf(expression: fc.Arbitrary<Expression>, side: fc.Arbitrary<FromItem>): fc.Arbitrary<JoinItem> {
  const condition = fc.oneof(fc.record({ on: expression, using: fc.constant([]) }), fc.record({ on: fc.constant(null), using: names(1) }));
  return fc
    .tuple(fc.constantFrom('inner' as const, 'left' as const, 'semi' as const, 'anti' as const, 'cross' as const), side, side, condition)
    .map(([join, left, right, { on, using }]) => ({
      kind: 'join',
      join,
      left,
      right,
      on: join === 'cross' ? null : on,
      using: join === 'cross' ? [] : using,
      at,
    }));
}

const columnsOf = (minLength: number) =>
  fc
    .uniqueArray(anyName, { minLength, maxLength: 3 })
    .map((list) => list.map((name): Expression => ({ kind: 'column', path: [name], at })));

/** Plain grouping, ALL, and lists of sets of which the first names every column, so that their order is known. */
function groupingOf(expression: fc.Arbitrary<Expression>): fc.Arbitrary<Grouping | null> {
  const all = (expressions: readonly Expression[]) => expressions.map((_item, index) => index);
  const plain = fc
    .oneof(
      columnsOf(0),
      expression.map((item) => [item]),
    )
    .map((expressions) => ({ expressions, sets: [all(expressions)] }));
  const rollup = columnsOf(1).map((expressions) => ({
    expressions,
    sets: [[], ...expressions.map((_item, index) => all(expressions.slice(0, index + 1)))],
  }));
  const sets = columnsOf(1).chain((expressions) =>
    fc
      .array(fc.subarray([...all(expressions)]), { minLength: 1, maxLength: 3 })
      .map((more) => ({ expressions, sets: [all(expressions), ...more] })),
  );
  return fc.oneof(fc.constant(null), fc.constant('all' as const), plain, rollup, sets);
}
