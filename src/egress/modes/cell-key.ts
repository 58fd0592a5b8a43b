import { addMod, MODULUS } from '../../kernel/modular.ts';
import type { Sketch } from '../ledger/sketch.ts';
import type { PerturbationRow } from './perturbation-table.ts';

/**
 * The key of a count in [0, 1): the sum of the keys of its units modulo 2^31 − 1, as the count's sketch holds it. The same
 * units have the same key in every query, table and version. For counts of units, where every unit counts once; of other
 * figures it says how often each counts, too. Source: gate.md §8 (`cell-key`), ADR 0014.
 */
export function cellKey(count: Sketch): number {
  return count.lanes.reduce((sum, lane) => addMod(sum, lane), 0) / MODULUS;
}

/**
 * The perturbed count: the same for the same count and key. Never below 0, and 0 stays 0. Throws where it is no count or
 * the table is empty. Not differential privacy. Source: Fraser and Wooton 2005 (cell key method); gate.md §8.
 */
export function perturbedCount(count: number, key: number, table: readonly PerturbationRow[]): number {
  const row = table[Math.min(count, table.length - 1)];
  if (!Number.isSafeInteger(count) || count < 0 || row === undefined) throw new RangeError('A count is a whole number from 0');
  let below = 0;
  for (const [at, chance] of row.chances.entries()) {
    below += chance;
    if (key < below) return count + row.least + at;
  }
  return count + row.least + row.chances.length - 1;
}
