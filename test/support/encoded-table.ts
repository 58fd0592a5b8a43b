import { type Layout, STEPS } from '../../src/sandbox/models/spec/layout.ts';
import type { EncodedRows } from '../../src/sandbox/models/train/memory-aggregates.ts';

/** Rows of plain numbers as a cohort's encoded rows: numeric values, positions of levels; classes by position, numbers by their bounds. */
export function encodedTable(layout: Layout, table: readonly (readonly number[])[], labels: readonly number[]): EncodedRows {
  const column = (at: number): readonly number[] => table.map((row) => row[at] ?? 0);
  const { label } = layout;
  const share = (value: number): number =>
    label.kind === 'number' ? Math.round(((value - label.low) / (label.high - label.low)) * STEPS) : value;
  return {
    count: table.length,
    keys: Float64Array.from(table, (_, row) => 7_919 * (row + 1)),
    label: Float64Array.from(labels, share),
    bins: layout.features.map((feature, at) =>
      Uint8Array.from(column(at), (value) => (feature.kind === 'numeric' ? feature.edges.filter((edge) => value > edge).length : value)),
    ),
    design: layout.design.map(({ feature, level }) => {
      const laid = layout.features[feature];
      return Float64Array.from(column(feature), (value) =>
        laid?.kind === 'numeric' ? Math.round(Math.min(1, Math.max(0, (value - laid.low) * laid.scale)) * STEPS) : value === level ? 1 : 0,
      );
    }),
  };
}
