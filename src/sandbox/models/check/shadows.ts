import type { Layout } from '../spec/layout.ts';
import type { TrainingSpec } from '../spec/training-spec.ts';
import type { Aggregates } from '../train/aggregates.ts';
import { seededNumbers } from '../train/draws.ts';
import { type FittedModel, TrainingRefused } from '../train/fitted.ts';
import { type EncodedRows, memoryAggregates } from '../train/memory-aggregates.ts';
import type { Sample } from '../train/read-sample.ts';
import { train } from '../train/train.ts';
import { fitOf } from './losses.ts';
import { figuresOf, type Shadows } from './membership.ts';

interface ToShadow {
  readonly spec: TrainingSpec;
  readonly layout: Layout;
  readonly sample: Sample;
  readonly k: number;
  readonly pause: () => Promise<void>;
}

/** Fewer would say nothing of a row. */
const LEAST = 8;

/** The same sums, and between them other work of the process goes on. */
function pausing(sums: Aggregates, pause: () => Promise<void>): Aggregates {
  return {
    ...sums,
    histograms: async (request) => {
      await pause();
      return sums.histograms(request);
    },
    newton: async (columns, coefficients, mean) => {
      await pause();
      return sums.newton(columns, coefficients, mean);
    },
    softmaxGradient: async (columns, coefficients) => {
      await pause();
      return sums.softmaxGradient(columns, coefficients);
    },
    assign: async (centres) => {
      await pause();
      return sums.assign(centres);
    },
  };
}

async function learnt({ spec, layout, k, pause }: ToShadow, rows: EncodedRows, members: Int32Array): Promise<FittedModel | null> {
  try {
    const checked = { ...spec, privacy: { mode: 'checked' as const } };
    return await train(checked, layout, pausing(memoryAggregates(rows, members, layout), pause), k);
  } catch (fault) {
    if (fault instanceof TrainingRefused) return null;
    throw fault;
  }
}

/**
 * Models that learnt the same specification from random parts of the sample, each as large as the true one; null where too few came out.
 * Source: Carlini et al. 2022; models-and-audit.md §1.2 (random n_train-subset of train ∪ test), M19.
 */
export async function shadowsOf(asked: ToShadow, count: number): Promise<Shadows | null> {
  const { sample, layout, spec } = asked;
  const next = seededNumbers(spec.split.seed + 7);
  const size = sample.isMember.filter(Boolean).length;
  const confidence: Float64Array[] = [];
  const isIn: Uint8Array[] = [];
  for (let shadow = 0; shadow < count; shadow += 1) {
    await asked.pause();
    const order = Array.from({ length: sample.rows.count }, (_, row) => ({ row, rank: next() * 4_194_304 + next() })).sort(
      (a, b) => a.rank - b.rank || a.row - b.row,
    );
    const members = Int32Array.from(order.slice(0, size), ({ row }) => row).sort();
    const model = await learnt(asked, sample.rows, members);
    if (model === null) continue;
    const own = new Uint8Array(sample.rows.count);
    for (const row of members) own[row] = 1;
    isIn.push(own);
    confidence.push(fitOf(model, layout, sample.rows).confidence);
  }
  return confidence.length < LEAST ? null : { confidence, isIn };
}

const CANARIES = 20;

/**
 * AUC of planted rows whose label is wrong, learnt by a shadow model, against rows that nobody learnt: what memorises finds them. Null where the
 * model cannot be learnt. Source: models-and-audit.md M31.
 */
export async function canaryAuc(asked: ToShadow): Promise<number | null> {
  const { sample, layout } = asked;
  const classes = layout.label.kind === 'classes' ? layout.label.classes.length : 0;
  const others = sample.isMember.flatMap((is, row) => (is ? [] : [row]));
  const canaries = others.slice(0, CANARIES);
  const tested = others.slice(CANARIES);
  if (classes < 2 || canaries.length < CANARIES || tested.length < CANARIES) return null;
  const label = Float64Array.from(sample.rows.label);
  for (const row of canaries) label[row] = ((label[row] ?? 0) + 1) % classes;
  const rows = { ...sample.rows, label };
  const members = Int32Array.from([...sample.isMember.flatMap((is, row) => (is ? [row] : [])), ...canaries]);
  const model = await learnt(asked, rows, members);
  if (model === null) return null;
  const { loss } = fitOf(model, layout, rows);
  const chosen = [...canaries, ...tested];
  return figuresOf(
    Float64Array.from(chosen, (row) => -(loss[row] ?? 0)),
    chosen.map((_, at) => at < canaries.length),
  ).auc;
}
