import type { Layout } from '../spec/layout.ts';
import type { FittedModel } from '../train/fitted.ts';
import type { EncodedRows } from '../train/memory-aggregates.ts';
import { predict } from '../train/predict.ts';

const STEPS = 32_767;

/** What a model says of rows beside what is so: the worse, the larger. */
export interface Fit {
  /** Minus log chance of the true class, squared error as a share of the label's bounds, or squared distance to the nearest centre. */
  readonly loss: Float64Array;
  /** Share of rows named right, R², or minus inertia a row, over the rows given. */
  readonly quality: (rows: readonly number[]) => number;
  /** logit of the chance of the true class, or minus the square root of the loss. */
  readonly confidence: Float64Array;
  readonly outputs: { readonly width: number; readonly values: Float64Array };
}

/** Loss of every row. Source: models-and-audit.md §1.2 (LiRA's logit, chances cut at 1e-16), M17. */
export function fitOf(model: FittedModel, layout: Layout, rows: EncodedRows): Fit {
  const outputs = predict(model, layout, rows);
  const { width, values } = outputs;
  const { label } = layout;
  const loss = new Float64Array(rows.count);
  const confidence = new Float64Array(rows.count);
  if (label.kind === 'classes') {
    for (let row = 0; row < rows.count; row += 1) {
      const p = Math.min(Math.max(values[row * width + (rows.label[row] ?? 0)] ?? 0, 1e-16), 1 - 1e-16);
      loss[row] = 1 - p;
      confidence[row] = Math.log(p / (1 - p));
    }
    const named = (row: number): number => argMax(values, row * width, width);
    return { loss, confidence, outputs, quality: (chosen) => shareOf(chosen, (row) => named(row) === rows.label[row]) };
  }
  for (let row = 0; row < rows.count; row += 1) {
    if (label.kind === 'number') {
      const said = ((values[row * width] ?? 0) - label.low) / (label.high - label.low);
      loss[row] = (said - (rows.label[row] ?? 0) / STEPS) ** 2;
    } else loss[row] = -(values[row * width + argMax(values, row * width, width)] ?? 0);
    confidence[row] = -Math.sqrt(loss[row] ?? 0);
  }
  return {
    loss,
    confidence,
    outputs,
    quality: (chosen) => (label.kind === 'number' ? explained(rows, loss, chosen) : -meanOf(chosen, loss)),
  };
}

function argMax(values: Float64Array, start: number, width: number): number {
  let best = 0;
  for (let at = 1; at < width; at += 1) if ((values[start + at] ?? 0) > (values[start + best] ?? 0)) best = at;
  return best;
}

function shareOf(rows: readonly number[], is: (row: number) => boolean): number {
  return rows.length === 0 ? Number.NaN : rows.filter(is).length / rows.length;
}

function meanOf(rows: readonly number[], values: Float64Array): number {
  return rows.reduce((sum, row) => sum + (values[row] ?? 0), 0) / Math.max(1, rows.length);
}

/** R² over some rows. */
function explained(rows: EncodedRows, loss: Float64Array, chosen: readonly number[]): number {
  const labels = chosen.map((row) => (rows.label[row] ?? 0) / STEPS);
  const mean = labels.reduce((sum, value) => sum + value, 0) / Math.max(1, labels.length);
  const total = labels.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return total === 0 ? 0 : 1 - chosen.reduce((sum, row) => sum + (loss[row] ?? 0), 0) / total;
}
