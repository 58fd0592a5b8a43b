import type { ColumnType } from '../../catalog/column-type.ts';
import type { Column } from '../../catalog/dataset.ts';

/** Most cells of a column whose values each get their own. */
export const MOST_CELLS = 128;
/** Cells of a column with more values than that. Source: synthetic-and-masking.md §4.1 step 0. */
const WIDE_CELLS = 32;
const DAY_MS = 86_400_000;
const WIDE_RATIO = 10_000;

/** Cells of an ordered column: cell i holds `edges[i]` ≤ x < `edges[i + 1]`, in whole steps of `step`. */
export interface CellEdges {
  readonly edges: readonly number[];
  /** What one step is worth: 1 for whole numbers, days and seconds; 10^−scale for decimals. */
  readonly step: number;
}

/**
 * Cells of a column with declared bounds, from the declaration alone: one per value where there are at most `most`; else
 * calendar units for dates, powers for amounts that span more than four of them, equal widths for the rest. Undefined for
 * types and columns that have no bounds. Dates count in days, timestamps in seconds since 1970.
 * Source: synthetic-and-masking.md §4.1 step 0 (bins from the catalogue only).
 */
export function cellEdges(column: Column, type: ColumnType, most = MOST_CELLS): CellEdges | undefined {
  if (column.bounds === undefined) return undefined;
  const [low, high] = column.bounds;
  if (type.family === 'date') return { edges: dateEdges(dayOf(low), dayOf(high), most), step: 1 };
  if (type.family === 'timestamp') return { edges: equalEdges(secondOf(low), secondOf(high) + 1, most), step: 1 };
  if (typeof low !== 'number' || typeof high !== 'number') return undefined;
  if (type.family === 'float') {
    const step = (high - low) / 2 ** 20 || 2 ** -20;
    return { edges: equalEdges(Math.round(low / step), Math.round(high / step) + 1, Math.min(most, WIDE_CELLS)), step };
  }
  const unit = 10 ** Math.min(type.scale ?? 0, 6);
  const [first, last] = [Math.round(low * unit), Math.round(high * unit)];
  if (first >= 0 && last - first >= most && last / unit >= WIDE_RATIO && column.semantic !== 'count')
    return { edges: growingEdges(first, last + 1, unit), step: 1 / unit };
  return { edges: equalEdges(first, last + 1, most), step: 1 / unit };
}

/** Days since 1970 of an ISO date. Source: ISO 8601. */
export function dayOf(value: number | string): number {
  return Math.floor(Date.parse(`${String(value).slice(0, 10)}T00:00:00Z`) / DAY_MS);
}

function secondOf(value: number | string): number {
  const text = String(value).replace(' ', 'T');
  return Math.floor(Date.parse(text.length <= 10 ? `${text}T00:00:00Z` : `${text}Z`) / 1000);
}

/** One cell per step where they fit, else equal widths: the first cells are the ones that are one step wider. */
function equalEdges(first: number, end: number, most: number): readonly number[] {
  const steps = end - first;
  const cells = steps <= most ? steps : Math.min(most, WIDE_CELLS);
  return Array.from({ length: cells + 1 }, (_, cell) => first + Math.ceil((cell * steps) / cells));
}

/** Days, months, quarters or years, whichever is the finest that fits; else equal widths. */
function dateEdges(first: number, last: number, most: number): readonly number[] {
  if (last - first < most) return equalEdges(first, last + 1, most);
  for (const months of [1, 3, 12]) {
    const start = new Date(first * DAY_MS);
    const aligned = Math.floor(start.getUTCMonth() / months) * months + months;
    const edges = [first];
    for (let at = aligned; ; at += months) {
      const day = Math.floor(Date.UTC(start.getUTCFullYear(), at, 1) / DAY_MS);
      if (day > last) break;
      edges.push(day);
      if (edges.length > most) break;
    }
    if (edges.length <= most) return [...edges, last + 1];
  }
  return equalEdges(first, last + 1, most);
}

/** From 0 in cells that grow as 1, 1.5, 2, 3, 5, 7 of each power of ten. */
function growingEdges(first: number, end: number, unit: number): readonly number[] {
  const edges = new Set([first]);
  for (let power = 10 * unit; power < end; power *= 10) {
    for (const factor of [1, 1.5, 2, 3, 5, 7]) {
      const edge = Math.round(power * factor);
      if (edge > first && edge < end) edges.add(edge);
    }
  }
  return [...edges, end];
}
