import { fidelityPage, type PageLink } from './fidelity-page.ts';
import type { FidelityReport } from './fidelity-report.ts';

/** What a comparison gives before it is fit to leave. */
interface Compared {
  readonly reports: readonly FidelityReport[];
  readonly links: readonly PageLink[];
  readonly columnShapes: number | null;
  readonly pairTrends: number | null;
  readonly quality: number | null;
}

/** A fidelity report as it may leave: numbers alone, as JSON text and as a page; `rows`: one line a table, for who reviews it. */
export interface ReleasedFidelity {
  readonly json: string;
  readonly page: string;
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Columns of `rows`. */
export const FIDELITY_COLUMNS = [
  { name: 'table', type: 'VARCHAR' },
  { name: 'column_shapes', type: 'DOUBLE' },
  { name: 'pair_trends', type: 'DOUBLE' },
  { name: 'one_way_tvd', type: 'DOUBLE' },
  { name: 'two_way_tvd', type: 'DOUBLE' },
  { name: 'quality', type: 'DOUBLE' },
] as const;

const HUNDREDTHS = 100;

/**
 * The report with every share at two decimals and without the numbers of rows, so that two reports do not tell one row from another.
 * Expects figures that rest on at least k rows each (`withoutFew`, `ReportOptions.k`). Changes no figure otherwise.
 * Source: requirement U6; synthetic-and-masking.md §11 item 4.
 */
export function releasedFidelity(
  compared: Compared,
  about: { readonly dataset: string; readonly simulation: string; readonly label: string; readonly k: number },
): ReleasedFidelity {
  const coarse = coarsened(compared) as Compared;
  const tables = coarse.reports.map(({ score, ...rest }) => {
    const { realRows: _real, syntheticRows: _synthetic, ...told } = score;
    return { ...told, ...rest };
  });
  const { links, columnShapes, pairTrends, quality } = coarse;
  const report = { format: 'sluice-fidelity-1', ...about, decimals: 2, columnShapes, pairTrends, quality, links, tables };
  const shown = coarse.reports.map((item) => ({ ...item, score: { ...item.score, realRows: 0, syntheticRows: 0 } }));
  return {
    json: `${JSON.stringify(report, null, 2)}\n`,
    page: fidelityPage(shown, about.dataset, links),
    rows: tables.map((item) => [item.table, item.columnShapes, item.pairTrends, item.oneWayTvd, item.twoWayTvd, item.quality]),
  };
}

/** Every number at two decimals. What is no number stays so: JSON has null for it. */
function coarsened(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.round(value * HUNDREDTHS) / HUNDREDTHS : value;
  if (Array.isArray(value)) return value.map(coarsened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, coarsened(inner)]));
}
