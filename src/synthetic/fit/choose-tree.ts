import type { Noise } from '../privacy/noise.ts';
import type { CountSource, Grouping } from './count-source.ts';

export interface TreeQuestion {
  /** Counts of grouped cells. */
  readonly source: CountSource;
  readonly noise: Noise;
  readonly features: readonly number[];
  /** How many attributes, the first ones, are known before: they are joined already, and no edge leads to them. */
  readonly given: number;
  readonly target: number | null;
  readonly groupings: readonly Grouping[];
  readonly slices: Float64Array;
  /** Noisy margins (slice, group) per attribute; public by now. */
  readonly margins: readonly Float64Array[];
  readonly rho: number;
}

/** Larger tables are never measured: noise would be all there is. Source: synthetic-and-masking.md §4.1, step 0. */
const MOST_CELLS = 10_000;

interface Candidate {
  readonly pair: readonly [number, number];
  readonly score: number;
}

/**
 * A tree over the features, edge by edge among those that join what is not joined yet, drawn by the exponential mechanism
 * on how far a pair is from independence (within each slice). Gives (parent, child) pairs, parents first; shorter than a
 * tree where all that is left is too large, and then the rest hangs on the first feature of its part.
 * Source: McKenna, Miklau, Sheldon 2021; synthetic-and-masking.md §4.1, step 4.
 */
export async function chooseTree(question: TreeQuestion): Promise<readonly (readonly [number, number])[]> {
  const candidates = await scoredPairs(question);
  const { features, given } = question;
  const partOf = new Map(features.map((index) => [index, index < given ? -1 : index]));
  const chosen: (readonly [number, number])[] = [];
  const rounds = new Set(partOf.values()).size - 1;
  for (let round = 0; round < rounds; round += 1) {
    const open = candidates.filter(({ pair }) => partOf.get(pair[0]) !== partOf.get(pair[1]));
    if (open.length === 0) break;
    const drawn =
      open[
        question.noise.select(
          open.map((item) => item.score),
          question.rho / rounds,
        )
      ];
    if (drawn === undefined) break;
    chosen.push(drawn.pair);
    const [kept, gone] = [partOf.get(drawn.pair[0]), partOf.get(drawn.pair[1])];
    for (const [index, part] of partOf) if (part === gone) partOf.set(index, kept ?? part);
  }
  return rooted(chosen, given > 0 ? features.filter((index) => index < given) : features.slice(0, 1));
}

/** Score: L1 distance of the pair's counts from the product of its margins, in units. Sensitivity 1: margins are public. */
async function scoredPairs(question: TreeQuestion): Promise<readonly Candidate[]> {
  const { source, features, given, target, groupings, slices, margins } = question;
  const candidates: Candidate[] = [];
  for (const [at, first] of features.entries()) {
    for (const second of features.slice(at + 1)) {
      if (second < given) continue;
      const [rows, columns] = [groupings[first]?.groups ?? 1, groupings[second]?.groups ?? 1];
      if (rows * columns * slices.length > MOST_CELLS) continue;
      const counts = await source.counts(target === null ? [first, second] : [target, first, second]);
      let score = 0;
      for (let slice = 0; slice < slices.length; slice += 1) {
        const size = Math.max(1e-9, slices[slice] ?? 0);
        for (let row = 0; row < rows; row += 1) {
          const share = (margins[first]?.[slice * rows + row] ?? 0) / size;
          for (let column = 0; column < columns; column += 1) {
            const expected = share * (margins[second]?.[slice * columns + column] ?? 0);
            score += Math.abs((counts[(slice * rows + row) * columns + column] ?? 0) / source.one - expected);
          }
        }
      }
      candidates.push({ pair: [first, second], score });
    }
  }
  return candidates;
}

/** Edges turned so that each parent comes before its children, part by part, from the roots on. */
function rooted(edges: readonly (readonly [number, number])[], roots: readonly number[]): readonly (readonly [number, number])[] {
  const result: (readonly [number, number])[] = [];
  const seen = new Set<number>(roots);
  const open = [...roots];
  let left = [...edges];
  while (left.length > 0) {
    const here = open.shift() ?? left[0]?.[0] ?? 0;
    seen.add(here);
    const touching = left.filter((edge) => edge.includes(here));
    left = left.filter((edge) => !edge.includes(here));
    for (const [first, second] of touching) {
      const child = first === here ? second : first;
      if (seen.has(child)) continue;
      seen.add(child);
      result.push([here, child]);
      open.push(child);
    }
  }
  return result;
}
