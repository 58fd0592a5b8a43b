/** One modelled column as the fit sees it: a fixed number of cells, from the catalogue alone. */
export interface Attribute {
  readonly name: string;
  readonly cells: number;
  /** How many of the first cells lie in an order, so that neighbours may be merged; 0: none do. */
  readonly ordered: number;
}

/** Cells merged into groups: group number per cell, groups numbered from 0. */
export interface Grouping {
  readonly groupOf: Int32Array;
  readonly groups: number;
}

/**
 * Where exact counts come from. They are secret: only `fitModel` asks, and adds noise before anything else sees them. One unit
 * (person, enterprise) adds at most `one` to the L2 norm of the counts of any tuple of attributes.
 * Source: synthetic-and-masking.md §4.0, §4.2.
 */
export interface CountSource {
  readonly one: number;
  /** Counts of all combinations of the attributes' cells, the last attribute the fastest. */
  counts(attributes: readonly number[]): Promise<Float64Array>;
  /** The same rows with cells merged. */
  regrouped(groupings: readonly Grouping[]): Promise<CountSource>;
}

/** Rows held in memory: one array of cell numbers per attribute, all of one length; each row counts `weight` (default `one`). */
export function memoryCounts(codes: readonly Int32Array[], cells: readonly number[], one = 1, weight?: Float64Array): CountSource {
  return {
    one,
    counts: (attributes) => {
      const picked = attributes.map((index) => ({ codes: codes[index] ?? new Int32Array(), cells: cells[index] ?? 1 }));
      const result = new Float64Array(picked.reduce((size, item) => size * item.cells, 1));
      const rows = codes[0]?.length ?? 0;
      for (let row = 0; row < rows; row += 1) {
        let at = 0;
        for (const item of picked) at = at * item.cells + (item.codes[row] ?? 0);
        result[at] = (result[at] ?? 0) + (weight?.[row] ?? one);
      }
      return Promise.resolve(result);
    },
    regrouped: (groupings) =>
      Promise.resolve(
        memoryCounts(
          codes.map((column, index) => column.map((code) => groupings[index]?.groupOf[code] ?? code)),
          cells.map((own, index) => groupings[index]?.groups ?? own),
          one,
          weight,
        ),
      ),
  };
}
