import type { PrivacyModels } from './criteria.ts';
import { denseIds } from './dense-ids.ts';
import { type LossTable, lossAt } from './loss.ts';
import { checkNode } from './node-check.ts';
import type { Records } from './records.ts';
import type { Found } from './search-lattice.ts';

/**
 * Levels that hold, found by climbing: from the values up, each time the attribute whose next level saves most rows from being taken out for a bit lost; then down again, one level at a
 * time, while it still holds. Undefined where even the top fails. Not optimal: a lattice too large for `searchLattice` is climbed in a few hundred counts.
 * Source: Sweeney 2002 (Datafly), with information gain per loss as in Fung, Wang and Yu 2005.
 */
export function climbLattice(records: Records, loss: LossTable, models: PrivacyModels, limit: number): Found | undefined {
  const heights = records.attributes.map(({ names }) => names.length - 1);
  let levels: readonly number[] = heights.map(() => 0);
  let shrunk = records;
  let checked = 1;
  let now = checkNode(shrunk, levels, models, limit);
  while (!now.holds) {
    const options = heights.flatMap((height, index) => {
      const level = levels[index] ?? 0;
      if (level >= height) return [];
      const higher = levels.with(index, level + 1);
      const check = checkNode(shrunk, higher, models, limit);
      checked += 1;
      const cost = Math.max(1e-9, lossAt(loss, higher) - lossAt(loss, levels));
      return [{ higher, check, gain: (now.suppressedRows - check.suppressedRows) / cost, cost }];
    });
    const [best] = options.sort((a, b) => b.gain - a.gain || a.cost - b.cost);
    if (best === undefined) return undefined;
    levels = best.higher;
    now = best.check;
    shrunk = rolledUp(records, shrunk, levels);
  }
  return descend(records, loss, models, limit, levels, checked);
}

function descend(records: Records, loss: LossTable, models: PrivacyModels, limit: number, from: readonly number[], counted: number): Found {
  let levels = from;
  let checked = counted;
  for (;;) {
    const lower = levels
      .flatMap((level, index) => (level === 0 ? [] : [levels.with(index, level - 1)]))
      .sort((a, b) => lossAt(loss, a) - lossAt(loss, b));
    const next = lower.find((candidate) => {
      checked += 1;
      return checkNode(records, candidate, models, limit).holds;
    });
    if (next === undefined) return { levels, optimal: false, checked };
    levels = next;
  }
}

/** Entries that are alike at these levels become one: what is counted next is smaller. Sensitive values and units stay apart. */
function rolledUp(original: Records, records: Records, levels: readonly number[]): Records {
  const columns = [
    ...(records.unitOf === null ? [] : [{ codes: records.unitOf, size: original.units }]),
    ...original.attributes.map((attribute, index) => ({
      codes: records.codes[index] ?? new Int32Array(),
      size: attribute.names[levels[index] ?? 0]?.length ?? 1,
      translate: attribute.translate[levels[index] ?? 0],
    })),
    ...records.sensitive.map(({ entryCodes, values }) => ({ codes: entryCodes, size: values.length })),
  ];
  const { ids, count, first } = denseIds(columns, records.weights.length);
  if (count > 0.7 * records.weights.length) return records;
  const weights = new Int32Array(count);
  for (const [entry, id] of ids.entries()) weights[id] = (weights[id] ?? 0) + (records.weights[entry] ?? 0);
  // Entries are numbered in order of first appearance, so those of one unit stay together.
  const pick = (codes: Int32Array): Int32Array => Int32Array.from(first, (entry) => codes[entry] ?? 0);
  return {
    ...records,
    codes: records.codes.map(pick),
    weights,
    unitOf: records.unitOf === null ? null : pick(records.unitOf),
    sensitive: records.sensitive.map((column) => ({ ...column, entryCodes: pick(column.entryCodes) })),
  };
}
