import type { DisclosureMode } from '../../catalog/disclosure-mode.ts';
import { addDecimals, type Decimal, decimalNumber, integer, multiplyDecimals } from '../../kernel/decimal.ts';
import type { Sketch } from '../ledger/sketch.ts';
import { cellKey, perturbedCount } from './cell-key.ts';
import { type PerturbationRow, perturbationTable } from './perturbation-table.ts';
import { midpointCount, roundedCount } from './rounding.ts';

/** Modes under which an exact figure becomes another one. Under `dp` none is ever exact. Source: gate.md §8. */
export type ChangingMode = Extract<DisclosureMode, { readonly kind: 'rounded' | 'cell-key' }>;

/** Changes counts and sums. Source: gate.md §8. */
export interface Perturbation {
  /** Of a count; `sketch` where its unit totals are known. Undefined where the mode needs them and they are not. */
  count(total: Decimal, sketch: Sketch | null): Decimal | undefined;
  /** Of a sum, by multiples of the largest total of a bucket of units, which is at least the largest of a unit. */
  sum(total: Decimal, sketch: Sketch | null): Decimal | undefined;
}

/**
 * Rounding: counts as the mode says, sums to multiples of 5 or 6 times the largest share, so that the sum of a column of
 * zeros and ones is as coarse as the count. Cell keys: counts by the table, sums by what the table draws times the largest
 * share. The same unit totals give the same figure in every query, table and version; 0 stays 0. Margins of perturbed
 * parts are not perturbed margins. Throws where a count is none. Source: gate.md §8; Fraser and Wooton 2005.
 */
export function perturbationOf(mode: ChangingMode): Perturbation {
  if (mode.kind === 'rounded') {
    const [base, round] = mode.to === 'five' ? [5, roundedCount] : [6, midpointCount];
    return {
      count: (total) => integer(round(wholeNumber(total))),
      sum: (total, sketch) => (sketch === null ? undefined : toMultiple(total, multiplyDecimals(integer(base), largestShare(sketch)))),
    };
  }
  const table = perturbationTable(mode);
  return {
    count: (total, sketch) => (sketch === null ? undefined : integer(perturbedCount(wholeNumber(total), cellKey(sketch), table))),
    sum: (total, sketch) => (sketch === null ? undefined : shiftedSum(total, sketch, table)),
  };
}

function wholeNumber(total: Decimal): number {
  const value = decimalNumber(total);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('A count is a whole number from 0');
  return value;
}

function shiftedSum(total: Decimal, sketch: Sketch, table: readonly PerturbationRow[]): Decimal {
  if (total.digits === 0n) return total;
  const large = table.length - 1;
  const steps = perturbedCount(large, cellKey(sketch), table) - large;
  return addDecimals(total, multiplyDecimals(integer(steps), largestShare(sketch)));
}

/** The largest absolute total of the buckets or lanes: no unit holds more. */
function largestShare({ totals }: Sketch): Decimal {
  const largest = totals.digits.reduce((most, value) => {
    const size = value < 0n ? -value : value;
    return size > most ? size : most;
  }, 0n);
  return { digits: largest, scale: totals.scale };
}

/** The nearest multiple, halves away from zero. */
function toMultiple(total: Decimal, step: Decimal): Decimal {
  if (step.digits === 0n) return integer(0);
  const scale = Math.max(total.scale, step.scale);
  const [value, grain] = [total, step].map((item) => item.digits * 10n ** BigInt(scale - item.scale)) as [bigint, bigint];
  const size = value < 0n ? -value : value;
  const multiples = (2n * size + grain) / (2n * grain);
  return { digits: (value < 0n ? -multiples : multiples) * grain, scale };
}
