import type { PrivacyModels } from './criteria.ts';
import { type LossTable, lossAt } from './loss.ts';
import { checkNode } from './node-check.ts';
import type { Records } from './records.ts';
import type { Found } from './search-lattice.ts';

type Levels = readonly number[];

/**
 * Levels that hold, found in a few dozen counts: two paths from the values to the top (the attribute with most names first, as Datafly; the step that loses least first), on each the lowest node that holds by
 * halving, and from there down again, one level at a time, while it still holds. The better of the two; undefined where not even the top holds. Not optimal.
 * Source: Sweeney 2002 (Datafly); Kohlmayer, Prasser et al. 2012 (halving of paths); own measurement (bench masking).
 */
export function climbLattice(records: Records, loss: LossTable, models: PrivacyModels, limit: number): Found | undefined {
  let checked = 0;
  const holds = (levels: Levels): boolean => {
    checked += 1;
    return checkNode(records, levels, models, limit).holds;
  };
  const names = (levels: Levels, index: number): number => -(records.attributes[index]?.names[levels[index] ?? 0]?.length ?? 0);
  const step = (levels: Levels, index: number): number => lossAt(loss, levels.with(index, (levels[index] ?? 0) + 1));
  const found = [names, step].flatMap((cost) => {
    const start = lowestHolding(pathBy(records, cost), holds);
    return start === undefined ? [] : [descend(records, loss, start, holds)];
  });
  const [best] = found.sort((a, b) => lossAt(loss, a) - lossAt(loss, b));
  return best === undefined ? undefined : { levels: best, optimal: false, checked };
}

/** Nodes from the bottom to the top, each time one level higher where it costs least. */
function pathBy(records: Records, cost: (levels: Levels, index: number) => number): readonly Levels[] {
  const heights = records.attributes.map(({ names }) => names.length - 1);
  const path: Levels[] = [heights.map(() => 0)];
  for (let levels = path[0]; levels !== undefined; ) {
    const at = levels;
    const [next] = heights
      .flatMap((height, index) => ((at[index] ?? 0) < height ? [{ index, cost: cost(at, index) }] : []))
      .sort((a, b) => a.cost - b.cost || a.index - b.index);
    levels = next === undefined ? undefined : at.with(next.index, (at[next.index] ?? 0) + 1);
    if (levels !== undefined) path.push(levels);
  }
  return path;
}

/** With l and t a lower node may hold although a higher one does not; the top is asked for then. */
function lowestHolding(path: readonly Levels[], holds: (levels: Levels) => boolean): Levels | undefined {
  let [low, high] = [0, path.length - 1];
  const top = path[high];
  if (top === undefined || !holds(top)) return undefined;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(path[middle] ?? top)) high = middle;
    else low = middle + 1;
  }
  return path[high];
}

/** Each time the level that saves most, first; an attribute that could not go down once cannot later either (for k). */
function descend(records: Records, loss: LossTable, from: Levels, holds: (levels: Levels) => boolean): Levels {
  let levels = from;
  const open = new Set(records.attributes.keys());
  while (open.size > 0) {
    const at = levels;
    const [next] = [...open]
      .filter((index) => (at[index] ?? 0) > 0)
      .map((index) => ({ index, lower: at.with(index, (at[index] ?? 0) - 1) }))
      .sort((a, b) => lossAt(loss, a.lower) - lossAt(loss, b.lower) || a.index - b.index);
    if (next === undefined) return levels;
    if (holds(next.lower)) levels = next.lower;
    else open.delete(next.index);
  }
  return levels;
}
