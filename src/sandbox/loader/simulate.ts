import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { quoteText } from '../../catalog/identifier.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { SimulationPlan } from '../../synthetic/plan-simulation.ts';
import type { Enclave, EnclaveFailure, EnclaveSession, SessionLimits } from '../enclave/port.ts';
import { fileDigest } from './file-digest.ts';

export interface SimulatedTable {
  readonly table: string;
  readonly file: string;
  readonly rows: number;
  /** Lower-case hex, of the file's bytes. */
  readonly sha256: string;
}

/** What a simulation is and where it came from; written beside its files as `manifest.json`. */
export interface SimulationManifest {
  readonly label: SimulationPlan['label'];
  readonly dataset: string;
  readonly generator: string;
  readonly seed: string;
  /** Whether identifiers can belong to nobody (`safe`). */
  readonly mode: SimulationPlan['mode'];
  /** Rows asked for, and what queries asked of columns: with seed and declaration all that anybody needs to make the same files again. */
  readonly rows: number;
  readonly wishes: SimulationPlan['wishes'];
  readonly catalogDigest: string;
  readonly tables: readonly SimulatedTable[];
}

export interface SimulationPorts {
  readonly enclave: Enclave;
  readonly signal?: AbortSignal;
  /** Called now and then with a whole percentage of the work. */
  readonly progress?: (percent: number) => void;
  readonly limits?: Partial<SessionLimits>;
}

const LIMITS: SessionLimits = { memoryMiB: 1536, threads: 2, tempMiB: 4096, timeoutMs: 3_600_000, maxRows: 100 };

/**
 * Makes the files of a plan in `outFolder` (made if absent): one CSV per table (UTF-8, header, NULL as an empty field),
 * `declaration.json` for the ordinary loader, `manifest.json`. The session that generates is an empty database in memory
 * whose only mount is that folder: it has no handle to real data, and needs none to be there.
 * On refusal no file of the plan stays. Throws only on faults of the file system.
 * Source: synthetic-and-masking.md §3; requirement GZ-7a.
 */
export async function runSimulation(
  plan: SimulationPlan,
  ports: SimulationPorts,
  outFolder: string,
): Promise<Result<SimulationManifest, readonly Problem[]>> {
  const folder = resolve(outFolder);
  await mkdir(folder, { recursive: true });
  const mounts = { database: { kind: 'memory' }, readable: [], writable: [folder] } as const;
  const opened = await ports.enclave.open(mounts, { ...LIMITS, ...ports.limits }, ports.signal);
  if (!opened.ok) return err([failed(opened.error)]);
  let rows: Result<readonly number[], EnclaveFailure>;
  try {
    rows = await generate(plan, opened.value, folder, ports.progress);
  } finally {
    await opened.value.close();
  }
  if (!rows.ok) {
    for (const { file } of [...plan.tables, ...plan.given]) await rm(join(folder, file), { force: true });
    return err([failed(rows.error)]);
  }
  for (const { file } of plan.given) await rm(join(folder, file), { force: true });
  const tables: SimulatedTable[] = [];
  for (const [index, table] of plan.tables.entries()) {
    tables.push({ table: table.table, file: table.file, rows: rows.value[index] ?? 0, sha256: await fileDigest(join(folder, table.file)) });
  }
  const { label, dataset, generator, seed, mode, rows: asked, wishes, catalogDigest } = plan;
  const manifest: SimulationManifest = { label, dataset, generator, seed, mode, rows: asked, wishes, catalogDigest, tables };
  await writeFile(join(folder, 'declaration.json'), `${JSON.stringify(plan.declaration, null, 2)}\n`);
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return ok(manifest);
}

async function generate(
  plan: SimulationPlan,
  session: EnclaveSession,
  folder: string,
  progress: SimulationPorts['progress'],
): Promise<Result<readonly number[], EnclaveFailure>> {
  const steps = plan.statements.length + plan.tables.length;
  let done = 0;
  const step = (): void => {
    done += 1;
    progress?.(Math.floor((100 * done) / steps));
  };
  for (const given of plan.given) {
    const made = await session.query(givenSql(given, folder));
    if (!made.ok) return made;
  }
  for (const statement of plan.statements) {
    const made = await session.query(statement);
    if (!made.ok) return made;
    step();
  }
  const counts: number[] = [];
  for (const table of plan.tables) {
    const target = join(folder, table.file).replaceAll("'", "''");
    const copied = await session.query(`COPY (${table.select}) TO '${target}' (FORMAT csv, HEADER true)`);
    if (!copied.ok) return copied;
    counts.push(Number(copied.value.rows[0]?.[0] ?? 0));
    step();
  }
  return ok(counts);
}

/** Rows that a model has drawn, from a file of the folder into the table where the plan looks for them. */
function givenSql(given: SimulationPlan['given'][number], folder: string): string {
  const columns = given.columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(type)}`);
  const from = `read_csv(${quoteText(join(folder, given.file))}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, columns = {${columns.join(', ')}})`;
  return `CREATE TABLE ${given.target} AS SELECT * FROM ${from}`;
}

function failed(kind: EnclaveFailure): Problem {
  return problem('simulation.failed', { kind });
}
