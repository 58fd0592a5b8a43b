import type { PrivacyModels } from './criteria.ts';
import { type Lattice, latticeOf, levelsOf, neighbours } from './lattice.ts';
import { type LossTable, lossAt } from './loss.ts';
import { checkNode } from './node-check.ts';
import type { Records } from './records.ts';

/** Levels that hold, and whether none that holds loses less. */
export interface Found {
  readonly levels: readonly number[];
  readonly optimal: boolean;
  /** Nodes whose classes were counted. */
  readonly checked: number;
}

const MOST_NODES = 300_000;
const MOST_WORK = 1.5e9;

/** Whether every node may be looked at: few nodes, and few entries for so many. Source: own measurement (bench masking); ARX switches to a heuristic likewise. */
export function isSmall(records: Records): boolean {
  const { size } = latticeOf(records.attributes.map(({ names }) => names.length - 1));
  return size <= MOST_NODES && size * records.weights.length <= MOST_WORK;
}

type Tag = 0 | 1 | 2;
const FAILS: Tag = 1;
const HOLDS: Tag = 2;

/**
 * The levels that lose least of all that hold, or undefined where none does. Nodes are visited from the least loss up; since units per class can only grow upwards, a node that fails for k
 * rules out all below it and one that holds answers for all above, and paths are halved to learn much from one count (Flash). l and t are asked where k holds.
 * Source: Kohlmayer, Prasser et al. 2012 (Flash); Samarati 2001; synthetic-and-masking.md §7.1.
 */
export function searchLattice(records: Records, loss: LossTable, models: PrivacyModels, limit: number): Found | undefined {
  if (!isPossible(records, models)) return undefined;
  const lattice = latticeOf(records.attributes.map(({ names }) => names.length - 1));
  const losses = Float64Array.from({ length: lattice.size }, (_, node) => lossAt(loss, levelsOf(lattice, node)));
  const order = Int32Array.from({ length: lattice.size }, (_, node) => node).sort((a, b) => (losses[a] ?? 0) - (losses[b] ?? 0) || a - b);
  const tags = new Uint8Array(lattice.size);
  let checked = 0;
  const grouping: PrivacyModels = { k: models.k, sensitive: [] };
  const holdsForK = (node: number): boolean => {
    checked += 1;
    return checkNode(records, levelsOf(lattice, node), grouping, limit).holds;
  };
  for (const node of order) {
    if (tags[node] === 0) halve(lattice, pathUp(lattice, losses, tags, node), tags, holdsForK);
    if (tags[node] === FAILS) continue;
    const levels = levelsOf(lattice, node);
    if (models.sensitive.length === 0 && models.presence === undefined) return { levels, optimal: true, checked };
    checked += 1;
    if (checkNode(records, levels, models, limit).holds) return { levels, optimal: true, checked };
  }
  return undefined;
}

/** No class is more diverse than the whole table has values. */
function isPossible(records: Records, models: PrivacyModels): boolean {
  return models.sensitive.every(
    ({ sensitive, model }) => !('diversity' in model) || (records.sensitive[sensitive]?.values.length ?? 0) >= model.diversity.l,
  );
}

/** Untagged nodes upwards, each time the one that loses least. */
function pathUp(lattice: Lattice, losses: Float64Array, tags: Uint8Array, from: number): readonly number[] {
  const path = [from];
  for (let at = from; ; ) {
    const next = neighbours(lattice, at, 1)
      .filter((node) => tags[node] === 0)
      .sort((a, b) => (losses[a] ?? 0) - (losses[b] ?? 0) || a - b)[0];
    if (next === undefined) return path;
    path.push(next);
    at = next;
  }
}

function halve(lattice: Lattice, path: readonly number[], tags: Uint8Array, holds: (node: number) => boolean): void {
  let [low, high] = [0, path.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const node = path[middle] ?? 0;
    if (holds(node)) {
      spread(lattice, tags, node, 1, HOLDS);
      high = middle - 1;
    } else {
      spread(lattice, tags, node, -1, FAILS);
      low = middle + 1;
    }
  }
}

function spread(lattice: Lattice, tags: Uint8Array, from: number, by: 1 | -1, tag: Tag): void {
  const waiting = [from];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (tags[node] !== 0) continue;
    tags[node] = tag;
    waiting.push(...neighbours(lattice, node, by));
  }
}
