import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DisclosureMode } from '../../src/catalog/disclosure-mode.ts';
import { answer } from '../../src/pipeline.ts';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { fixedRng } from '../support/fixed-rng.ts';
import { csv, type GateBench, gateBench, TEST_POLICY } from '../support/gate-bench.ts';
import { type MemoryLedger, memoryLedger } from '../support/memory-ledger.ts';

/** The merged row and sums by class where figures are rounded, perturbed or drawn. Three small places, 21 people, of 141. */
const PLACES = { Aa: 30, Bb: 40, Cc: 50, s1: 8, s2: 7, s3: 6 };
const ZONES = ['Xx', 'Yy', 'Zz'];
const RATE: Readonly<Record<string, number>> = { Xx: 3, Yy: 5, Zz: 7 };
const people = Object.entries(PLACES)
  .flatMap(([place, units]) => Array.from({ length: units }, () => place))
  .map((place, at) => ({
    id: `p${at}`,
    place,
    zone: ZONES[at % 3] ?? '',
    sex: at % 2 === 0 ? 'F' : 'M',
    income: 1000 + ((at * 37) % 90) * 10,
  }));
const text = { type: 'VARCHAR', label: 'none', role: 'dimension' };
const DECLARATION = {
  ...{ dataset: 'towns', ...DECLARED_HEAD, title: { zh: '镇', en: 'towns' }, mergeWithheld: true },
  tables: {
    people: {
      ...{ file: 'people.csv', visibility: 'protected', primaryKey: ['id'], units: { person: ['id'] } },
      columns: {
        id: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
        place: { ...text, domain: [...Object.keys(PLACES), 'nowhere'], publicDomain: true },
        ...{ zone: text, sex: text },
        income: { type: 'INTEGER', label: 'none', role: 'measure', bounds: [0, 10_000] },
      },
    },
    zones: {
      ...{ file: 'zones.csv', visibility: 'public', primaryKey: ['zone'], units: {} },
      columns: { zone: text, rate: { type: 'INTEGER', label: 'none', role: 'measure' } },
    },
  },
};

let bench: GateBench;
beforeAll(async () => {
  const rows = people.map((row) => Object.values(row));
  const zones = csv(['zone', 'rate'], Object.entries(RATE));
  bench = await gateBench(DECLARATION, { 'people.csv': csv(Object.keys(people[0] ?? {}), rows), 'zones.csv': zones });
}, 60_000);
afterAll(() => bench.close());

const FIVE: DisclosureMode = { kind: 'rounded', to: 'five' };
const KEYED: DisclosureMode = { kind: 'cell-key', most: 5, variance: 2 };
const DRAWN: DisclosureMode = {
  ...{ kind: 'dp', noise: 'gaussian', unit: 'person', rhoPerQuery: 1, rhoPerGrant: 1, rhoOfDataset: 1 },
  ...{ cellsPerUnit: 1, rowsPerCell: 1 },
};

async function ask(sql: string, mode: DisclosureMode, ledger?: MemoryLedger): ReturnType<typeof answer> {
  const port = ledger === undefined ? {} : { ledger: ledger.of(sql, TEST_POLICY) };
  const answered = await answer(sql, { ...bench.context, mode }, { enclave: bench.enclave, rng: fixedRng('noise'), ...port });
  ledger?.release(sql);
  return answered;
}

async function rowsOf(sql: string, mode: DisclosureMode, ledger?: MemoryLedger): Promise<readonly (readonly unknown[])[]> {
  const answered = await ask(sql, mode, ledger);
  if (!answered.ok) throw new Error(JSON.stringify(answered.error));
  return answered.value.table.rows;
}

const COUNT = 'SELECT place, count(*) AS n, sum(income) AS s FROM people GROUP BY place';
const merged = (rows: readonly (readonly unknown[])[]): readonly unknown[] | undefined =>
  rows.find(([place]) => place === '其他')?.slice(1);

describe.each([FIVE, KEYED])('in the mode %o', (mode) => {
  test('the merged row is changed like any other, never exact by being merged, and the same however it is asked for', async () => {
    const ledger = memoryLedger();
    const first = merged(await rowsOf(COUNT, mode, ledger));
    expect(first).toBeDefined();
    if (mode.kind === 'rounded') expect(Number(first?.[0]) % 5).toBe(0);
    else expect(Math.abs(Number(first?.[0]) - 21)).toBeLessThanOrEqual(5);
    expect(Number(first?.[1])).not.toBe(people.slice(120).reduce((sum, row) => sum + row.income, 0));
    // Less one small row, and asked for by themselves: no second draw of the same people, and no second set of nearly the same.
    expect(merged(await rowsOf(COUNT.replace('GROUP', "WHERE place <> 's1' GROUP"), mode, ledger))).toEqual(first);
    const alone = await rowsOf("SELECT count(*) AS n, sum(income) AS s FROM people WHERE place NOT IN ('Aa', 'Bb', 'Cc')", mode, ledger);
    expect(alone).toEqual([first]);
  });

  test('a sum of products is made of the changed figures of its classes', async () => {
    const classes = await rowsOf('SELECT zone, sum(income) AS s, count(*) AS n FROM people GROUP BY zone', mode);
    const made = (column: number): number => classes.reduce((sum, row) => sum + Number(row[column]) * (RATE[String(row[0])] ?? 0), 0);
    const joined = 'FROM people p JOIN zones z ON z.zone = p.zone';
    for (const ledger of [undefined, memoryLedger()]) {
      const [row = []] = await rowsOf(`SELECT sum(p.income * z.rate) AS s, sum(z.rate) AS n ${joined}`, mode, ledger);
      expect(row.map(Number)).toEqual([made(1), made(2)]);
    }
  });
});

describe('under differential privacy', () => {
  test('nothing is merged, and a sum of products with a public column is refused before the run', async () => {
    const rows = await rowsOf('SELECT place, count(*) AS n FROM people GROUP BY place', DRAWN);
    expect(rows.map(([place]) => place).sort()).toEqual([...Object.keys(PLACES), 'nowhere'].sort());
    const refused = await ask('SELECT sum(p.income * z.rate) AS s FROM people p JOIN zones z ON z.zone = p.zone', DRAWN);
    expect(refused.ok ? [] : refused.error.map((item) => item.code)).toEqual(['mode.not_answered']);
  });
});
