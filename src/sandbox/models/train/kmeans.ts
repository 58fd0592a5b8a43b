import { roundToBits } from '../significant-bits.ts';
import type { Layout } from '../spec/layout.ts';
import { PRIVATE_ROUNDS } from '../spec/private-form.ts';
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
  centres = await settle(sums, centres, 1, k, layout);
  for (let tries = 0; centres.length < wanted && tries < 2 * wanted; tries += 1) {
    const { units } = await sums.assign(centres);
    const largest = units.indexOf(Math.max(...units));
    const shift = Float64Array.from({ length: width }, () => (next() % 2 === 0 ? 1 : -1) * APART);
    const halves = [1, -1].map((sign) => (centres[largest] ?? new Float64Array(width)).map((value, at) => value + sign * (shift[at] ?? 0)));
    centres = await settle(sums, [...centres.filter((_, at) => at !== largest), ...halves], SETTLING, k, layout);
  }
  centres = await settle(sums, centres, spec.params.iterations ?? 20, k, layout);
  const rounded = centres.map((centre) => centre.map((value) => roundToBits(value, bits)));
  const { units } = await sums.assign(rounded);
  if (units.some((count) => count < k)) throw new TrainingRefused('cluster_units');
  return { kind: 'centres', centres: rounded.map((centre) => [...centre]), units };
}

/**
 * k-means under noise: centres begin far apart at places that no data chose, take as many steps as the budget was planned for, and those with fewer
 * than k units, as far as is told, are given up. Source: Su et al. 2016 (DPLloyd); models-and-audit.md §1.4.
 */
export async function privateKmeans(
  sums: Aggregates,
  layout: Layout,
  spec: TrainingSpec,
  { k, bits }: { readonly k: number; readonly bits: number },
): Promise<CentresModel> {
  if (sums.units < 2 * k) throw new TrainingRefused('few_units');
  const next = seededNumbers(spec.split.seed + 3);
  const place = (): Float64Array => Float64Array.from({ length: layout.design.length }, () => 0.1 + (0.8 * next()) / 2 ** 22);
  let centres: readonly Float64Array[] = [place()];
  while (centres.length < (spec.params.k ?? 3)) {
    const near = (at: Float64Array): number =>
      Math.min(...centres.map((centre) => centre.reduce((sum, value, i) => sum + (value - (at[i] ?? 0)) ** 2, 0)));
    const tried = Array.from({ length: 32 }, place).map((at) => ({ at, far: near(at) }));
    centres = [...centres, tried.reduce((best, each) => (each.far > best.far ? each : best)).at];
  }
  for (let round = 0; round < PRIVATE_ROUNDS; round += 1) centres = await settle(sums, centres, 1, k);
  const rounded = centres.map((centre) => centre.map((value) => roundToBits(value, bits)));
  const { units } = await sums.assign(rounded);
  if (units.some((count) => count < k)) throw new TrainingRefused('cluster_units');
  return { kind: 'centres', centres: rounded.map((centre) => [...centre]), units: units.map(Math.round) };
}

/**
 * The centre of a cluster: means; of a level the share of it, which is none or all where fewer than k units of the cluster, nobody included, have it or have it
 * not: a share of a few says how many they are. Source: models-and-audit.md M07, M13; docs/adr/0051.
 */
function centreOf(total: Float64Array, units: number, layout: Layout, k: number): Float64Array {
  return total.map((sum, column) => {
    if (layout.design[column]?.level === null) return sum / units;
    return sum < k ? 0 : units - sum < k ? 1 : sum / units;
  });
}

/** @param layout  absent under noise, which covers shares of a few. */
async function settle(
  sums: Aggregates,
  start: readonly Float64Array[],
  steps: number,
  k: number,
  layout?: Layout,
): Promise<readonly Float64Array[]> {
  let centres = start;
  for (let step = 0; step < steps; step += 1) {
    const { units, sums: totals } = await sums.assign(centres);
    const kept = centres.flatMap((_, at) => ((units[at] ?? 0) >= k ? [at] : []));
    if (kept.length === 0) throw new TrainingRefused('cluster_units');
    const moved = kept.map((at) => {
      const [total, count] = [totals[at] ?? new Float64Array(0), units[at] ?? 1];
      return layout === undefined ? total.map((sum) => sum / count) : centreOf(total, count, layout, k);
    });
    const isStill =
      moved.length === centres.length &&
      moved.every((centre, at) => centre.every((value, column) => Math.abs(value - (centres[at]?.[column] ?? 0)) < 1e-6));
    centres = moved;
    if (isStill) break;
  }
  return centres;
}
