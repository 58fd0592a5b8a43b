import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDeclaration } from '../../src/catalog/declaration.ts';
import { runSimulation } from '../../src/sandbox/loader/simulate.ts';
import { planSimulation } from '../../src/synthetic/plan-simulation.ts';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { type LoadingBench, loadingBench } from '../support/loading.ts';

let bench: LoadingBench;
beforeAll(async () => {
  bench = await loadingBench();
});
afterAll(() => bench.close());

const column = fc.oneof(
  fc.constantFrom('VARCHAR', 'BOOLEAN', 'DATE', 'TIMESTAMP', 'TINYINT', 'UBIGINT', 'DOUBLE').map((type) => ({ type, role: 'quasiId' })),
  fc
    .tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(2000))
    .map(([low, width]) => ({ type: 'INTEGER', role: 'measure', bounds: [low, low + width] })),
  fc.tuple(fc.nat(9), fc.nat(6)).map(([whole, scale]) => ({ type: `DECIMAL(${whole + scale + 1},${scale})`, role: 'measure' })),
  fc
    .uniqueArray(fc.stringMatching(/^[a-z'",;甲乙 ]{1,6}$/), { minLength: 1, maxLength: 12 })
    .map((domain) => ({ type: 'VARCHAR', role: 'dimension', domain })),
  fc
    .constantFrom('name', 'text', 'mobile', 'uscc', 'residentId', 'email')
    .map((semantic) => ({ type: 'VARCHAR', role: 'directId', semantic })),
);

const table = fc.record({
  columns: fc.array(fc.tuple(column, fc.boolean()), { minLength: 1, maxLength: 5 }),
  key: fc.constantFrom(
    { type: 'VARCHAR' },
    { type: 'INTEGER' },
    { type: 'VARCHAR', semantic: 'residentId' },
    { type: 'BIGINT', bounds: [-5, 900] },
    { type: 'DATE' },
  ),
  parents: fc.array(fc.tuple(fc.nat(9), fc.constantFrom('key', 'free', 'nullable')), { maxLength: 2 }),
  rows: fc.integer({ min: 1, max: 60 }),
});

/** Tables t0, t1, … whose links lead to any table (free) or to an earlier one (within the primary key). */
function declarationOf(tables: readonly (typeof table extends fc.Arbitrary<infer T> ? T : never)[]): object {
  const keyTypes: string[][] = [];
  const declared = tables.map((item, index) => {
    const columns: Record<string, object> = { id: { ...item.key, label: 'none', role: 'unitId' } };
    const primaryKey = ['id'];
    const foreignKeys: object[] = [];
    for (const [at, [target, kind]] of item.parents.entries()) {
      const parent = kind === 'key' ? target % Math.max(1, index) : target % tables.length;
      if (kind === 'key' && (index === 0 || (keyTypes[parent]?.length ?? 0) > 1 || at > 0)) continue;
      if (kind !== 'key' && (tables[parent]?.parents[0]?.[1] === 'key' || tables[parent]?.parents[1]?.[1] === 'key')) continue;
      const name = `up${at}`;
      columns[name] = { type: tables[parent]?.key.type, label: 'none', role: 'unitId', nullable: kind === 'nullable' };
      if (kind === 'key') primaryKey.push(name);
      foreignKeys.push({ columns: [name], references: `t${parent}.id` });
    }
    for (const [at, [shape, nullable]] of item.columns.entries()) columns[`c${at}`] = { ...shape, label: 'none', nullable };
    keyTypes.push(primaryKey);
    return [`t${index}`, { visibility: 'protected', primaryKey, foreignKeys, units: { unit: ['id'] }, rows: item.rows, columns }] as const;
  });
  return {
    dataset: 'any',
    ...DECLARED_HEAD,
    title: { zh: '甲', en: 'A' },
    tables: Object.fromEntries(declared),
  };
}

test('a simulation of any sound declaration loads without a problem', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(table, { minLength: 1, maxLength: 4 }), fc.string({ minLength: 1, maxLength: 10 }), async (tables, seed) => {
      const declaration = readDeclaration(declarationOf(tables));
      fc.pre(declaration.ok);
      const plan = planSimulation(declaration.value.dataset, { seed, rows: 80 });
      if (!plan.ok) throw new Error(JSON.stringify(plan.error));
      run += 1;
      const folder = join(bench.folder, `run-${run}`);
      const made = await runSimulation(plan.value, { enclave: bench.enclave, limits: { memoryMiB: 200, tempMiB: 64 } }, folder);
      expect(made.ok ? [] : made.error).toEqual([]);
      expect(made.ok && made.value.tables.map((item) => item.rows)).toEqual(plan.value.tables.map((item) => item.rows));
      const written: unknown = JSON.parse(await readFile(join(folder, 'declaration.json'), 'utf8'));
      const loaded = await bench.load(written, {}, { baseFolder: folder, version: `v${run}`, origin: 'simulation' });
      expect(loaded.ok ? [] : loaded.error).toEqual([]);
    }),
    { numRuns: 6 },
  );
  expect(run).toBeGreaterThan(3);
}, 240_000);
