import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { SINGLE_MASKED_QUERIES, SPELLED_MASKED_QUERIES, WARD_DECLARATION, wardFiles } from '../support/masked-queries.ts';

let bench: GateBench;

beforeAll(async () => {
  bench = await gateBench(WARD_DECLARATION, wardFiles());
}, 60_000);
afterAll(() => bench.close());

const codesOf = async (sql: string): Promise<readonly string[]> => {
  const admitted = await bench.admit(sql);
  return admitted.ok ? [] : admitted.error.map((item) => item.code);
};

describe('a masked column leaves in no form', () => {
  test('a few hundred ways to write it are there', () => {
    expect(SPELLED_MASKED_QUERIES.length).toBeGreaterThan(250);
  });

  test.each(Array.from({ length: 12 }, (_, part) => part))(
    'spelled in every way, part %i: never admitted',
    async (part) => {
      const admitted: string[] = [];
      let masked = 0;
      for (const sql of SPELLED_MASKED_QUERIES.filter((_, index) => index % 12 === part)) {
        const codes = await codesOf(sql);
        if (codes.length === 0) admitted.push(sql);
        if (codes.includes('masking.column_masked')) masked += 1;
      }
      expect(admitted).toEqual([]);
      expect(masked).toBeGreaterThan(10);
    },
    120_000,
  );

  test.each(SINGLE_MASKED_QUERIES)(
    '%s',
    async (sql) => {
      const codes = await codesOf(sql);
      expect(codes).not.toEqual([]);
      expect(codes.some((code) => code === 'masking.column_masked' || code.startsWith('sql.'))).toBe(true);
    },
    30_000,
  );
});

describe('and yet', () => {
  test.each([
    "SELECT ward, count(*) FROM patients WHERE diag = 'flu' GROUP BY ward",
    "SELECT ward, count(*) FILTER (WHERE diag IN ('flu', 'cold')) FROM patients GROUP BY ward",
    'SELECT year(born) AS y, count(*) FROM patients GROUP BY 1',
    "SELECT date_trunc('year', born) AS y, count(*) FROM patients GROUP BY 1",
    'SELECT ward, sum(days) FROM patients WHERE cost > 1000 GROUP BY ward',
    'SELECT ward, count(*) FROM (SELECT * EXCLUDE (diag, cost, born) FROM patients) p GROUP BY ward',
  ])(
    '%s is admitted',
    async (sql) => {
      expect(await codesOf(sql)).toEqual([]);
    },
    30_000,
  );

  test('filters see true values: a count under one is that of the data', async () => {
    const answered = await bench.ask("SELECT count(*) AS n FROM patients WHERE diag = 'flu'");
    expect(answered.ok).toBe(true);
    expect(JSON.stringify(answered.ok ? answered.value : null)).toContain('200');
  }, 60_000);
});
