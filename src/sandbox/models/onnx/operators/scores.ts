import type { OnnxNode } from '../model.ts';
import { numbersAttribute, numeric, refuse, type Slot, textAttribute, textsAttribute, type Values } from '../operator.ts';
import { firstLargest, softmaxRow } from './reduce.ts';

/** Names of the attributes that hold class labels, numbers first. */
export const CLASS_LABELS = {
  trees: ['classlabels_int64s', 'classlabels_strings'],
  linear: ['classlabels_ints', 'classlabels_strings'],
} as const;

type PostTransform = 'NONE' | 'LOGISTIC' | 'SOFTMAX';

function postTransform(node: OnnxNode): PostTransform {
  const name = textAttribute(node, 'post_transform', 'NONE');
  return name === 'NONE' || name === 'LOGISTIC' || name === 'SOFTMAX' ? name : refuse(node, 'attribute');
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

function transformRow(kind: PostTransform, scores: Float64Array, from: number, width: number): void {
  if (kind === 'SOFTMAX') softmaxRow(scores, from, width);
  if (kind === 'LOGISTIC') for (let at = from; at < from + width; at += 1) scores[at] = logistic(scores[at] ?? Number.NaN);
}

/** Applies the node's post_transform to raw scores, in place, and rounds to float. */
export function transformed(node: OnnxNode, width: number): (scores: Float64Array, rows: number) => Values {
  const kind = postTransform(node);
  return (scores, rows) => {
    for (let row = 0; row < rows; row += 1) transformRow(kind, scores, row * width, width);
    return numeric(scores.map(Math.fround));
  };
}

/** A two-class model that weighs one class only: `column` holds its score, above `middle` it is chosen. */
export interface SingleColumn {
  readonly column: number;
  readonly middle: number;
}

interface Classes {
  readonly labels: number;
  readonly outputs: readonly Slot[];
  readonly finish: (scores: Float64Array, rows: number, single?: SingleColumn) => readonly Values[];
}

/**
 * What the classifiers of the format share: labels, the choice of the largest score, and the two-class case with one
 * column of scores. Outputs are the label and one score for each class. Source: ONNX-ML operator specification.
 */
export function classified(node: OnnxNode, names: readonly [string, string]): Classes {
  const numbers = numbersAttribute(node, names[0]);
  const texts = textsAttribute(node, names[1]);
  const labels = Math.max(numbers.length, texts.length);
  if (labels < 2 || labels > 256 || (numbers.length > 0 && texts.length > 0)) refuse(node, 'attribute');
  const kind = postTransform(node);
  const label: Slot = { type: texts.length > 0 ? 'string' : 'int64', width: 1 };
  const finish: Classes['finish'] = (scores, rows, single) => {
    const chosen = new Float64Array(rows);
    for (let row = 0; row < rows; row += 1) {
      const from = row * labels;
      if (single === undefined) {
        chosen[row] = firstLargest(scores, from, labels);
        transformRow(kind, scores, from, labels);
      } else {
        const score = scores[from + single.column] ?? Number.NaN;
        chosen[row] = score > (kind === 'NONE' ? single.middle : 0) ? 1 : 0;
        const positive = kind === 'LOGISTIC' ? logistic(score) : score;
        scores[from] = kind === 'LOGISTIC' || single.middle === 0.5 ? 1 - positive : -positive;
        scores[from + 1] = positive;
      }
    }
    const answer: Values =
      label.type === 'string'
        ? { numbers: new Float64Array(0), texts: Array.from(chosen, (index) => texts[index] ?? '') }
        : numeric(chosen.map((index) => numbers[index] ?? Number.NaN));
    return [answer, numeric(scores.map(Math.fround))];
  };
  return { labels, outputs: [label, { type: 'float', width: labels }], finish };
}
