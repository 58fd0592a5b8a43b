/**
 * A column of a dataset behind a column of a result. `value`: its values, or something computed row by row from them, are shown; `figure`: they
 * were aggregated, grouped, ordered or joined by; `condition`: they chose rows by comparison with constants; `masked`: an operator of a masking policy was applied.
 */
export interface LineageSource {
  /** `table.column`; `?` where it could not be told. */
  readonly column: string;
  readonly how: 'value' | 'figure' | 'condition' | 'masked';
  /** What the column was reduced to before anything else was done with it: a unit of dates (`year`), `front 4` signs, or the operator. */
  readonly cut?: string;
}

/**
 * What one column of a result derives from, whatever stands between. Names only, never values.
 * Source: requirements.md §10.2 (M, lineage); ADR 0029.
 */
export interface ColumnLineage {
  /** As the result calls it. */
  readonly column: string;
  readonly sources: readonly LineageSource[];
}

/** Stands for a source that no reading of a query could find: reason to stop. Source: ADR 0029. */
export const UNKNOWN_SOURCE = '?';
