import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DataProfile, Dataset } from '../src/catalog/dataset.ts';
import { readDeclaration } from '../src/catalog/declaration.ts';
import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import { statementRunner } from '../src/pipeline/enclave-fault.ts';
import { readStatement } from '../src/pipeline/read-statement.ts';
import { runStages } from '../src/pipeline/run-stages.ts';
import { createEnclave } from '../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, EnclaveSession, SessionLimits } from '../src/sandbox/enclave/port.ts';
import { compile } from '../src/sandbox/sql/compile/compile.ts';
import { rewrite } from '../src/sandbox/sql/compile/rewrite.ts';
import type { Rewritten } from '../src/sandbox/sql/model/program.ts';
import { parse } from '../src/sandbox/sql/read/parse.ts';
import type { Emit } from './bench-line.ts';
import { measureWorkerStart } from './worker-start.ts';

const ROWS = Number(process.env.SLUICE_BENCH_ROWS ?? 20_000_000);
const UNITS = ROWS / 10;
const RUNS = 5;
export const BENCH_LIMITS: SessionLimits = { memoryMiB: 8192, threads: 2, tempMiB: 8192, timeoutMs: 3_600_000, maxRows: 2_000_000 };

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

/** The three group counts of the issue, without and with a condition. */
const QUERIES: readonly (readonly [string, string])[] = [
  ['1 group', 'SELECT count(*) AS n, sum(cost) AS s, avg(cost) AS a FROM visits'],
  ['20 groups', 'SELECT g20, count(*) AS n, sum(cost) AS s, avg(cost) AS a FROM visits GROUP BY g20'],
  ['300 groups', 'SELECT g300, count(*) AS n, sum(cost) AS s, avg(cost) AS a FROM visits GROUP BY g300'],
  ['1 group, where', "SELECT count(*) AS n, sum(cost) AS s, avg(cost) AS a FROM visits WHERE visited >= DATE '2024-06-01' AND kind <> 3"],
  [
    '20 groups, where',
    "SELECT g20, count(*) AS n, sum(cost) AS s, avg(cost) AS a FROM visits WHERE visited >= DATE '2024-06-01' AND kind <> 3 GROUP BY g20",
  ],
  [
    '300 groups, where',
    "SELECT g300, count(*) AS n, sum(cost) AS s, avg(cost) AS a FROM visits WHERE visited >= DATE '2024-06-01' AND kind <> 3 GROUP BY g300",
  ],
];

/** Plain DuckDB query, gated query with its verdict, and exact two-level evidence, in one worker and one run. */
export async function runGateBench(emit: Emit): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-gate-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: join(folder, 'workers'), poolSize: 0 });
  try {
    const path = join(folder, 'bench.duckdb');
    await fill(path);
    const digest = await digestOf(path);
    const opened = await enclave.open({ database: { kind: 'sealed', path, digest }, readable: [], writable: [] }, BENCH_LIMITS);
    if (!opened.ok) throw new Error(`No session: ${opened.error}`);
    await measureQueries(enclave, opened.value, emit);
    await opened.value.close();
    await measureWorkerStart(emit);
  } finally {
    await enclave.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureQueries(enclave: Enclave, session: EnclaveSession, emit: Emit): Promise<void> {
  const dataset = declared();
  const run = statementRunner(session);
  for (const [name, sql] of QUERIES) {
    const program = await programOf(sql, dataset, PROFILE, enclave);
    let cells = 0;
    const gated = async (): Promise<void> => {
      cells = (await runStages(program, DEFAULT_POLICY, run)).answer.rows.length;
    };
    const plainMs = await median(() => run(sql));
    const gatedMs = await median(gated);
    const exactMs = await median(() => run(twoLevel(sql)));
    const distinctMs = await median(() => run(sql.replace('count(*) AS n', 'count(*) AS n, count(DISTINCT __u_person) AS u')));
    const line = (metric: string, value: number): void =>
      emit({ name: `gate, ${name}`, metric, value, unit: 'ms', baseline: plainMs, ratio: value / plainMs });
    line('plain', plainMs);
    line(`gated, ${cells} rows released`, gatedMs);
    line('exact two-level evidence', exactMs);
    line('count(DISTINCT unit)', distinctMs);
  }
}

/** What a gate without buckets would run: per cell and unit, then per cell. */
function twoLevel(sql: string): string {
  const key = /g\d+/.exec(sql)?.[0];
  const where = /WHERE .*?(?= GROUP|$)/.exec(sql)?.[0] ?? '';
  const keys = key === undefined ? '' : `${key}, `;
  const inner = `SELECT ${keys}__u_person AS u, count(*) AS n, sum(cost) AS s FROM visits ${where} GROUP BY ${keys}u`;
  return `SELECT ${keys}sum(n), sum(s), count(*) AS units, max(s, 2), sum(abs(s)) FROM (${inner})${key === undefined ? '' : ` GROUP BY ${key}`}`;
}

/** Admission of a query over all tables of a dataset. */
export async function programOf(sql: string, dataset: Dataset, profile: DataProfile, enclave: Enclave): Promise<Rewritten> {
  const reading = await readStatement(sql, dataset, enclave);
  if (!reading.ok) throw new Error('Not read');
  const tables = Object.fromEntries(dataset.tables.map((table) => [table.name, '*' as const]));
  const grant = { id: 'g', merchant: 'm', dataset: dataset.name, scenario: 'bench', tables, endsOn: '2099-12-31' };
  const parsed = parse(sql, reading.value.tree);
  const compiled = parsed.ok ? compile(parsed.value, dataset, grant, profile) : parsed;
  if (!compiled.ok) throw new Error(`Refused: ${JSON.stringify(compiled.error)}`);
  return rewrite(compiled.value);
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

function declared(): Dataset {
  const read = readDeclaration(DECLARATION);
  if (!read.ok) throw new Error(`The declaration is refused: ${JSON.stringify(read.error)}`);
  return read.value.dataset;
}

/** Rows as the loader would seal them: sorted by unit, buckets by hash. The hash here is unkeyed. */
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

/** Median of several runs in milliseconds, after one that warms up. */
export async function median(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < RUNS; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}
