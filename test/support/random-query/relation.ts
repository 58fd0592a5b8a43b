import fc from 'fast-check';
import { conditions } from './condition.ts';
import type { NamedNumber, Relation } from './relation-type.ts';
import { AREAS, type ProtectedTable, type World } from './world.ts';

function over(table: ProtectedTable, alias: string): Relation {
  const numbers = table.numbers.map((column) => ({ name: `${alias}.${column.name}`, size: column.size }));
  return {
    head: '',
    from: `${table.name} AS ${alias}`,
    conditions: [],
    numbers,
    summed: numbers,
    texts: table.texts.map((text) => ({ name: `${alias}.${text.name}`, labels: text.labels })),
    dates: [`${alias}.${table.date}`],
    units: Object.values(table.units).map((column) => `${alias}.${column}`),
  };
}

function both(a: Relation, b: Relation, from: string, summed: Relation['summed']): Relation {
  return {
    ...a,
    from,
    summed,
    numbers: [...a.numbers, ...b.numbers],
    texts: [...a.texts, ...b.texts],
    dates: [...a.dates, ...b.dates],
    units: [...new Set([...a.units, ...b.units.filter((unit) => !unit.endsWith('.person_id'))])],
  };
}

/** Features of one unit: a query that groups by it. */
function features(table: ProtectedTable): fc.Arbitrary<{ readonly sql: string; readonly numbers: readonly NamedNumber[] }> {
  const rows = over(table, 'm');
  const [first] = rows.numbers;
  const column = fc
    .constantFrom(...rows.numbers)
    .chain((number) => fc.constantFrom('sum', 'max', 'min', 'avg').map((name) => ({ text: `${name}(${number.name})`, size: number.size })));
  return fc
    .record({
      column,
      where: fc.option(conditions(rows, 0), { freq: 1 }),
      filter: fc.option(conditions(rows, 0), { freq: 1 }),
      counted: fc.option(conditions(rows, 0), { freq: 1 }),
      having: fc.option(fc.constantFrom(1, 2), { freq: 1 }),
    })
    .map(({ column: { text, size }, where, filter, counted, having }) => ({
      sql: `SELECT m.person_id, count(*)${counted === null ? '' : ` FILTER (WHERE ${counted})`} AS n, ${text}${filter === null ? '' : ` FILTER (WHERE ${filter})`} AS x FROM ${table.name} AS m${where === null ? '' : ` WHERE ${where}`} GROUP BY m.person_id${having === null ? '' : ` HAVING count(*) > ${having}`}`,
      numbers: [
        { name: 'f.n', size: 2 },
        { name: 'f.x', size: first === undefined ? 1 : size },
      ],
    }));
}

function semiJoined(people: Relation, table: ProtectedTable): fc.Arbitrary<Relation> {
  const rows = over(table, 'm');
  return fc.tuple(fc.constantFrom('EXISTS', 'NOT EXISTS', 'IN', 'NOT IN'), conditions(rows, 1)).map(([word, condition]) => ({
    ...people,
    conditions: [
      word.endsWith('IN')
        ? `p.person_id ${word} (SELECT m.person_id FROM ${table.name} AS m WHERE ${condition})`
        : `${word} (SELECT 1 FROM ${table.name} AS m WHERE m.person_id = p.person_id AND ${condition})`,
    ],
  }));
}

function ofMany(people: Relation, own: ProtectedTable, table: ProtectedTable): fc.Arbitrary<Relation> {
  const many = over(table, 'm');
  const joined = fc.constant(both(many, people, `${table.name} AS m JOIN people AS p ON m.person_id = p.person_id`, many.numbers));
  const left = fc
    .option(conditions(many, 1))
    .map((condition) =>
      both(
        people,
        many,
        `people AS p LEFT JOIN ${table.name} AS m ON m.person_id = p.person_id${condition === null ? '' : ` AND ${condition}`}`,
        many.numbers,
      ),
    );
  const perUnit = features(table).map(
    ({ sql, numbers }): Relation => ({
      ...people,
      from: `people AS p JOIN (${sql}) AS f ON f.person_id = p.person_id`,
      numbers: [...people.numbers, ...numbers],
      summed: [...people.numbers, ...numbers],
    }),
  );
  const optional = features(table).map(
    ({ sql, numbers }): Relation => ({
      ...people,
      head: `WITH f AS (${sql}) `,
      from: 'people AS p LEFT JOIN f ON f.person_id = p.person_id',
      numbers: [...people.numbers, ...numbers],
      summed: [...people.numbers, ...numbers],
    }),
  );
  const hasFirms = 'firm' in table.units;
  // Branches of different types give a figure that its column cannot hold: see `gate-regressions.test.ts`.
  const pairs = table.numbers.flatMap((a) => own.numbers.map((b) => ({ a, b: { type: b.type, name: `p.${b.name}`, size: b.size } })));
  const same = pairs.filter(({ a, b }) => a.type === b.type);
  const filtered = (rows: Relation): fc.Arbitrary<string> =>
    fc.option(conditions(rows, 0)).map((text) => (text === null ? '' : ` WHERE ${text}`));
  const pair = same.length === 0 ? fc.constantFrom(...pairs) : fc.constantFrom(...same);
  const union = fc.tuple(filtered(people), filtered(many), pair).map(
    ([first, second, { a, b }]): Relation => ({
      ...people,
      from: `(SELECT p.person_id AS u, ${b.name} AS x FROM people AS p${first} UNION ALL SELECT m.person_id, m.${a.name} FROM ${table.name} AS m${second}) AS f`,
      numbers: [{ name: 'f.x', size: Math.max(a.size, b.size) }],
      summed: [{ name: 'f.x', size: Math.max(a.size, b.size) }],
      texts: [],
      dates: [],
      units: ['f.u'],
    }),
  );
  return fc.oneof(
    fc.constant(many),
    fc.constant(many),
    joined,
    left,
    perUnit,
    optional,
    ...(hasFirms ? [] : [semiJoined(people, table), semiJoined(people, table), ...(same.length > 0 ? [union] : [])]),
  );
}

/** What a question can be about. */
export function relations(world: World): fc.Arbitrary<Relation> {
  const people = over(world.people, 'p');
  const withAreas: Relation = {
    ...people,
    from: 'people AS p JOIN areas AS a ON p.area = a.area',
    texts: [...people.texts.slice(1), { name: 'a.zone', labels: ['west', 'east'] }],
  };
  const above = fc
    .constantFrom(...world.people.numbers)
    .map((column): Relation => ({ ...people, conditions: [`p.${column.name} > (SELECT avg(${column.name}) FROM people)`] }));
  const among = fc
    .constantFrom(5, 20, 40)
    .map(
      (least): Relation => ({ ...people, conditions: [`p.area IN (SELECT area FROM people GROUP BY area HAVING count(*) > ${least})`] }),
    );
  const some = fc.constantFrom(...AREAS).map((area): Relation => ({ ...people, conditions: [`p.area <> '${area}'`] }));
  return fc.oneof(
    { arbitrary: fc.constant(people), weight: 5 },
    { arbitrary: fc.constant(withAreas), weight: 1 },
    { arbitrary: fc.oneof(above, among, some), weight: 1 },
    { arbitrary: fc.oneof(...world.many.map((table) => ofMany(people, world.people, table))), weight: 8 },
  );
}
