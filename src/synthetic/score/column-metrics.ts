import { type ScoredColumn, sharedCodes } from './scored-table.ts';

/**
 * How alike one column is distributed in both tables, 0 to 1, missing values left out: one minus the Kolmogorov–Smirnov
 * distance for numbers, one minus the total-variation distance for categories. NaN where a side has no value.
 * Source: synthetic-and-masking.md §2 (KSComplement, TVComplement).
 */
export function columnShape(column: ScoredColumn): number {
  if (column.kind === 'number') return ksComplement(column.real, column.synthetic);
  const codes = sharedCodes(column.real, column.synthetic);
  const [real, synthetic] = [shares(codes.real, codes.missing), shares(codes.synthetic, codes.missing)];
  if (real.total === 0 || synthetic.total === 0) return Number.NaN;
  let distance = 0;
  for (let at = 0; at < codes.missing; at += 1) {
    distance += Math.abs((real.counts[at] ?? 0) / real.total - (synthetic.counts[at] ?? 0) / synthetic.total);
  }
  return 1 - distance / 2;
}

/** One minus the largest gap between the two cumulative distributions. Source: synthetic-and-masking.md §2 (KSComplement). */
export function ksComplement(real: Float64Array, synthetic: Float64Array): number {
  const [left, right] = [sorted(real), sorted(synthetic)];
  if (left.length === 0 || right.length === 0) return Number.NaN;
  let [at, other, gap] = [0, 0, 0];
  while (at < left.length && other < right.length) {
    const value = Math.min(left[at] ?? 0, right[other] ?? 0);
    while (at < left.length && (left[at] ?? 0) <= value) at += 1;
    while (other < right.length && (right[other] ?? 0) <= value) other += 1;
    gap = Math.max(gap, Math.abs(at / left.length - other / right.length));
  }
  return 1 - gap;
}

/** One minus the share of values that repeat or are missing. Source: synthetic-and-masking.md §2 (KeyUniqueness). */
export function keyUniqueness(keys: readonly (string | null)[]): number {
  const seen = new Set<string>();
  let wrong = 0;
  for (const key of keys) {
    if (key === null || seen.has(key)) wrong += 1;
    else seen.add(key);
  }
  return keys.length === 0 ? Number.NaN : 1 - wrong / keys.length;
}

/** Share of references that are found; missing ones left out if they may be missing. Source: synthetic-and-masking.md §2 (ReferentialIntegrity). */
export function referentialIntegrity(references: readonly (string | null)[], keys: ReadonlySet<string>, mayBeMissing: boolean): number {
  const counted = mayBeMissing ? references.filter((value) => value !== null) : references;
  return counted.length === 0 ? Number.NaN : counted.filter((value) => value !== null && keys.has(value)).length / counted.length;
}

/** Rows of a child per key of the parent, 0 where there is none. Source: synthetic-and-masking.md §2 (cardinality). */
export function childCounts(keys: readonly (string | null)[], references: readonly (string | null)[]): Float64Array {
  const counts = new Map<string, number>();
  for (const value of references) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Float64Array.from(keys, (key) => (key === null ? 0 : (counts.get(key) ?? 0)));
}

/** One minus the difference of the shares of missing values. Source: synthetic-and-masking.md §2 (MissingValueSimilarity). */
export function missingSimilarity(column: ScoredColumn): number {
  const share =
    column.kind === 'number'
      ? [missingNumbers(column.real), missingNumbers(column.synthetic)]
      : [missingTexts(column.real), missingTexts(column.synthetic)];
  return 1 - Math.abs((share[0] ?? 0) - (share[1] ?? 0));
}

function missingNumbers(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (Number.isNaN(value)) count += 1;
  return count / Math.max(1, values.length);
}

function missingTexts(values: readonly (string | null)[]): number {
  return values.filter((value) => value === null).length / Math.max(1, values.length);
}

function sorted(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value)).sort();
}

function shares(codes: Int32Array, missing: number): { readonly counts: Float64Array; readonly total: number } {
  const counts = new Float64Array(missing + 1);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return { counts, total: codes.length - (counts[missing] ?? 0) };
}
