import { writeFile } from 'node:fs/promises';
import { withSynthWorkbench } from '../../instance/synth-workbench.ts';
import { type Artefact, errorBars, writeArtefact } from '../../synthetic/fit/artefact.ts';
import { makeOutput } from '../output.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';
import { columnNamed, readSchema, readText, refuse, tableFiles } from './input-files.ts';

export interface FitCommandOptions {
  readonly data: string;
  readonly schema: string;
  readonly epsilon: number;
  readonly delta: number;
  readonly target?: string;
  readonly unit?: string;
  readonly bins?: number;
  readonly independent: boolean;
  readonly sign?: string;
  readonly out: string;
}

/** `synth fit`: writes the artefact, prints what was spent and how far its marginals may be off. Source: formats.md, "Commands". */
export async function fitCommand(environment: CliEnvironment, global: GlobalOptions, options: FitCommandOptions): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  const schema = await readSchema(options.schema, global);
  const files = await tableFiles(schema, options.data);
  const key = options.sign === undefined ? undefined : await readText(options.sign, 'The private key');
  const { epsilon, delta, independent, target, unit, bins } = options;
  const fitted = await withSynthWorkbench(environment.config, environment.rng, (bench) =>
    bench.fit(schema, files, {
      epsilon,
      delta,
      independent,
      ...(target === undefined ? {} : { target: columnNamed(schema, target) }),
      ...(unit === undefined ? {} : { unit }),
      ...(bins === undefined ? {} : { mostCells: bins }),
    }),
  );
  if (!fitted.ok) return refuse(fitted.error, global);
  await writeFile(options.out, writeArtefact(fitted.value, key));
  const summary = summaryOf(fitted.value);
  output.record({ ...summary, artefact: options.out }, summaryText(summary, options.out));
}

function summaryOf(artefact: Artefact) {
  const { epsilon, delta, rho, unit } = artefact.privacy;
  return {
    label: artefact.label,
    dataset: artefact.dataset,
    privacy: { epsilon, delta, rho, unit },
    tables: artefact.tables.map(({ table, model, columns }) => ({ table, mode: model.mode, columns: columns.length })),
    errors: errorBars(artefact).slice(0, 10),
  };
}

function summaryText(summary: ReturnType<typeof summaryOf>, out: string): string {
  const { privacy, tables, errors } = summary;
  return [
    `model written to ${out}: ε = ${privacy.epsilon}, δ = ${privacy.delta} (ρ = ${privacy.rho.toPrecision(4)}) for each ${privacy.unit}`,
    ...tables.map((item) => `  ${item.table || '(units)'}: ${item.columns} columns, ${item.mode}`),
    'least certain:',
    ...errors.slice(0, 5).map((item) => `  ${item.attributes.join(' × ')}: ±${(100 * item.expectedTvd).toFixed(1)} %`),
  ].join('\n');
}
