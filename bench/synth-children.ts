import { randomBytes } from 'node:crypto';
import { bucketAttribute, CHILD_EDGES, drawChildCounts } from '../src/synthetic/fit/child-buckets.ts';
import { memoryCounts } from '../src/synthetic/fit/count-source.ts';
import { fitModel } from '../src/synthetic/fit/fit-model.ts';
import { sampleModel } from '../src/synthetic/fit/sample-model.ts';
import { SeededRandom } from '../src/synthetic/fit/seeded-random.ts';
import { privateNoise } from '../src/synthetic/privacy/noise.ts';
import { rhoOf } from '../src/synthetic/privacy/zcdp.ts';
import { ksComplement } from '../src/synthetic/score/column-metrics.ts';
import type { Emit } from './bench-line.ts';

const PARENTS = 20_000;
const SEEDS = ['1', '2', '3', '4', '5'];

/** Numbers of children as they come: few, with many who have none, with a long tail, and around a mean. */
const SHAPES: Readonly<Record<string, (random: SeededRandom) => number>> = {
  few: (random) => random.below(4),
  'many have none': (random) => (random.unit() < 0.7 ? 0 : 1 + random.below(6)),
  'long tail': (random) => Math.floor(1 / Math.max(0.004, random.unit())),
  'around twelve': (random) => 4 + random.below(6) + random.below(6) + random.below(6),
};

/**
 * Fitted child tables at 20,000 parents, ε = 1, δ = 1e-9: how alike the numbers of children are, by KS complement, for several
 * shapes, each with noise and sampling of five seeds. The parent's model has half of the budget, as in a fit of two tables.
 * Source: synthetic-and-masking.md §4.2, §5.
 */
export async function measureChildren(emit: Emit): Promise<void> {
  const bucket = (count: number): number => CHILD_EDGES.findLastIndex((edge) => count >= edge);
  const attributes = [{ name: 'region', cells: 9, ordered: 0 }, { name: 'age', cells: 21, ordered: 20 }, bucketAttribute('children')];
  for (const [shape, draw] of Object.entries(SHAPES)) {
    for (const seed of SEEDS) {
      const random = new SeededRandom(`data ${seed}`);
      const counts = Int32Array.from({ length: PARENTS }, () => draw(random));
      const rows = [
        Int32Array.from({ length: PARENTS }, () => random.below(8)),
        Int32Array.from({ length: PARENTS }, () => random.below(20)),
        counts.map(bucket),
      ];
      const cells = attributes.map((attribute) => attribute.cells);
      const noise = privateNoise({ bytes: (length) => randomBytes(length) });
      const model = await fitModel(memoryCounts(rows, cells), noise, { attributes, rho: rhoOf(1, 1e-9) / 2 });
      const sample = sampleModel(model, PARENTS, new SeededRandom(seed));
      const drawn = drawChildCounts(sample[2] ?? new Int32Array(), CHILD_EDGES, new SeededRandom(`${seed} counts`));
      const value = ksComplement(Float64Array.from(counts), Float64Array.from(drawn));
      emit({ name: `synth, fitted children, ${shape}`, metric: `cardinality, seed ${seed}`, value: Number(value.toFixed(4)), unit: '' });
    }
  }
}
