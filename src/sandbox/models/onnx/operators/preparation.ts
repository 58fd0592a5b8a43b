import type { OnnxNode } from '../model.ts';
import {
  inputOf,
  numberAttribute,
  numbersAttribute,
  numeric,
  numericRows,
  type Operator,
  onlyAttributes,
  type Prepared,
  refuse,
  type Slot,
  textAttribute,
  textsAttribute,
} from '../operator.ts';

/** A function of value and column; the result is of type float. */
function byColumn(slot: Slot, compute: (value: number, column: number) => number): Prepared {
  const { width } = slot;
  return {
    outputs: [{ type: 'float', width }],
    steps: 2 * width,
    run: ([input]) => [numeric((input?.numbers ?? new Float64Array(0)).map((value, at) => Math.fround(compute(value, at % width))))],
  };
}

/** A list with one number for all columns or one for each. */
function perColumn(node: OnnxNode, name: string, width: number): (column: number) => number {
  const list = numbersAttribute(node, name);
  if (list.length !== 1 && list.length !== width) refuse(node, 'shape');
  return (column) => list[list.length === 1 ? 0 : column] ?? 0;
}

const scaler: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['offset', 'scale']);
  const slot = numericRows(preparation);
  const offset = perColumn(preparation.node, 'offset', slot.width);
  const scale = perColumn(preparation.node, 'scale', slot.width);
  return byColumn(slot, (value, column) => (value - offset(column)) * scale(column));
};

const imputer: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['imputed_value_floats', 'replaced_value_float', 'imputed_value_int64s', 'replaced_value_int64']);
  const slot = numericRows(preparation);
  const kind = node.attributes.has('imputed_value_int64s') ? 'int64' : 'float';
  const value = perColumn(node, `imputed_value_${kind}s`, slot.width);
  const replaced = numberAttribute(node, `replaced_value_${kind}`, 0);
  return byColumn(slot, (each, column) => ((Number.isNaN(replaced) ? Number.isNaN(each) : each === replaced) ? value(column) : each));
};

const binarizer: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['threshold']);
  const threshold = numberAttribute(preparation.node, 'threshold', 0);
  return byColumn(numericRows(preparation), (value) => (value > threshold ? 1 : 0));
};

const normalizer: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['norm']);
  const slot = numericRows(preparation);
  const { width } = slot;
  const norm = textAttribute(node, 'norm', 'MAX');
  if (norm !== 'MAX' && norm !== 'L1' && norm !== 'L2') refuse(node, 'attribute');
  const measure = (row: Float64Array): number => {
    if (norm === 'MAX') return row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    if (norm === 'L1') return row.reduce((sum, value) => sum + Math.abs(value), 0);
    return Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  };
  return {
    outputs: [{ type: 'float', width }],
    steps: 3 * width,
    run: ([input], rows) => {
      const out = Float64Array.from(input?.numbers ?? []);
      for (let row = 0; row < rows; row += 1) {
        const values = out.subarray(row * width, (row + 1) * width);
        const size = measure(values);
        for (let at = 0; at < width; at += 1) values[at] = Math.fround(size === 0 ? (values[at] ?? 0) : (values[at] ?? 0) / size);
      }
      return [numeric(out)];
    },
  };
};

/** One column of categories to one column for each category; an unknown one is all zeros, or a row that is not computed. */
const oneHotEncoder: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['cats_int64s', 'cats_strings', 'zeros']);
  const slot = inputOf(preparation, 0);
  const keys = slot.type === 'string' ? textsAttribute(node, 'cats_strings') : numbersAttribute(node, 'cats_int64s');
  if (slot.constant !== undefined || slot.width !== 1 || keys.length === 0 || keys.length > 4_096) refuse(node, 'shape');
  if (numberAttribute(node, 'zeros', 1) !== 1) refuse(node, 'attribute');
  const position = new Map<string | number, number>(keys.map((key, index) => [key, index]));
  const width = keys.length;
  return {
    outputs: [{ type: 'float', width }],
    steps: width,
    run: ([input], rows) => {
      const out = new Float64Array(rows * width);
      for (let row = 0; row < rows; row += 1) {
        const value = slot.type === 'string' ? input?.texts[row] : Math.trunc(input?.numbers[row] ?? Number.NaN);
        const at = value === undefined ? undefined : position.get(value);
        if (at !== undefined) out[row * width + at] = 1;
      }
      return [numeric(out)];
    },
  };
};

/** Categories to numbers by a list of pairs. Numbers to texts are refused: texts are no scores. */
const labelEncoder: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, ['keys_strings', 'keys_int64s', 'keys_floats', 'values_int64s', 'values_floats', 'default_int64', 'default_float']);
  const slot = inputOf(preparation, 0);
  const isFloat = node.attributes.has('values_floats');
  const values = numbersAttribute(node, isFloat ? 'values_floats' : 'values_int64s');
  const otherwise = numberAttribute(node, isFloat ? 'default_float' : 'default_int64', isFloat ? 0 : -1);
  const numberKeys = node.attributes.has('keys_floats') ? 'keys_floats' : 'keys_int64s';
  const keys = slot.type === 'string' ? textsAttribute(node, 'keys_strings') : numbersAttribute(node, numberKeys);
  if (slot.constant !== undefined || keys.length === 0 || keys.length !== values.length) refuse(node, 'shape');
  const meaning = new Map<string | number, number>(keys.map((key, index) => [key, values[index] ?? otherwise]));
  return {
    outputs: [{ type: isFloat ? 'float' : 'int64', width: slot.width }],
    steps: slot.width,
    run: ([input], rows) => {
      const size = rows * slot.width;
      const at = (index: number): string | number => (slot.type === 'string' ? input?.texts[index] : input?.numbers[index]) ?? Number.NaN;
      return [numeric(Float64Array.from({ length: size }, (_, index) => meaning.get(at(index)) ?? otherwise))];
    },
  };
};

/** What stands before a model: scaling, missing values, categories. Source: ONNX-ML operator specification. */
export const PREPARING: Readonly<Record<string, Operator>> = {
  Scaler: scaler,
  Imputer: imputer,
  Binarizer: binarizer,
  Normalizer: normalizer,
  OneHotEncoder: oneHotEncoder,
  LabelEncoder: labelEncoder,
};
