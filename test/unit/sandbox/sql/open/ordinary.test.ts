import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkOpen } from '../../../../../src/sandbox/sql/open/check-open.ts';
import { printOpenQuery } from '../../../../../src/sandbox/sql/open/print.ts';
import { releasedRelation } from '../../../../../src/sandbox/sql/open/relation.ts';
import type { OpenTable } from '../../../../../src/sandbox/sql/open/scope.ts';
import { parse } from '../../../../../src/sandbox/sql/read/parse.ts';
import { TestEngine } from './engine.ts';

const G0_COLUMNS = [
  { name: 'city', type: 'VARCHAR' },
  { name: 'month', type: 'DATE' },
  { name: 'n', type: 'BIGINT' },
  { name: 'revenue', type: 'DECIMAL(38,2)' },
  { name: 'avg_age', type: 'DOUBLE' },
];
const G0_ROWS = Array.from({ length: 60 }, (_, i) => [
  ['杭州', '宁波', '温州', 'Jiaxing'][i % 4] ?? '',
  `2024-${String(1 + Math.floor(i / 5)).padStart(2, '0')}-01`,
  10 + ((i * 37) % 91),
  `${(i * 7919) % 100_000}.${String(i % 100).padStart(2, '0')}`,
  i % 11 === 0 ? null : 20 + i * 0.37,
]);
const CITY_COLUMNS = [
  { name: 'city', type: 'VARCHAR' },
  { name: 'province', type: 'VARCHAR' },
  { name: 'pop', type: 'INTEGER' },
];
const CITY_ROWS = [
  ['杭州', '浙江', 1200],
  ['宁波', '浙江', 960],
  ['Jiaxing', '浙江', 550],
  ['上海', '上海', 2400],
];
const TABLES: Readonly<Record<string, OpenTable>> = {
  __g0: { sql: `(${releasedRelation(G0_COLUMNS, G0_ROWS)})`, columns: G0_COLUMNS },
  cities: { sql: `(${releasedRelation(CITY_COLUMNS, CITY_ROWS)})`, columns: CITY_COLUMNS },
};

