import { writeFile } from 'node:fs/promises';
import { withSynthWorkbench } from '../../instance/synth-workbench.ts';
import type { DatasetScore } from '../../sandbox/loader/score-tables.ts';
import type { FileSchema } from '../../synthetic/file-schema.ts';
import { fidelityPage } from '../../synthetic/report/fidelity-page.ts';
import type { FidelityReport, ReportOptions } from '../../synthetic/report/fidelity-report.ts';
import { EVERY_PAIR, mean, STRONG_PAIRS, type TableScore } from '../../synthetic/score/score-report.ts';
import { makeOutput } from '../output.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';
import { columnNamed, readSchema, refuse, tableFiles } from './input-files.ts';

export interface ScoreCommandOptions {
  readonly real: string;
  readonly synthetic: string;
  readonly schema: string;
  readonly bins?: number;
  readonly compat: boolean;
  readonly strongPairs: boolean;
  readonly report?: string;
  readonly target?: string;
  readonly audit?: number;
}

/** Bars of fewer real rows are not shown. Source: requirement U6 (the same k as for releases). */
const LEAST_ROWS = 10;
const AUDIT_DELTA = 1e-6;

/** `synth score`: figures of how close two data sets are; with `--json` one object. Source: formats.md (`synth score`). */
export async function scoreCommand(environment: CliEnvironment, global: GlobalOptions, options: ScoreCommandOptions): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  const schema = await readSchema(options.schema, global);
  const [real, synthetic] = [await tableFiles(schema, options.real), await tableFiles(schema, options.synthetic)];
  const wantsReport = options.report !== undefined || options.target !== undefined || options.audit !== undefined;
  const scored = await withSynthWorkbench(environment.config, environment.rng, (bench) =>
    bench.score(schema, real, synthetic, {
      bins: options.compat ? 'compat' : 'shared',
      ...(options.strongPairs ? STRONG_PAIRS : EVERY_PAIR),
      ...(options.bins === undefined ? {} : { mostCells: options.bins }),
      ...(wantsReport ? { report: reportOptions(environment, schema, options) } : {}),
    }),
  );
  if (!scored.ok) return refuse(scored.error, global);
  const head = headOf(scored.value);
  if (options.report !== undefined)
    await writeFile(options.report, fidelityPage(scored.value.reports, schema.dataset.name, scored.value.links));
  const { tables, links, keyUniqueness, reports } = scored.value;
  const details = wantsReport ? { reports: reports.map(({ score, ...rest }) => ({ table: score.table, ...rest })) } : {};
  output.record({ ...head, tables, links, keyUniqueness, ...details }, textOf(head, scored.value));
}

function reportOptions(environment: CliEnvironment, schema: FileSchema, { target, audit }: ScoreCommandOptions): ReportOptions {
  return {
    k: LEAST_ROWS,
    ...(target === undefined ? {} : { target: columnNamed(schema, target) }),
    ...(audit === undefined ? {} : { audit: { epsilon: audit, delta: AUDIT_DELTA, rng: environment.rng } }),
  };
}

function headOf({ tables, quality, links, columnShapes, pairTrends }: DatasetScore) {
  const over = (pick: (table: TableScore) => number | null): number | null => mean(tables.map((table) => pick(table) ?? Number.NaN));
  return {
    oneWayTvd: over((table) => table.oneWayTvd),
    twoWayTvd: over((table) => table.twoWayTvd),
    threeWayTvd: over((table) => table.threeWayTvd),
    columnShapes,
    pairTrends,
    ...(links.length === 0
      ? {}
      : { cardinality: mean(links.map((link) => link.cardinality)), tableTrends: mean(links.map((link) => link.trends ?? Number.NaN)) }),
    quality,
  };
}

function textOf(head: ReturnType<typeof headOf>, { tables, reports }: DatasetScore): string {
  const lines = Object.entries(head).map(([name, value]) => `${name.padEnd(14)} ${value === null ? '–' : value.toFixed(4)}`);
  const worst = tables
    .flatMap((table) => table.columns.map((column) => ({ ...column, table: table.table })))
    .toSorted((left, right) => left.shape - right.shape)
    .slice(0, 5);
  return [
    ...lines,
    'least alike:',
    ...worst.map((item) => `  ${item.table}.${item.column}: ${item.shape.toFixed(4)}`),
    ...reports.flatMap(reportLines),
  ].join('\n');
}

function reportLines({ target, audit }: FidelityReport): readonly string[] {
  const lines: string[] = [];
  if (target !== undefined) {
    const { real, synthetic } = target;
    lines.push(`learning ${target.target}: F1 ${synthetic.f1.toFixed(3)} from simulated rows, ${real.f1.toFixed(3)} from real ones`);
  }
  if (audit !== undefined) {
    const { outcome, plantedFault } = audit;
    lines.push(
      `membership attack: accuracy ${outcome.accuracy.toFixed(3)}, allowed ${outcome.accuracyBound.toFixed(3)}: ${outcome.passed ? 'passed' : 'FAILED'}`,
    );
    lines.push(`planted fault (no noise): ${plantedFault.passed ? 'NOT caught' : 'caught'}`);
  }
  return lines;
}
