import { type ScoredColumn, sharedCodes } from './scored-table.ts';

const BINS = 10;

/**
 * How hard it is to guess sensitive columns of real rows from known ones by looking them up in the synthetic table, against
 * guessing blindly; 0 to 1. Rows whose known values do not occur are left out, which flatters; an indication only.
 * Source: synthetic-and-masking.md §2.2 (DisclosureProtection, CAP), §2.4 (vector).
 */
export function disclosureProtection(
  known: readonly ScoredColumn[],
  sensitive: readonly ScoredColumn[],
): { readonly protection: number; readonly baseline: number; readonly score: number } {
  const [keys, values] = [levels(known), levels(sensitive)];
  const groups = new Map<string, Map<string, number>>();
  for (const [row, key] of keys.synthetic.entries()) {
    const group = groups.get(key) ?? new Map<string, number>();
    const value = values.synthetic[row] ?? '';
    group.set(value, (group.get(value) ?? 0) + 1);
    groups.set(key, group);
  }
  let [sum, matched] = [0, 0];
  for (const [row, key] of keys.real.entries()) {
    const group = groups.get(key);
    if (group === undefined) continue;
    matched += 1;
    const size = [...group.values()].reduce((total, count) => total + count, 0);
    sum += (group.get(values.real[row] ?? '') ?? 0) / size;
  }
  const protection = matched === 0 ? 1 : 1 - sum / matched;
  const baseline = 1 - 1 / values.categories;
  return { protection, baseline, score: baseline === 0 ? 1 : Math.min(1, protection / baseline) };
}

/** Each row's levels of several columns as one text; numbers in ten bins of the real range, open at both ends. */
function levels(columns: readonly ScoredColumn[]): {
  readonly real: readonly string[];
  readonly synthetic: readonly string[];
  readonly categories: number;
} {
  const parts = columns.map((column) => {
    if (column.kind === 'category') {
      const codes = sharedCodes(column.real, column.synthetic);
      return { real: codes.real, synthetic: codes.synthetic, distinct: new Set(codes.real).size };
    }
    const kept = column.real.filter((value) => !Number.isNaN(value));
    const low = kept.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = kept.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const bin = (value: number): number =>
      Number.isNaN(value) ? BINS : Math.max(0, Math.min(BINS - 1, Math.ceil(((value - low) * BINS) / (high - low || 1)) - 1));
    const real = Int32Array.from(column.real, bin);
    return { real, synthetic: Int32Array.from(column.synthetic, bin), distinct: new Set(real).size };
  });
  const joined = (side: 'real' | 'synthetic'): readonly string[] =>
    Array.from({ length: parts[0]?.[side].length ?? 0 }, (_, row) => parts.map((part) => part[side][row]).join(' '));
  return { real: joined('real'), synthetic: joined('synthetic'), categories: parts.reduce((product, part) => product * part.distinct, 1) };
}
