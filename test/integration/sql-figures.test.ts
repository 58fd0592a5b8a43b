import { afterAll, beforeAll, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv, type GateBench, gateBench } from '../support/gate-bench.ts';
import { querySealed } from '../support/loading.ts';

const DECLARATION = {
  dataset: 'figures',
  ...DECLARED_HEAD,
  tables: {
    people: {
      file: 'people.csv',
      visibility: 'protected',
      primaryKey: ['id'],
      foreignKeys: [],
      units: { person: ['id'] },
      columns: {
        id: { type: 'INTEGER', label: 'personal', role: 'unitId', nullable: false },
        town: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
        sex: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
        born: { type: 'DATE', label: 'personal', role: 'quasiId', nullable: false, bounds: ['1900-01-01', '2026-12-31'] },
        income: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: true, bounds: [0, 100000] },
        debt: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: true, bounds: [0, 100000] },
      },
    },
    trips: {
      file: 'trips.csv',
      visibility: 'protected',
      primaryKey: ['trip'],
      foreignKeys: [{ columns: ['id'], references: 'people.id' }],
      units: { person: ['id'] },
      columns: {
        trip: { type: 'INTEGER', label: 'personal', role: 'unitId', nullable: false },
        id: { type: 'INTEGER', label: 'personal', role: 'unitId', nullable: false },
        line: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
        day: { type: 'DATE', label: 'personal', role: 'quasiId', nullable: false, bounds: ['2020-01-01', '2026-12-31'] },
        fare: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: false, bounds: [0, 100] },
        entered: { type: 'TIMESTAMP', label: 'personal', role: 'quasiId', nullable: false, bounds: ['2020-01-01', '2026-12-31'] },
        left_at: { type: 'TIMESTAMP', label: 'personal', role: 'quasiId', nullable: true, bounds: ['2020-01-01', '2026-12-31'] },
      },
    },
  },
};

/** Two towns of 300, every group large: nothing is withheld, so that figures must be those of the engine. */
const PEOPLE = Array.from({ length: 600 }, (_, id) => [
  id,
  id % 2 === 0 ? '上城' : '下城',
  id % 3 === 0 ? 'F' : 'M',
  `${1950 + (id % 5) * 10}-${String((id % 12) + 1).padStart(2, '0')}-15`,
  id % 7 === 0 ? null : 1000 + (id % 40) * 500,
  id % 5 === 0 ? null : 500 + (id % 30) * 700,
]);
const TRIPS = Array.from({ length: 1500 }, (_, trip) => [
  trip,
  (trip * 7) % 500,
  trip % 4 === 0 ? '一号线' : '二号线',
  `2025-0${(trip % 6) + 1}-${String((trip % 27) + 1).padStart(2, '0')}`,
  2 + (trip % 9),
  clock(trip, trip * 67),
  trip % 11 === 0 ? null : clock(trip, trip * 67 + (trip % 100) * 61),
]);

