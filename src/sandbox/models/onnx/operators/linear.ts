import type { OnnxNode } from '../model.ts';
import { numberAttribute, numbersAttribute, numericRows, type Operator, onlyAttributes, refuse } from '../operator.ts';
import { CLASS_LABELS, classified, transformed } from './scores.ts';

/** Raw scores rows × targets; `coefficients` are targets × width. */
function linearScores(
  node: OnnxNode,
  width: number,
  targets: number,
): (features: Float64Array, rows: number, columns: number) => Float64Array {
  const coefficients = numbersAttribute(node, 'coefficients');
  const intercepts = numbersAttribute(node, 'intercepts');
  if (coefficients.length !== targets * width || (intercepts.length !== 0 && intercepts.length !== targets)) refuse(node, 'shape');
  return (features, rows, columns) => {
    const out = new Float64Array(rows * columns);
    for (let row = 0; row < rows; row += 1) {
      for (let target = 0; target < targets; target += 1) {
        let sum = intercepts[target] ?? 0;
        for (let k = 0; k < width; k += 1) sum += (features[row * width + k] ?? Number.NaN) * (coefficients[target * width + k] ?? 0);
        // With one row of coefficients for two classes the score is that of the second.
        out[row * columns + (columns > targets ? 1 : target)] = sum;
      }
    }
    return out;
  };
}

const linearRegressor: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['coefficients', 'intercepts', 'targets', 'post_transform']);
  const slot = numericRows(preparation);
  const targets = numberAttribute(node, 'targets', 1);
  if (!(targets >= 1 && targets <= 256)) refuse(node, 'shape');
  const score = linearScores(node, slot.width, targets);
  const finish = transformed(node, targets);
  return {
    outputs: [{ type: 'float', width: targets }],
    steps: slot.width * targets,
    run: ([input], rows) => [finish(score(input?.numbers ?? new Float64Array(0), rows, targets), rows)],
  };
};

const linearClassifier: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['coefficients', 'intercepts', 'multi_class', 'post_transform', ...CLASS_LABELS.linear]);
  const slot = numericRows(preparation);
  const classes = classified(node, CLASS_LABELS.linear);
  const given = numbersAttribute(node, 'coefficients').length / slot.width;
  const isSingle = classes.labels === 2 && given === 1;
  const score = linearScores(node, slot.width, isSingle ? 1 : classes.labels);
  return {
    outputs: classes.outputs,
    steps: slot.width * classes.labels,
    run: ([input], rows) =>
      classes.finish(
        score(input?.numbers ?? new Float64Array(0), rows, classes.labels),
        rows,
        isSingle ? { column: 1, middle: 0 } : undefined,
      ),
  };
};

/** Linear models of ai.onnx.ml. Source: ONNX-ML operator specification. */
export const LINEAR: Readonly<Record<string, Operator>> = { LinearRegressor: linearRegressor, LinearClassifier: linearClassifier };
