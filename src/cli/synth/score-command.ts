import { withSynthWorkbench } from '../../instance/synth-workbench.ts';
import type { DatasetScore } from '../../sandbox/loader/score-tables.ts';
import { EVERY_PAIR, mean, STRONG_PAIRS, type TableScore } from '../../synthetic/score/score-report.ts';
import { makeOutput } from '../output.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';
import { readSchema, refuse, tableFiles } from './input-files.ts';

export interface ScoreCommandOptions {
  readonly real: string;
  readonly synthetic: string;
  readonly schema: string;
  readonly bins?: number;
  readonly compat: boolean;
  readonly strongPairs: boolean;
}

/** `synth score`: figures of how close two data sets are; with `--json` one object. Source: formats.md (`synth score`). */
export async function scoreCommand(environment: CliEnvironment, global: GlobalOptions, options: ScoreCommandOptions): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  const schema = await readSchema(options.schema, global);
  const [real, synthetic] = [await tableFiles(schema, options.real), await tableFiles(schema, options.synthetic)];
  const scored = await withSynthWorkbench(environment.config, environment.rng, (bench) =>
    bench.score(schema, real, synthetic, {
      bins: options.compat ? 'compat' : 'shared',
      ...(options.strongPairs ? STRONG_PAIRS : EVERY_PAIR),
      ...(options.bins === undefined ? {} : { mostCells: options.bins }),
    }),
  );
  if (!scored.ok) return refuse(scored.error, global);
  const head = headOf(scored.value);
  output.record({ ...head, tables: scored.value.tables, links: scored.value.links }, textOf(head, scored.value));
}

function headOf({ tables, quality, links }: DatasetScore) {
  const over = (pick: (table: TableScore) => number | null): number | null => mean(tables.map((table) => pick(table) ?? Number.NaN));
  return {
    oneWayTvd: over((table) => table.oneWayTvd),
    twoWayTvd: over((table) => table.twoWayTvd),
    threeWayTvd: over((table) => table.threeWayTvd),
    columnShapes: mean(tables.flatMap((table) => table.columns.map((column) => column.shape))),
    pairTrends: mean(tables.map((table) => table.pairTrends ?? Number.NaN)),
    ...(links.length === 0
      ? {}
      : { cardinality: mean(links.map((link) => link.cardinality)), tableTrends: mean(links.map((link) => link.trends ?? Number.NaN)) }),
    quality,
  };
}

function textOf(head: ReturnType<typeof headOf>, { tables }: DatasetScore): string {
  const lines = Object.entries(head).map(([name, value]) => `${name.padEnd(14)} ${value === null ? '–' : value.toFixed(4)}`);
  const worst = tables
    .flatMap((table) => table.columns.map((column) => ({ ...column, table: table.table })))
    .toSorted((left, right) => left.shape - right.shape)
    .slice(0, 5);
  return [...lines, 'least alike:', ...worst.map((item) => `  ${item.table}.${item.column}: ${item.shape.toFixed(4)}`)].join('\n');
}
