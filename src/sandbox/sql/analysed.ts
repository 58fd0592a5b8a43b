import type { Stage } from '../../kernel/stage.ts';
import type { BoundColumn, BoundKey, JoinKey, TableInstance } from './bound.ts';
import type { Condition } from './condition.ts';
import type { Rounding } from './leaves.ts';
import type { UnitClass } from './units.ts';

/**
 * What an aggregate adds up, constants stripped. `rows`: 1 per row; `present`: 1 where the column is not NULL;
 * `value`: the column; `unit`: 1 per unit that has a row (index into the unit classes).
 * Source: gate.md §5 (arguments).
 */
export type Monomial =
  | { readonly kind: 'rows' }
  | { readonly kind: 'present'; readonly column: BoundColumn }
  | { readonly kind: 'value'; readonly column: BoundColumn }
  | { readonly kind: 'unit'; readonly unit: number };

export interface AnalysedKey extends BoundKey {
  readonly name: string;
  /** Labels that everybody knows, where the key is a bare column with a public domain. */
  readonly publicLabels: readonly (string | number)[] | null;
  /** A sensitive grouping key is subject to class disclosure. */
  readonly sensitive: boolean;
}

export type AnalysedOutput =
  | { readonly kind: 'key'; readonly name: string; readonly key: number }
  | { readonly kind: 'aggregate'; readonly name: string; readonly functional: 'count' | 'sum' | 'avg'; readonly monomial: number };

export interface AnalysedQuery {
  readonly instances: readonly TableInstance[];
  readonly joinKeys: readonly JoinKey[];
  readonly condition: Condition | null;
  readonly keys: readonly AnalysedKey[];
  readonly monomials: readonly Monomial[];
  readonly outputs: readonly AnalysedOutput[];
  readonly order: readonly { readonly output: number; readonly descending: boolean }[];
  readonly units: readonly UnitClass[];
  readonly roundings: readonly Rounding[];
}

export type Analysed = Stage<'analysed', AnalysedQuery>;
