import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nearestTo } from '../../src/pipeline/propose.ts';
import { readStatement } from '../../src/pipeline/read-statement.ts';
import { describe as describeProblem, type Problem } from '../../src/problems/problem.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';
import CASES from './proposal-cases.json' with { type: 'json' };

let bench: GateBench;

beforeAll(async () => {
  bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
}, 60_000);

afterAll(() => bench.close());

async function refusalOf(sql: string): Promise<readonly Problem[]> {
  const admitted = await bench.admit(sql);
  if (admitted.ok) throw new Error(`${sql} is not refused`);
  return admitted.error.filter((item) => item.code !== 'sql.nearest');
}

/** What is proposed for a refused text, and every text that went through admission on the way. */
async function propose(sql: string): Promise<{ readonly nearest: Problem | undefined; readonly asked: readonly string[] }> {
  const refused = await refusalOf(sql);
  const reading = await readStatement(sql, bench.context.dataset, bench.enclave);
  if (!reading.ok) throw new Error(`${sql} cannot be read`);
  const asked: string[] = [];
  const [nearest] = await nearestTo(sql, reading.value.tree, refused, bench.context, async (text) => {
    asked.push(text);
    return (await bench.admit(text)).ok;
  });
  return { nearest, asked };
}

describe('the nearest query that passes', () => {
  test.each(CASES)('$refused', async ({ refused, proposed, changes }) => {
    const { nearest, asked } = await propose(refused);
    expect(nearest?.facts).toEqual({ sql: proposed, changes });
    expect(asked).toContain(proposed);
  });

  test('is said with what differs, in both languages', async () => {
    const { nearest } = await propose('SELECT birth_date, count(*) FROM persons WHERE person_id = 5 GROUP BY 1');
    const text = nearest === undefined ? undefined : describeProblem(nearest).detail;
    expect(text?.en).toContain("replaced: birth_date → date_trunc('month', birth_date); dropped condition: person_id = 5");
    expect(text?.zh).toContain("替换：birth_date → date_trunc('month', birth_date)；删去条件：person_id = 5");
  });
});

describe('nothing is proposed', () => {
  test.each([
    'SELECT count(*) FROM persons p JOIN visits v ON p.income = v.cost',
    'SELECT count(*) FROM persons, visits',
    'SELECT count(*) FROM persons WHERE 1 = 2',
    "SELECT count(*) FROM read_csv('x.csv')",
    'SELECT city FROM',
  ])('for %s', async (sql) => {
    expect((await propose(sql)).nearest).toBeUndefined();
  });

  test('that admission refuses', async () => {
    const sql = 'SELECT birth_date, count(*) FROM persons GROUP BY 1';
    const reading = await readStatement(sql, bench.context.dataset, bench.enclave);
    if (!reading.ok) throw new Error('It cannot be read');
    const asked: string[] = [];
    const refuse = async (text: string): Promise<boolean> => {
      asked.push(text);
      return false;
    };
    expect(await nearestTo(sql, reading.value.tree, await refusalOf(sql), bench.context, refuse)).toEqual([]);
    expect(asked.length).toBe(3);
  });
});
