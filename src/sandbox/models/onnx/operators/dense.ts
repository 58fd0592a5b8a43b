import {
  inputOf,
  numberAttribute,
  numeric,
  numericRows,
  type Operator,
  onlyAttributes,
  type Preparation,
  type Prepared,
  refuse,
  rounding,
  type Slot,
} from '../operator.ts';

/** rows[·, n] × weights[n, m] (+ bias), the weights constant. Sums run in double and are rounded once to the type. */
function affine(preparation: Preparation, slot: Slot, weights: Float64Array, width: number, bias: (column: number) => number): Prepared {
  const depth = slot.width;
  const round = rounding(slot.type);
  if (weights.length !== depth * width) refuse(preparation.node, 'shape');
  return {
    outputs: [{ type: slot.type, width }],
    steps: depth * width,
    run: ([input], rows) => {
      const numbers = input?.numbers ?? new Float64Array(0);
      const out = new Float64Array(rows * width);
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < width; column += 1) {
          let sum = bias(column);
          for (let k = 0; k < depth; k += 1) sum += (numbers[row * depth + k] ?? Number.NaN) * (weights[k * width + column] ?? 0);
          out[row * width + column] = round(sum);
        }
      }
      return [numeric(out)];
    },
  };
}

const matMul: Operator = (preparation) => {
  onlyAttributes(preparation.node, []);
  const slot = numericRows(preparation);
  const constant = inputOf(preparation, 1).constant ?? refuse(preparation.node, 'shape');
  if (constant.type === 'string') refuse(preparation.node, 'tensor_type');
  const [depth = 0, width = 1] = constant.dims;
  if (depth !== slot.width) refuse(preparation.node, 'shape');
  return affine(preparation, slot, constant.numbers, width, () => 0);
};

const gemm: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['alpha', 'beta', 'transA', 'transB']);
  const slot = numericRows(preparation);
  const constant = inputOf(preparation, 1).constant ?? refuse(node, 'shape');
  const [first = 0, second = 0] = constant.dims;
  if (constant.dims.length !== 2 || constant.type === 'string' || numberAttribute(node, 'transA', 0) !== 0) refuse(node, 'shape');
  const transposed = numberAttribute(node, 'transB', 0) !== 0;
  const [depth, width] = transposed ? [second, first] : [first, second];
  if (depth !== slot.width) refuse(node, 'shape');
  const alpha = numberAttribute(node, 'alpha', 1);
  const beta = numberAttribute(node, 'beta', 1);
  const weights = new Float64Array(depth * width);
  for (let k = 0; k < depth; k += 1) {
    for (let m = 0; m < width; m += 1) weights[k * width + m] = alpha * (constant.numbers[transposed ? m * depth + k : k * width + m] ?? 0);
  }
  const added = preparation.inputs[2];
  const bias = added?.constant?.numbers;
  if (added !== undefined && (bias === undefined || (bias.length !== width && bias.length !== 1))) refuse(node, 'shape');
  return affine(preparation, slot, weights, width, (column) => beta * (bias?.[bias.length === 1 ? 0 : column] ?? 0));
};

/** Matrix products of rows with constant weights. Products of two values that both have rows are refused. Source: ONNX operator specification. */
export const DENSE: Readonly<Record<string, Operator>> = { MatMul: matMul, Gemm: gemm };
