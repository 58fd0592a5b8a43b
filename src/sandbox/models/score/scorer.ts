import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ElementType } from '../onnx/model.ts';
import type { Values } from '../onnx/operator.ts';
import type { PreparedModel } from '../onnx/prepare-model.ts';

/** One value that a model takes of a row. */
export interface ScoreSlot {
  /** The name of its input, as the file has it. */
  readonly name: string;
  readonly isText: boolean;
}

export type SlotValue = number | string;

/** A function of few values: a row's score. It sees nothing but the values it is given. */
export interface Scorer {
  readonly slots: readonly ScoreSlot[];
  /** Elementary steps for one row. */
  readonly stepsPerRow: number;
  /** One number for each row, in order; not finite where the model gives none. */
  readonly score: (rows: readonly (readonly SlotValue[])[]) => Promise<readonly number[]>;
}

/** Elementary steps of one question in all, and those between which others have their turn. */
export const MOST_WORK = 1_000_000_000;
const TURN_STEPS = 2_000_000;

/** A question takes more elementary steps than a question may. */
export class ScoringTooLong extends Error {}

const WHOLE: readonly ElementType[] = ['int32', 'int64', 'bool'];

/**
 * A prepared ONNX model as a function of one row: of several outputs the last one with fractions (probabilities before labels), of several
 * columns the last (the probability of the last class). Null where every output is text. Rows are scored a few at a time, so that memory is bounded by the file and
 * others have their turn; throws ScoringTooLong where all rows together take more than MOST_WORK steps. Source: issue "Models" (scoring merchants' models).
 */
export function onnxScorer({ model, outputs, stepsPerRow, score }: PreparedModel): Scorer | null {
  const numeric = outputs.filter(({ slot }) => slot.type !== 'string');
  const chosen = numeric.findLast(({ slot }) => slot.type === 'float' || slot.type === 'double') ?? numeric.at(-1);
  if (chosen === undefined || chosen.slot.width === 0) return null;
  const slots = model.inputs.flatMap(({ name, type, width }) => Array.from({ length: width }, () => ({ name, isText: type === 'string' })));
  const { name, slot } = chosen;
  const atOnce = Math.max(1, Math.floor(TURN_STEPS / Math.max(1, stepsPerRow)));
  let work = 0;
  return {
    slots,
    stepsPerRow,
    score: async (rows) => {
      work += rows.length * stepsPerRow;
      if (work > MOST_WORK) throw new ScoringTooLong();
      const scores: number[] = [];
      for (let first = 0; first < rows.length; first += atOnce) {
        const some = rows.slice(first, first + atOnce);
        const out = score(inputsOf(model.inputs, some), some.length).get(name)?.numbers ?? new Float64Array(0);
        for (const row of some.keys()) scores.push(out[(row + 1) * slot.width - 1] ?? Number.NaN);
        if (first + atOnce < rows.length) await nextTurn();
      }
      return scores;
    },
  };
}

function inputsOf(inputs: PreparedModel['model']['inputs'], rows: readonly (readonly SlotValue[])[]): ReadonlyMap<string, Values> {
  const values = new Map<string, Values>();
  let first = 0;
  for (const { name, type, width } of inputs) {
    const at = first;
    const cells = rows.flatMap((row) => row.slice(at, at + width));
    values.set(
      name,
      type === 'string'
        ? { numbers: new Float64Array(0), texts: cells.map(String) }
        : { numbers: Float64Array.from(cells, (cell) => (WHOLE.includes(type) ? Math.round(Number(cell)) : Number(cell))), texts: [] },
    );
    first += width;
  }
  return values;
}
