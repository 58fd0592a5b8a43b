import type { ElementType } from '../model.ts';
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
  type Values,
} from '../operator.ts';

/** One value of `slot` at row and column, broadcast as the format does for [w], [1], [1, w] and scalars. */
function reader(preparation: Preparation, slot: Slot, width: number): (values: Values | undefined, row: number, column: number) => number {
  const constant = slot.constant;
  if (slot.type === 'string') refuse(preparation.node, 'tensor_type');
  if (constant === undefined) {
    if (slot.width !== width && slot.width !== 1) refuse(preparation.node, 'shape');
    const single = slot.width === 1;
    return (values, row, column) => values?.numbers[single ? row : row * width + column] ?? Number.NaN;
  }
  const [rows = 1] = constant.dims.length === 2 ? constant.dims : [1];
  if (rows !== 1 || (constant.numbers.length !== width && constant.numbers.length !== 1)) refuse(preparation.node, 'shape');
  const single = constant.numbers.length === 1;
  return (_, __, column) => constant.numbers[single ? 0 : column] ?? Number.NaN;
}

function broadcastWidth(slots: readonly Slot[]): number {
  return Math.max(...slots.map((slot) => slot.width));
}

/** A function of as many inputs as it takes, value by value. At least one input has rows. */
function elementwise(arity: number, compute: (...values: readonly number[]) => number, result?: ElementType): Operator {
  return (preparation) => {
    const { node } = preparation;
    onlyAttributes(node, []);
    if (preparation.inputs.length !== arity) refuse(node, 'input');
    const slots = Array.from({ length: arity }, (_, index) => inputOf(preparation, index));
    if (slots.every((slot) => slot.constant !== undefined)) refuse(node, 'shape');
    const width = broadcastWidth(slots);
    const readers = slots.map((slot) => reader(preparation, slot, width));
    const type = result ?? slots.at(-1)?.type ?? 'float';
    return mapped(type, width, arity, (inputs, row, column) => compute(...readers.map((read, index) => read(inputs[index], row, column))));
  };
}

function mapped(
  type: ElementType,
  width: number,
  steps: number,
  compute: (inputs: readonly Values[], row: number, column: number) => number,
): Prepared {
  const round = rounding(type);
  return {
    outputs: [{ type, width }],
    steps: steps * width,
    run: (inputs, rows) => {
      const out = new Float64Array(rows * width);
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < width; column += 1) out[row * width + column] = round(compute(inputs, row, column));
      }
      return [numeric(out)];
    },
  };
}

/** A function of one input with attributes of its own. */
function unary(names: readonly string[], build: (preparation: Preparation) => (value: number) => number): Operator {
  return (preparation) => {
    onlyAttributes(preparation.node, names);
    if (preparation.inputs.length !== 1) refuse(preparation.node, 'input');
    const slot = numericRows(preparation);
    const compute = build(preparation);
    return mapped(slot.type, slot.width, 1, (inputs, row, column) => compute(inputs[0]?.numbers[row * slot.width + column] ?? Number.NaN));
  };
}

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** Bounds are attributes up to version 10 of the set, optional constant inputs after. */
const clip: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['min', 'max']);
  const slot = numericRows(preparation);
  const bound = (index: number, name: string, otherwise: number): number => {
    const input = preparation.inputs[index];
    if (input === undefined) return numberAttribute(node, name, otherwise);
    return input.constant?.numbers.length === 1 ? (input.constant.numbers[0] ?? otherwise) : refuse(node, 'shape');
  };
  const least = bound(1, 'min', Number.NEGATIVE_INFINITY);
  const most = bound(2, 'max', Number.POSITIVE_INFINITY);
  return mapped(slot.type, slot.width, 2, (inputs, row, column) =>
    Math.min(most, Math.max(least, inputs[0]?.numbers[row * slot.width + column] ?? Number.NaN)),
  );
};

const CAST: Readonly<Record<number, ElementType>> = { 1: 'float', 6: 'int32', 7: 'int64', 9: 'bool', 11: 'double' };

const cast: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['to', 'saturate']);
  const slot = numericRows(preparation);
  const type = CAST[numberAttribute(preparation.node, 'to', 0)] ?? refuse(preparation.node, 'attribute');
  return mapped(type, slot.width, 1, (inputs, row, column) => inputs[0]?.numbers[row * slot.width + column] ?? Number.NaN);
};

/**
 * Operators that treat every value by itself, with the format's broadcasting for rows of one value and constants.
 * Source: ONNX operator specification, ai.onnx version 7 and later.
 */
export const ELEMENTWISE: Readonly<Record<string, Operator>> = {
  Add: elementwise(2, (a = 0, b = 0) => a + b),
  Sub: elementwise(2, (a = 0, b = 0) => a - b),
  Mul: elementwise(2, (a = 0, b = 0) => a * b),
  Div: elementwise(2, (a = 0, b = 0) => a / b),
  Less: elementwise(2, (a = 0, b = 0) => Number(a < b), 'bool'),
  LessOrEqual: elementwise(2, (a = 0, b = 0) => Number(a <= b), 'bool'),
  Greater: elementwise(2, (a = 0, b = 0) => Number(a > b), 'bool'),
  GreaterOrEqual: elementwise(2, (a = 0, b = 0) => Number(a >= b), 'bool'),
  Equal: elementwise(2, (a = 0, b = 0) => Number(a === b), 'bool'),
  And: elementwise(2, (a = 0, b = 0) => Number(a !== 0 && b !== 0), 'bool'),
  Or: elementwise(2, (a = 0, b = 0) => Number(a !== 0 || b !== 0), 'bool'),
  Where: elementwise(3, (condition = 0, a = 0, b = 0) => (condition !== 0 ? a : b)),
  Not: unary([], () => (x) => Number(x === 0)),
  Relu: unary([], () => (x) => Math.max(0, x)),
  LeakyRelu: unary(['alpha'], ({ node }) => {
    const alpha = numberAttribute(node, 'alpha', 0.01);
    return (x) => (x < 0 ? alpha * x : x);
  }),
  Elu: unary(['alpha'], ({ node }) => {
    const alpha = numberAttribute(node, 'alpha', 1);
    return (x) => (x < 0 ? alpha * (Math.exp(x) - 1) : x);
  }),
  Sigmoid: unary([], () => sigmoid),
  Tanh: unary([], () => Math.tanh),
  Sqrt: unary([], () => Math.sqrt),
  Exp: unary([], () => Math.exp),
  Log: unary([], () => Math.log),
  Abs: unary([], () => Math.abs),
  Neg: unary([], () => (x) => -x),
  Clip: clip,
  Cast: cast,
};
