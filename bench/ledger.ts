import { NearIndex } from '../src/egress/ledger/near-index.ts';
import { bitCount, type CoarseSketch, LANES, WORDS } from '../src/egress/ledger/sketch.ts';
import { decodeCoarse } from '../src/egress/ledger/sketch-bytes.ts';
import { MODULUS } from '../src/kernel/modular.ts';
import type { Emit } from './bench-line.ts';

/** SLUICE_BENCH_ROWS: registered figures. */
const ENTRIES = Number(process.env['SLUICE_BENCH_ROWS'] ?? 1_000_000);
const UNITS = 100_000;
const ORDERS = 8;
const K = 10;

/** Deterministic numbers in [0, 1). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Figures over windows of 8 orderings of 100,000 units, 10 to 5000 units log-uniformly (nested and overlapping ones among
 * them, as in performance.md §5): prefix sums per lane give the lanes, the units of a window its mask.
 */
export class Population {
  readonly #prefix: readonly Uint32Array[];
  readonly #buckets: readonly Uint8Array[];
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
    const keys = Uint32Array.from({ length: UNITS }, () => 1 + Math.floor(random() * (MODULUS - 1)));
    const buckets = Uint8Array.from({ length: UNITS }, () => Math.floor(random() * 256));
    const orders = Array.from({ length: ORDERS }, () => this.#shuffled());
    this.#buckets = orders.map((order) => Uint8Array.from(order, (unit) => buckets[unit] ?? 0));
    this.#prefix = orders.map((order) => {
      const sums = new Uint32Array((UNITS + 1) * LANES);
      for (const [at, unit] of order.entries()) {
        sums.copyWithin((at + 1) * LANES, at * LANES, (at + 1) * LANES);
        const place = (at + 1) * LANES + ((buckets[unit] ?? 0) & 15);
        sums[place] = ((sums[place] ?? 0) + (keys[unit] ?? 0)) % MODULUS;
      }
      return sums;
    });
  }

  window(order: number, from: number, length: number): CoarseSketch {
    const [sums, buckets] = [this.#prefix[order] ?? new Uint32Array(0), this.#buckets[order] ?? new Uint8Array(0)];
    const to = Math.min(UNITS, from + length);
    const mask = new Uint32Array(WORDS);
    for (let at = from; at < to; at += 1) {
      const bucket = buckets[at] ?? 0;
      mask[bucket >> 5] = (mask[bucket >> 5] ?? 0) | (1 << (bucket & 31));
    }
    const lanes = Uint32Array.from(
      { length: LANES },
      (_, lane) => ((sums[to * LANES + lane] ?? 0) - (sums[from * LANES + lane] ?? 0) + MODULUS) % MODULUS,
    );
    return { lanes, mask, sure: mask };
  }

  place(): { readonly order: number; readonly from: number; readonly length: number } {
    const length = Math.floor(10 * 500 ** this.#random());
    return { order: Math.floor(this.#random() * ORDERS), from: Math.floor(this.#random() * (UNITS - length)), length };
  }

  #shuffled(): Uint32Array {
    const order = Uint32Array.from({ length: UNITS }, (_, unit) => unit);
    for (let at = UNITS - 1; at > 0; at -= 1) {
      const other = Math.floor(this.#random() * (at + 1));
      [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
    }
    return order;
  }
}

/** The first 100 bytes of a stored sketch: what the index is built from. */
export function stored(sketch: CoarseSketch, target: Uint8Array): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  target[0] = 0x10;
  for (let word = 0; word < WORDS; word += 1) view.setUint32(4 + word * 4, sketch.mask[word] ?? 0, true);
  for (let lane = 0; lane < LANES; lane += 1) view.setUint32(36 + lane * 4, sketch.lanes[lane] ?? 0, true);
}

function* storedSketches(bytes: Uint8Array): Generator<{ readonly id: number; readonly sketch: CoarseSketch }> {
  for (let id = 0; id < ENTRIES; id += 1) {
    const sketch = decodeCoarse(bytes.subarray(id * 100, (id + 1) * 100));
    if (sketch === undefined) throw new Error('A stored sketch is malformed');
    yield { id, sketch };
  }
}

const milliseconds = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

function quantiles(emit: Emit, metric: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const)
    emit({ name: 'ledger', metric: `${metric}-${name}`, value: sorted[Math.floor(sorted.length * share)] ?? 0, unit: 'ms' });
}

/** Builds the index of near figures from stored bytes, asks it, adds to it, removes from it. */
export async function runLedgerBench(emit: Emit): Promise<void> {
  const random = numbers(1);
  const population = new Population(random);
  const bytes = new Uint8Array(ENTRIES * 100);
  const places = Array.from({ length: ENTRIES }, () => population.place());
  for (const [id, { order, from, length }] of places.entries())
    stored(population.window(order, from, length), bytes.subarray(id * 100, (id + 1) * 100));

  const index = new NearIndex(ENTRIES);
  const building = milliseconds(() => {
    index.addAll(storedSketches(bytes));
  });
  emit({ name: 'ledger', metric: `build-of-${ENTRIES}`, value: building / 1000, unit: 's' });
  emit({ name: 'ledger', metric: `memory-of-${ENTRIES}`, value: index.bytes / 2 ** 20, unit: 'MiB' });

  const kinds: Readonly<Record<string, () => CoarseSketch>> = {
    'look-up-random': () => {
      const { order, from, length } = population.place();
      return population.window(order, from, length);
    },
    'look-up-near': () => {
      const { order, from, length } = places[Math.floor(random() * ENTRIES)] ?? population.place();
      return population.window(order, from, length + 3);
    },
    'look-up-under-40-units': () => {
      const { order, from } = population.place();
      return population.window(order, from, 10 + Math.floor(random() * 30));
    },
  };
  for (const [metric, draw] of Object.entries(kinds)) {
    const sketches = Array.from({ length: 2000 }, draw);
    const times = sketches.map((sketch) => milliseconds(() => index.near(sketch, K)));
    quantiles(emit, metric, times);
    const few = sketches.filter((sketch) => sketch.lanes.filter((value) => value !== 0).length < K).length;
    emit({ name: 'ledger', metric: `${metric}-by-masks`, value: (100 * few) / sketches.length, unit: '%' });
  }
  const widest = Array.from({ length: 20 }, () => population.window(0, 0, 2000 + Math.floor(random() * 1000)));
  quantiles(
    emit,
    'scan-k-64',
    widest.map((sketch) => milliseconds(() => index.near(sketch, 64))),
  );

  const fresh = Array.from({ length: 20_000 }, () => population.place()).map((item) =>
    population.window(item.order, item.from, item.length),
  );
  quantiles(
    emit,
    'insertion',
    fresh.map((sketch, at) => milliseconds(() => index.add(ENTRIES + at, sketch))),
  );
  quantiles(
    emit,
    'removal',
    fresh.slice(0, 2000).map((_, at) => milliseconds(() => index.remove(at * 7))),
  );
  if (fresh.every((sketch) => bitCount(sketch.mask[0] ?? 0) === 0)) throw new Error('The figures are empty');
}
