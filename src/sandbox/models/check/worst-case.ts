import type { Layout } from '../spec/layout.ts';
import { seededNumbers } from '../train/draws.ts';
import { type EncodedRows, memoryAggregates } from '../train/memory-aggregates.ts';
import { predict } from '../train/predict.ts';
import { forest } from '../train/trees.ts';
import { figuresOf } from './membership.ts';

const REPEATS = 10;
const BINS = 16;
const MOST_OUTPUTS = 5;
const MOST_ROWS = 20_000;

/** What the attacker sees of each row: its outputs in descending order, and its loss. */
interface Seen {
  readonly outputs: { readonly width: number; readonly values: Float64Array };
  readonly loss: Float64Array;
}

/** Mean AUC of the repetitions, and the share of them that are significant at 5 %. */
export interface WorstCase {
  readonly auc: number;
  readonly significant: number;
}

/**
 * An attacker who was told of four fifths of the units whether they are members, and learns from what the model says of them: a forest of depth 5
 * with leaves of 10, ten times. Source: SACRO-ML worst-case attack by models-and-audit.md §1.2, M18 (all repetitions count).
 */
export async function worstCase(seen: Seen, isMember: readonly boolean[], seed: number, pause: () => Promise<void>): Promise<WorstCase> {
  const next = seededNumbers(seed);
  const all = Array.from(isMember.keys());
  const chosen = all.length <= MOST_ROWS ? all : all.filter((row) => row % Math.ceil(all.length / MOST_ROWS) === 0);
  const columns = attackColumns(seen, chosen);
  const rows: EncodedRows = {
    count: chosen.length,
    keys: Float64Array.from(chosen, () => next() * 512 + 1),
    label: Float64Array.from(chosen, (row) => (isMember[row] === true ? 1 : 0)),
    bins: columns,
    design: [],
  };
  const layout = attackLayout(columns.length);
  const aucs: number[] = [];
  let significant = 0;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    await pause();
    const isTold = rows.keys.map(() => (next() % 5 === 0 ? 0 : 1));
    const told = Int32Array.from([...isTold.keys()].filter((row) => isTold[row] === 1));
    const attack = await forest(
      memoryAggregates(rows, told, layout),
      layout,
      { params: { max_depth: 5, min_leaf: 10, n_trees: 10 }, split: { holdout: 0.2, seed: seed + repeat, by: 'unit' } },
      { k: 10, bits: 30 },
    );
    const said = predict(attack, layout, rows);
    const tested = [...isTold.keys()].filter((row) => isTold[row] === 0);
    const { auc, pValue } = figuresOf(
      Float64Array.from(tested, (row) => said.values[row * said.width + 1] ?? 0),
      tested.map((row) => rows.label[row] === 1),
    );
    aucs.push(auc);
    if (pValue < 0.05) significant += 1;
  }
  return { auc: aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length, significant: significant / REPEATS };
}

function attackLayout(columns: number): Layout {
  const edges = Array.from({ length: BINS - 1 }, (_, at) => at);
  return {
    features: Array.from({ length: columns }, (_, at) => ({
      kind: 'numeric' as const,
      name: `o${at}`,
      low: 0,
      high: 1,
      scale: 1,
      middle: 0.5,
      edges,
      bins: BINS,
    })),
    design: [],
    label: { kind: 'classes', name: 'member', classes: ['no', 'yes'] },
  };
}

function attackColumns({ outputs, loss }: Seen, chosen: readonly number[]): readonly Uint8Array[] {
  const width = Math.min(MOST_OUTPUTS, outputs.width);
  const sorted = chosen.map((row) => [...outputs.values.subarray(row * outputs.width, (row + 1) * outputs.width)].sort((a, b) => b - a));
  const columns = Array.from({ length: width }, (_, at) => Float64Array.from(sorted, (values) => values[at] ?? 0));
  return [...columns, Float64Array.from(chosen, (row) => loss[row] ?? 0)].map(byQuantile);
}

/** Values to bins of about as many rows each; equal values stay together. */
function byQuantile(values: Float64Array): Uint8Array {
  const order = Float64Array.from(values).sort();
  const cuts = Array.from({ length: BINS - 1 }, (_, at) => order[Math.floor(((at + 1) * order.length) / BINS)] ?? 0);
  return Uint8Array.from(values, (value) => cuts.filter((cut) => value >= cut).length);
}
