import {
  inputOf,
  numberAttribute,
  numbersAttribute,
  type Operator,
  onlyAttributes,
  type Preparation,
  type Prepared,
  refuse,
  type Slot,
  type Values,
} from '../operator.ts';

/** The input as it is. */
function same(slot: Slot): Prepared {
  return { outputs: [slot], steps: 1, run: ([input]) => [input ?? { numbers: new Float64Array(0), texts: [] }] };
}

/** Columns `chosen` of rows, in that order. */
function columns(slot: Slot, chosen: readonly number[]): Prepared {
  const width = chosen.length;
  return {
    outputs: [{ type: slot.type, width }],
    steps: width,
    run: ([input], rows) => {
      const numbers = new Float64Array(slot.type === 'string' ? 0 : rows * width);
      const texts: string[] = [];
      for (let row = 0; row < rows; row += 1) {
        for (const [index, column] of chosen.entries()) {
          const at = row * slot.width + column;
          if (slot.type === 'string') texts.push(input?.texts[at] ?? '');
          else numbers[row * width + index] = input?.numbers[at] ?? Number.NaN;
        }
      }
      return [{ numbers, texts }];
    },
  };
}

function rowsOf(preparation: Preparation, index = 0): Slot {
  const slot = inputOf(preparation, index);
  return slot.constant === undefined ? slot : refuse(preparation.node, 'shape');
}

/** Constants that an attribute (older sets) or an input (newer ones) holds. */
function listOf(preparation: Preparation, attribute: string, index: number): readonly number[] | undefined {
  const input = preparation.inputs[index];
  if (input !== undefined) return [...(input.constant?.numbers ?? refuse(preparation.node, 'shape'))];
  return preparation.node.attributes.has(attribute) ? numbersAttribute(preparation.node, attribute) : undefined;
}

/** Along which an operator works must be the values of a row: rows never meet one another. */
function columnAxis(preparation: Preparation, axis: number): void {
  if (axis !== 1 && axis !== -1) refuse(preparation.node, 'shape');
}

const reshape: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['shape', 'allowzero']);
  const slot = rowsOf(preparation);
  const shape = listOf(preparation, 'shape', 1) ?? refuse(preparation.node, 'shape');
  const [first, second, ...more] = shape;
  const keepsRows = first === -1 || first === 0;
  const fits = second === undefined ? slot.width === 1 : second === slot.width || (second === -1 && first === 0);
  if (!keepsRows || !fits || more.length > 0) refuse(preparation.node, 'shape');
  return same(slot);
};

const gather: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['axis']);
  const slot = rowsOf(preparation);
  columnAxis(preparation, numberAttribute(preparation.node, 'axis', 0));
  const indices = [...(inputOf(preparation, 1).constant?.numbers ?? refuse(preparation.node, 'shape'))].map((index) =>
    index < 0 ? index + slot.width : index,
  );
  if (indices.length > 4_096 || indices.some((index) => !(index >= 0 && index < slot.width))) refuse(preparation.node, 'shape');
  return columns(slot, indices);
};

const slice: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['starts', 'ends', 'axes']);
  const slot = rowsOf(preparation);
  const [start, ...moreStarts] = listOf(preparation, 'starts', 1) ?? [];
  const [end, ...moreEnds] = listOf(preparation, 'ends', 2) ?? [];
  const axes = listOf(preparation, 'axes', 3);
  const steps = listOf(preparation, 'steps', 4) ?? [1];
  if (start === undefined || end === undefined || moreStarts.length + moreEnds.length > 0 || axes?.length !== 1 || steps[0] !== 1) {
    return refuse(preparation.node, 'shape');
  }
  columnAxis(preparation, axes[0] ?? 0);
  const at = (index: number): number => Math.max(0, Math.min(slot.width, index < 0 ? index + slot.width : index));
  const chosen = Array.from({ length: Math.max(0, at(end) - at(start)) }, (_, index) => at(start) + index);
  return chosen.length === 0 ? refuse(preparation.node, 'shape') : columns(slot, chosen);
};

const concat: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['axis']);
  columnAxis(preparation, numberAttribute(preparation.node, 'axis', 0));
  const slots = preparation.inputs.map((_, index) => rowsOf(preparation, index));
  const [first] = slots;
  const width = slots.reduce((sum, slot) => sum + slot.width, 0);
  if (first === undefined || slots.some((slot) => slot.type !== first.type || slot.type === 'string'))
    return refuse(preparation.node, 'tensor_type');
  return { outputs: [{ type: first.type, width }], steps: width, run: (inputs, rows) => [joined(inputs, slots, width, rows)] };
};

function joined(inputs: readonly Values[], slots: readonly Slot[], width: number, rows: number): Values {
  const out = new Float64Array(rows * width);
  let offset = 0;
  for (const [index, slot] of slots.entries()) {
    const numbers = inputs[index]?.numbers ?? new Float64Array(0);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < slot.width; column += 1) {
        out[row * width + offset + column] = numbers[row * slot.width + column] ?? Number.NaN;
      }
    }
    offset += slot.width;
  }
  return { numbers: out, texts: [] };
}

/** Only dimensions of one value come and go: [n] and [n, 1] are the same here. */
const squeeze: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['axes']);
  const slot = rowsOf(preparation);
  const axes = listOf(preparation, 'axes', 1) ?? [1];
  if (axes.length !== 1 || slot.width !== 1) refuse(preparation.node, 'shape');
  columnAxis(preparation, axes[0] ?? 0);
  return same(slot);
};

const flatten: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['axis']);
  if (numberAttribute(preparation.node, 'axis', 1) !== 1) refuse(preparation.node, 'shape');
  return same(rowsOf(preparation));
};

const identity: Operator = (preparation) => {
  onlyAttributes(preparation.node, []);
  return same(rowsOf(preparation));
};

/** ZipMap names the columns of a row; the columns themselves are what is scored. */
const zipMap: Operator = (preparation) => {
  onlyAttributes(preparation.node, ['classlabels_int64s', 'classlabels_strings']);
  return same(rowsOf(preparation));
};

const arrayFeatureExtractor: Operator = (preparation) => {
  onlyAttributes(preparation.node, []);
  const slot = rowsOf(preparation);
  const chosen = [...(inputOf(preparation, 1).constant?.numbers ?? refuse(preparation.node, 'shape'))];
  if (chosen.length === 0 || chosen.length > 4_096 || chosen.some((index) => !(index >= 0 && index < slot.width))) {
    refuse(preparation.node, 'shape');
  }
  return columns(slot, chosen);
};

/**
 * Operators that arrange the values of a row. Whatever would mix rows (Transpose, an axis of rows, rows in a shape) is
 * refused: a score depends on its own row alone. Source: ONNX operator specification; models-and-audit.md §1.5.
 */
export const ARRANGING: Readonly<Record<string, Operator>> = {
  Reshape: reshape,
  Gather: gather,
  Slice: slice,
  Concat: concat,
  Squeeze: squeeze,
  Unsqueeze: squeeze,
  Flatten: flatten,
  Identity: identity,
};

/** The same of the domain ai.onnx.ml. */
export const ARRANGING_ML: Readonly<Record<string, Operator>> = { ZipMap: zipMap, ArrayFeatureExtractor: arrayFeatureExtractor };
