/** All combinations of levels, numbered. `heights[a]`: highest level of attribute a. */
export interface Lattice {
  readonly heights: readonly number[];
  readonly size: number;
  readonly strides: readonly number[];
}

/** The lattice over attributes of these heights. Source: Samarati 2001 (generalisation lattice). */
export function latticeOf(heights: readonly number[]): Lattice {
  const strides: number[] = [];
  let size = 1;
  for (const height of heights) {
    strides.push(size);
    size *= height + 1;
  }
  return { heights, size, strides };
}

/** Levels of a node. Source: Samarati 2001. */
export function levelsOf(lattice: Lattice, node: number): readonly number[] {
  return lattice.heights.map((height, index) => Math.floor(node / (lattice.strides[index] ?? 1)) % (height + 1));
}

/** Nodes one level higher (`by` 1) or lower (−1) in one attribute. Source: Samarati 2001. */
export function neighbours(lattice: Lattice, node: number, by: 1 | -1): readonly number[] {
  const levels = levelsOf(lattice, node);
  const found: number[] = [];
  for (const [index, level] of levels.entries()) {
    const next = level + by;
    if (next >= 0 && next <= (lattice.heights[index] ?? 0)) found.push(node + by * (lattice.strides[index] ?? 1));
  }
  return found;
}