/** What analysts write, with an order that leaves no ties. */
const QUERIES = [
  'SELECT city, sum(n) AS n, round(sum(revenue)/sum(n),2) AS arpu FROM __g0 GROUP BY city HAVING sum(n) > 100 ORDER BY arpu DESC LIMIT 3',
  'SELECT city, month, sum(revenue) OVER (PARTITION BY city ORDER BY month) AS run, revenue - lag(revenue) OVER (PARTITION BY city ORDER BY month, revenue) AS delta FROM __g0 ORDER BY city, month, revenue',
  "WITH m AS (SELECT date_trunc('quarter', month) AS q, city, sum(n) AS n FROM __g0 GROUP BY ALL) SELECT q, city, n, 100.0*n/sum(n) OVER (PARTITION BY q) AS pct, rank() OVER (PARTITION BY q ORDER BY n DESC) AS r FROM m QUALIFY r <= 2 ORDER BY q, r",
  'SELECT c.province, sum(g.n) AS n, count(DISTINCT g.city) AS cities, 1000.0*sum(g.n)/max(c.pop) AS rate FROM __g0 g LEFT JOIN cities c ON g.city = c.city GROUP BY c.province ORDER BY 1',
  "SELECT CASE WHEN n < 30 THEN 'low' WHEN n < 60 THEN 'mid' ELSE 'high' END AS band, count(*) AS c, avg(avg_age) AS a FROM __g0 GROUP BY 1 ORDER BY 2 DESC",
  'SELECT city FROM __g0 WHERE city IN (SELECT city FROM cities WHERE pop > 600) GROUP BY city UNION ALL SELECT province AS city FROM cities ORDER BY 1',
  "SELECT city, strftime(month, '%Y年%m月') AS m, extract(year FROM month) AS y, month + INTERVAL 1 MONTH AS nxt, datediff('day', DATE '2024-01-01', month) AS d FROM __g0 WHERE month BETWEEN DATE '2024-02-01' AND DATE '2024-05-01' AND city LIKE '%州' ORDER BY ALL",
  'SELECT median(n) AS med, quantile_cont(revenue, 0.9) AS q, stddev_samp(n) AS s, corr(n, revenue) AS c, regr_slope(revenue, n) AS b, max(revenue) - min(revenue) AS spread FROM __g0',
  "SELECT city, sum(n) FILTER (WHERE month < DATE '2024-06-01') AS h1, sum(n) FILTER (WHERE month >= DATE '2024-06-01') AS h2, h2 - h1 AS growth FROM __g0 GROUP BY city ORDER BY growth",
  'SELECT city, grouping(city) AS g, sum(n) AS n FROM __g0 GROUP BY ROLLUP (city) ORDER BY g, city',
  "SELECT DISTINCT city, upper(city) || '-' || length(city) AS k, coalesce(nullif(city, '杭州'), '?') AS z FROM __g0 ORDER BY k",
  'SELECT * FROM __g0 WHERE n = (SELECT max(n) FROM __g0) ORDER BY month',
  'SELECT month, avg(n) OVER (ORDER BY month ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS ma, first_value(n) OVER (ORDER BY month, n) AS f FROM (SELECT month, sum(n) AS n FROM __g0 GROUP BY month) ORDER BY month',
  'SELECT a.city, b.city AS other, a.pop - b.pop AS gap FROM cities a JOIN cities b ON a.pop > b.pop ORDER BY gap',
  "SELECT province, string_agg(city, '、' ORDER BY pop DESC) AS list FROM cities GROUP BY province ORDER BY province",
  'SELECT city, n, ntile(4) OVER (ORDER BY n DESC, revenue) AS quartile, percent_rank() OVER (ORDER BY n) AS pr FROM __g0 ORDER BY n, revenue',
  'SELECT g.city, g.n FROM __g0 g WHERE EXISTS (SELECT 1 FROM cities c WHERE c.city = g.city AND c.pop > g.n * 10) ORDER BY g.n, g.city, g.revenue',
  'SELECT city, sum(avg_age * n) / sum(n) AS w FROM __g0 WHERE avg_age IS NOT NULL GROUP BY city ORDER BY city',
  'SELECT city, sum(avg_age) OVER (ORDER BY city) AS run FROM __g0 ORDER BY city, n, revenue',
  'SELECT * EXCLUDE (month) REPLACE (n * 2 AS n) FROM __g0 ORDER BY n, revenue LIMIT 4',
  'SELECT city, n FROM __g0 EXCEPT SELECT city, n FROM __g0 WHERE n > 20 ORDER BY n',
  'SELECT sum(sum(n)) OVER (ORDER BY month) AS cum, month FROM __g0 GROUP BY month ORDER BY month',
  'SELECT least(n, 50) AS l, greatest(n, 20.5) AS g, abs(-n) AS a, -n AS neg, n % 7 AS m, n // 7 AS q, n / 7 AS d, n ** 2 AS p, sqrt(n) AS s, ln(n) AS ln, round(avg_age) AS r FROM __g0 ORDER BY n, revenue',
];

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.open(2);
  for (const [name, table] of Object.entries(TABLES)) await engine.ask(`CREATE TABLE ${name} AS ${table.sql.slice(1, -1)}`);
});
afterAll(() => {
  engine.close();
});

/** Numbers to twelve digits: sums of DOUBLE are added in another order here. */
function rounded(rows: readonly (readonly unknown[])[]): unknown {
  return rows.map((row) => row.map((value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value)));
}

test.each(QUERIES)('%s', async (sql) => {
  const tree = String((await engine.ask(`SELECT json_serialize_sql('${sql.replaceAll("'", "''")}')::VARCHAR`)).rows[0]?.[0]);
  const parsed = parse(sql, tree);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  expect(checkOpen(parsed.value.query)).toEqual([]);
  const ours = await engine.ask(printOpenQuery(parsed.value.query, (name) => TABLES[name]));
  const theirs = await engine.ask(sql);
  expect(ours.names).toEqual(theirs.names);
  expect(ours.types).toEqual(theirs.types);
  expect(rounded(ours.rows)).toEqual(rounded(theirs.rows));
});
