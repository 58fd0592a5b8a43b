import { columnShape, missingSimilarity } from './column-metrics.ts';
import { type PairOptions, type PairScore, pairTrend } from './pair-metrics.ts';
import type { ScoredCells, ScoredTable } from './scored-table.ts';
import { meanVariation, variation } from './total-variation.ts';

export interface ScoreOptions extends PairOptions {
  /** Pairs of numbers correlated less than this in the real data are left out of the mean. */
  readonly leastCorrelation: number;
  /** The same for other pairs, as Cramér's V. */
  readonly leastAssociation: number;
}

export interface ColumnScore {
  readonly column: string;
  readonly shape: number;
  readonly missing: number;
  /** Over declared cells; absent where the column has none. */
  readonly tvd?: number;
  /** Share of the synthetic values that the declaration allows: never judged by the real extremes, which nobody may know. */
  readonly adherence?: number;
}

/** Numbers only: how close a synthetic table is to a real one. Shares from 0 to 1; null where there is nothing to measure. */
export interface TableScore {
  readonly table: string;
  readonly realRows: number;
  readonly syntheticRows: number;
  readonly oneWayTvd: number | null;
  readonly twoWayTvd: number | null;
  readonly threeWayTvd: number | null;
  readonly columnShapes: number | null;
  readonly pairTrends: number | null;
  /** Mean of shapes and trends. */
  readonly quality: number | null;
  readonly columns: readonly ColumnScore[];
  readonly pairs: readonly PairScore[];
}

/** No pair left out: scores compare with those from before SDMetrics 0.27. Source: synthetic-and-masking.md §2.1. */
export const EVERY_PAIR = { leastCorrelation: 0, leastAssociation: 0 } as const;
/** What SDMetrics leaves out since 0.27. Source: synthetic-and-masking.md §2.1. */
export const STRONG_PAIRS = { leastCorrelation: 0.5, leastAssociation: 0.3 } as const;

/**
 * Scores a table: total variation of one, two and three columns over declared cells, column shapes and pair trends.
 * Source: synthetic-and-masking.md §2 (SDMetrics formulas), §5.1 (k-way total variation).
 */
export function scoreTable(table: ScoredTable, options: ScoreOptions): TableScore {
  const columns = table.columns.map((column): ColumnScore => {
    const cells = table.cells.find((item) => item.name === column.name);
    return {
      column: column.name,
      shape: columnShape(column),
      missing: missingSimilarity(column),
      ...(cells === undefined ? {} : { tvd: variation([cells]), adherence: adherence(cells) }),
    };
  });
  const pairs = table.columns.flatMap((left, at) => table.columns.slice(at + 1).map((right) => pairTrend(left, right, options)));
  const shapes = mean(columns.map((column) => column.shape));
  const trends = meanTrend(pairs, options);
  const ways = (count: number): number | null => finite(meanVariation(table.cells, count).mean);
  return {
    table: table.table,
    realRows: table.realRows,
    syntheticRows: table.syntheticRows,
    oneWayTvd: ways(1),
    twoWayTvd: ways(2),
    threeWayTvd: ways(3),
    columnShapes: shapes,
    pairTrends: trends,
    quality: mean([shapes ?? Number.NaN, trends ?? Number.NaN]),
    columns,
    pairs,
  };
}

/** Mean of the pairs that are strong enough in the real data; null without any. Source: synthetic-and-masking.md §2.1. */
export function meanTrend(pairs: readonly PairScore[], options: ScoreOptions): number | null {
  const least = (pair: PairScore): number => (pair.metric === 'correlation' ? options.leastCorrelation : options.leastAssociation);
  return mean(pairs.filter((pair) => least(pair) === 0 || pair.strength >= least(pair)).map((pair) => pair.score));
}

/** Mean of the numbers among `values`; null without any. Source: synthetic-and-masking.md §2.1. */
export function mean(values: readonly number[]): number | null {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

/** The number after the declared cells stands for what is outside of them. */
function adherence({ declared, synthetic }: ScoredCells): number {
  let outside = 0;
  for (const code of synthetic) if (code === declared) outside += 1;
  return 1 - outside / Math.max(1, synthetic.length);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
