import { type ColumnLineage, type LineageSource, UNKNOWN_SOURCE } from '../catalog/column-lineage.ts';
import type { Column, Dataset } from '../catalog/dataset.ts';

/** Units of a date from the finest to the coarsest that a rule can name. */
const DATE_UNITS = ['month', 'quarter', 'year', 'decade', 'century'];
/** Leading digits of a region code. Source: GB/T 2260-2007. */
const REGION_DIGITS: Readonly<Record<string, number>> = { county: 6, prefecture: 4, province: 2 };

/** What stands against a result by lineage: the rule, the column of the result, the column of the dataset. */
export interface LineageFault {
  readonly rule: 'masking.lineage' | 'masking.lineage-unknown' | 'masking.lineage-masked';
  /** Of the result. */
  readonly column: string;
  /** Of the dataset; `?` where it could not be told. */
  readonly source: string;
}

type Masking = NonNullable<Column['masking']>;

/** Whether a reduction shows no more than a rule lets be seen. What is not known shows everything. */
function isCoarseEnough(cut: string | undefined, masking: Masking): boolean {
  if (cut === undefined || masking === 'withheld') return false;
  const digits = REGION_DIGITS[masking];
  const signs = /^front (\d+)$/.exec(cut)?.[1];
  if (digits !== undefined) return signs !== undefined && Number(signs) <= digits;
  return DATE_UNITS.includes(masking) && DATE_UNITS.includes(cut) && DATE_UNITS.indexOf(cut) >= DATE_UNITS.indexOf(masking);
}

function faultOf(source: LineageSource, column: Column | undefined): LineageFault['rule'] | null {
  if (source.column === UNKNOWN_SOURCE || column === undefined) return 'masking.lineage-unknown';
  // A secret may not even choose rows.
  if (column.label === 'workSecret' || column.label === 'stateSecret' || column.role === 'directId') return 'masking.lineage';
  if (source.how === 'condition') return null;
  if (source.how === 'masked') return source.cut === undefined ? 'masking.lineage-unknown' : null;
  if (column.role === 'unitId' && source.how === 'value') return 'masking.lineage';
  return column.masking === undefined || isCoarseEnough(source.cut, column.masking) ? null : 'masking.lineage-masked';
}

/**
 * M by lineage: for each column of a result whether every column of the dataset behind it may stand there as it does. What names somebody and
 * secrets may not at all, keys of units not as values, and masked columns only as coarse as their rule or in a condition.
 * A column of the result without a lineage, a source that the dataset does not declare, and a masked column that was read and stands behind no column are
 * faults: what cannot be told does not leave. Each column of the dataset once per column of the result.
 * Source: requirements.md §10.2 (M); ADR 0029.
 *
 * @param names  of the columns of the result.
 */
export function lineageFaults(
  lineage: readonly ColumnLineage[],
  names: readonly string[],
  columnsRead: readonly string[],
  dataset: Dataset,
): readonly LineageFault[] {
  const declared = new Map<string, Column>(
    dataset.tables.flatMap((table) =>
      table.visibility === 'public' ? [] : table.columns.map((column) => [`${table.name}.${column.name}`, column] as const),
    ),
  );
  const open = new Set<string>(
    dataset.tables.flatMap((table) => (table.visibility === 'public' ? table.columns.map((column) => `${table.name}.${column.name}`) : [])),
  );
  const faults = new Map<string, LineageFault>();
  const put = (rule: LineageFault['rule'] | null, column: string, source: string): void => {
    if (rule !== null) faults.set(`${column}|${source}`, { rule, column, source });
  };
  for (const name of names) {
    const own = lineage.filter((item) => item.column === name);
    if (own.length !== 1) put('masking.lineage-unknown', name, UNKNOWN_SOURCE);
    for (const source of own.flatMap((item) => item.sources))
      if (!open.has(source.column)) put(faultOf(source, declared.get(source.column)), name, source.column);
  }
  const told = new Set(lineage.flatMap((item) => item.sources.map((source) => source.column)));
  for (const path of columnsRead)
    if (!told.has(path) && declared.get(path)?.masking !== undefined) put('masking.lineage-masked', UNKNOWN_SOURCE, path);
  return [...faults.values()];
}
