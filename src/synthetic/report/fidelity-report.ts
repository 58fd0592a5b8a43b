import type { Rng } from '../../kernel/rng.ts';
import { memoryCounts } from '../fit/count-source.ts';
import { fitModel } from '../fit/fit-model.ts';
import type { FittedModel } from '../fit/fitted-model.ts';
import { SeededRandom } from '../fit/seeded-random.ts';
import { type AuditOutcome, auditMembership } from '../privacy/membership-audit.ts';
import { type Noise, privateNoise } from '../privacy/noise.ts';
import { rhoOf } from '../privacy/zcdp.ts';
import { categoryCoverage, closestDistances, newRows, rangeCoverage, statisticSimilarity } from '../score/coverage-metrics.ts';
import type { LearningRows } from '../score/decision-tree.ts';
import { disclosureProtection } from '../score/disclosure.ts';
import type { TableScore } from '../score/score-report.ts';
import type { ScoredCells, ScoredTable } from '../score/scored-table.ts';
import { type LearningScore, trainAndTest } from '../score/train-and-test.ts';

export interface ColumnPicture {
  readonly column: string;
  /** Shares of the real and the synthetic rows, at most 24 bars (60 of a closed list), rounded to a percent; bars of fewer than `k` real rows are empty. */
  readonly real: readonly number[];
  readonly synthetic: readonly number[];
  /** What each bar stands for: its value, or the first of its range. From the declaration. */
  readonly labels: readonly string[];
  readonly coverage: number | null;
  /** Similarity of the means; numbers only. */
  readonly meanSimilarity: number | null;
}

export interface TargetReport {
  readonly target: string;
  /** Learned from real rows, asked about other real rows. */
  readonly real: LearningScore;
  /** Learned from synthetic rows, asked about the same real rows. */
  readonly synthetic: LearningScore;
  /** How hard it is to guess the target of real rows by looking up all other categories; 1: as hard as guessing blindly. */
  readonly disclosure: number;
}

/** Everything a reader needs to judge simulated rows of one table. Numbers only, none of them about fewer than `k` rows. */
export interface FidelityReport {
  readonly score: TableScore;
  readonly pictures: readonly ColumnPicture[];
  readonly newRows: number;
  /** A smoke test only: the median distance to the closest real row. Passing it proves nothing. */
  readonly closestDistanceSmokeTest: number;
  readonly target?: TargetReport;
  readonly audit?: {
    readonly epsilon: number;
    readonly delta: number;
    readonly outcome: AuditOutcome;
    readonly plantedFault: AuditOutcome;
  };
}

export interface ReportOptions {
  readonly target?: string;
  /** Plays the membership game against the fit itself with this promise. */
  readonly audit?: { readonly epsilon: number; readonly delta: number; readonly rng: Rng };
  /** Least number of real rows that a bar speaks of. */
  readonly k: number;
}

const BARS = 24;
/** Values of a closed list have no neighbours to be drawn together with. */
const LIST_BARS = 60;
const AUDIT_ROWS = 1500;
const AUDIT_RUNS = 100;
const HELD_OUT = 5;

/** Source: synthetic-and-masking.md §5.5, §5.6, §11 items 4 and 12; requirement U6. Puts together what is known of one table. */
export async function fidelityReport(table: ScoredTable, score: TableScore, options: ReportOptions): Promise<FidelityReport> {
  const distances = closestDistances(table).sort();
  const target = options.target === undefined ? undefined : targetReport(table, options.target);
  const audit = options.audit === undefined ? undefined : await auditFit(table.cells, options.audit);
  return {
    score,
    pictures: table.cells.map((cells) => pictureOf(table, cells, options.k)),
    newRows: newRows(table),
    closestDistanceSmokeTest: distances[distances.length >> 1] ?? Number.NaN,
    ...(target === undefined ? {} : { target }),
    ...(audit === undefined ? {} : { audit }),
  };
}

