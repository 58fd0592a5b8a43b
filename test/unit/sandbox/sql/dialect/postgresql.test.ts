import { beforeAll, expect, test } from 'vitest';
import { openTables, type Rows } from './translated-rows.ts';

let rows: Awaited<ReturnType<typeof openTables>>;
beforeAll(async () => {
  rows = await openTables();
});

/** Expected rows follow the PostgreSQL 17 manual. */
const CORPUS: readonly (readonly [string, Rows])[] = [
  [
    "SELECT to_char(DATE '2026-05-31', 'YYYY-\"Q\"Q'), to_char(DATE '2026-05-31', 'YYYY\"年\"MM\"月\"'), to_char(DATE '2026-05-31', '\"q\"Q')",
    [['2026-Q2', '2026年05月', 'q2']],
  ],
  [
    'SELECT width_bucket(-1, 0, 3, 2), width_bucket(0, 0, 3, 2), width_bucket(1.5, 0, 3, 2), width_bucket(3, 0, 3, 2), width_bucket(-0.5, -1, 1, 4)',
    [[0, 1, 2, 3, 2]],
  ],
  ['WITH t AS NOT MATERIALIZED (SELECT 1 AS n) SELECT n FROM t', [[1]]],
  // Names, strings, numbers
  [
    'SELECT "城市" AS "城", COUNT(*) AS n FROM "订单" GROUP BY "城市" ORDER BY "城市"',
    [
      ['宁波', 2],
      ['杭州', 2],
      [null, 1],
    ],
  ],
  ["SELECT 城市, count(*) FROM 订单 WHERE 城市 = '杭州' GROUP BY 城市", [['杭州', 2]]],
  ["SELECT 'it''s', 'a\\', 'C:\\x'", [["it's", 'a\\', 'C:\\x']]],
  ['SELECT 1 /* a /* nested */ comment */ AS "one", 2 -- the end', [[1, 2]]],
  ['SELECT .5, 1e3, 12345678901234567890 - 12345678901234567889', [[0.5, 1000, 1]]],
  ['SELECT "T"."id" FROM "订单" AS "T" WHERE "T"."id" = 1;', [[1]]],
  // Division of whole numbers cuts off, anything else does not
  ['SELECT 7 / 2, -7 / 2, 7 % 3, -7 % 3, 7 / 2.0, 7::numeric / 2, 7 / 2 * 2.0', [[3, -3, 1, -1, 3.5, 3.5, 6]]],
  ['SELECT sum(amount) / count(*), sum(amount) / count(*)::float, avg(amount) / 2 FROM 订单', [[13, 13.4, 8.375]]],
  ['SELECT 100 * count(*) FILTER (WHERE amount > 10) / count(*) FROM 订单', [[40]]],
  ['SELECT 100.0 * count(*) FILTER (WHERE amount > 10) / count(*) FROM 订单', [[40]]],
  ['SELECT count(amount) / nullif(count(*), 0), round(count(amount)::numeric / count(*), 2) FROM 订单', [[0, 0.8]]],
  ['SELECT sum(price) / count(price), extract(day FROM d) / 2 FROM 订单 WHERE id = 1 GROUP BY d', [[1.5, 15.5]]],
  ['SELECT length(memo) / 2, sum(id) / 2 FROM 订单 WHERE id = 1 GROUP BY memo', [[1, 0]]],
  [
    'SELECT coalesce(amount, 0) / 3, coalesce(amount, 0.0) / 4, CASE WHEN vip THEN 1 ELSE 2.0 END / 4 FROM 订单 WHERE id = 1',
    [[3, 2.5, 0.25]],
  ],
  // Precedence
  ['SELECT 2 + 3 * 4 - 10 / 5 / 2, -(2 + 3), 10 - 4 - 3, 2 * (3 + 4), - 2 + 5', [[13, -5, 3, 14, 3]]],
  ["SELECT 1 + 2 || 'x', 'a' || 'b' = 'ab', 'n' || 2 * 3", [['3x', true, 'n6']]],
  ['SELECT -2::int + 5, (1 + 2)::text || 4, 7::float / 2', [[3, 34, 3.5]]],
  ['SELECT id FROM 订单 WHERE id = 1 OR id = 2 AND amount > 100 ORDER BY id', [[1]]],
  ['SELECT id FROM 订单 WHERE amount > 5 AND id = 1 OR id = 4 AND amount IS NULL ORDER BY id', [[1], [4]]],
  ['SELECT id FROM 订单 WHERE NOT id = 1 AND NOT id BETWEEN 3 AND 5', [[2]]],
  ['SELECT id FROM 订单 WHERE NOT vip OR id = 1 AND vip ORDER BY id', [[1], [2], [5]]],
  ['SELECT id FROM 订单 WHERE amount BETWEEN 10 AND 10 + 10 AND id <> 2', [[1]]],
  // One call in parentheses, which the grammar does not take
  ['SELECT (count(*))::float / 2, 2 * (count(*) FILTER (WHERE amount > 10)) / (count(*)), (-(count(*))) FROM 订单', [[2.5, 0, -5]]],
  ['SELECT (count(*) - 1) * 2, id IN (1), ((count(*)) + 1) * 2 FROM 订单 GROUP BY id HAVING id = 1', [[0, true, 4]]],
  // Ordered sets
  ['SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id), percentile_disc(0.25) WITHIN GROUP (ORDER BY id ASC) FROM 订单', [[3, 2]]],
  ['SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (id + 1) * 2) / (count(*)) FROM 订单', [[1.6]]],
  // Conditions
  ['SELECT id FROM 订单 WHERE amount IS NOT DISTINCT FROM NULL OR 城市 IS NOT DISTINCT FROM NULL ORDER BY id', [[4], [5]]],
  ['SELECT id FROM 订单 WHERE vip IS DISTINCT FROM true AND id IS DISTINCT FROM 2 + 1 ORDER BY id', [[2], [5]]],
  ["SELECT id FROM 订单 WHERE memo ILIKE 'A%' ORDER BY id", [[1], [2], [5]]],
  ["SELECT id FROM 订单 WHERE memo NOT ILIKE 'a%' OR memo LIKE 'A%' ORDER BY id", [[2], [4]]],
  ['SELECT id FROM 订单 WHERE vip IS NOT TRUE ORDER BY id', [[2], [3], [5]]],
  ["SELECT id FROM 订单 WHERE id != 1 AND id IN (1, 2, 3) AND 城市 NOT IN ('宁波')", [[2]]],
  ["SELECT id FROM 订单 WHERE d >= '2024-02-01' AND d < '2024-03-01' ORDER BY id", [[2], [5]]],
  ["SELECT id FROM 订单 WHERE d IN ('2024-02-01', '2024-02-02') OR d BETWEEN '2023-01-01' AND '2023-12-31' ORDER BY id", [[4], [5]]],
  ['SELECT id FROM 订单 WHERE (id = 1 OR id = 2) AND amount > 10', [[2]]],
  // Functions
  ["SELECT concat('a', NULL, 1), 'a' || NULL, concat_ws('-', 'a', NULL, 'b')", [['a1', null, 'a-b']]],
  [
    "SELECT length('中a'), char_length('ab'), left('abc', 2), right('abc', 2), substring('abcd' FROM 2 FOR 2), substr('abcd', 3)",
    [[2, 2, 'ab', 'bc', 'bc', 'cd']],
  ],
  ['SELECT greatest(1, 3, NULL), least(4, 2, NULL)', [[3, 2]]],
  [
    'SELECT round(2.5), round(1.255, 2), floor(-1.5), ceil(1.2), trunc(-1.7), abs(-3), power(2, 10), log(100), ln(1)',
    [[3, 1.26, -2, 2, -1, 3, 1024, 2, 0]],
  ],
  ['SELECT stddev(id), stddev_pop(id * 2), variance(id), var_pop(id) FROM 订单', [[1.58113883, 2.828427125, 2.5, 2]]],
  ['SELECT corr(id, id), regr_slope(id * 2, id), regr_intercept(id * 2 + 1, id), covar_pop(id, id) FROM 订单', [[1, 2, 1, 2]]],
  ['SELECT bool_and(vip), bool_or(vip), every(id > 0) FROM 订单', [[false, true, true]]],
  [
    "SELECT CAST('12' AS integer), '2024-01-31'::date, 2.5::int, 1.005::numeric(10,2), CAST(1 AS double precision) / 4, 12::text",
    [[12, '2024-01-31', 3, 1.01, 0.25, 12]],
  ],
  // Aggregates
  [
    "SELECT count(*) FILTER (WHERE amount > 10), sum(amount) FILTER (WHERE 城市 = '杭州' AND vip), count(DISTINCT 城市) FROM 订单",
    [[2, 10, 2]],
  ],
  ['SELECT sum(CASE WHEN vip THEN amount ELSE 0 END), avg(price), min(d), max(amount) FROM 订单', [[10, 2.0625, '2023-12-31', 30]]],
  // Dates
  [
    "SELECT CAST(date_trunc('month', d) AS date) AS m, count(*) FROM 订单 GROUP BY date_trunc('month', d) ORDER BY 1",
    [
      ['2023-12-01', 1],
      ['2024-01-01', 1],
      ['2024-02-01', 2],
      ['2024-03-01', 1],
    ],
  ],
  [
    "SELECT extract(year FROM d), extract(quarter FROM d), date_part('month', d), extract(isodow FROM d), extract(dow FROM d), extract(doy FROM d) FROM 订单 WHERE id = 4",
    [[2023, 4, 12, 7, 0, 365]],
  ],
  [
    "SELECT to_char(ts, 'YYYY-MM-DD HH24:MI:SS'), to_char(d, 'YYYYMM'), to_char(d, 'YYYY年MM月') FROM 订单 WHERE id = 1",
    [['2024-01-31 23:30:00', 202401, '2024年01月']],
  ],
  [
    "SELECT CAST(d + INTERVAL '1 month' AS date), CAST(d - INTERVAL '2 days' AS date), CAST(d + INTERVAL '1' YEAR AS date) FROM 订单 WHERE id = 1",
    [['2024-02-29', '2024-01-29', '2025-01-31']],
  ],
  ["SELECT DATE '2024-03-01' - DATE '2024-02-01', d + 1 FROM 订单 WHERE id = 5", [[29, '2024-02-02']]],
  ["SELECT extract(year FROM age('2020-05-19', '2000-05-20')), date_part('year', age(DATE '2020-05-20', DATE '2000-05-20'))", [[19, 20]]],
  ["SELECT count(*) FROM 订单 WHERE ts >= TIMESTAMP '2024-02-01 00:00:00' AND ts < '2024-03-01'", [[2]]],
  // Clauses
  ['SELECT id FROM 订单 ORDER BY amount LIMIT 2', [[5], [1]]],
  ['SELECT id FROM 订单 ORDER BY amount DESC LIMIT 2', [[4], [3]]],
  ['SELECT id FROM 订单 ORDER BY amount DESC NULLS LAST LIMIT 2 OFFSET 1', [[2], [1]]],
  ['SELECT id FROM 订单 ORDER BY id OFFSET 3', [[4], [5]]],
  ['SELECT id FROM 订单 ORDER BY id OFFSET 1 ROWS FETCH FIRST 2 ROWS ONLY', [[2], [3]]],
  [
    'SELECT 城市, vip, count(*) FROM 订单 WHERE 城市 IS NOT NULL AND vip IS NOT NULL GROUP BY ROLLUP (城市, vip) ORDER BY 1, 2',
    [
      ['宁波', true, 1],
      ['宁波', null, 1],
      ['杭州', false, 1],
      ['杭州', true, 1],
      ['杭州', null, 2],
      [null, null, 3],
    ],
  ],
  [
    'SELECT 城市, grouping(城市), count(*) FROM 订单 GROUP BY GROUPING SETS ((城市), ()) ORDER BY 2, 1',
    [
      ['宁波', 0, 2],
      ['杭州', 0, 2],
      [null, 0, 1],
      [null, 1, 5],
    ],
  ],
  ['SELECT count(*) FROM (SELECT 1 FROM 订单 GROUP BY CUBE (vip, 城市)) AS s', [[12]]],
  [
    'SELECT id % 2 AS id, count(*) FROM 订单 GROUP BY id ORDER BY 2, 1',
    [
      [0, 1],
      [0, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  ],
  ['SELECT 城市 FROM 订单 GROUP BY 城市 HAVING count(*) > 1 AND sum(amount) = 30 ORDER BY 城市', [['宁波'], ['杭州']]],
  [
    'SELECT k.kind, sum(o.amount) FROM 订单 AS o INNER JOIN kinds AS k ON o.id = k.id GROUP BY k.kind ORDER BY 1',
    [
      ['A', 10],
      ['B', 20],
    ],
  ],
  ['SELECT count(*) FROM 订单 o LEFT OUTER JOIN kinds k USING (id) WHERE k.kind IS NULL', [[2]]],
  ['SELECT count(*) FROM 订单 CROSS JOIN kinds, kinds AS k2', [[45]]],
  [
    "SELECT count(*) FROM 订单 o WHERE o.id IN (SELECT id FROM kinds) AND NOT EXISTS (SELECT 1 FROM kinds k WHERE k.id = o.id AND k.kind = 'B')",
    [[2]],
  ],
  ['SELECT (SELECT max(amount) FROM 订单), count(*) FROM 订单 WHERE amount > (SELECT avg(amount) FROM 订单)', [[30, 2]]],
  ['WITH a AS (SELECT id, amount FROM 订单 WHERE id < 3), b(x) AS (SELECT sum(amount) FROM a) SELECT x FROM b', [[30]]],
  ['SELECT 1 AS x UNION ALL SELECT 2 INTERSECT SELECT 2 EXCEPT SELECT 3 ORDER BY x', [[1], [2]]],
  ['(SELECT id FROM 订单 WHERE id = 1) UNION (SELECT id FROM kinds WHERE id = 1)', [[1]]],
  [
    'SELECT id, row_number() OVER (ORDER BY amount DESC), lag(id, 1) OVER (ORDER BY id) FROM 订单 ORDER BY id',
    [
      [1, 4, null],
      [2, 3, 1],
      [3, 2, 2],
      [4, 1, 3],
      [5, 5, 4],
    ],
  ],
  [
    "SELECT id, sum(amount) OVER (PARTITION BY 城市 ORDER BY id) FROM 订单 WHERE 城市 = '杭州' ORDER BY id",
    [
      [1, 10],
      [2, 30],
    ],
  ],
];

test.each(CORPUS)('%s', async (sql, expected) => {
  expect(await rows(sql, 'postgresql')).toEqual(expected);
});
