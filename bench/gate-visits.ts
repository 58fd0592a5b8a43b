import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DataProfile } from '../src/catalog/dataset.ts';
import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import { statementRunner } from '../src/pipeline/enclave-fault.ts';
import { runStages } from '../src/pipeline/run-stages.ts';
import { createEnclave } from '../src/sandbox/enclave/create-enclave.ts';
import type { Emit } from './bench-line.ts';
import type { BenchData } from './gate-data.ts';
import { alternatingTimes, declaredDataset, exactBesides, NO_TIMES, openSession, programOf } from './gate-measure.ts';

const ROWS = Number(process.env['SLUICE_BENCH_ROWS'] ?? 20_000_000);
const UNITS = ROWS / 10;

const DECLARATION = {
  dataset: 'bench',
  title: { zh: '基准', en: 'Bench' },
  provider: 'bench',
  collectedBy: 'bench',
  verifiedBy: 'bench',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
  tables: {
    visits: {
      file: 'visits.csv',
      visibility: 'protected',
      primaryKey: ['visit_id'],
      foreignKeys: [],
      units: { person: ['person_id'] },
      columns: {
        visit_id: { type: 'BIGINT', label: 'personal', role: 'directId' },
        person_id: { type: 'BIGINT', label: 'personal', role: 'unitId' },
        g20: { type: 'INTEGER', label: 'none', role: 'dimension' },
        g300: { type: 'INTEGER', label: 'none', role: 'dimension' },
        kind: { type: 'INTEGER', label: 'none', role: 'dimension' },
        cost: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', bounds: [0, 1000000] },
        visited: { type: 'DATE', label: 'personal', role: 'quasiId', bounds: ['2024-01-01', '2025-12-31'] },
      },
    },
  },
};

const FIGURES = 'count(*) AS n, sum(cost) AS s, avg(cost) AS a';
const WHERE = "WHERE visited >= DATE '2024-06-01' AND kind <> 3";

/** The three group counts of the issue, without and with two conditions. */
const QUERIES: readonly (readonly [string, string])[] = [
  ['1 group', `SELECT ${FIGURES} FROM visits`],
  ['20 groups', `SELECT g20, ${FIGURES} FROM visits GROUP BY g20`],
  ['300 groups', `SELECT g300, ${FIGURES} FROM visits GROUP BY g300`],
  ['1 group, where', `SELECT ${FIGURES} FROM visits ${WHERE}`],
  ['20 groups, where', `SELECT g20, ${FIGURES} FROM visits ${WHERE} GROUP BY g20`],
  ['300 groups, where', `SELECT g300, ${FIGURES} FROM visits ${WHERE} GROUP BY g300`],
];

/** Plain query, gated query with its verdict, and exact two-level evidence over one long table, in one worker and in turns. */
export async function runVisitsBench(emit: Emit): Promise<void> {
  const data = await visitsData();
  try {
    const session = await openSession(data);
    const run = statementRunner(session);
    const dataset = declaredDataset(data.declaration);
    for (const [name, sql] of QUERIES) {
      const program = await programOf(sql, dataset, data);
      if (!('stages' in program)) throw new Error(`Refused: ${program.join(', ')}`);
      const gate = program.stages.find((stage) => stage.kind === 'gate')?.gate;
      if (gate === undefined) throw new Error('No gate');
      const { distinct, twoLevel } = exactBesides(gate);
      let cells = 0;
      const gated = async (): Promise<void> => {
        cells = (await runStages(program, DEFAULT_POLICY, run)).answer.rows.length;
      };
      const [plain = NO_TIMES, ...others] = await alternatingTimes([() => run(sql), gated, () => run(twoLevel), () => run(distinct)]);
      const line = (metric: string, value: number, baseline: number): void =>
        emit({ name: `gate, ${name}`, metric, value, unit: 'ms', baseline, ratio: value / baseline });
      line('plain', plain.wallMs, plain.wallMs);
      for (const [index, metric] of [`gated, ${cells} rows released`, 'exact two-level evidence', 'count(DISTINCT unit)'].entries())
        line(metric, (others[index] ?? NO_TIMES).wallMs, plain.wallMs);
      line('gated, processor time of the worker', (others[0] ?? NO_TIMES).processorMs, plain.processorMs);
    }
    await session.close();
  } finally {
    await data.close();
  }
}

const PROFILE: DataProfile = {
  tables: [],
  units: [
    {
      table: 'visits',
      unitType: 'person',
      units: UNITS,
      rows: ROWS,
      rowsWithoutUnit: 0,
      maxRowsPerUnit: 10,
      columns: { cost: { min: '0', max: '1000', nulls: 0, maxUnitAbsSum: '10000' } },
    },
  ],
};

/** Rows as the loader would seal them: sorted by unit, buckets by hash. The hash here is unkeyed. */
async function visitsData(): Promise<BenchData> {
  const kept = process.env['SLUICE_BENCH_FOLDER'];
  const root = kept ?? mkdtempSync(join(tmpdir(), 'sluice-bench-visits-'));
  const folder = join(root, `visits-${ROWS}`);
  mkdirSync(folder, { recursive: true });
  const sealedPath = join(folder, 'bench.duckdb');
  if (!existsSync(sealedPath)) await fill(sealedPath);
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: join(folder, 'workers'), poolSize: 0 });
  const version = {
    dataset: 'bench',
    version: 'v1',
    digest: await digestOf(sealedPath),
    bytes: 0,
    state: 'queryable',
    loadedAt: '',
    origin: 'simulation',
    profile: PROFILE,
  } as const;
  return {
    enclave,
    declaration: DECLARATION,
    version,
    sealedPath,
    close: async () => {
      await enclave.close();
      if (kept === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}

async function fill(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE visits AS SELECT (i // 10)::BIGINT AS person_id, (hash(i) % 20)::INTEGER AS g20, (hash(i, 1) % 300)::INTEGER AS g300,
     (hash(i, 2) % 5)::INTEGER AS kind, ((hash(i, 3) % 100000) / 100)::DECIMAL(12,2) AS cost,
     DATE '2024-01-01' + (hash(i, 4) % 730)::INTEGER AS visited, (i // 10)::INTEGER AS __u_person,
     (hash(i // 10) % 256)::USMALLINT AS __b_person, (hash(i, 5) % 2147483648)::INTEGER AS __rk FROM range(${ROWS}) t(i)`,
  );
  connection.closeSync();
  instance.closeSync();
  chmodSync(path, 0o400);
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
