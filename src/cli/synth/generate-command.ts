import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withSynthWorkbench } from '../../instance/synth-workbench.ts';
import type { SimulationManifest } from '../../sandbox/loader/simulate.ts';
import type { SimulationOptions } from '../../synthetic/plan-simulation.ts';
import { Refused, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';
import { readSchema, readText, refuse } from './input-files.ts';

export interface GenerateCommandOptions {
  readonly schema: string;
  readonly rows?: number;
  readonly seed?: string;
  readonly query?: string;
  readonly realistic: boolean;
  readonly check: boolean;
  readonly out: string;
}

/** `synth generate`: simulation data from a declaration, or the proof that a folder holds just that. Source: formats.md, "Commands". */
export async function generateCommand(environment: CliEnvironment, global: GlobalOptions, options: GenerateCommandOptions): Promise<void> {
  if (options.check) return checkFolder(environment, global, options);
  const { rows, seed, out } = options;
  if (rows === undefined || seed === undefined) throw new UsageError('Say how many with --rows N and which with --seed S');
  const output = makeOutput(environment, global.json === true);
  const schema = await readSchema(options.schema, global);
  const sql = options.query === undefined ? undefined : await readText(options.query, 'The query');
  const made = await withSynthWorkbench(environment.config, environment.rng, async (bench) => {
    const wishes = sql === undefined ? undefined : await bench.wishes(sql);
    const plan: SimulationOptions = {
      rows,
      seed,
      headers: schema.headers,
      mode: options.realistic ? 'realistic' : 'safe',
      ...(wishes === undefined ? {} : { wishes }),
    };
    return bench.generate(schema.dataset, plan, out, (percent) => output.note(`generating: ${percent} %`));
  });
  if (!made.ok) return refuse(made.error, global);
  if (options.realistic)
    output.note('These identifiers may be those of real people. Do not pass them on; the manifest says how they were made.');
  output.record(made.value, tablesText(made.value, out));
}

/** Makes the files of a manifest again elsewhere and compares the digests. */
async function checkFolder(environment: CliEnvironment, global: GlobalOptions, options: GenerateCommandOptions): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  const schema = await readSchema(options.schema, global);
  const manifest = readManifest(await readText(join(options.out, 'manifest.json'), 'The manifest'));
  const folder = await mkdtemp(join(tmpdir(), 'sluice-check-'));
  try {
    const again = await withSynthWorkbench(environment.config, environment.rng, (bench) =>
      bench.generate(
        schema.dataset,
        {
          rows: manifest.rows,
          seed: manifest.seed,
          mode: manifest.mode,
          headers: schema.headers,
          wishes: new Map(Object.entries(manifest.wishes)),
        },
        folder,
      ),
    );
    if (!again.ok) return refuse(again.error, global);
    const differing = again.value.tables.filter(
      (table) => manifest.tables.find((item) => item.table === table.table)?.sha256 !== table.sha256,
    );
    const same = differing.length === 0 && again.value.tables.length === manifest.tables.length;
    const verified = same && again.value.catalogDigest === manifest.catalogDigest;
    const result = { verified, label: manifest.label, differing: differing.map((table) => table.table) };
    output.record(
      result,
      verified ? 'The manifest is true: the declaration and the seed give just these tables.' : 'THE MANIFEST IS NOT TRUE.',
    );
    if (!verified) throw new Refused(null);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readManifest(text: string): SimulationManifest {
  try {
    const manifest = JSON.parse(text) as SimulationManifest;
    if (manifest.label === 'SIMULATED-L0' && Array.isArray(manifest.tables)) return manifest;
  } catch {
    // said below
  }
  throw new UsageError('manifest.json is not the manifest of a simulation');
}

function tablesText({ tables, label, mode }: SimulationManifest, out: string): string {
  return [
    `${label} (${mode}) in ${out}`,
    ...tables.map((table) => `  ${table.table}: ${table.rows} rows, ${table.sha256.slice(0, 16)}…`),
  ].join('\n');
}
