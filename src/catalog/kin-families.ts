import { type DataProfile, type Dataset, findColumn, findTable } from './dataset.ts';

/** Families by the name of their kin: the same name for families between which a reader may subtract. */
export type KinFamilies = (family: string) => string;

/** Every family by itself. */
export const NO_KIN: KinFamilies = (family) => family;

/**
 * Which families of figures the ledger combines with one another: those of columns that hold the same in many rows (`TableProfile.alike`).
 * A family of several columns, as `sum(a * c)` has, is that of their kin. Entries keep the name of their own family, so that what another
 * version's data say of it changes nothing that is stored.
 *
 * Gives of a name that no column has the name itself. Source: ADR 0049.
 */
export function kinFamilies(dataset: Dataset, profile: DataProfile): KinFamilies {
  const parents = new Map<string, string>();
  const rootOf = (family: string): string => {
    const parent = parents.get(family);
    return parent === undefined ? family : rootOf(parent);
  };
  for (const { table: name, alike = [] } of profile.tables) {
    const table = findTable(dataset, name);
    for (const pair of table === undefined ? [] : alike) {
      const [first, second] = pair.map((column) => rootOf((table && findColumn(table, column)?.factFamily) ?? ''));
      if (!first || !second || first === second) continue;
      const [root = first, leaf = second] = [first, second].sort();
      parents.set(leaf, root);
    }
  }
  if (parents.size === 0) return NO_KIN;
  return (family) => [...new Set(family.split(SEPARATOR).map(rootOf))].sort().join(SEPARATOR);
}

/** Between the columns of one family's name. */
const SEPARATOR = ', ';
