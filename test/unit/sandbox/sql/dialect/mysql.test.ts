import { beforeAll, expect, test } from 'vitest';
import { openTables, type Rows } from './translated-rows.ts';

let rows: Awaited<ReturnType<typeof openTables>>;
beforeAll(async () => {
  rows = await openTables();
});

/** Expected rows follow the MySQL 8.4 manual; where DuckDB rounds less, the unrounded figure stands here. */
const CORPUS: readonly (readonly [string, Rows])[] = [
  // Names, strings, numbers
  [
    'SELECT `城市` AS `城`, COUNT(*) AS n FROM `订单` GROUP BY `城市` ORDER BY `城市`',
    [
      [null, 1],
      ['宁波', 2],
      ['杭州', 2],
    ],
  ],
  ['SELECT 城市, COUNT(*) FROM 订单 WHERE 城市 = "杭州" GROUP BY 城市', [['杭州', 2]]],
  ['SELECT COUNT(*) \'人数\', SUM(amount) "总额" FROM 订单', [[5, 67]]],
  ["SELECT 'it''s', 'a\\'b', 'tab\\tx', 'C:\\\\x', \"say \"\"hi\"\"\"", [["it's", "a'b", 'tab\tx', 'C:\\x', 'say "hi"']]],
  ['SELECT 1 -- comment\n, 2 # another\n, 3 /* and /* one */', [[1, 2, 3]]],
  ['SELECT 5--2', [[7]]],
  ['SELECT .5, 1.25, 12345678901234567890 - 12345678901234567889', [[0.5, 1.25, 1]]],
  ['SELECT o.`id` FROM 订单 o WHERE o.id = 1;', [[1]]],
  // Arithmetic
  ['SELECT 7 / 2, 7 DIV 2, -7 DIV 2, 7 % 3, -7 % 3, 7 MOD 3, MOD(7, 3)', [[3.5, 3, -3, 1, -1, 1, 1]]],
  ['SELECT 7.9 DIV 2, 1 / 0, 1 DIV 0, 5 % 0', [[3, null, null, null]]],
  ['SELECT 2 + 3 * 4 - 10 / 5 / 2, -(2 + 3), 10 - 4 - 3, 2 * (3 + 4)', [[13, -5, 3, 14]]],
  ['SELECT SUM(amount) / COUNT(amount), AVG(amount) FROM 订单', [[16.75, 16.75]]],
  ['SELECT SUM(amount) / SUM(CASE WHEN id > 9 THEN 1 ELSE 0 END) FROM 订单', [[null]]],
  ["SELECT EXTRACT(YEAR_MONTH FROM '2026-03-31'), MONTHNAME('2026-03-31'), LPAD(MONTH('2026-03-31'), 2, 'x')", [[202603, 'March', 'x3']]],
  ["SELECT CAST('2026-03-31' - INTERVAL 1 MONTH AS DATE)", [['2026-02-28']]],
  // Conditions
  ['SELECT id FROM 订单 WHERE id = 1 OR id = 2 AND amount > 100 ORDER BY id', [[1]]],
  ['SELECT id FROM 订单 WHERE amount > 5 AND id = 1 OR id = 4 AND amount IS NULL ORDER BY id', [[1], [4]]],
  ['SELECT id FROM 订单 WHERE (id = 1 OR id = 2) && amount > 10', [[2]]],
  ['SELECT id FROM 订单 WHERE NOT id = 1 AND NOT id BETWEEN 3 AND 5', [[2]]],
  ['SELECT id FROM 订单 WHERE amount BETWEEN 10 AND 10 + 10 AND id <> 2', [[1]]],
  ['SELECT id FROM 订单 WHERE amount <=> NULL OR 城市 <=> NULL ORDER BY id', [[4], [5]]],
  ['SELECT id FROM 订单 WHERE id != 1 AND id IN (1, 2, 3) AND 城市 NOT IN ("宁波")', [[2]]],
  ["SELECT id FROM 订单 WHERE memo LIKE 'a%' ORDER BY id", [[1], [5]]],
  ["SELECT id FROM 订单 WHERE memo NOT LIKE '%b' ORDER BY id", [[4]]],
  ['SELECT id FROM 订单 WHERE vip IS TRUE AND amount IS NOT NULL', [[1]]],
  ['SELECT id FROM 订单 WHERE vip IS NOT TRUE ORDER BY id', [[2], [3], [5]]],
  ['SELECT COUNT(*) FROM 订单 WHERE vip = 1', [[2]]],
  ['SELECT COUNT(*) FROM 订单 WHERE 1', [[5]]],
  ["SELECT id FROM 订单 WHERE d >= '2024-02-01' AND d < '2024-03-01' ORDER BY id", [[2], [5]]],
  // Conditions as numbers
  ['SELECT SUM(amount > 10), AVG(amount > 10), SUM(id > 99) FROM 订单', [[2, 0.5, 0]]],
  ['SELECT SUM(vip), SUM((amount > 5) * amount), (3 > 2) + (2 > 3) + TRUE FROM 订单', [[2, 67, 2]]],
  ['SELECT SUM(amount > 10) FROM 订单 WHERE amount IS NULL', [[null]]],
  [
    'SELECT 城市, SUM(amount > 10) / COUNT(*) AS share FROM 订单 GROUP BY 城市 HAVING share > 0 ORDER BY share DESC, 城市',
    [
      ['宁波', 0.5],
      ['杭州', 0.5],
    ],
  ],
  ['SELECT (1 = 1) = 1, (2 > 1) + 0 = TRUE, NOT (1) = 2, 1 IN (1, 2) AND NOT (0)', [[true, true, true, true]]],
  // Functions
  [
    "SELECT IF(amount > 10, 'hi', 'lo') AS g, COUNT(*) FROM 订单 GROUP BY g ORDER BY g",
    [
      ['hi', 2],
      ['lo', 3],
    ],
  ],
  ['SELECT IFNULL(amount, 0), ISNULL(amount), COALESCE(amount, id), NULLIF(id, 4) FROM 订单 WHERE id = 4', [[0, true, 4, null]]],
  ["SELECT CONCAT('a', NULL), CONCAT('a', 1, 'b'), CONCAT_WS('-', 'a', NULL, 'b')", [[null, 'a1b', 'a-b']]],
  [
    "SELECT LENGTH('中a'), CHAR_LENGTH('中a'), LEFT('abc', 2), RIGHT('abc', 2), SUBSTRING('abcd', 2, 2), SUBSTRING('abcd' FROM 3)",
    [[4, 2, 'ab', 'bc', 'bc', 'cd']],
  ],
  ["SELECT UPPER('a'), LOWER('B'), TRIM('  x '), REPLACE('aXb', 'X', '-')", [['A', 'b', 'x', 'a-b']]],
  ['SELECT ROUND(2.5), ROUND(-1.25, 1), FLOOR(-1.5), CEILING(1.2), ABS(-3), TRUNCATE(1.999, 1)', [[3, -1.3, -2, 2, 3, 1.9]]],
  ['SELECT LOG(1), LOG10(100), LOG2(8), POW(2, 10), SQRT(9)', [[0, 2, 3, 1024, 3]]],
  ['SELECT GREATEST(1, 3, 2), LEAST(4, 2), GREATEST(1, NULL)', [[3, 2, null]]],
  [
    'SELECT STDDEV(id * 2), STD(id * 2), VARIANCE(id), STDDEV_SAMP(id), VAR_SAMP(id) FROM 订单',
    [[2.828427125, 2.828427125, 2, 1.58113883, 2.5]],
  ],
  [
    'SELECT CAST(2.5 AS SIGNED), CAST(7 AS DECIMAL(10,2)), CAST(12 AS CHAR), CAST("2024-01-31" AS DATE), CAST(2.6 AS DECIMAL)',
    [[3, 7, 12, '2024-01-31', 3]],
  ],
  // Dates
  [
    "SELECT DATE_FORMAT(ts, '%Y-%m'), DATE_FORMAT(ts, '%Y年%c月%e日 %H:%i:%s') FROM 订单 WHERE id = 2",
    [['2024-02', '2024年2月29日 00:30:00']],
  ],
  [
    'SELECT YEAR(d), QUARTER(d), MONTH(d), DAY(d), DAYOFYEAR(d), HOUR(ts), MINUTE(ts), SECOND(ts) FROM 订单 WHERE id = 1',
    [[2024, 1, 1, 31, 31, 23, 30, 0]],
  ],
  // 2024-01-07 is a Sunday
  [
    "SELECT DAYOFWEEK('2024-01-07'), WEEKDAY('2024-01-07'), WEEKOFYEAR('2024-01-07'), DAYOFWEEK('2024-01-08'), WEEKDAY('2024-01-08')",
    [[1, 6, 1, 2, 0]],
  ],
  ["SELECT DATEDIFF('2024-03-01', '2024-02-01'), DATEDIFF('2024-01-01 23:59:59', '2024-01-02 00:00:00')", [[29, -1]]],
  [
    "SELECT TIMESTAMPDIFF(YEAR, '2000-05-20', '2020-05-19'), TIMESTAMPDIFF(YEAR, '2000-05-20', '2020-05-20'), TIMESTAMPDIFF(MONTH, '2024-03-15', '2024-01-20'), TIMESTAMPDIFF(DAY, '2024-01-01 12:00:00', '2024-01-03 11:00:00')",
    [[19, 20, -1, 1]],
  ],
  ["SELECT COUNT(*) FROM 订单 WHERE d >= DATE_SUB('2024-03-01', INTERVAL 1 MONTH) AND d < DATE '2024-03-01'", [[2]]],
  [
    "SELECT CAST(DATE_ADD('2024-01-31', INTERVAL 1 MONTH) AS DATE), CAST(d + INTERVAL 1 QUARTER AS DATE), CAST(ADDDATE(d, 3) AS DATE), CAST(TIMESTAMPADD(WEEK, 2, d) AS DATE) FROM 订单 WHERE id = 5",
    [['2024-02-29', '2024-05-01', '2024-02-04', '2024-02-15']],
  ],
  [
    'SELECT EXTRACT(YEAR FROM d) AS y, EXTRACT(MONTH FROM d) AS m, COUNT(*) FROM 订单 GROUP BY y, m ORDER BY y, m',
    [
      [2023, 12, 1],
      [2024, 1, 1],
      [2024, 2, 2],
      [2024, 3, 1],
    ],
  ],
  ["SELECT LAST_DAY('2024-02-03'), DATE(ts) FROM 订单 WHERE id = 1", [['2024-02-29', '2024-01-31']]],
  // Clauses
  ['SELECT id FROM 订单 ORDER BY id LIMIT 1, 2', [[2], [3]]],
  ['SELECT id FROM 订单 ORDER BY amount LIMIT 2', [[4], [5]]],
  ['SELECT id FROM 订单 ORDER BY amount DESC LIMIT 5 OFFSET 3', [[5], [4]]],
  [
    'SELECT 城市, SUM(amount) AS s FROM 订单 WHERE 城市 IS NOT NULL GROUP BY 城市 WITH ROLLUP ORDER BY s, 城市',
    [
      ['宁波', 30],
      ['杭州', 30],
      [null, 60],
    ],
  ],
  ['SELECT 城市, COUNT(*) AS n FROM 订单 GROUP BY 城市 HAVING n > 1 AND 城市 > "宁波"', [['杭州', 2]]],
  ['SELECT COUNT(DISTINCT 城市), COUNT(amount) FROM 订单', [[2, 4]]],
  ['SELECT DISTINCT kind FROM kinds ORDER BY kind', [['A'], ['B']]],
  [
    'SELECT k.kind, SUM(o.amount) FROM 订单 AS o JOIN kinds k ON o.id = k.id GROUP BY k.kind ORDER BY 1',
    [
      ['A', 10],
      ['B', 20],
    ],
  ],
  ['SELECT COUNT(*) FROM 订单 o LEFT JOIN kinds k USING (id) WHERE k.kind IS NULL', [[2]]],
  ['SELECT COUNT(*) FROM 订单 JOIN kinds', [[15]]],
  [
    'SELECT COUNT(*) FROM 订单 WHERE id IN (SELECT id FROM kinds) AND NOT EXISTS (SELECT 1 FROM kinds k WHERE k.id = 订单.id AND k.kind = "B")',
    [[2]],
  ],
  ['SELECT COUNT(*) FROM 订单 WHERE amount > (SELECT AVG(amount) FROM 订单)', [[2]]],
  ['WITH a AS (SELECT id, amount FROM 订单 WHERE id < 3), b(x) AS (SELECT SUM(amount) FROM a) SELECT x FROM b', [[30]]],
  ['SELECT s.n FROM (SELECT COUNT(*) AS n FROM kinds) s', [[3]]],
  ['SELECT 1 AS x UNION ALL SELECT 1 UNION SELECT 2 ORDER BY x', [[1], [2]]],
  [
    'SELECT id, ROW_NUMBER() OVER (ORDER BY amount) FROM 订单 ORDER BY id',
    [
      [1, 3],
      [2, 4],
      [3, 5],
      [4, 1],
      [5, 2],
    ],
  ],
  [
    'SELECT id, SUM(amount) OVER (PARTITION BY 城市 ORDER BY id DESC) FROM 订单 WHERE 城市 = "杭州" ORDER BY id',
    [
      [1, 30],
      [2, 20],
    ],
  ],
  [
    "SELECT CASE 城市 WHEN '杭州' THEN 1 WHEN '宁波' THEN 2 ELSE 3 END AS c, COUNT(*) FROM 订单 GROUP BY 1 ORDER BY 1",
    [
      [1, 2],
      [2, 2],
      [3, 1],
    ],
  ],
];

test.each(CORPUS)('%s', async (sql, expected) => {
  expect(await rows(sql, 'mysql')).toEqual(expected);
});
