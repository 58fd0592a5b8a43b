import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeSampledRows } from '../../instance/sample-artefact.ts';
import { withSynthWorkbench } from '../../instance/synth-workbench.ts';
import { csvText } from '../../synthetic/csv-lines.ts';
import { readFileSchema } from '../../synthetic/file-schema.ts';
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

/**
 * `synth sample`: rows of an artefact as CSV. Columns that no model holds (identifiers, names, text, links) come from the L0
 * generators, so that the files are whole. Source: formats.md, "Commands"; synthetic-and-masking.md §4.1 (sample).
 */
export async function sampleCommand(environment: CliEnvironment, global: GlobalOptions, options: SampleCommandOptions): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  if (options.rows < 1 || options.rows > MOST_ROWS) throw new UsageError(`--rows must be 1 to ${MOST_ROWS}`);
  const key = options.verify === undefined ? undefined : await readText(options.verify, 'The public key');
  const artefact = readArtefact(await readText(options.artefact, 'The model'), key);
  if (!artefact.ok) return refuse(artefact.error, global);
  const tables = sampleTables(artefact.value, options.rows, options.seed);
  const [only, ...more] = tables;
  const written =
    only !== undefined && more.length === 0 && isWhole(artefact.value, only)
      ? [await writeTable(artefact.value, only, options.out)]
      : await fillWithGenerators(environment, global, options, artefact.value);
  const { label } = artefact.value;
  output.record(
    { label, seed: options.seed, tables: written, out: options.out },
    `${written.map((item) => `${item.table}: ${item.rows} rows`).join(', ')}, written to ${options.out}`,
  );
}

interface Written {
  readonly table: string;
  readonly rows: number;
}

function isWhole(artefact: Artefact, table: SampledTable): boolean {
  const declared = artefact.declaration['tables'] as Readonly<Record<string, { readonly columns: object }>>;
  return Object.keys(declared).length === 1 && Object.keys(declared[table.table]?.columns ?? {}).length === table.columns.size;
}

async function writeTable(artefact: Artefact, table: SampledTable, path: string): Promise<Written> {
  const headers = artefact.headers[table.table] ?? {};
  const declared = artefact.declaration['tables'] as Readonly<Record<string, { readonly columns: object }>>;
  const names = Object.keys(declared[table.table]?.columns ?? {});
  const header = names.map((name) => headers[name] ?? name);
  const columns = names.map((name) => table.columns.get(name) ?? []);
  await pipeline(Readable.from(csvText(header, columns, table.rows)), createWriteStream(path));
  return { table: table.table, rows: table.rows };
}

async function fillWithGenerators(
  environment: CliEnvironment,
  global: GlobalOptions,
  options: SampleCommandOptions,
  artefact: Artefact,
): Promise<readonly Written[]> {
  const schema = readFileSchema(artefact.declaration);
  if (!schema.ok) return refuse(schema.error, global);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-sample-'));
  try {
    const given = await writeSampledRows(artefact, options, folder);
    const made = await withSynthWorkbench(environment.config, environment.rng, (bench) =>
      bench.generate(schema.value.dataset, { rows: options.rows, seed: options.seed, given, headers: artefact.headers }, folder),
    );
    if (!made.ok) return refuse(made.error, global);
    const [only, ...more] = made.value.tables;
    if (more.length > 0) await mkdir(options.out, { recursive: true });
    for (const { file } of made.value.tables) await copyFile(join(folder, file), more.length > 0 ? join(options.out, file) : options.out);
    return [...(only === undefined ? [] : [only]), ...more].map(({ table, rows }) => ({ table, rows }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
