import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEnclave } from '../../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, EnclaveSession } from '../../../src/sandbox/enclave/port.ts';
import { boundsSql, encodedSql, influenceSql, sidesSql, sizesSql } from '../../../src/sandbox/models/score/class-sql.ts';
import { layoutOf } from '../../../src/sandbox/models/spec/layout.ts';
import { readTrainingSpec } from '../../../src/sandbox/models/spec/training-spec.ts';
import type { Aggregates } from '../../../src/sandbox/models/train/aggregates.ts';
import { encodedRowsSql } from '../../../src/sandbox/models/train/encode-sql.ts';
import { type Ask, keepTable } from '../../../src/sandbox/models/train/kept-table.ts';
import { memoryAggregates } from '../../../src/sandbox/models/train/memory-aggregates.ts';
import { readSample } from '../../../src/sandbox/models/train/read-sample.ts';
import { sqlAggregates } from '../../../src/sandbox/models/train/sql-aggregates.ts';

const ROWS = 3_000;
const share = (by: number): string => `((i * ${by}) % 997) / 997.0`;
const SOURCE = {
  from: ` FROM (SELECT i, CAST(1 + i * 2147 AS INTEGER) AS k, ${share(7)} AS a, 40 * ${share(131)} AS b, CASE i % 3 WHEN 0 THEN 'p' WHEN 1 THEN 'q' ELSE 'r' END AS c FROM range(${ROWS}) t(i))`,
  key: 'k',
  features: ['a', 'b', 'c'],
};
const FEATURES = [
  { name: 'a', type: 'numeric', bounds: [0, 1], bins: 8 },
  { name: 'b', type: 'numeric', bounds: [0, 40], bins: 8 },
  { name: 'c', type: 'categorical', domain: ['p', 'q'] },
];
const LABELS = {
  logistic_regression: { expr: 'y', type: 'binary', domain: [0, 1], sql: 'CAST(a * 40 > b AS INTEGER)' },
  poisson_regression: { expr: 'y', type: 'count', bounds: [0, 40], sql: 'CAST(round(b * a) AS INTEGER)' },
};

