import {
  numberAttribute,
  numbersAttribute,
  numeric,
  numericRows,
  type Operator,
  onlyAttributes,
  type Preparation,
  refuse,
  rounding,
  type Slot,
  type Values,
} from '../operator.ts';

type RowFunction = (numbers: Float64Array, from: number, width: number) => number;

/** One number of each row. */
function folded(slot: Slot, type: Slot['type'], fold: RowFunction): ReturnType<Operator> {
  const round = rounding(type);
  return {
    outputs: [{ type, width: 1 }],
    steps: slot.width,
    run: ([input], rows) => {
      const numbers = input?.numbers ?? new Float64Array(0);
      return [numeric(Float64Array.from({ length: rows }, (_, row) => round(fold(numbers, row * slot.width, slot.width))))];
    },
  };
}

/** The axes must be the values of a row; in newer sets they are a constant input. */
function checkAxes(preparation: Preparation): void {
  const { node } = preparation;
  const input = preparation.inputs[1];
  const axes = input === undefined ? numbersAttribute(node, 'axes') : [...(input.constant?.numbers ?? refuse(node, 'shape'))];
  if (axes.length !== 1 || (axes[0] !== 1 && axes[0] !== -1)) refuse(node, 'shape');
}

function reduce(fold: RowFunction): Operator {
  return (preparation) => {
    onlyAttributes(preparation.node, ['axes', 'keepdims', 'noop_with_empty_axes']);
    const slot = numericRows(preparation);
    checkAxes(preparation);
    return folded(slot, slot.type, fold);
  };
}

const sum: RowFunction = (numbers, from, width) => {
  let total = 0;
  for (let at = from; at < from + width; at += 1) total += numbers[at] ?? Number.NaN;
  return total;
};

/** The first of the largest, as the format says. */
export function firstLargest(numbers: Float64Array, from: number, width: number): number {
  let best = 0;
  for (let at = 1; at < width; at += 1) if ((numbers[from + at] ?? Number.NaN) > (numbers[from + best] ?? Number.NaN)) best = at;
  return best;
}

const argMax: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['axis', 'keepdims', 'select_last_index']);
  const axis = numberAttribute(node, 'axis', 0);
  if ((axis !== 1 && axis !== -1) || numberAttribute(node, 'select_last_index', 0) !== 0) refuse(node, 'shape');
  return folded(numericRows(preparation), 'int64', firstLargest);
};

/** exp(x − max) over its sum, in place of each row. */
export function softmaxRow(numbers: Float64Array, from: number, width: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = from; at < from + width; at += 1) most = Math.max(most, numbers[at] ?? Number.NaN);
  let total = 0;
  for (let at = from; at < from + width; at += 1) {
    numbers[at] = Math.exp((numbers[at] ?? Number.NaN) - most);
    total += numbers[at] ?? Number.NaN;
  }
  for (let at = from; at < from + width; at += 1) numbers[at] = (numbers[at] ?? Number.NaN) / total;
}

const softmax: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['axis']);
  const slot = numericRows(preparation);
  const axis = numberAttribute(node, 'axis', preparation.opset < 13 ? 1 : -1);
  if (axis !== 1 && axis !== -1) refuse(node, 'shape');
  const round = rounding(slot.type);
  return {
    outputs: [slot],
    steps: 3 * slot.width,
    run: ([input], rows): readonly Values[] => {
      const out = Float64Array.from(input?.numbers ?? []);
      for (let row = 0; row < rows; row += 1) softmaxRow(out, row * slot.width, slot.width);
      return [numeric(out.map(round))];
    },
  };
};

/** Operators over the values of one row. Axes of rows are refused. Source: ONNX operator specification. */
export const REDUCING: Readonly<Record<string, Operator>> = {
  ReduceSum: reduce(sum),
  ReduceMean: reduce((numbers, from, width) => sum(numbers, from, width) / width),
  ArgMax: argMax,
  Softmax: softmax,
};
