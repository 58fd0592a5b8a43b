import { roundToBits } from '../significant-bits.ts';
import type { Layout } from '../spec/layout.ts';
import type { TrainingSpec } from '../spec/training-spec.ts';
import type { Aggregates } from './aggregates.ts';
import { seededNumbers } from './draws.ts';
import { type CentresModel, TrainingRefused } from './fitted.ts';

/** How far the two halves of a cluster start from its centre, in shares of a column's bounds. */
const APART = 0.08;
const SETTLING = 4;

/**
 * k-means by Lloyd's steps over sums. It begins with one centre and halves the largest cluster until there are k; a cluster of fewer than
 * `leastUnits` units is given up, so that there may be fewer than k. Centres are rounded after the last step.
 * Source: models-and-audit.md §1.7, M13, M14; Linde, Buzo and Gray 1980 (splitting).
 */
export async function kmeans(
  sums: Aggregates,
  layout: Layout,
  spec: TrainingSpec,
  { k, bits }: { readonly k: number; readonly bits: number },
): Promise<CentresModel> {
  if (sums.units < 2 * k) throw new TrainingRefused('few_units');
  const width = layout.design.length;
  const next = seededNumbers(spec.split.seed + 2);
  const wanted = spec.params.k ?? 3;
  let centres: readonly Float64Array[] = [new Float64Array(width).fill(0.5)];
  centres = await settle(sums, centres, 1, k);
  for (let tries = 0; centres.length < wanted && tries < 2 * wanted; tries += 1) {
    const { units } = await sums.assign(centres);
    const largest = units.indexOf(Math.max(...units));
    const shift = Float64Array.from({ length: width }, () => (next() % 2 === 0 ? 1 : -1) * APART);
    const halves = [1, -1].map((sign) => (centres[largest] ?? new Float64Array(width)).map((value, at) => value + sign * (shift[at] ?? 0)));
    centres = await settle(sums, [...centres.filter((_, at) => at !== largest), ...halves], SETTLING, k);
  }
  centres = await settle(sums, centres, spec.params.iterations ?? 20, k);
  const rounded = centres.map((centre) => centre.map((value) => roundToBits(value, bits)));
  const { units } = await sums.assign(rounded);
  if (units.some((count) => count < k)) throw new TrainingRefused('cluster_units');
  return { kind: 'centres', centres: rounded.map((centre) => [...centre]), units };
}

async function settle(sums: Aggregates, start: readonly Float64Array[], steps: number, k: number): Promise<readonly Float64Array[]> {
  let centres = start;
  for (let step = 0; step < steps; step += 1) {
    const { units, sums: totals } = await sums.assign(centres);
    const kept = centres.flatMap((_, at) => ((units[at] ?? 0) >= k ? [at] : []));
    if (kept.length === 0) throw new TrainingRefused('cluster_units');
    const moved = kept.map((at) => (totals[at] ?? new Float64Array(0)).map((sum) => sum / (units[at] ?? 1)));
    const isStill =
      moved.length === centres.length &&
      moved.every((centre, at) => centre.every((value, column) => Math.abs(value - (centres[at]?.[column] ?? 0)) < 1e-6));
    centres = moved;
    if (isStill) break;
  }
  return centres;
}
