import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { done, person, type RealPeople, realPeople } from '../support/real-people.ts';
import { CLINIC, residentsCsv } from '../support/served-clinic.ts';

/** What a merchant may do with a released interface, called again and again over the whole of its domain, against the real gate. */
const ROWS = 600;
const K = 10;
const MERCHANT = person('merchant-a');
let people: RealPeople;
const incomes = residentsCsv(ROWS)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => Number(line.split(',')[5]));

beforeAll(async () => {
  people = await realPeople(CLINIC, { 'residents.csv': residentsCsv(ROWS) });
}, 120_000);
afterAll(() => people.close());

async function releasedApi(template: string, domain: { from: number; to: number; step: number }): Promise<string> {
  const { operations } = people;
  const parameters = [{ name: 'least', type: 'integer', domain }] as const;
  const api = { dataset: 'clinic', template, parameters, callsPerDay: 1000, callsPerMinute: 1000 };
  const { id } = done(await operations.createApi(MERCHANT, api));
  done(await operations.approve(person('operator-1'), { id, reason: 'closed domain' }));
  done(await operations.approve(person('operator-2'), { id, reason: 'closed domain' }));
  done(await operations.file(person('supervisor-1'), { id, receipt: 'FILING-2026-0009' }));
  return done(await operations.release(person('operator-1'), id)).id;
}

interface Answered {
  readonly least: number;
  readonly figure: number;
}

async function sweep(id: string, values: readonly number[]): Promise<readonly Answered[]> {
  const found: Answered[] = [];
  for (const least of values) {
    const answer = await people.operations.callApi(MERCHANT, { id, values: { least } });
    if (!answer.ok) {
      expect(answer.error.map((item) => item.code)).toEqual(['product.not_answered']);
      continue;
    }
    const figure = answer.value.table.rows[0]?.[0];
    if (figure !== null && figure !== undefined) found.push({ least, figure: Number(figure) });
  }
  return found;
}

describe('a sweep over an interface', () => {
  test('never tells two figures that differ by fewer than k people', { timeout: 240_000 }, async () => {
    const id = await releasedApi('SELECT count(DISTINCT resident_id) AS n FROM residents WHERE income >= :least', {
      from: 19_000,
      to: 20_000,
      step: 100,
    });
    const values = [19_000, 19_100, 19_200, 19_300, 19_400, 20_000];
    const answered = await sweep(id, values);
    expect(answered.length).toBeGreaterThan(0);
    // The sweep is fine enough to be an attack: neighbouring thresholds do part fewer than k people.
    const between = (a: number, b: number): number => incomes.filter((income) => income >= a && income < b).length;
    expect(values.slice(1, 5).some((value, at) => between(values[at] ?? 0, value) > 0 && between(values[at] ?? 0, value) < K)).toBe(true);
    for (const [at, one] of answered.entries()) {
      for (const other of answered.slice(at + 1)) {
        const apart = Math.abs(one.figure - other.figure);
        expect(apart === 0 || apart >= K, `${one.least} and ${other.least}: ${apart} people apart`).toBe(true);
      }
    }
  });

  test('and jobs share one ledger: what calls told, a job cannot complete', { timeout: 240_000 }, async () => {
    const text = (least: number): string =>
      `SELECT count(DISTINCT resident_id) AS n FROM residents WHERE village = '村3' AND income >= ${least}`;
    const id = await releasedApi(text(0).replace('>= 0', '>= :least'), { from: 0, to: 4_000, step: 2_000 });
    const [told] = await sweep(id, [2_000]);
    expect(told).toBeDefined();
    const { real } = await people.submit(text(3_000));
    if (real.egressId === undefined) return; // withheld altogether
    const { rows } = await people.release(real.egressId);
    const asked = Number(rows[0]?.[0]);
    const apart = Math.abs((told?.figure ?? 0) - asked);
    expect(apart === 0 || apart >= K, `${apart} people apart`).toBe(true);
  });

  test('cannot ask what a job may not: a template that names people is refused before any review', async () => {
    for (const template of [
      'SELECT name FROM residents WHERE income >= :least',
      'SELECT resident_id, income FROM residents WHERE income >= :least',
      "SELECT count(*) AS n FROM residents WHERE resident_id = 'R1' AND income >= :least",
    ]) {
      const parameters = [{ name: 'least', type: 'integer', domain: { from: 0, to: 10_000, step: 10_000 } }] as const;
      const refused = await people.operations.createApi(MERCHANT, {
        dataset: 'clinic',
        template,
        parameters,
        callsPerDay: 10,
        callsPerMinute: 10,
      });
      expect(refused.ok, template).toBe(false);
    }
  });
});
