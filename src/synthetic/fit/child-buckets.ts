import type { Attribute } from './count-source.ts';
import type { SeededRandom } from './seeded-random.ts';

/**
 * Lower ends of the buckets of "rows of one unit in a table", from the catalogue alone. The last bucket is open.
 * Single numbers up to twenty: within a wider bucket rows are spread evenly, which what gathers around a mean is not.
 * Source: synthetic-and-masking.md §4.2; `npm run -s bench -- synth` (children of 20,000 parents).
 */
export const CHILD_EDGES = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24, 26, 28, 30, 33, 36, 40, 45, 50, 60, 75, 100, 150, 200,
  300, 500, 1000,
] as const;

/** Fixed-point weight of one unit's whole mass in a table where it may have several rows. Source: synthetic-and-masking.md §4.2. */
export const UNIT_WEIGHT = 2 ** 20;

/** The bucket column of a parent: how many rows of `table` one of its rows has. Source: synthetic-and-masking.md §4.2. */
export function bucketAttribute(table: string, edges: readonly number[] = CHILD_EDGES): Attribute {
  return { name: `rows of ${table}`, cells: edges.length, ordered: edges.length };
}

/** SQL of the bucket of a number of rows. Source: synthetic-and-masking.md §4.2. */
export function bucketSql(count: string, edges: readonly number[] = CHILD_EDGES): string {
  const search = (low: number, high: number): string => {
    if (high - low <= 1) return String(low);
    const middle = (low + high) >> 1;
    return `CASE WHEN ${count} < ${edges[middle]} THEN ${search(low, middle)} ELSE ${search(middle, high)} END`;
  };
  return `(${search(0, edges.length)})::INTEGER`;
}

/**
 * A number of rows for each bucket: uniform inside it; in the open one half as many again and again, by chance.
 * Source: synthetic-and-masking.md §4.2 (generate).
 */
export function drawChildCounts(buckets: Int32Array, edges: readonly number[], random: SeededRandom): Int32Array {
  return buckets.map((bucket) => {
    const low = edges[bucket] ?? 0;
    const high = edges[bucket + 1];
    if (high !== undefined) return low + (high - low > 1 ? random.below(high - low) : 0);
    let count = low;
    while (random.unit() < 0.5 && count < low * 16) count += Math.max(1, low >> 1);
    return count + random.below(Math.max(1, low >> 1));
  });
}
