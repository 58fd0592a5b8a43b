/** Values of one column of both tables to compare. Numbers (dates as numbers too) hold NaN where there is none, texts null. */
export type ScoredColumn =
  | { readonly name: string; readonly kind: 'number'; readonly real: Float64Array; readonly synthetic: Float64Array }
  | {
      readonly name: string;
      readonly kind: 'category';
      readonly real: readonly (string | null)[];
      readonly synthetic: readonly (string | null)[];
    };

/** Cell numbers of one modelled column in both tables, for total variation. */
export interface ScoredCells {
  readonly name: string;
  /** Declared cells; the numbers may be up to two larger (outside, NULL). */
  readonly declared: number;
  readonly ordered: boolean;
  /** What the declared cells are called; absent: their numbers. */
  readonly labels?: readonly string[];
  readonly real: Int32Array;
  readonly synthetic: Int32Array;
}

/** A real table and a synthetic one, column by column. Source: synthetic-and-masking.md §2. */
export interface ScoredTable {
  readonly table: string;
  readonly realRows: number;
  readonly syntheticRows: number;
  readonly columns: readonly ScoredColumn[];
  readonly cells: readonly ScoredCells[];
}

/** Category numbers that both tables share, from 0; missing values have a number of their own, the last. Source: synthetic-and-masking.md §2. */
export function sharedCodes(
  real: readonly (string | null)[],
  synthetic: readonly (string | null)[],
): { readonly real: Int32Array; readonly synthetic: Int32Array; readonly categories: number; readonly missing: number } {
  const numbers = new Map<string, number>();
  const code = (value: string | null): number => {
    if (value === null) return -1;
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, numbers.size);
    return numbers.size - 1;
  };
  const codes = [Int32Array.from(real, code), Int32Array.from(synthetic, code)] as const;
  const missing = numbers.size;
  return {
    real: codes[0].map((value) => (value < 0 ? missing : value)),
    synthetic: codes[1].map((value) => (value < 0 ? missing : value)),
    categories: missing + 1,
    missing,
  };
}
