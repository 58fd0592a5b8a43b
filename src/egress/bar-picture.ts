import { escapeHtml } from '../kernel/html-text.ts';
import { isNumberCell, isNumericType } from './cell-types.ts';
import type { ReleaseCell, ReleaseTable } from './release-content.ts';

const MAX_BARS = 40;
const ROW = 22;
const LABEL = 220;
const WIDTH = 760;

interface Bar {
  readonly label: string;
  readonly text: string;
  readonly value: number;
}

/** Index of the column to draw: the last one in which every present value is a number, or −1. */
function measureColumn(table: ReleaseTable): number {
  const numeric = (at: number, type: string): boolean => {
    const present = table.rows.map((row) => row[at] ?? null).filter((cell) => cell !== null);
    return present.length > 0 && present.every((cell) => isNumberCell(type, cell) && Number.isFinite(Number(cell)));
  };
  return table.columns.findLastIndex((column, at) => numeric(at, column.type));
}

/** Indexes of the columns that name a bar: those of text; where there is none, the first that is not drawn. */
function labelColumns(table: ReleaseTable, measure: number): readonly number[] {
  const others = table.columns.map((_column, at) => at).filter((at) => at !== measure);
  const named = others.filter((at) => !isNumericType(table.columns[at]?.type ?? ''));
  return named.length > 0 ? named : others.slice(0, 1);
}

function barsOf(table: ReleaseTable, measure: number): readonly Bar[] {
  const shown = (cell: ReleaseCell): string => (cell === null ? '–' : String(cell));
  const labels = labelColumns(table, measure);
  return table.rows.slice(0, MAX_BARS).flatMap((row) => {
    const cell = row[measure] ?? null;
    if (cell === null) return [];
    return [{ label: labels.map((at) => shown(row[at] ?? null)).join(' · '), text: shown(cell), value: Number(cell) }];
  });
}

/**
 * A plain bar picture (SVG text, no script, no link) of the last numeric column, at most 40 bars from the top;
 * the empty string where there is nothing to draw. For orientation: the exact figures are in the table.
 * Source: issue 1, "Egress and audit in their first form" (a human-readable report).
 */
export function barPicture(table: ReleaseTable): string {
  const measure = measureColumn(table);
  if (measure < 0) return '';
  const bars = barsOf(table, measure);
  if (bars.length === 0) return '';
  const low = Math.min(0, ...bars.map((bar) => bar.value));
  const span = Math.max(0, ...bars.map((bar) => bar.value)) - low || 1;
  const x = (value: number): number => LABEL + ((value - low) / span) * (WIDTH - LABEL - 130);
  const name = escapeHtml(table.columns[measure]?.name ?? '');
  const lines = bars.map((bar, at) => {
    const from = Math.min(x(0), x(bar.value));
    const width = Math.abs(x(bar.value) - x(0));
    const y = at * ROW;
    return (
      `<text x="${LABEL - 8}" y="${y + 15}" text-anchor="end">${escapeHtml(shortened(bar.label))}</text>` +
      `<rect x="${from.toFixed(1)}" y="${y + 3}" width="${width.toFixed(1)}" height="${ROW - 6}"/>` +
      `<text x="${(from + width + 6).toFixed(1)}" y="${y + 15}">${escapeHtml(bar.text)}</text>`
    );
  });
  const height = bars.length * ROW;
  return `<svg role="img" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" aria-label="${name}"><title>${name}</title>${lines.join('')}</svg>`;
}

function shortened(label: string): string {
  const letters = [...label];
  return letters.length > 24 ? `${letters.slice(0, 23).join('')}…` : label;
}
