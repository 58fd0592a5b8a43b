import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { isSafeMobile } from '../../../src/identifiers/mobile.ts';
import { isSafeResidentId } from '../../../src/identifiers/resident-id.ts';
import { isUscc } from '../../../src/identifiers/uscc.ts';
import type { Enclave, SessionMounts } from '../../../src/sandbox/enclave/port.ts';
import { runSimulation, type SimulationManifest } from '../../../src/sandbox/loader/simulate.ts';
import { readFileSchema } from '../../../src/synthetic/file-schema.ts';
import { planSimulation } from '../../../src/synthetic/plan-simulation.ts';
import { linkedDeclaration } from '../../support/linked-declaration.ts';
import { type LoadingBench, loadingBench, querySealed } from '../../support/loading.ts';

let bench: LoadingBench;
let first: SimulationManifest;

beforeAll(async () => {
  bench = await loadingBench();
  first = await simulate('first', 'seed-1', 2);
});
afterAll(() => bench.close());

async function simulate(folder: string, seed: string, threads: number): Promise<SimulationManifest> {
  const declaration = readDeclaration(linkedDeclaration());
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.error));
  const plan = planSimulation(declaration.value.dataset, { seed, rows: 3000 });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  const limits = { memoryMiB: 300, threads, tempMiB: 256 };
  const made = await runSimulation(plan.value, { enclave: bench.enclave, limits }, join(bench.folder, folder));
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}

async function rowsOf(table: string): Promise<readonly Record<string, string>[]> {
  const [head = '', ...lines] = (await readFile(join(bench.folder, 'first', `${table}.csv`), 'utf8')).trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])));
}

const digests = (manifest: SimulationManifest): readonly string[] => manifest.tables.map((table) => table.sha256);

test.each([
  ['a file schema, which says nothing of roles', 'BIGINT', {}],
  ['an integer', 'INTEGER', { role: 'measure' }],
  ['a decimal', 'DECIMAL(18,0)', {}],
])(
  'as many rows as asked for where the key is a number without bounds: %s',
  async (_name, type, more) => {
    const columns = { id: { type, ...more }, no: { type, ...more }, income: { type: 'INTEGER', bounds: [0, 500_000] } };
    const orders = {
      primaryKey: ['oid'],
      columns: { oid: { type }, who: { type } },
      foreignKeys: [{ columns: ['who'], references: 'people.id' }],
    };
    const schema = readFileSchema({ tables: { people: { primaryKey: ['id'], columns, simulation: { unique: ['no'] } }, orders } });
    if (!schema.ok) throw new Error(JSON.stringify(schema.error));
    const plan = planSimulation(schema.value.dataset, { seed: 'n', rows: 150_000 });
    if (!plan.ok) throw new Error(JSON.stringify(plan.error));
    const made = await runSimulation(plan.value, { enclave: bench.enclave }, join(bench.folder, `numbers-${type.length}`));
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    const rowsMade = Object.fromEntries(made.value.tables.map(({ table, rows }) => [table, rows]));
    expect(rowsMade).toEqual({ people: 15_000, orders: 150_000 });
    const text = await readFile(join(bench.folder, `numbers-${type.length}`, 'orders.csv'), 'utf8');
    const [head = '', ...lines] = text.trimEnd().split('\n');
    const at = head.split(',').indexOf('oid');
    expect(new Set(lines.map((line) => line.split(',')[at])).size).toBe(150_000);
  },
  60_000,
);

