import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from '../../../../../src/sandbox/sql/read/parse.ts';
import { type ParseEngine, parseEngine } from '../../../../support/sql-text/parse-engine.ts';

let engine: ParseEngine;

beforeAll(async () => {
  engine = await parseEngine();
});

afterAll(() => engine.close());

/** One of everything the language has. */
const FULL = [
  `WITH old(a, b) AS (SELECT p.x, CAST(p.y AS DECIMAL(12,2)) FROM persons p WHERE p.born < DATE '1980-01-01')
   SELECT DISTINCT o.* EXCLUDE (b) REPLACE (o.a + 1 AS a), count(*) FILTER (WHERE NOT o.a = 1) AS n, INTERVAL '3' MONTH AS i,
     CASE WHEN o.b IS NULL THEN 1.5 ELSE 2e3 END, sum(DISTINCT o.b ORDER BY o.a DESC NULLS LAST), a IS TRUE,
     quantile_cont(o.b, 0.5), coalesce(o.a, NULL), INTERVAL '2 days'
   FROM old o LEFT JOIN visits v USING (a), (VALUES (1, 'x')) AS w(i, s)
   WHERE (o.b BETWEEN 10 AND 20.5 OR o.a IN (1, 2)) AND v.cost IS NOT NULL AND EXISTS (SELECT 1) AND o.a > ANY (SELECT y FROM u)
   GROUP BY ROLLUP (o.a, o.b) HAVING count(*) > (SELECT 3) QUALIFY row_number() OVER (ORDER BY o.a) = 1
   ORDER BY n DESC, a LIMIT 5 OFFSET 2`,
  `(SELECT sum(x) FILTER (WHERE y) OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), lag(x, 1, 0) OVER (ORDER BY b)
   FROM t GROUP BY ALL) EXCEPT ALL (SELECT a, b FROM t JOIN s ON t.x = s.x ORDER BY ALL)`,
  `PIVOT t ON c IN ('a', 'b' AS other), d IN (DATE '2020-01-01') USING sum(v) AS s, count(*) AS n GROUP BY g`,
];

type Path = readonly (string | number)[];

/** The paths of all objects in a tree. */
function objects(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, item]) => objects(item, [...path, Array.isArray(value) ? Number(key) : key]));
  return Array.isArray(value) ? inner : [path, ...inner];
}

function changed(tree: string, path: Path, change: (node: Record<string, unknown>) => void): string {
  const copy = JSON.parse(tree);
  change(path.reduce((node, step) => node[step], copy));
  return JSON.stringify(copy);
}

/** Reading by a closed list must not throw anything of its own, whatever stands in the tree. */
const isRead = (sql: string, tree: string): boolean => parse(sql, tree).ok;

describe('the syntax tree is read by a closed list', () => {
  test.each(FULL)('a field that nobody knows refuses, in whatever node it stands, unless it holds the default: %#', async (sql) => {
    const tree = await engine.tree(sql);
    expect(isRead(sql, tree)).toBe(true);
    const withField = (path: Path, field: unknown) =>
      changed(tree, path, (node) => {
        node.from_the_next_release = field;
      });
    const paths = objects(JSON.parse(tree));
    const overlooked = paths.filter((path) => [true, 'x', 1, ['x'], { x: 1 }].some((field) => isRead(sql, withField(path, field))));
    expect(overlooked.map((path) => path.join('.'))).toEqual([]);
    expect(paths.filter((path) => !isRead(sql, withField(path, null)))).toEqual([]);
  });

  test.each(FULL)('a field of another kind, or a kind of another name, refuses and never throws: %#', async (sql) => {
    const tree = await engine.tree(sql);
    const overlooked: string[] = [];
    for (const path of objects(JSON.parse(tree))) {
      const node = path.reduce((inner, step) => inner[step], JSON.parse(tree));
      for (const key of Object.keys(node).filter((name) => name !== 'query_location')) {
        const other = changed(tree, path, (target) => {
          target[key] = { constructor: 1 };
        });
        const renamed = changed(tree, path, (target) => {
          target[key] = 'constructor';
        });
        if (isRead(sql, other)) overlooked.push([...path, key].join('.'));
        if ((key === 'type' || key === 'class' || key === 'id') && isRead(sql, renamed))
          overlooked.push([...path, key, 'renamed'].join('.'));
      }
    }
    expect(overlooked).toEqual([]);
  });

  test.each(FULL.slice(1))('a field that is emptied or gone is refused or read, and nothing else is thrown: %#', async (sql) => {
    const tree = await engine.tree(sql);
    for (const path of objects(JSON.parse(tree))) {
      const node = path.reduce((inner, step) => inner[step], JSON.parse(tree));
      for (const key of Object.keys(node)) {
        for (const value of [null, undefined, [], [null], [[]], 0, '', true, -1.5]) {
          const other = changed(tree, path, (target) => {
            target[key] = value;
          });
          expect(() => parse(sql, other)).not.toThrow();
        }
      }
    }
  });

  test.each([
    ['no JSON', '{'],
    ['a number beyond the range', '{"error":false,"statements":[Infinity]}'],
    ['a list', '[]'],
    ['no error flag', '{"statements":[]}'],
    ['no statement', '{"error":false,"statements":[]}'],
    ['a statement that is none', '{"error":false,"statements":[1]}'],
    ['an empty statement', '{"error":false,"statements":[{}]}'],
    ['an empty node', '{"error":false,"statements":[{"node":{}}]}'],
    ['a bare set operation', '{"error":false,"statements":[{"node":{"type":"SET_OPERATION_NODE"}}]}'],
    ['another node', '{"error":false,"statements":[{"node":{"type":"CTE_NODE"}}]}'],
  ])('%s is refused', (_name, tree) => {
    expect(isRead('SELECT 1', tree)).toBe(false);
  });
});
