import { z } from 'zod';

/**
 * How figures leave: as they are or withheld, rounded, perturbed by the keys of their cells, or under differential privacy.
 * A closed list: what is none of it is refused where it is read. Parameters are public. Source: gate.md §8.
 */
export type DisclosureMode =
  | { readonly kind: 'exact-withheld' }
  /** Counts to the nearest 5, or to the midpoint of classes of 6; sums as coarsely. */
  | { readonly kind: 'rounded'; readonly to: 'five' | 'midpoint-six' }
  /** No count moves by more than `most`; `variance` of every perturbation. */
  | { readonly kind: 'cell-key'; readonly most: number; readonly variance: number }
  | PrivateMode;

/** Differential privacy in zero-concentrated form. Source: gate.md §8; Bun, Steinke 2016. */
export interface PrivateMode {
  readonly kind: 'dp';
  readonly noise: 'gaussian' | 'laplace';
  /** Unit type that is protected: two databases are neighbours where one of its units is in one of them only. */
  readonly unit: string;
  /** ρ that one run spends, that one grant may spend, and that all grants of the dataset may spend together, ever. */
  readonly rhoPerQuery: number;
  readonly rhoPerGrant: number;
  readonly rhoOfDataset: number;
  /** What one unit may add to one statement: cells it counts in, and rows in each of them. */
  readonly cellsPerUnit: number;
  readonly rowsPerCell: number;
}

export const EXACT: DisclosureMode = { kind: 'exact-withheld' };

const rho = z.number().min(1e-6).max(100);
const bound = z.int().min(1).max(1000);

/** A mode as a declaration or a grant names it. Unknown kinds and fields are refused. Source: gate.md §8. */
export const modeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exact-withheld') }),
  z.strictObject({ kind: z.literal('rounded'), to: z.enum(['five', 'midpoint-six']) }),
  z
    .strictObject({ kind: z.literal('cell-key'), most: z.int().min(2).max(20), variance: z.number().min(1).max(10) })
    // A count of 1 may fall by 1 only: without bias its variance cannot come near `most`.
    .refine((mode) => mode.variance <= mode.most / 2),
  z
    .strictObject({
      kind: z.literal('dp'),
      noise: z.enum(['gaussian', 'laplace']),
      unit: z.string().min(1).max(63),
      rhoPerQuery: rho,
      rhoPerGrant: rho,
      rhoOfDataset: rho,
      cellsPerUnit: bound,
      rowsPerCell: bound,
    })
    .refine((mode) => mode.rhoPerQuery <= mode.rhoPerGrant && mode.rhoPerGrant <= mode.rhoOfDataset),
]);

const STRICTNESS: Readonly<Record<DisclosureMode['kind'], number>> = { 'exact-withheld': 0, rounded: 1, 'cell-key': 2, dp: 3 };

/**
 * The mode of a job: the dataset's, or the grant's where that is stricter. Of two alike the dataset's parameters hold: two
 * tables of noise for one cell could be averaged. Source: gate.md §8 (strictest wins).
 */
export function strictestMode(dataset: DisclosureMode = EXACT, grant: DisclosureMode = EXACT): DisclosureMode {
  return STRICTNESS[grant.kind] > STRICTNESS[dataset.kind] ? grant : dataset;
}