function pictureOf(table: ScoredTable, cells: ScoredCells, k: number): ColumnPicture {
  const bars = Math.min(cells.ordered ? BARS : LIST_BARS, cells.declared);
  const shares = (codes: Int32Array, least: number): readonly number[] => {
    const counts = new Float64Array(bars);
    for (const code of codes) {
      if (code >= cells.declared) continue;
      const bar = Math.floor((code * bars) / cells.declared);
      counts[bar] = (counts[bar] ?? 0) + 1;
    }
    return Array.from(counts, (count) => (count < least ? 0 : Math.round((100 * count) / Math.max(1, codes.length)) / 100));
  };
  const column = table.columns.find((item) => item.name === cells.name);
  const coverage =
    column === undefined
      ? Number.NaN
      : column.kind === 'number'
        ? rangeCoverage(column.real, column.synthetic)
        : categoryCoverage(column.real, column.synthetic);
  const meanSimilarity = column?.kind === 'number' ? statisticSimilarity(column.real, column.synthetic, 'mean') : Number.NaN;
  const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return {
    column: cells.name,
    real: shares(cells.real, k),
    synthetic: shares(cells.synthetic, 0),
    labels: Array.from({ length: bars }, (_, bar) => {
      const first = Math.ceil((bar * cells.declared) / bars);
      return cells.labels?.[first] ?? String(first);
    }),
    coverage: known(coverage),
    meanSimilarity: known(meanSimilarity),
  };
}

/** Undefined where the target has no cells or nothing stands beside it. */
function targetReport(table: ScoredTable, target: string): TargetReport | undefined {
  const label = table.cells.find((item) => item.name === target);
  const features = table.cells.filter((item) => item.name !== target);
  if (label === undefined || features.length === 0 || label.declared < 2) return undefined;
  const rows = (side: 'real' | 'synthetic', keep: (row: number) => boolean): LearningRows => {
    const kept = Int32Array.from(label[side].keys()).filter((row) => keep(row) && (label[side][row] ?? 0) < label.declared);
    return {
      features: features.map((feature) => kept.map((row) => feature[side][row] ?? 0)),
      cells: features.map((feature) => feature.declared + 2),
      ordered: features.map((feature) => feature.ordered),
      label: kept.map((row) => label[side][row] ?? 0),
      classes: label.declared,
    };
  };
  const order = new Int32Array(table.realRows).map((_, row) => row);
  new SeededRandom('hold out').shuffle(order);
  const isHeldOut = new Uint8Array(table.realRows);
  for (const row of order.subarray(0, Math.floor(table.realRows / HELD_OUT))) isHeldOut[row] = 1;
  const test = rows('real', (row) => isHeldOut[row] === 1);
  const categories = table.columns.filter((column) => column.kind === 'category');
  const sensitive = categories.filter((column) => column.name === target);
  const known = categories.filter((column) => column.name !== target);
  return {
    target,
    disclosure: sensitive.length === 0 ? 1 : disclosureProtection(known, sensitive).score,
    real: trainAndTest(
      rows('real', (row) => isHeldOut[row] !== 1),
      test,
    ),
    synthetic: trainAndTest(
      rows('synthetic', () => true),
      test,
    ),
  };
}

/** What a fit would be that forgot its noise: the audit has to see it, or it sees nothing. */
const SILENT: Noise = { measure: (_counts, one, rho) => Math.sqrt((one * one) / (2 * rho)), select: () => 0 };

/** The membership game with a person who has the last declared value everywhere. */
async function auditFit(
  columns: readonly ScoredCells[],
  { epsilon, delta, rng }: NonNullable<ReportOptions['audit']>,
): Promise<NonNullable<FidelityReport['audit']>> {
  const cells = columns.map((column) => column.declared + 2);
  const canary = columns.map((column) => column.declared - 1);
  const others = columns.map((column) => column.real.subarray(0, AUDIT_ROWS));
  const present = others.map((codes, index) => Int32Array.from([...codes, canary[index] ?? 0]));
  const attributes = columns.map((column, index) => ({
    name: column.name,
    cells: cells[index] ?? 1,
    ordered: column.ordered ? column.declared : 0,
  }));
  const sources = { with: memoryCounts(present, cells), without: memoryCounts(others, cells) };
  const known = others.map((codes, index) => codes.filter((code) => code === canary[index]).length);
  const suspicion = (model: FittedModel): number =>
    canary.reduce((sum, cell, index) => sum + (model.fine[index]?.[cell] ?? 0) - (known[index] ?? 0), 0);
  const play = (noise: Noise): Promise<AuditOutcome> =>
    auditMembership({
      fit: (isThere) => fitModel(isThere ? sources.with : sources.without, noise, { attributes, rho: rhoOf(epsilon, delta) }),
      suspicion,
      runs: AUDIT_RUNS,
      epsilon,
      delta,
    });
  return { epsilon, delta, outcome: await play(privateNoise(rng)), plantedFault: await play(SILENT) };
}
