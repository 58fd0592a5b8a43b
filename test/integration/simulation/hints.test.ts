import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { isBankCard, isSafeBankCard } from '../../../src/identifiers/bank-card.ts';
import { AREA_CODES, isSafeLandline } from '../../../src/identifiers/landline.ts';
import { isSafePassport } from '../../../src/identifiers/passport.ts';
import { isSafePlate, SAFE_PLATE_SIGNS } from '../../../src/identifiers/plate.ts';
import { PROVINCE_NAMES } from '../../../src/identifiers/region.ts';
import { isResidentId, isSafeResidentId } from '../../../src/identifiers/resident-id.ts';
import { isUscc } from '../../../src/identifiers/uscc.ts';
import { runSimulation } from '../../../src/sandbox/loader/simulate.ts';
import { planSimulation, type SimulationOptions } from '../../../src/synthetic/plan-simulation.ts';
import { readQueryWishes } from '../../../src/synthetic/query-wishes.ts';
import { recogniseWatermark } from '../../../src/synthetic/watermark.ts';
import { DECLARED_HEAD } from '../../support/declared-head.ts';
import { type LoadingBench, loadingBench } from '../../support/loading.ts';
import { column, declared } from './hinted-clinic.ts';

let bench: LoadingBench;
beforeAll(async () => {
  bench = await loadingBench();
});
afterAll(() => bench.close());

type Row = Readonly<Record<string, string>>;

async function made(folder: string, options: Partial<SimulationOptions> = {}) {
  const plan = planSimulation(declared(), { seed: 'hints', rows: 1000, ...options });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  const path = join(bench.folder, folder);
  const done = await runSimulation(plan.value, { enclave: bench.enclave, limits: { memoryMiB: 300 } }, path);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  const read = async (table: string): Promise<readonly Row[]> => {
    const [head = '', ...lines] = (await readFile(join(path, `${table}.csv`), 'utf8')).trimEnd().split('\n');
    return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [head.split(',')[index] ?? '', value])));
  };
  return { manifest: done.value, person: await read('person'), firm: await read('firm'), visit: await read('visit') };
}

const functionOf = (rows: readonly Row[], from: string, to: string): boolean => {
  const seen = new Map<string, string>();
  return rows.every((row) => {
    const [key, value] = [row[from] ?? '', row[to] ?? ''];
    if (seen.has(key)) return seen.get(key) === value;
    seen.set(key, value);
    return true;
  });
};

describe('a simulation with hints', () => {
  test('agrees with itself: sex, birth date, province, address, plate, telephone and card of one person', async () => {
    const { person } = await made('person');
    const province = (row: Row): string => PROVINCE_NAMES[row['pid']?.slice(0, 2) ?? ''] ?? '';
    expect(person.filter((row) => !isSafeResidentId(row['pid'] ?? ''))).toEqual([]);
    expect(person.filter((row) => row['birth_date']?.replaceAll('-', '') !== row['pid']?.slice(6, 14))).toEqual([]);
    expect(person.filter((row) => (row['sex'] === '男') !== (Number(row['pid']?.charAt(16)) % 2 === 1))).toEqual([]);
    expect(person.filter((row) => row['province'] !== province(row))).toEqual([]);
    const athome = person.filter((row) => row['home']?.startsWith(province(row))).length / person.length;
    expect(athome).toBeGreaterThan(0.7);
    expect(athome).toBeLessThan(0.85);
    expect(
      person.filter(
        (row) => !isSafePlate(row['plate'] ?? '') || row['plate']?.charAt(0) !== SAFE_PLATE_SIGNS[row['pid']?.slice(0, 2) ?? ''],
      ),
    ).toEqual([]);
    expect(
      person.filter(
        (row) => !isSafeLandline(row['phone'] ?? '') || !row['phone']?.startsWith(AREA_CODES[row['pid']?.slice(0, 2) ?? ''] ?? '?'),
      ),
    ).toEqual([]);
    expect(person.filter((row) => !isSafeBankCard(row['card'] ?? '') || !isSafePassport(row['passport'] ?? ''))).toEqual([]);
    expect(new Set(person.map((row) => row['card'])).size).toBe(person.length);
  });

  test('keeps dependencies, orderings, uniqueness, distributions, dirt and NULL shares', async () => {
    const { person } = await made('kept');
    expect(functionOf(person, 'town', 'office') && functionOf(person, 'office', 'floor')).toBe(true);
    const [low, high] = [
      ['2020-01-01', '2021-01-01', '2020-06-01'],
      ['2022-12-31', '2023-12-31', '2023-06-30'],
    ];
    for (const row of person) {
      const dates = [row['opened'] ?? '', row['paid'] ?? '', row['closed'] ?? ''];
      const there = dates.filter((date) => date !== '');
      expect(there).toEqual(there.toSorted());
      expect(dates.every((date, index) => date === '' || (date >= (low[index] ?? '') && date <= (high[index] ?? '')))).toBe(true);
    }
    expect(new Set(person.map((row) => row['badge'])).size).toBe(person.length);
    const incomes = person.map((row) => Number(row['income']));
    const mean = incomes.reduce((sum, value) => sum + value, 0) / incomes.length;
    expect(mean).toBeGreaterThan(4900);
    expect(mean).toBeLessThan(5100);
    expect(person.some((row) => row['level'] === '一' || row['level'] === '二')).toBe(false);
    const noted = person.filter((row) => row['note'] !== '');
    expect(noted.length / person.length).toBeCloseTo(0.5, 1);
    expect(noted.filter((row) => /^ | $|\.$|[０-９]/.test(row['note'] ?? '')).length / noted.length).toBeCloseTo(0.2, 1);
  });

  test('keeps columns that are unique together so, and lets each repeat alone', async () => {
    const { person } = await made('together');
    const places = person.map((row) => `${row['desk']}/${row['shift']}/${row['hall']}`);
    expect(new Set(places).size).toBe(1000);
    expect(new Set(person.map((row) => row['desk'])).size).toBe(90);
    expect(new Set(person.map((row) => row['shift'])).size).toBe(3);
    expect(places.filter((place) => place.startsWith('/'))).toEqual([]);
  });

  test('spreads children within their declared limits', async () => {
    const { person, visit } = await made('children');
    expect(visit.length).toBe(person.length * 3);
    const counts = new Map(person.map((row) => [row['pid'] ?? '', 0]));
    for (const row of visit) counts.set(row['pid'] ?? '', (counts.get(row['pid'] ?? '') ?? Number.NaN) + 1);
    expect(Math.min(...counts.values())).toBe(1);
    expect(Math.max(...counts.values())).toBe(12);
  });

  test('names enterprises after the province of their credit code', async () => {
    const { firm } = await made('firms');
    expect(firm.filter((row) => !isUscc(row['uscc'] ?? ''))).toEqual([]);
    expect(firm.filter((row) => !row['title']?.startsWith(PROVINCE_NAMES[row['uscc']?.slice(2, 4) ?? ''] ?? '?'))).toEqual([]);
  });
});

