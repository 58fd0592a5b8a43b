import { normalTail } from '../../../kernel/normal-tail.ts';
import type { Layout } from '../spec/layout.ts';
import type { FittedModel } from '../train/fitted.ts';
import { type EncodedRows, memoryAggregates } from '../train/memory-aggregates.ts';
import { predict } from '../train/predict.ts';
import type { Sample } from '../train/read-sample.ts';
import { singleTree } from '../train/trees.ts';
import { fitOf } from './losses.ts';

/** The gain of an attack, and whether more than chance stands behind it (one-sided, 1 % over all features tried). NaN where nothing was tried. */
export interface Gain {
  readonly gain: number;
  readonly isSignificant: boolean;
}

/** Of two shares over so many rows each, for one of so many features (Bonferroni: of many tried, one stands out by chance). */
function gainOf(gain: number, share: number, members: number, others: number, tried: number): Gain {
  const spread = Math.sqrt(Math.max(share * (1 - share), 1e-4) * (1 / Math.max(1, members) + 1 / Math.max(1, others)));
  return { gain, isSignificant: normalTail(gain / spread) * tried < 0.01 };
}

const NOTHING: Gain = { gain: Number.NaN, isSignificant: false };

/** The larger one; one that chance does not explain goes before those that it does. */
function worse(a: Gain, b: Gain): Gain {
  if (Number.isNaN(a.gain)) return b;
  if (a.isSignificant !== b.isSignificant) return a.isSignificant ? a : b;
  return a.gain >= b.gain ? a : b;
}

const MOST_ROWS = 4_000;
const MOST_FEATURES = 8;

/** A part of a sample small enough to be tried with every value of a feature. */
function thinned({ rows, isMember }: Sample): { readonly rows: EncodedRows; readonly isMember: readonly boolean[] } {
  const step = Math.max(1, Math.ceil(rows.count / MOST_ROWS));
  const chosen = Array.from({ length: Math.floor(rows.count / step) }, (_, at) => at * step);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(chosen, (row) => values[row] ?? 0);
  return {
    rows: {
      count: chosen.length,
      keys: pick(rows.keys),
      label: pick(rows.label),
      bins: rows.bins.map((bins) => Uint8Array.from(chosen, (row) => bins[row] ?? 0)),
      design: rows.design.map(pick),
    },
    isMember: chosen.map((row) => isMember[row] === true),
  };
}

/** Rows in which a feature has the same bin everywhere; numbers stand in its middle. */
function withBin(rows: EncodedRows, layout: Layout, feature: number, bin: number): EncodedRows {
  const laid = layout.features[feature];
  const value = (column: Layout['design'][number]): number => {
    if (laid?.kind !== 'numeric') return column.level === bin ? 1 : 0;
    const [low = laid.low, high = laid.high] = [bin === 0 ? laid.low : laid.edges[bin - 1], laid.edges[bin]];
    return Math.round(Math.min(1, ((low + high) / 2 - laid.low) * laid.scale) * column.one);
  };
  return {
    ...rows,
    bins: rows.bins.map((own, at) => (at === feature ? new Uint8Array(rows.count).fill(bin) : own)),
    design: rows.design.map((own, at) => {
      const column = layout.design[at];
      return column?.feature === feature ? new Float64Array(rows.count).fill(value(column)) : own;
    }),
  };
}

/**
 * The most by which an attacker who knows a unit's other values and its label names a category better for members, with the model, than for others
 * and than a tree that learnt without the model. NaN without a category or label. Source: models-and-audit.md M22 (always against both baselines).
 */
export async function categoricalGain(
  model: FittedModel,
  layout: Layout,
  sample: Sample,
  k: number,
  pause: () => Promise<void>,
): Promise<Gain> {
  const { rows, isMember } = thinned(sample);
  const members = Int32Array.from(isMember.flatMap((is, row) => (is ? [row] : [])));
  let most = NOTHING;
  const features = layout.features.flatMap((feature, at) => (feature.kind === 'categorical' && feature.levels.length <= 20 ? [at] : []));
  const tried = features.slice(0, MOST_FEATURES);
  for (const feature of tried) {
    await pause();
    const laid = layout.features[feature];
    if (laid?.kind !== 'categorical' || layout.label.kind === 'none') continue;
    const truth = rows.bins[feature] ?? new Uint8Array(0);
    const guessed = guesses(model, layout, rows, feature, laid.levels.length, modal(truth, members));
    const right = (of: ArrayLike<number>, guess: (row: number) => number): number => {
      const chosen = Array.from(of);
      return chosen.filter((row) => guess(row) === truth[row]).length / Math.max(1, chosen.length);
    };
    const others = isMember.flatMap((is, row) => (is ? [] : [row]));
    const baseline = await withoutModel(rows, members, layout, feature, laid.levels, k);
    const told = right(members, (row) => guessed[row] ?? 0);
    const other = Math.max(
      right(others, (row) => guessed[row] ?? 0),
      right(members, baseline),
    );
    most = worse(most, gainOf(told - other, told, members.length, others.length, tried.length));
  }
  return most;
}

