import type { Share } from './recomputed.ts';

/**
 * Shares that were found by taking units out, and in their place those of whoever stands in a row, for the components
 * that they do not add up to: a person whom three firms pay is there without any one of them, so that the number of
 * persons seems to rest on no firm at all. Source: gate.md §4 (touching totals).
 *
 * @param touching  by whoever stands in a row; where it is not known, nothing is replaced.
 * @param totals    absolute figures of the cell, by component.
 */
export function whereNotAdding(
  removed: readonly Share[],
  touching: readonly Share[] | undefined,
  totals: readonly number[] | undefined,
): readonly Share[] {
  if (touching === undefined || totals === undefined) return removed;
  const sum = (index: number): number => removed.reduce((total, { values }) => total + Number(values[index] ?? 0), 0);
  const isWhole = totals.map((total, index) => !(Math.abs(Math.abs(sum(index)) - total) > 1e-6 * Math.max(1, total)));
  if (isWhole.every(Boolean)) return removed;
  const [gone, standing] = [byUnit(removed), byUnit(touching)];
  return [...new Set([...gone.keys(), ...standing.keys()])].map((unit): Share => {
    const of = (shares: ReadonlyMap<string, Share>, index: number): Share['values'][number] => shares.get(unit)?.values[index] ?? 0;
    return { unit, values: totals.map((_, index) => of(isWhole[index] === true ? gone : standing, index)) };
  });
}

function byUnit(shares: readonly Share[]): ReadonlyMap<string, Share> {
  return new Map(shares.map((share) => [share.unit, share]));
}