describe('a simulation', () => {
  test('is made with no enclave data on the machine', () => {
    expect(existsSync(join(bench.folder, 'enclave'))).toBe(false);
    expect(first.label).toBe('SIMULATED-L0');
    expect(Object.fromEntries(first.tables.map((table) => [table.table, table.rows]))).toEqual({
      hospital: 3,
      person: 500,
      firm: 25,
      tax: 160,
      works: 450,
      visit: 2500,
      line: 3000,
    });
  });

  test('has no handle to anything but the folder that it writes to, and no file to read', async () => {
    const seen: SessionMounts[] = [];
    const watched: Enclave = {
      ...bench.enclave,
      open: (mounts, limits, signal) => {
        seen.push(mounts);
        return bench.enclave.open(mounts, limits, signal);
      },
    };
    const declaration = readDeclaration(linkedDeclaration());
    const plan = declaration.ok ? planSimulation(declaration.value.dataset, { seed: 'seed-1', rows: 30 }) : declaration;
    if (!plan.ok) throw new Error(JSON.stringify(plan.error));
    const folder = join(bench.folder, 'watched');
    expect((await runSimulation(plan.value, { enclave: watched }, folder)).ok).toBe(true);
    expect(seen).toEqual([{ database: { kind: 'memory' }, readable: [], writable: [folder] }]);
    // A statement of the plan names no file: all that it reads is made by the statements before it.
    for (const sql of [...plan.value.statements, ...plan.value.tables.map((table) => table.select)])
      expect(sql).not.toMatch(/read_|attach|copy|glob\(|'\/|\.duckdb|\.csv/i);
  });

  test('has the same bytes for the same seed, on one thread and on two; others for another seed', async () => {
    expect(digests(await simulate('again', 'seed-1', 1))).toEqual(digests(first));
    const other = digests(await simulate('other', 'seed-2', 2));
    expect(other.filter((digest, index) => digest === digests(first)[index])).toEqual([]);
  });

  test('has identifiers that check and belong to nobody, with birth date and sex to match', async () => {
    const people = await rowsOf('person');
    expect(people.filter((row) => !isSafeResidentId(row['pid'] ?? ''))).toEqual([]);
    expect(people.filter((row) => !isSafeMobile(row['phone'] ?? ''))).toEqual([]);
    expect(people.filter((row) => row['birth_date']?.replaceAll('-', '') !== row['pid']?.slice(6, 14))).toEqual([]);
    expect(people.filter((row) => (row['gender'] === '男') !== (Number(row['pid']?.charAt(16)) % 2 === 1))).toEqual([]);
    expect(people.some((row) => row['boss'] === '')).toBe(true);
    expect((await rowsOf('firm')).filter((row) => !isUscc(row['uscc'] ?? ''))).toEqual([]);
  });

  test('spreads children unevenly', async () => {
    const lines = new Map<string, number>();
    for (const row of await rowsOf('line')) lines.set(row['vid'] ?? '', (lines.get(row['vid'] ?? '') ?? 0) + 1);
    expect(lines.size).toBeLessThan(2100);
    expect(Math.max(...lines.values())).toBeGreaterThan(5);
    const visits = new Map<string, number>();
    for (const row of await rowsOf('visit')) visits.set(row['pid'] ?? '', (visits.get(row['pid'] ?? '') ?? 0) + 1);
    expect(visits.size).toBeLessThan(500);
    expect(Math.max(...visits.values())).toBeGreaterThan(15);
  });

  test('loads through the ordinary loader, whole, filters and all', async () => {
    const folder = join(bench.folder, 'first');
    const declaration: unknown = JSON.parse(await readFile(join(folder, 'declaration.json'), 'utf8'));
    const loaded = await bench.load(
      declaration,
      {},
      { baseFolder: folder, targetFolder: join(bench.folder, 'simulation'), origin: 'simulation', version: 'sim-1' },
    );
    expect(loaded).toMatchObject({ ok: true, value: { origin: 'simulation' } });
    if (!loaded.ok) return;
    const path = join(bench.folder, 'simulation', 'linked', 'sim-1.duckdb');
    const rows = await querySealed(bench.enclave, path, loaded.value.digest, 'SELECT count(*), count(DISTINCT __u_person) FROM line');
    expect(Number(rows[0]?.[0])).toBe(3000);
    const people = await querySealed(bench.enclave, path, loaded.value.digest, 'SELECT count(*) FROM person');
    expect(Number(people[0]?.[0])).toBe(500);
  });

  test('ends as a refusal, and leaves no table behind, where it runs out of time', async () => {
    const declaration = readDeclaration(linkedDeclaration());
    const plan = declaration.ok ? planSimulation(declaration.value.dataset, { seed: 's', rows: 20_000_000 }) : declaration;
    if (!plan.ok) throw new Error('No plan');
    const made = await runSimulation(
      plan.value,
      { enclave: bench.enclave, limits: { timeoutMs: 1000, threads: 1 } },
      join(bench.folder, 'late'),
    );
    expect(made).toEqual({ ok: false, error: [{ code: 'simulation.failed', facts: { kind: 'timeout' } }] });
    expect(plan.value.tables.some((table) => existsSync(join(bench.folder, 'late', table.file)))).toBe(false);
  });
});