function modal(values: Uint8Array, members: Int32Array): number {
  const counts = new Map<number, number>();
  for (const row of members) counts.set(values[row] ?? 0, (counts.get(values[row] ?? 0) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0])[0];
}

/** The level with which the model fits the label best, where it is the only one; otherwise the most frequent one. */
function guesses(
  model: FittedModel,
  layout: Layout,
  rows: EncodedRows,
  feature: number,
  levels: number,
  otherwise: number,
): readonly number[] {
  const losses = Array.from({ length: levels }, (_, level) => fitOf(model, layout, withBin(rows, layout, feature, level)).loss);
  return Array.from({ length: rows.count }, (_, row) => {
    const own = losses.map((loss) => loss[row] ?? 0);
    const least = Math.min(...own);
    return own.filter((loss) => loss <= least + 1e-12).length === 1 ? own.indexOf(least) : otherwise;
  });
}

/** What a tree of depth 3 says of the feature by the other features and the label. */
async function withoutModel(
  rows: EncodedRows,
  members: Int32Array,
  layout: Layout,
  feature: number,
  levels: readonly string[],
  k: number,
): Promise<(row: number) => number> {
  const others = layout.features.flatMap((_, at) => (at === feature ? [] : [at]));
  const label = Uint8Array.from(rows.label, (value) => (layout.label.kind === 'classes' ? value : Math.min(15, Math.floor(value / 2_048))));
  const known = Int32Array.from([...members].filter((row) => (rows.bins[feature]?.[row] ?? 0) < levels.length));
  const asked: EncodedRows = {
    count: rows.count,
    keys: rows.keys,
    label: Float64Array.from(rows.bins[feature] ?? []),
    bins: [...others.map((at) => rows.bins[at] ?? new Uint8Array(0)), label],
    design: [],
  };
  const told = {
    kind: 'numeric' as const,
    name: 'label',
    low: 0,
    high: 1,
    scale: 1,
    middle: 0,
    edges: Array.from({ length: 19 }, (_, at) => at),
    bins: 20,
  };
  const own: Layout = {
    features: [...others.flatMap((at) => layout.features[at] ?? []), told],
    design: [],
    label: { kind: 'classes', name: 'level', classes: levels },
  };
  const tree = await singleTree(
    memoryAggregates(asked, known, own),
    own,
    { params: { max_depth: 3, min_leaf: k }, split: { holdout: 0.3, seed: 1, by: 'unit' } },
    { k, bits: 30 },
  );
  const { width, values } = predict(tree, own, asked);
  return (row) => {
    const part = [...values.subarray(row * width, (row + 1) * width)];
    return part.indexOf(Math.max(...part));
  };
}

/**
 * The most by which a number is guessed within a tenth of its bounds for more members than others: every bin with which the model fits best lies that
 * near, and the true one is among them. NaN without a number or label. Source: models-and-audit.md M23; SACRO-ML (±10 %).
 */
export async function numericGain(model: FittedModel, layout: Layout, sample: Sample, pause: () => Promise<void>): Promise<Gain> {
  const { rows, isMember } = thinned(sample);
  let most = NOTHING;
  if (layout.label.kind === 'none') return most;
  const features = layout.features.flatMap((feature, at) => (feature.kind === 'numeric' ? [at] : []));
  const tried = features.slice(0, MOST_FEATURES);
  for (const feature of tried) {
    await pause();
    const bins = layout.features[feature]?.bins ?? 1;
    const near = bins / 10;
    const losses = Array.from({ length: bins }, (_, bin) => fitOf(model, layout, withBin(rows, layout, feature, bin)).loss);
    const atRisk = (row: number): boolean => {
      const truth = rows.bins[feature]?.[row] ?? 0;
      const least = losses.reduce((best, loss) => Math.min(best, loss[row] ?? 0), Number.POSITIVE_INFINITY);
      const best = losses.flatMap((loss, bin) => ((loss[row] ?? 0) <= least + 1e-12 ? [bin] : []));
      return best.includes(truth) && best.every((bin) => Math.abs(bin - truth) <= near);
    };
    const share = (wanted: boolean): number => {
      const chosen = isMember.flatMap((is, row) => (is === wanted ? [row] : []));
      return chosen.filter(atRisk).length / Math.max(1, chosen.length);
    };
    const [inside, outside] = [share(true), share(false)];
    const count = isMember.filter(Boolean).length;
    most = worse(most, gainOf(inside - outside, inside, count, isMember.length - count, tried.length));
  }
  return most;
}
