import { randomBytes } from 'node:crypto';
import { memoryCounts } from '../src/synthetic/fit/count-source.ts';
import { fitModel } from '../src/synthetic/fit/fit-model.ts';
import { sampleModel } from '../src/synthetic/fit/sample-model.ts';
import { SeededRandom } from '../src/synthetic/fit/seeded-random.ts';
import { privateNoise } from '../src/synthetic/privacy/noise.ts';
import { rhoOf } from '../src/synthetic/privacy/zcdp.ts';
import type { LearningRows } from '../src/synthetic/score/decision-tree.ts';
import type { ScoredCells } from '../src/synthetic/score/scored-table.ts';
import { meanVariation } from '../src/synthetic/score/total-variation.ts';
import { trainAndTest } from '../src/synthetic/score/train-and-test.ts';
import { readAdult, SHARED_DATA } from '../test/support/shared-data.ts';
import type { Emit } from './bench-line.ts';

const SCALES = new Set(['age', 'fnlwgt', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week']);
const TARGET = 'income>50K';
const HELD_OUT = 10_000;
const SEEDS = ['1', '2', '3', '4', '5'];

interface Variant {
  readonly name: string;
  readonly most: number;
  readonly target: boolean;
}

/**
 * Fits of UCI Adult at ε = 1, δ = 1e-9 over five seeds: distances over all rows, and F1 of models that learn from samples of a
 * fit that did not see the 10,000 rows they are asked about. Source: synthetic-and-masking.md §5.1, §5.5.
 */
export async function runAdultBench(emit: Emit): Promise<void> {
  if (SHARED_DATA === null) {
    emit({ name: 'synth, Adult', metric: 'skipped: no ../shared/data', value: 0, unit: '' });
    return;
  }
  for (const variant of [
    { name: "Adult, reference's domain", most: Number.POSITIVE_INFINITY, target: false },
    { name: 'Adult, at most 32 cells', most: 32, target: false },
    { name: 'Adult, conditioned on income', most: Number.POSITIVE_INFINITY, target: true },
  ]) {
    await runVariant(emit, variant);
  }
}

async function runVariant(emit: Emit, variant: Variant): Promise<void> {
  const { names, cells: all, codes: raw } = readAdult();
  const cells = all.map((count) => Math.min(count, variant.most));
  const codes = raw.map((column, index) => column.map((code) => Math.floor((code * (cells[index] ?? 1)) / (all[index] ?? 1))));
  const attributes = names.map((name, index) => ({ name, cells: cells[index] ?? 1, ordered: SCALES.has(name) ? (cells[index] ?? 1) : 0 }));
  const label = names.indexOf(TARGET);
  const fitted = (rows: readonly Int32Array[]) =>
    fitModel(memoryCounts(rows, cells), privateNoise({ bytes: (length) => randomBytes(length) }), {
      attributes,
      rho: rhoOf(1, 1e-9),
      ...(variant.target ? { target: label } : {}),
    });
  for (const seed of SEEDS) {
    const started = performance.now();
    const model = await fitted(codes);
    const done = performance.now();
    const sample = sampleModel(model, codes[0]?.length ?? 0, new SeededRandom(seed));
    const sampled = performance.now();
    const columns = names.map(
      (name, index): ScoredCells => ({
        name,
        declared: cells[index] ?? 1,
        ordered: true,
        real: codes[index] ?? new Int32Array(),
        synthetic: sample[index] ?? new Int32Array(),
      }),
    );
    const say = (metric: string, value: number, unit: string): void =>
      emit({ name: variant.name, metric: `${metric}, seed ${seed}`, value, unit });
    say('one-way', meanVariation(columns, 1).mean, 'TVD');
    say('two-way', meanVariation(columns, 2).mean, 'TVD');
    say('fit', (done - started) / 1000, 's');
    say('sample', (sampled - done) / 1000, 's');
  }
  await runLearning(emit, variant, codes, cells, label, fitted);
}

async function runLearning(
  emit: Emit,
  variant: Variant,
  codes: readonly Int32Array[],
  cells: readonly number[],
  label: number,
  fitted: (rows: readonly Int32Array[]) => ReturnType<typeof fitModel>,
): Promise<void> {
  const order = Int32Array.from(codes[0]?.keys() ?? []);
  new SeededRandom('split').shuffle(order);
  const picked = (rows: Int32Array): readonly Int32Array[] => codes.map((column) => rows.map((row) => column[row] ?? 0));
  const learning = (columns: readonly Int32Array[]): LearningRows => ({
    features: columns.filter((_, index) => index !== label),
    cells: cells.filter((_, index) => index !== label),
    ordered: cells.map((count) => count > 15).filter((_, index) => index !== label),
    label: columns[label] ?? new Int32Array(),
    classes: 2,
  });
  const train = picked(order.subarray(HELD_OUT));
  const test = learning(picked(order.subarray(0, HELD_OUT)));
  if (variant.target) emit({ name: variant.name, metric: 'F1 from real rows', value: trainAndTest(learning(train), test).f1, unit: '' });
  for (const seed of variant.target ? SEEDS : SEEDS.slice(0, 1)) {
    const sample = sampleModel(await fitted(train), train[0]?.length ?? 0, new SeededRandom(seed));
    emit({ name: variant.name, metric: `F1 from samples, seed ${seed}`, value: trainAndTest(learning(sample), test).f1, unit: '' });
  }
}
