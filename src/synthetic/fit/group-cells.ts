import type { Attribute, Grouping } from './count-source.ts';

/**
 * Merges cells that noise would drown: from noisy one-way counts alone, so it costs no budget. Ordered cells merge with
 * their neighbours until a group holds `least`; others below `least` all merge into one. Never more than `most` groups
 * (plus one for what is left).
 * Source: synthetic-and-masking.md §4.1 step 3 (compress), §5.1 (coarse bins help more than any optimiser).
 */
export function groupCells(attribute: Attribute, noisy: Float64Array, least: number, most: number): Grouping {
  const groupOf = new Int32Array(attribute.cells);
  const sizes: number[] = [];
  const open = (size: number): number => sizes.push(size) - 1;
  let current = -1;
  for (let cell = 0; cell < attribute.ordered; cell += 1) {
    const value = Math.max(0, noisy[cell] ?? 0);
    // A full cell stands alone: what was gathered before it is closed first.
    if (current < 0 || (sizes[current] ?? 0) >= least || (value >= least && (sizes[current] ?? 0) >= least / 2)) current = open(0);
    sizes[current] = (sizes[current] ?? 0) + value;
    groupOf[cell] = current;
  }
  const loose = Array.from({ length: attribute.cells - attribute.ordered }, (_, index) => attribute.ordered + index);
  const bySize = loose.toSorted((left, right) => (noisy[right] ?? 0) - (noisy[left] ?? 0));
  const kept = bySize.filter((cell, index) => (noisy[cell] ?? 0) >= least && index < most);
  for (const cell of kept.toSorted((left, right) => left - right)) groupOf[cell] = open(noisy[cell] ?? 0);
  const rest = loose.filter((cell) => !kept.includes(cell));
  if (rest.length > 0) {
    const group = open(0);
    for (const cell of rest) groupOf[cell] = group;
  }
  return { groupOf, groups: sizes.length };
}
