import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { combineSketches, differingUnits, type Sketch, supportOf } from '../../src/egress/ledger/sketch.ts';
import type { LedgerPort, LedgerRow, RowFigure } from '../../src/pipeline/ledger-port.ts';
import { answer } from '../../src/pipeline.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';

let bench: GateBench;
beforeAll(async () => {
  bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
}, 60_000);
afterAll(() => bench.close());

/** What a statement brings before the ledger. */
async function rowsOf(sql: string): Promise<readonly LedgerRow[]> {
  const seen: LedgerRow[] = [];
  const ledger: LedgerPort = {
    settle: async (rows) => {
      seen.push(...rows);
      return rows.map((row) => row.figures.map(() => ({ kind: 'keep' })));
    },
  };
  const answered = await answer(sql, bench.context, { enclave: bench.enclave, ledger });
  if (!answered.ok) throw new Error(JSON.stringify(answered.error));
  return seen;
}

async function figure(sql: string, wanted: (item: RowFigure) => boolean = (item) => !item.family.startsWith('count ')): Promise<RowFigure> {
  const found = (await rowsOf(sql)).flatMap((row) => row.figures).find(wanted);
  if (found === undefined) throw new Error(`${sql} has no such figure`);
  return found;
}

const sketch = (item: RowFigure): Sketch => {
  const [first] = item.sketches;
  if (first === undefined) throw new Error('No sketch');
  return first.sketch;
};
const isCount = (item: RowFigure): boolean => item.family.startsWith('count ');

describe('the same unit totals have the same sketch, whatever they came from', () => {
  test.each([
    [
      'a sum, and the sum of a sum per unit',
      'SELECT sum(cost) s FROM visits',
      'SELECT sum(v.c) s FROM (SELECT person_id, sum(cost) c FROM visits GROUP BY person_id) v',
    ],
    ['the same through a join', 'SELECT sum(cost) s FROM visits', 'SELECT sum(v.cost) s FROM persons p JOIN visits v USING (person_id)'],
    ['a sum, and an average', 'SELECT sum(income) s FROM persons', 'SELECT avg(income) a FROM persons'],
    ['constants are stripped', 'SELECT sum(income) s FROM persons', 'SELECT sum(income * 3 + 7) s FROM persons'],
  ])('%s', async (_, one, other) => {
    const [a, b] = [await figure(one), await figure(other)];
    expect(sketch(b)).toEqual(sketch(a));
  });

  test('rows of persons, units of visits, and rows of one per person', async () => {
    const all = sketch(await figure('SELECT count(*) n FROM persons', isCount));
    expect(sketch(await figure('SELECT count(DISTINCT person_id) n FROM visits', isCount))).toEqual(all);
    expect(sketch(await figure('SELECT count(*) n FROM (SELECT person_id, count(*) c FROM visits GROUP BY person_id) v', isCount))).toEqual(
      all,
    );
    expect(sketch(await figure('SELECT count(*) n FROM visits', isCount))).not.toEqual(all);
  });
});

test('parts add up to the whole', async () => {
  const whole = await figure("SELECT sum(income) s FROM persons WHERE city <> 'Lishui'");
  const parts = (await rowsOf('SELECT city, sum(income) s FROM persons GROUP BY city')).flatMap((row) => row.figures);
  const sum = combineSketches(parts.map((part) => ({ sketch: sketch(part), coefficient: 1 })));
  // The condition is neutral: one person lives in Lishui, and she is in the whole.
  expect(differingUnits(sum, sketch(whole))).toBe(1);
  const rest = combineSketches([
    { sketch: sketch(whole), coefficient: 1 },
    { sketch: sum, coefficient: -1 },
  ]);
  expect(supportOf(rest)).toBe(1);
  expect(rest.totals.digits.filter((value) => value !== 0n)).toEqual([999_999n]);
});

test('other values under the same rows are another sketch of a median, not of a count', async () => {
  const median = await figure('SELECT median(income) m FROM persons');
  expect(median.namespace).not.toBe('linear');
  expect(sketch(median)).not.toEqual(sketch(await figure('SELECT count(income) n FROM persons', isCount)));
});
