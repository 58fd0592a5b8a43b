import type { Column, Dataset, Table } from '../../catalog/dataset.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { SensitiveWish } from '../anonymity/anonymise.ts';
import { type DatasetPolicy, operatorFor } from '../policy/dataset-policy.ts';
import type { MaskSpec } from '../policy/mask-policy.ts';

/** What a masked dataset was asked to be. */
export interface MaskedDatasetSpec {
  readonly table: string;
  readonly k: number;
  readonly wishes: readonly SensitiveWish[];
  /** Share of rows that may be taken out. */
  readonly suppress: number;
  readonly algorithm: 'lattice' | 'mondrian';
  /** Columns besides the quasi-identifiers; absent: those of role `sensitive`. Dimensions that nothing is asked of are generalised with the quasi-identifiers. */
  readonly carry?: readonly string[] | undefined;
  /** `consent`: rows of subjects who consented to this purpose, and no others. */
  readonly basis: 'mask' | 'consent';
}

/** A column that leaves, and what is done to it first. */
export interface PlannedColumn {
  readonly column: Column;
  readonly operator: MaskSpec;
}

export interface MaskedPlan {
  readonly table: Table;
  /** Unit type whose people are counted. */
  readonly unit: string;
  readonly quasi: readonly PlannedColumn[];
  readonly carried: readonly PlannedColumn[];
  /** Columns that stay behind. */
  readonly left: readonly string[];
}

/**
 * Which columns of a table leave in a masked dataset, each by its policy's operator. What names a unit never does; what no rule lets out stays behind. `dataset` is as declared, before any policy. Looks at declaration, policy and grant
 * alone. Refuses a table that has no people or no quasi-identifiers, a column that may not leave although it was asked for, and a k below `leastK`.
 * Source: issue "Masking" (masked datasets; policies); GZ-21c, GZ-28e.
 */
export function planMaskedDataset(
  dataset: Dataset,
  policy: DatasetPolicy,
  spec: MaskedDatasetSpec,
  around: { readonly purpose: string; readonly granted: Readonly<Record<string, '*' | readonly string[]>>; readonly leastK: number },
): Result<MaskedPlan, readonly Problem[]> {
  const table = dataset.tables.find(({ name }) => name === spec.table);
  const [unit] = Object.keys(table?.units ?? {});
  const granted = around.granted[spec.table];
  if (table === undefined || table.visibility === 'public' || unit === undefined || granted === undefined)
    return err([problem('masking.table', { table: spec.table })]);
  if (spec.k < around.leastK) return err([problem('masking.parameter', { parameter: 'k', allowed: `${around.leastK} or more` })]);
  if (!(spec.suppress >= 0 && spec.suppress <= 0.5))
    return err([problem('masking.parameter', { parameter: 'suppress', allowed: 'a share, 0 to 0.5' })]);
  const isGranted = (column: Column): boolean => granted === '*' || granted.includes(column.name);
  const planned = (column: Column): PlannedColumn[] => {
    const operator = isGranted(column) && !['unitId', 'directId'].includes(column.role) ? leavingBy(column, policy, around.purpose) : null;
    return operator === null ? [] : [{ column, operator }];
  };
  const asked = new Set([...(spec.carry ?? []), ...spec.wishes.map(({ column }) => column)]);
  const isProtected = new Set(spec.wishes.map(({ column }) => column));
  // Where somebody lives or works, and whether a man or a woman, others know: passed on as it is, it would undo what k is for.
  const isKnown = ({ name, role }: Column): boolean =>
    role === 'quasiId' || (role === 'dimension' && asked.has(name) && !isProtected.has(name));
  const quasi = table.columns.filter(isKnown).flatMap(planned);
  const others = table.columns.filter((column) => !isKnown(column));
  const carried = others.filter(({ name, role }) => asked.has(name) || (spec.carry === undefined && role === 'sensitive')).flatMap(planned);
  const known = new Set(quasi.flatMap(({ column }) => (column.role === 'quasiId' ? [] : [column.name])));
  const refused = [...asked].filter((name) => !known.has(name) && !carried.some(({ column }) => column.name === name));
  if (refused.length > 0) return err(refused.map((column) => problem('masking.not_carried', { column })));
  if (quasi.length === 0) return err([problem('masking.no_quasi_identifiers', {})]);
  const leaving = new Set([...quasi, ...carried].map(({ column }) => column.name));
  return ok({ table, unit, quasi, carried, left: table.columns.map(({ name }) => name).filter((name) => !leaving.has(name)) });
}

/** Null: it stays behind. A column without a label needs no rule; a declared masking is never loosened. */
function leavingBy(column: Column, policy: DatasetPolicy, purpose: string): MaskSpec | null {
  const rule: MaskSpec | null = column.label === 'none' ? { operator: 'keep' } : operatorFor(policy, column, purpose);
  if (rule === null || rule.operator === 'drop' || rule.operator === 'redact' || column.masking === 'withheld') return null;
  if (column.masking === undefined || rule.operator !== 'keep') return rule;
  const { masking } = column;
  return masking === 'county' || masking === 'prefecture' || masking === 'province'
    ? { operator: 'generalise', region: masking }
    : { operator: 'generalise', date: masking };
}

/** A masked dataset as a line of text: what stands where queries have their SQL. Source: gate.md §9 (canonical text). */
export function maskedDatasetText(spec: MaskedDatasetSpec, dataset: string, policy: string): string {
  const wishes = spec.wishes.map((wish) => JSON.stringify(wish));
  const parts = [`k ${spec.k}`, ...wishes, `suppress ${spec.suppress}`, spec.algorithm, `basis ${spec.basis}`, `policy ${policy}`];
  if (spec.carry !== undefined) parts.push(`carry ${[...spec.carry].sort().join(' ')}`);
  return `MASKED DATASET OF ${dataset}.${spec.table} (${parts.join(', ')})`;
}
