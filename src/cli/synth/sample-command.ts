import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvText } from '../../synthetic/csv-lines.ts';
import { type Artefact, readArtefact } from '../../synthetic/fit/artefact.ts';
import { type SampledTable, sampleTables } from '../../synthetic/fit/sample-tables.ts';
import { UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';
import { readText, refuse } from './input-files.ts';

export interface SampleCommandOptions {
  readonly artefact: string;
  readonly rows: number;
  readonly seed: string;
  readonly verify?: string;
  readonly out: string;
}

const MOST_ROWS = 100_000_000;

/** `synth sample`: rows of an artefact as CSV. Source: formats.md, "Commands". */
export async function sampleCommand(environment: CliEnvironment, global: GlobalOptions, options: SampleCommandOptions): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  if (options.rows < 1 || options.rows > MOST_ROWS) throw new UsageError(`--rows must be 1 to ${MOST_ROWS}`);
  const key = options.verify === undefined ? undefined : await readText(options.verify, 'The public key');
  const artefact = readArtefact(await readText(options.artefact, 'The model'), key);
  if (!artefact.ok) return refuse(artefact.error, global);
  const tables = sampleTables(artefact.value, options.rows, options.seed);
  if (tables.length > 1) await mkdir(options.out, { recursive: true });
  for (const table of tables) {
    await writeTable(artefact.value, table, tables.length > 1 ? join(options.out, `${table.table}.csv`) : options.out);
  }
  const written = tables.map(({ table, rows }) => ({ table, rows }));
  output.record(
    { label: artefact.value.label, seed: options.seed, tables: written, out: options.out },
    `${written.map((item) => `${item.table}: ${item.rows} rows`).join(', ')}, written to ${options.out}`,
  );
}

async function writeTable(artefact: Artefact, table: SampledTable, path: string): Promise<void> {
  const headers = artefact.headers[table.table] ?? {};
  const names = [...table.columns.keys()];
  const text = csvText(
    names.map((name) => headers[name] ?? name),
    [...table.columns.values()],
    table.rows,
  );
  await pipeline(Readable.from(text), createWriteStream(path));
}