/** What the engine sums as integers beside the same sums, one row after the other. */
describe('sums of the engine', () => {
  let folder: string;
  let enclave: Enclave;
  let session: EnclaveSession;
  const ask: Ask = async (sql) => {
    const got = await session.query(sql);
    if (!got.ok) throw new Error(`${got.error} ${sql.slice(0, 200)}`);
    return got.value.rows;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-sums-'));
    enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: folder });
    const limits = { memoryMiB: 512, threads: 2, tempMiB: 256, timeoutMs: 60_000, maxRows: 200_000 };
    const opened = await enclave.open({ database: { kind: 'memory' }, readable: [], writable: [] }, limits);
    if (!opened.ok) throw new Error(opened.error);
    session = opened.value;
  }, 60_000);
  afterAll(async () => {
    await session.close();
    await enclave.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function both(algorithm: keyof typeof LABELS): Promise<readonly [Aggregates, Aggregates]> {
    const { sql, ...label } = LABELS[algorithm];
    const read = readTrainingSpec({
      kind: 'train',
      dataset: 'd',
      algorithm,
      cohort: { sql: 'SELECT 1', unit: 'u' },
      features: FEATURES,
      label,
    });
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const layout = layoutOf(read.value);
    const table = await keepTable(ask, encodedRowsSql({ ...SOURCE, label: sql }, layout, { multiplier: 1_234_567, holdout: 0.3 }));
    const { rows, isMember } = await readSample(ask, table, layout);
    const members = Int32Array.from(isMember.flatMap((is, row) => (is ? [row] : [])));
    return [await sqlAggregates(ask, table, layout), memoryAggregates(rows, members, layout)];
  }

  /** Within the rounding of residuals and weights. */
  function alike(a: unknown, b: unknown, within: number): void {
    const flat = (value: unknown): number[] =>
      typeof value === 'number'
        ? [value]
        : Object.values(value as object).flatMap((each) => flat(ArrayBuffer.isView(each) ? [...(each as Float64Array)] : each));
    const [own, other] = [flat(a), flat(b)];
    expect(own.length).toBe(other.length);
    for (const [at, value] of own.entries())
      expect(Math.abs(value - (other[at] ?? Number.NaN))).toBeLessThanOrEqual(within * (1 + Math.abs(value)));
  }

  test('of classes', async () => {
    const [sql, memory] = await both('logistic_regression');
    expect([sql.units, sql.classUnits, sql.support]).toEqual([memory.units, memory.classUnits, memory.support]);
    alike(await sql.binUnits(), await memory.binUnits(), 0);
    const { xx, xy } = await memory.crossProducts([0, 1, 2]);
    const own = await sql.crossProducts([0, 1, 2]);
    alike([own.xx, own.xy], [xx, xy], 1e-9);
    const beta = Float64Array.from([0.3, -2, 1.5, 0.1]);
    alike(await sql.newton([0, 1, 2], beta, 'logistic'), await memory.newton([0, 1, 2], beta, 'logistic'), 1e-3);
    alike(
      await sql.softmaxGradient([0, 1], [beta.slice(0, 3), beta.slice(1)]),
      await memory.softmaxGradient([0, 1], [beta.slice(0, 3), beta.slice(1)]),
      1e-3,
    );
    const centres = [0.2, 0.5, 0.9].map((at) => new Float64Array(3).fill(at));
    alike(await sql.assign(centres), await memory.assign(centres), 1e-4);
    const tree = { split: { feature: 0, bin: 3, isLevel: false }, left: { leaf: 0 }, right: { leaf: 1 } } as const;
    const cells = async (sums: Aggregates, statistic: 'classes' | 'gradients') =>
      [...(await sums.histograms({ tree, statistic }))]
        .sort((a, b) => a.feature - b.feature || a.leaf - b.leaf || a.bin - b.bin)
        .map((cell) => [cell.feature, cell.leaf, cell.bin, cell.units, cell.sums]);
    alike(await cells(sql, 'classes'), await cells(memory, 'classes'), 0);
    for (const sums of [sql, memory]) {
      await sums.startScores(-0.4, 'logistic');
      await sums.addScores(tree, [0.25, -1e-7]);
    }
    alike(await cells(sql, 'gradients'), await cells(memory, 'gradients'), 1e-3);
  }, 60_000);

  test('of counts', async () => {
    const [sql, memory] = await both('poisson_regression');
    alike(await sql.crossProducts([0, 1]), await memory.crossProducts([0, 1]), 1e-9);
    const beta = Float64Array.from([-1, 0.5, -0.2]);
    for (const mean of ['poisson', 'gamma'] as const)
      alike(await sql.newton([0, 1], beta, mean), await memory.newton([0, 1], beta, mean), 1e-3);
  }, 60_000);

  test('of classes of rows: who has most of them, what k units stand on, and who makes a mean', async () => {
    // Unit 7 has 800 rows of 1999.5; units 8 to 19 one each, of 1400 to 1455; units 20 to 99 one each, of nothing.
    const rows = `SELECT * FROM (SELECT 7 AS u, 1999.5::DOUBLE AS v, i AS r FROM range(800) t(i) UNION ALL SELECT 8 + i, 1400 + 5 * i, 800 + i FROM range(12) t(i) UNION ALL SELECT 20 + i, 0, 900 + i FROM range(80) t(i))`;
    const source = { from: ` FROM (${rows})`, row: 'r', units: ['u'], slots: ['v'] };
    const [[units, largest] = []] = await ask(sizesSql(source, 2));
    expect([units, Number(largest) > 0.8]).toEqual([93, true]);
    const [[, , , low, high] = []] = await ask(boundsSql(source, 0, 10, 2));
    // The tenth unit's greatest value: not what most rows have.
    expect([low, high]).toEqual([0, 1_415]);
    const table = await keepTable(ask, encodedSql(source, [{ kind: 'number', low: 0, high: 1_400, missing: 0 }]));
    const sides = await ask(sidesSql(table, 1, [{ id: 0, slot: 0, edge: 1_000 }], 2));
    expect(sides.map(([, above, count, share]) => [above, count, Number(share) > 0.5])).toEqual([
      [false, 80, false],
      [true, 13, true],
    ]);
    const few = `SELECT u AS u0, CASE u WHEN 99 THEN 1000.0 ELSE 0.0 END::DOUBLE AS x0, 0 AS c FROM (${rows}) WHERE u > 19`;
    // One unit beside the middle value, and all that lies beside it.
    expect(await ask(influenceSql(await keepTable(ask, few), 1, [0]))).toEqual([[0, 1, 1, 0]]);
  }, 60_000);
});