/** So many seconds after eight o'clock of a day in January. */
function clock(trip: number, seconds: number): string {
  const start = Date.UTC(2025, 0, (trip % 27) + 1, 8);
  return new Date(start + (seconds % 86_400) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

let bench: GateBench;

beforeAll(async () => {
  bench = await gateBench(DECLARATION, {
    'people.csv': csv(['id', 'town', 'sex', 'born', 'income', 'debt'], PEOPLE),
    'trips.csv': csv(['trip', 'id', 'line', 'day', 'fare', 'entered', 'left_at'], TRIPS),
  });
}, 60_000);

afterAll(() => bench.close());

/** Texts whose literals lie on the grid already: the gate must answer what the engine does. */
test.each([
  'SELECT town, sum(greatest(income, 8000)) AS g, sum(least(income, 8000)) AS l FROM people GROUP BY town ORDER BY town',
  'SELECT sum(greatest(income, debt)) AS g, sum(least(debt, income)) AS l FROM people',
  'SELECT avg(greatest(income, 4000)) AS a, avg(least(debt, 5000)) AS b FROM people',
  'SELECT sum(greatest(income - 5000, 0)) AS g FROM people',
  'SELECT sum(least(greatest(income, 4000), 12000)) AS g FROM people',
  'SELECT sum(greatest(income, debt, 5000)) AS g FROM people',
  'SELECT town, avg(coalesce(income, 0)) AS a FROM people GROUP BY town ORDER BY town',
  'SELECT avg(coalesce(income, debt, 0)) AS b FROM people',
  "SELECT avg(CASE WHEN sex = 'F' THEN income ELSE 0 END) AS a, avg(CASE WHEN sex = 'F' THEN income END) AS b FROM people",
  'SELECT count(*) AS n FROM people WHERE greatest(income, 4000) >= 12000',
  'SELECT 2025 - year(born) AS age, count(*) AS n FROM people GROUP BY age ORDER BY age',
  'SELECT floor((2025 - year(born)) / 20) * 20 AS band, count(*) AS n FROM people GROUP BY band ORDER BY band',
  'SELECT avg(2025 - year(born)) AS a FROM people',
  'SELECT count(*) AS n FROM people WHERE 2025 - year(born) >= 55',
  'SELECT count(*) AS n FROM people WHERE 2025 - year(born) = 55',
  "SELECT date_sub('year', born, DATE '2025-06-30') AS age, count(*) AS n FROM people GROUP BY age ORDER BY age",
  "SELECT count(*) AS n FROM people WHERE date_sub('year', born, DATE '2025-06-30') >= 45",
  "SELECT count(*) AS n FROM people WHERE date_sub('year', born, DATE '2025-06-30') < 45",
  "SELECT count(*) AS n FROM people WHERE date_sub('year', born, DATE '2025-06-30') = 45",
  'SELECT year(day) * 100 + month(day) AS m, sum(fare) AS s FROM trips GROUP BY m ORDER BY m',
  "SELECT year(day) || '-' || lpad(month(day)::VARCHAR, 2, '0') AS m, count(*) AS n FROM trips GROUP BY m ORDER BY m",
  "SELECT concat(town, '/', sex) AS k, count(*) AS n FROM people GROUP BY k ORDER BY k",
  "SELECT strftime(day, '%Y/%m') AS m, count(*) AS n FROM trips GROUP BY m ORDER BY m",
  "SELECT count(*) AS n FROM trips WHERE regexp_matches(line, '^一')",
  "SELECT count(*) AS n FROM trips WHERE NOT regexp_matches(line, '^(一|三)') AND regexp_full_match(line, '.*线')",
  "SELECT count(*) AS n FROM people WHERE (town, sex) IN (('上城', 'F'), ('下城', 'M'))",
  "SELECT count(*) AS n FROM people WHERE (town, sex) <> ('上城', 'F')",
  'SELECT count(DISTINCT trip) AS n FROM trips',
  'SELECT town, sum((SELECT sum(fare) FROM trips t WHERE t.id = p.id)) AS s, avg((SELECT count(*) FROM trips t WHERE t.id = p.id)) AS c FROM people p GROUP BY town ORDER BY town',
  'SELECT (SELECT count(*) FROM trips t WHERE t.id = p.id) AS c, count(*) AS n FROM people p GROUP BY c ORDER BY c',
  'SELECT avg(n) AS a FROM (SELECT p.id, (SELECT count(*) FROM trips t WHERE t.id = p.id) AS n FROM people p)',
  "SELECT count(*) AS n FROM (SELECT id FROM people EXCEPT SELECT id FROM trips WHERE line = '一号线')",
  "SELECT count(*) AS n FROM (SELECT id FROM trips WHERE line = '一号线' INTERSECT SELECT id FROM people WHERE sex = 'F')",
  "SELECT count(*) AS n FROM (SELECT id FROM trips WHERE line = '一号线' UNION SELECT id FROM people WHERE sex = 'F')",
  "SELECT count(*) AS n FROM trips a JOIN trips b USING (id) WHERE date_diff('day', a.day, b.day) BETWEEN 40 AND 80",
  'SELECT count(*) AS n FROM trips a JOIN trips b USING (id) WHERE b.day - a.day > 40',
  "SELECT count(*) AS n FROM trips WHERE date_diff('minute', entered, left_at) <= 30",
  "SELECT count(*) AS n FROM trips WHERE NOT date_diff('minutes', entered, left_at) = 30",
  "SELECT count(*) AS n FROM trips WHERE date_diff('second', left_at, entered) BETWEEN -1800 AND -600",
  "SELECT count(*) AS n FROM trips WHERE date_sub('hour', entered, left_at) < 1",
  "SELECT count(*) AS n FROM trips WHERE date_diff('hour', entered, left_at) > 0 AND date_diff('day', entered, left_at) = 0",
  "SELECT count(*) AS n FROM trips a JOIN trips b USING (id) WHERE date_diff('month', a.day, b.day) >= 2",
  "SELECT count(*) AS n FROM trips a JOIN trips b USING (id) WHERE date_sub('week', a.day, b.day) >= 4",
  "SELECT avg(m) AS a, sum(m) AS s FROM (SELECT id, count(DISTINCT date_trunc('month', day)) AS m FROM trips GROUP BY id)",
  "SELECT count(*) AS n FROM (SELECT id, count(DISTINCT month(day)) AS m FROM trips WHERE line = '二号线' GROUP BY id) WHERE m >= 2",
  "SELECT CASE WHEN date_diff('minute', entered, left_at) <= 30 THEN '短' ELSE '长' END AS k, count(*) AS n, sum(fare) AS s FROM trips GROUP BY k ORDER BY k",
  'SELECT sum(fare), sum(fare), count(*), count(*) FROM trips',
  "SELECT count(*) AS n FROM trips WHERE date_trunc('quarter', day) = DATE '2025-04-01'",
  "SELECT count(*) AS n FROM trips WHERE date_trunc('year', entered) <> DATE '2025-01-01' OR date_trunc('month', day) <= DATE '2025-03-17'",
  "SELECT count(*) AS n FROM trips WHERE date_trunc('month', day) <> DATE '2025-01-31'",
  "SELECT line, count(*) AS n FROM trips WHERE strftime(day, '%Y-%m') IN ('2025-02', '2025-05') GROUP BY line ORDER BY line",
  "SELECT line, count(*) AS n FROM trips WHERE strftime(day, '%Y/%m/%d') >= '2025/02/01' AND left(CAST(day AS VARCHAR), 7) < '2025-05' GROUP BY line ORDER BY line",
  'SELECT count(*) AS n FROM trips WHERE year(day) * 100 + month(day) BETWEEN 202502 AND 202504 AND dayofweek(day) + 1 NOT IN (1, 7)',
  "SELECT count(*) AS n FROM trips WHERE CAST(entered AS DATE) >= DATE '2025-01-01' AND CAST(entered AS DATE) <= DATE '2025-01-31'",
  "SELECT count(*) AS n FROM people WHERE town >= '上' AND town < '下城'",
  'SELECT a.line, b.line, count(DISTINCT a.id) AS n FROM trips a JOIN trips b ON a.id = b.id AND a.line < b.line GROUP BY 1, 2',
  "SELECT date_sub('year', born, DATE '2024-12-31') // 10 * 10 AS b, count(*) AS n FROM people GROUP BY b ORDER BY b",
  "SELECT avg(date_diff('day', day, entered)) AS a, avg(date_diff('year', day, left_at)) AS y FROM trips",
  'SELECT trunc(income, -4) AS b, count(*) AS n FROM people WHERE income IS NOT NULL GROUP BY b ORDER BY b',
  'SELECT sum(income - debt) AS s, avg(income - debt) AS a FROM people',
  "WITH w(l, k) AS (VALUES ('一号线', 'a'), ('二号线', 'b')) SELECT w.k, count(*) AS n, sum(fare) AS s FROM trips JOIN w ON w.l = trips.line GROUP BY w.k ORDER BY w.k",
  'WITH w(l, n) AS (SELECT line, count(*) FROM trips GROUP BY line) SELECT line, max(w.n) AS n FROM trips JOIN w ON w.l = trips.line GROUP BY line ORDER BY line',
])('%s', async (sql) => {
  const answered = await bench.ask(sql);
  if (!answered.ok) throw new Error(JSON.stringify(answered.error));
  const { version, sealedPath } = bench.context;
  const plain = await querySealed(bench.enclave, sealedPath, version.digest, sql);
  const rounded = (rows: readonly (readonly unknown[])[]): unknown => rows.map((row) => row.map(comparable));
  expect(rounded(answered.value.table.rows)).toEqual(rounded(plain));
});

/** What reviewers read and the record keeps is what ran. */
test.each([
  'SELECT sum(income - debt) AS s, avg(income - debt) AS a, count(*) AS n FROM people',
  'SELECT town, sum(2 * income + debt) AS s FROM people GROUP BY town ORDER BY town',
  "SELECT line, avg(date_diff('day', left_at, entered)) AS d FROM trips GROUP BY line ORDER BY line",
  "SELECT sum(CASE WHEN sex = 'F' THEN income - debt ELSE debt END) AS s FROM people",
])('the text that is shown gives the figures of %s', async (sql) => {
  const answered = await bench.ask(sql);
  if (!answered.ok) throw new Error(JSON.stringify(answered.error));
  const { version, sealedPath } = bench.context;
  const shown = await querySealed(bench.enclave, sealedPath, version.digest, answered.value.admitted.canonicalSql);
  const rounded = (rows: readonly (readonly unknown[])[]): unknown => rows.map((row) => row.map(comparable));
  expect(rounded(shown)).toEqual(rounded(answered.value.table.rows));
});

/** The sealed file has columns of its own, which a NATURAL JOIN there would find too. */
test.each([
  [
    'SELECT town, count(*) AS n FROM people NATURAL JOIN trips GROUP BY town',
    'SELECT town, count(*) AS n FROM people JOIN trips USING (id) GROUP BY town',
  ],
  [
    'SELECT count(trip) AS n, count(*) AS m FROM people NATURAL LEFT JOIN trips',
    'SELECT count(trip) AS n, count(*) AS m FROM people LEFT JOIN trips USING (id)',
  ],
  [
    'SELECT count(DISTINCT id) AS n FROM trips NATURAL RIGHT JOIN people',
    'SELECT count(DISTINCT id) AS n FROM trips RIGHT JOIN people USING (id)',
  ],
])('%s is %s', async (natural, spelled) => {
  const [first, second] = [await bench.ask(natural), await bench.ask(spelled)];
  if (!first.ok || !second.ok) throw new Error('One of the two is refused');
  expect(first.value.table.rows).toEqual(second.value.table.rows);
  expect(first.value.table.rows.length).toBeGreaterThan(0);
});

function comparable(value: unknown): unknown {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? Number(number.toPrecision(12)) : value;
}
