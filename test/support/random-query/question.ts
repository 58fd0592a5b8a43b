import fc from 'fast-check';
import { conditions } from './condition.ts';
import { relations } from './relation.ts';
import type { Relation } from './relation-type.ts';
import type { World } from './world.ts';

/** One of a few texts, by weight. */
const weighed = (items: readonly (readonly [number, fc.Arbitrary<string>])[]): fc.Arbitrary<string> =>
  fc.oneof(...items.map(([weight, arbitrary]) => ({ weight, arbitrary })));

/** A grouping key of the relation. */
function keyOf(relation: Relation): fc.Arbitrary<string> {
  const number = fc.constantFrom(...relation.numbers);
  return weighed([
    ...(relation.texts.length === 0 ? [] : [[6, fc.constantFrom(...relation.texts.map((text) => text.name))] as const]),
    ...relation.dates.map((date) => [2, fc.constantFrom(`year(${date})`, `date_trunc('year', ${date})`, `quarter(${date})`)] as const),
    [1, number.map((column) => `floor(${column.name} / ${column.size})`)],
    [1, number.map((column) => `CASE WHEN ${column.name} < ${column.size} THEN 'low' ELSE 'high' END`)],
  ]);
}

/** Products of larger columns overflow the engine's types, and the job fails: see `gate-regressions.test.ts`. */
const SMALL = 5;

function aggregateOf(relation: Relation): fc.Arbitrary<string> {
  const number = fc.constantFrom(...relation.summed).map((column) => column.name);
  const factors = relation.summed.filter((column) => column.size <= SMALL).map((column) => column.name);
  const call = fc.constantFrom('sum', 'avg', 'count', 'sum');
  const filter = fc
    .oneof({ arbitrary: conditions(relation, 0), weight: 3 }, { arbitrary: conditions(relation, 1), weight: 1 })
    .map((condition) => ` FILTER (WHERE ${condition})`);
  return weighed([
    [5, fc.constant('count(*)')],
    [6, fc.tuple(call, number).map(([name, column]) => `${name}(${column})`)],
    [2, fc.constantFrom(...relation.units).map((unit) => `count(DISTINCT ${unit})`)],
    [2, filter.map((text) => `count(*)${text}`)],
    [3, fc.tuple(call, number, filter).map(([name, column, text]) => `${name}(${column})${text}`)],
    [
      1,
      fc
        .tuple(conditions(relation, 0), number, number)
        .map(([condition, a, b]) => `sum(CASE WHEN ${condition} THEN ${a} ELSE 2 * ${b} END)`),
    ],
    ...(factors.length === 0
      ? []
      : [[2, fc.tuple(fc.constantFrom(...factors), fc.constantFrom(...factors)).map(([a, b]) => `sum(${a} * ${b})`)] as const]),
    [1, conditions(relation, 0).map((condition) => `count(*) FILTER (WHERE ${condition}) * 1.0 / count(*)`)],
    [1, conditions(relation, 0).map((condition) => `bool_or(${condition})`)],
  ]);
}

interface Shape {
  readonly relation: Relation;
  readonly keys: readonly string[];
  readonly aggregates: readonly string[];
  readonly where: string | null;
  readonly above: 'plain' | 'rollup' | 'sets' | 'having' | 'order' | 'limit' | 'outer';
}

function sqlOf({ relation, keys, aggregates, where, above }: Shape): string {
  const items = [...keys.map((key, index) => `${key} AS k${index}`), ...aggregates.map((item, index) => `${item} AS a${index}`)].join(', ');
  const conditions = [...relation.conditions, ...(where === null ? [] : [relation.conditions.length > 0 ? `(${where})` : where])];
  const places = keys.map((_, index) => String(index + 1)).join(', ');
  const grouped =
    keys.length === 0
      ? ''
      : ` GROUP BY ${above === 'rollup' ? `ROLLUP (${keys.join(', ')})` : above === 'sets' ? `GROUPING SETS (${keys.map((key) => `(${key})`).join(', ')}, ())` : places}`;
  const body = `${relation.head}SELECT ${items} FROM ${relation.from}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}${grouped}`;
  if (above === 'having') return `${body} HAVING ${aggregates[0]} > 20`;
  if (above === 'order') return `${body} ORDER BY a0 DESC`;
  if (above === 'limit') return `${body} ORDER BY a0 DESC LIMIT 2`;
  return above === 'outer' && relation.head === '' ? `SELECT * FROM (${body}) AS t WHERE a0 > 15` : body;
}

/** SQL of the language over the tables of a world. */
export function questions(world: World): fc.Arbitrary<string> {
  return relations(world).chain((relation) =>
    fc
      .record({
        relation: fc.constant(relation),
        keys: fc.oneof(
          { arbitrary: fc.uniqueArray(keyOf(relation), { maxLength: 1 }), weight: 5 },
          { arbitrary: fc.uniqueArray(keyOf(relation), { minLength: 2, maxLength: 2 }), weight: 1 },
        ),
        aggregates: fc.uniqueArray(aggregateOf(relation), { minLength: 1, maxLength: 3 }),
        where: fc.option(
          fc.oneof(
            { arbitrary: conditions(relation, 0), weight: 3 },
            { arbitrary: conditions(relation, 1), weight: 2 },
            { arbitrary: conditions(relation, 2), weight: 1 },
          ),
          { freq: 1 },
        ),
        above: fc.constantFrom<Shape['above']>(
          'plain',
          'plain',
          'plain',
          'plain',
          'plain',
          'plain',
          'rollup',
          'sets',
          'having',
          'order',
          'limit',
          'outer',
        ),
      })
      .map(sqlOf),
  );
}
