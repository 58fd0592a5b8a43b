import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv } from '../support/gate-bench.ts';
import { done, person, type RealPeople, realPeople } from '../support/real-people.ts';

const declaration = {
  dataset: 'noisy',
  ...DECLARED_HEAD,
  title: { zh: '加噪', en: 'noisy' },
  mode: {
    kind: 'dp',
    noise: 'gaussian',
    unit: 'person',
    rhoPerQuery: 0.1,
    rhoPerGrant: 0.3,
    rhoOfDataset: 0.5,
    cellsPerUnit: 1,
    rowsPerCell: 1,
  },
  tables: {
    people: {
      file: 'people.csv',
      visibility: 'protected',
      primaryKey: ['id'],
      foreignKeys: [],
      units: { person: ['id'] },
      columns: {
        id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        sex: { type: 'VARCHAR', label: 'personal', role: 'dimension', domain: ['f', 'm'], publicDomain: true },
      },
    },
  },
};
const sql = 'SELECT sex, count(*) AS n FROM people GROUP BY sex';

describe('the privacy budget', () => {
  let people: RealPeople;
  beforeAll(async () => {
    const rows = Array.from({ length: 60 }, (_, id) => [id, id % 2 === 0 ? 'f' : 'm']);
    people = await realPeople(declaration, { 'people.csv': csv(['id', 'sex'], rows) });
  }, 120_000);
  afterAll(() => people.close());

  test('merchants see the mode and its parameters', async () => {
    expect(done(await people.operations.showDataset(person('merchant-a'), 'noisy')).mode).toEqual(declaration.mode);
  });

  test('is spent before the run, with its event, and refused when it is gone', async () => {
    const states: string[] = [];
    for (let at = 0; at < 4; at += 1) {
      const { real } = await people.submit(sql);
      // Every check of its kind is answered for: it waits for people, it is not blocked.
      if (real.state === 'EGRESS_REQUESTED') expect((await people.requestOf(real)).state).toBe('REVIEW');
      states.push(real.state === 'REAL_FAILED' ? (real.problems ?? []).map((item) => item.code).join() : real.state);
    }
    expect(states).toEqual(['EGRESS_REQUESTED', 'EGRESS_REQUESTED', 'EGRESS_REQUESTED', 'mode.budget_spent']);
    const entries = done(await people.operations.auditEntries(person('auditor-1'), { after: 0, limit: 500 }));
    const spent = entries.filter((entry) => entry.operation === 'privacy.spend');
    expect(spent.map((entry) => entry.facts['rho'])).toEqual([0.1, 0.1, 0.1]);
    for (const entry of spent) {
      const intent = entries.find(
        (other) => other.operation === 'job.intent' && other.object.id === entry.object.id && other.seq > entry.seq,
      );
      expect(intent).toBeDefined();
    }
  }, 60_000);

  test('of the dataset is less than that of its grants together', async () => {
    const grant = { merchant: 'merchant-a', dataset: 'noisy', scenario: 'again', tables: { people: '*' as const }, endsOn: '2099-12-31' };
    done(await people.operations.createGrant(person('operator-1'), grant));
    const states: string[] = [];
    for (let at = 0; at < 3; at += 1) states.push((await people.submit(sql)).real.state);
    expect(states).toEqual(['EGRESS_REQUESTED', 'EGRESS_REQUESTED', 'REAL_FAILED']);
  }, 60_000);

  test('a grant makes a mode stricter, never weaker, and brings no noise of its own', async () => {
    const grant = { merchant: 'merchant-a', dataset: 'noisy', scenario: 'exact', tables: { people: '*' as const }, endsOn: '2099-12-31' };
    const refused = await people.operations.createGrant(person('operator-1'), { ...grant, mode: { kind: 'rounded', to: 'five' } });
    expect(refused.ok ? [] : refused.error.map((item) => item.code)).toEqual(['request.invalid']);
  });

  test('exact figures of data that left under noise are refused', async () => {
    const { mode: _mode, ...exact } = declaration;
    expect(await people.load(exact, {})).toBe('done');
    const { real } = await people.submit(sql);
    expect([real.state, (real.problems ?? []).map((item) => item.code)]).toEqual(['REAL_FAILED', ['mode.exact_released']]);
  }, 60_000);

  test('modes that nobody knows, and exact tables beside noise, are refused', async () => {
    const wrong = async (change: Readonly<Record<string, unknown>>): Promise<unknown> => people.load({ ...declaration, ...change }, {});
    expect(await wrong({ mode: { kind: 'blurred' } })).toEqual(['declaration.invalid']);
    expect(await wrong({ mode: { ...declaration.mode, rhoPerQuery: 9 } })).toEqual(['declaration.invalid']);
    expect(await wrong({ mode: { kind: 'cell-key', most: 2, variance: 5 } })).toEqual(['declaration.invalid']);
    expect(await wrong({ standardTables: [{ name: 'sexes', sql }] })).toEqual(['declaration.invalid']);
  });
});
