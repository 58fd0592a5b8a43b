/** How many classes there are of each size, ascending. */
export interface SizeCount {
  readonly size: number;
  readonly classes: number;
}

/** Re-identification risk of a table whose classes are known. Shares of units, 0 to 1. */
export interface AttackerRisk {
  /** Largest and smallest chance of naming a unit right, for one who knows that it is in the table. */
  readonly highest: number;
  readonly lowest: number;
  /** Mean chance: classes over units. */
  readonly average: number;
  /** Units alone in their class. */
  readonly uniqueness: number;
  /** Units whose chance is above the threshold. */
  readonly recordsAtRisk: number;
}

/** How many classes have how many units. Source: Skinner and Elliot 2002 (size indices); synthetic-and-masking.md §7.1. */
export function sizeCounts(units: Iterable<number>): readonly SizeCount[] {
  const counts = new Map<number, number>();
  for (const size of units) if (size > 0) counts.set(size, (counts.get(size) ?? 0) + 1);
  return [...counts].map(([size, classes]) => ({ size, classes })).sort((a, b) => a.size - b.size);
}

/** Units in all classes. Source: synthetic-and-masking.md §7.1. */
export function unitsIn(sizes: readonly SizeCount[]): number {
  return sizes.reduce((sum, { size, classes }) => sum + size * classes, 0);
}

/** How many classes. Source: synthetic-and-masking.md §7.1. */
export function classesIn(sizes: readonly SizeCount[]): number {
  return sizes.reduce((sum, { classes }) => sum + classes, 0);
}

/** The prosecutor's risk; no risk at all for a table without units. Source: El Emam and Dankar 2008; synthetic-and-masking.md §7.1. */
export function prosecutorRisk(sizes: readonly SizeCount[], threshold: number): AttackerRisk {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined) return { highest: 0, lowest: 0, average: 0, uniqueness: 0, recordsAtRisk: 0 };
  const units = unitsIn(sizes);
  const share = (wanted: (size: number) => boolean): number => unitsIn(sizes.filter(({ size }) => wanted(size))) / units;
  return {
    highest: 1 / first.size,
    lowest: 1 / last.size,
    average: classesIn(sizes) / units,
    uniqueness: share((size) => size === 1),
    recordsAtRisk: share((size) => 1 / size > threshold),
  };
}

/** A class in the table and in the population it was drawn from. */
export interface PopulatedClass {
  readonly units: number;
  readonly population: number;
}

/**
 * Risk from those who do not know whether somebody is in the table: the journalist's highest and average, and the marketer's average, over classes whose numbers in the population are known.
 * Throws where a class has fewer people in the population than in the table. Source: El Emam and Dankar 2008; synthetic-and-masking.md §7.1.
 */
export function populationRisk(classes: readonly PopulatedClass[]): {
  readonly journalist: { readonly highest: number; readonly average: number };
  readonly marketer: number;
} {
  if (classes.some(({ units, population }) => population < units || units < 1)) throw new RangeError('A population holds its sample');
  const units = classes.reduce((sum, item) => sum + item.units, 0);
  const population = classes.reduce((sum, item) => sum + item.population, 0);
  const marketer = classes.reduce((sum, item) => sum + item.units / item.population, 0) / units;
  const least = classes.reduce((smallest, item) => Math.min(smallest, item.population), Number.POSITIVE_INFINITY);
  return { journalist: { highest: 1 / least, average: Math.max(classes.length / population, marketer) }, marketer };
}