describe('leaked rows', () => {
  test('are recognised by who knows the seed, and by nobody else', async () => {
    const { person, firm, manifest } = await made('leak');
    const ids = person.slice(0, 40).map((row) => row['pid'] ?? '');
    expect(recogniseWatermark(ids, manifest.seed)).toMatchObject({ examined: 40, marked: 40, recognised: true });
    expect(recogniseWatermark(ids, 'another seed').recognised).toBe(false);
    expect(
      recogniseWatermark(
        firm.map((row) => row['uscc'] ?? ''),
        manifest.seed,
      ),
    ).toMatchObject({ examined: firm.length, marked: firm.length });
  });

  test('are recognised in realistic mode too, which has regions that exist', async () => {
    const { person, manifest } = await made('realistic', { mode: 'realistic' });
    const ids = person.slice(0, 60).map((row) => row['pid'] ?? '');
    expect(manifest.mode).toBe('realistic');
    expect(ids.filter((id) => !isResidentId(id) || isSafeResidentId(id))).toEqual([]);
    expect(recogniseWatermark(ids, manifest.seed)).toMatchObject({ marked: 60, recognised: true });
    expect(recogniseWatermark(ids, 'another seed').recognised).toBe(false);
  });
});

/** Lendings of 500 that meet the conditions of the query below, through an optional link. */
async function joined(name: string, wishes: SimulationOptions['wishes']): Promise<number> {
  const read = readDeclaration({
    dataset: 'library',
    ...DECLARED_HEAD,
    tables: {
      reader: {
        visibility: 'protected',
        primaryKey: ['reader'],
        units: { person: ['reader'] },
        rows: 100,
        columns: {
          reader: column('INTEGER', 'unitId'),
          town: column('VARCHAR', 'dimension', { domain: Array.from({ length: 90 }, (_, index) => `t${index}`) }),
          age: column('INTEGER', 'quasiId', { bounds: [0, 100] }),
        },
      },
      lending: {
        visibility: 'protected',
        primaryKey: ['lending'],
        foreignKeys: [{ columns: ['reader'], references: 'reader.reader' }],
        units: { person: ['reader'] },
        rows: 500,
        columns: {
          lending: column('INTEGER', 'directId'),
          reader: column('INTEGER', 'unitId', { nullable: true }),
          days: column('INTEGER', 'measure', { bounds: [0, 400] }),
        },
      },
    },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const plan = planSimulation(read.value.dataset, { seed: 'library', rows: 500, ...(wishes === undefined ? {} : { wishes }) });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  const folder = join(bench.folder, `library-${wishes === undefined}-${name.length}`);
  const done = await runSimulation(plan.value, { enclave: bench.enclave, limits: { memoryMiB: 300 } }, folder);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  const lines = async (table: string) => (await readFile(join(folder, `${table}.csv`), 'utf8')).trimEnd().split('\n').slice(1);
  const readers = new Set(
    (await lines('reader'))
      .map((line) => line.split(','))
      .filter(([, town, age]) => town === 't41' && ['33', '34'].includes(age ?? ''))
      .map(([id]) => id),
  );
  return (await lines('lending')).map((line) => line.split(',')).filter(([, id, days]) => days === '17' && readers.has(id)).length;
}

describe('a query in hand', () => {
  const SQL = `SELECT count(*) FROM visit v JOIN person p USING (pid)
    WHERE v.kind = 'k137' AND v.day BETWEEN DATE '2024-02-28' AND DATE '2024-03-01' AND v.cost > 80000 AND p.floor IN (3, 4)`;

  async function wishes(sql = SQL) {
    const opened = await bench.enclave.open(
      { database: { kind: 'memory' }, readable: [], writable: [] },
      { memoryMiB: 100, threads: 1, tempMiB: 16, timeoutMs: 20_000, maxRows: 10 },
    );
    if (!opened.ok) throw new Error(opened.error);
    const tree = await opened.value.query('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
    await opened.value.close();
    if (!tree.ok) throw new Error(tree.error);
    return readQueryWishes(String(tree.value.rows[0]?.[0]));
  }

  test('gives its constants and ranges', async () => {
    expect(Object.fromEntries(await wishes())).toEqual({
      kind: { values: ['k137'] },
      day: { least: '2024-02-28', most: '2024-03-01' },
      cost: { least: 80_001 },
      floor: { values: [3, 4] },
    });
  });

  test('finds rows that it would not find otherwise', async () => {
    const hits = ({ visit }: { readonly visit: readonly Row[] }): number =>
      visit.filter(
        (row) =>
          row['kind'] === 'k137' &&
          (row['day'] ?? '') >= '2024-02-28' &&
          (row['day'] ?? '') <= '2024-03-01' &&
          Number(row['cost']) > 80_000,
      ).length;
    expect(hits(await made('plain'))).toBe(0);
    const aware = await made('aware', { wishes: await wishes() });
    expect(hits(aware)).toBeGreaterThan(300);
  });

  test('finds rows on both sides of a join: children that satisfy it belong to parents that do', async () => {
    const sql = `SELECT count(*) FROM lending l JOIN reader r USING (reader) WHERE l.days = 17 AND r.town = 't41' AND r.age BETWEEN 33 AND 34`;
    const rows = await joined(sql, undefined);
    const aware = await joined(sql, await wishes(sql));
    expect([rows, aware >= 80]).toEqual([0, true]);
  });
});

test('hints that do not fit are refused, each by name', () => {
  const dataset = declared();
  const [person] = dataset.tables;
  if (person === undefined) throw new Error('No table');
  const simulation = {
    cardinality: [{ columns: ['town'], min: 1, mean: 1, max: 2 }],
    dependencies: [
      { from: ['town'], to: ['office'] },
      { from: ['office'], to: ['town'] },
    ],
    orderings: [['opened', 'income']],
    unique: ['town'],
    columns: { level: { distribution: { kind: 'weights' as const, weights: [1] } } },
  };
  const plan = planSimulation({ ...dataset, tables: [{ ...person, simulation }] }, { seed: 's', rows: 100 });
  expect(plan.ok ? [] : plan.error.map((item) => item.facts['reason']).toSorted()).toEqual([
    'cardinality',
    'circle',
    'ordering',
    'unique',
    'weights',
  ]);
  expect(isBankCard('79927398713')).toBe(false);
});

test.each([
  ['too few combinations', ['shift', 'hall']],
  ['a column that follows from others', ['office', 'desk']],
  ['a column that follows from the person', ['sex', 'desk', 'hall']],
  ['a key', ['pid', 'desk']],
  ['a column that is unique alone', ['badge', 'desk']],
])('columns that are unique together are refused for %s', (_why, together) => {
  const dataset = declared();
  const [person, ...others] = dataset.tables;
  if (person === undefined) throw new Error('No table');
  const simulation = { ...person.simulation, unique: ['badge', together] };
  const plan = planSimulation({ ...dataset, tables: [{ ...person, simulation }, ...others] }, { seed: 's', rows: 1000 });
  expect(plan.ok ? [] : plan.error.map((item) => item.facts)).toEqual([{ table: 'person', column: together.join(', '), reason: 'unique' }]);
});
