import { readColumnType } from '../../catalog/column-type.ts';
import { declaredCells, type ModelColumn } from './model-domain.ts';
import type { SeededRandom } from './seeded-random.ts';

const DAY_MS = 86_400_000;

/**
 * A value for each cell number, as the text of a CSV field; null for NULL. Uniform within a range cell; a value outside the
 * declaration becomes any declared one, because what it was is not known.
 * Source: synthetic-and-masking.md §4.1 (sample: decode).
 */
export function decodeCells(column: ModelColumn, cells: Int32Array, random: SeededRandom): readonly (string | null)[] {
  const declared = declaredCells(column);
  const text = textOf(column);
  return Array.from(cells, (drawn) => {
    if (drawn > declared) return null;
    const cell = drawn === declared ? random.below(declared) : drawn;
    if (column.cells.kind === 'list') return String(column.cells.values[cell]);
    const low = column.cells.edges[cell] ?? 0;
    const high = column.cells.edges[cell + 1] ?? low + 1;
    return text(low + (high - low === 1 ? 0 : random.below(high - low)));
  });
}

/** What each declared cell is called: its value, or where it begins. From the declaration alone. Source: synthetic-and-masking.md §4.1 step 0. */
export function cellLabels(column: ModelColumn): readonly string[] {
  const { cells } = column;
  if (cells.kind === 'list') return cells.values.map(String);
  const text = textOf(column);
  return Array.from({ length: declaredCells(column) }, (_, cell) => text(cells.edges[cell] ?? 0));
}

function textOf(column: ModelColumn): (step: number) => string {
  const type = readColumnType(column.type);
  const step = column.cells.kind === 'range' ? column.cells.step : 1;
  switch (type?.family) {
    case 'date':
      return (value) => new Date(value * DAY_MS).toISOString().slice(0, 10);
    case 'timestamp':
      return (value) => new Date(value * 1000).toISOString().slice(0, 19).replace('T', ' ');
    case 'decimal':
      return (value) => (value * step).toFixed(Math.min(type.scale ?? 0, 6));
    case 'float':
      return (value) => String(Number((value * step).toPrecision(12)));
    default:
      return (value) => String(value);
  }
}
