import { type Dataset, isSealedColumn, type Table, UNIT_COLUMN } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { bucketAttribute, bucketSql, UNIT_WEIGHT } from './child-buckets.ts';
import type { Attribute } from './count-source.ts';
import { attributeOf, cellSql, declaredCells, type ModelColumn, modelColumns } from './model-domain.ts';

/** One table to fit: SQL over tables of text columns, and what the model is told of it. */
export interface FitStep {
  readonly table: string;
  readonly columns: readonly ModelColumn[];
  readonly attributes: readonly Attribute[];
  /** SELECT of `m0`, `m1`, … and, where rows are weighted, `w`. */
  readonly cells: string;
  readonly one: number;
  readonly target?: number;
  readonly child?: { readonly parent: string | null; readonly columns: readonly string[]; readonly given: number };
  /** Part of the whole budget. */
  readonly share: number;
}

export interface FitPlan {
  readonly unit: string;
  readonly steps: readonly FitStep[];
}

export interface FitPlanOptions {
  /** Label column that marginals are conditioned on. */
  readonly target?: string;
  /** Whose privacy is kept; default: the first unit type declared, or each row. */
  readonly unit?: string;
  readonly mostCells?: number;
  /** Over the tables of a sealed version, which name the unit of each row themselves and have no column of direct identifiers. */
  readonly sealed?: boolean;
}

/** Whose rows are counted, and how a row says so. */
interface UnitSource {
  readonly dataset: Dataset;
  readonly unit: string;
  readonly sealed: boolean;
}

const MOST_TARGET_VALUES = 8;
const PARENT_SHARE = 0.5;

/**
 * What to fit: every table with rows of the unit. The table that the unit is the key of comes first and takes half of the
 * budget, with one more column per other table (how many rows there); the others count each row as one over the number of
 * the unit's rows, so that nobody weighs more than one. A unit without a table of its own gets a model of that number alone.
 * Source: synthetic-and-masking.md §4.0 (unit), §4.2 (child tables).
 */
export function planFit(dataset: Dataset, options: FitPlanOptions = {}): Result<FitPlan, readonly Problem[]> {
  const unit = options.unit ?? Object.keys(dataset.tables.find((table) => Object.keys(table.units).length > 0)?.units ?? {})[0];
  const sealed = options.sealed === true;
  const parts = dataset.tables
    .filter((table) => unit === undefined || table.units[unit] !== undefined)
    .map((table) => (sealed ? { ...table, columns: table.columns.filter(isSealedColumn) } : table));
  const problems: Problem[] = [];
  const columns = new Map(parts.map((table) => [table.name, modelColumns(table, options.mostCells)]));
  const parent = unit === undefined ? undefined : parts.find((table) => isUnitTable(table, unit));
  const children = unit === undefined ? [] : parts.filter((table) => table !== parent);
  const steps: FitStep[] = [];
  const childShare = (1 - PARENT_SHARE) / Math.max(1, children.length);
  if (unit === undefined) for (const table of parts) steps.push(flatStep(table, columns.get(table.name) ?? [], 1 / parts.length));
  else {
    const source: UnitSource = { dataset, unit, sealed };
    steps.push(parentStep(source, parent, columns.get(parent?.name ?? '') ?? [], children));
    for (const table of children) {
      steps.push(childStep(source, parent, table, columns.get(parent?.name ?? '') ?? [], columns.get(table.name) ?? [], childShare));
    }
  }
  for (const table of parts)
    if (columns.get(table.name)?.length === 0 && parts.length === 1)
      problems.push(problem('synth.nothing_to_model', { table: table.name }));
  const withTarget = steps.map((step) => aimed(step, options.target, problems));
  if (options.target !== undefined && problems.length === 0 && withTarget.every((step) => step.target === undefined)) {
    problems.push(problem('synth.target', { column: options.target, most: MOST_TARGET_VALUES }));
  }
  const whole = withTarget.reduce((sum, step) => sum + step.share, 0);
  const shared = withTarget.map((step) => ({ ...step, share: step.share / whole }));
  return problems.length > 0 ? err(problems) : ok({ unit: unit ?? 'row', steps: shared });
}

/** Whether one row of the table is one unit. */
function isUnitTable(table: Table, unit: string): boolean {
  const path = table.units[unit];
  return path !== undefined && path.hops.length === 0 && table.primaryKey.length === 1 && table.primaryKey[0] === path.column;
}

function aimed(step: FitStep, target: string | undefined, problems: Problem[]): FitStep {
  if (target === undefined || step.child !== undefined) return step;
  const index = step.columns.findIndex((column) => column.name === target);
  const column = step.columns[index];
  if (column === undefined) return step;
  if (column.cells.kind !== 'list' && declaredCells(column) > MOST_TARGET_VALUES) {
    problems.push(problem('synth.target', { column: target, most: MOST_TARGET_VALUES }));
    return step;
  }
  return declaredCells(column) > MOST_TARGET_VALUES ? step : { ...step, target: index };
}

function flatStep(table: Table, columns: readonly ModelColumn[], share: number): FitStep {
  const cells = columns.map((column, index) => `${cellSql(column, quoteName(column.name))} AS m${index}`);
  return {
    table: table.name,
    columns,
    attributes: columns.map(attributeOf),
    cells: `SELECT ${cells.join(', ')} FROM ${quoteName(table.name)}`,
    one: 1,
    share,
  };
}

/** Rows of the unit's own table, or of the bare units, each with the bucket of its rows in every child table. */
function parentStep(source: UnitSource, parent: Table | undefined, columns: readonly ModelColumn[], children: readonly Table[]): FitStep {
  const counted = children.map((child, index) => `LEFT JOIN (${unitCounts(source, child)}) c${index} ON c${index}.u = p.u`);
  const everyone = children.map((child) => `SELECT u FROM (${unitCounts(source, child)})`).join(' UNION ');
  const from = parent === undefined ? `(${everyone}) p` : `(SELECT *, ${unitKey(source, parent)} AS u FROM ${quoteName(parent.name)}) p`;
  const cells = [
    ...columns.map((column) => cellSql(column, `p.${quoteName(column.name)}`)),
    ...children.map((_, index) => bucketSql(`coalesce(c${index}.n, 0)`)),
  ];
  return {
    table: parent?.name ?? '',
    columns,
    attributes: [...columns.map(attributeOf), ...children.map((child) => bucketAttribute(child.name))],
    cells: `SELECT ${cells.map((cell, index) => `${cell} AS m${index}`).join(', ')} FROM ${[from, ...counted].join(' ')}`,
    one: 1,
    share: children.length === 0 ? 1 : PARENT_SHARE,
  };
}

function childStep(
  source: UnitSource,
  parent: Table | undefined,
  child: Table,
  parentColumns: readonly ModelColumn[],
  columns: readonly ModelColumn[],
  share: number,
): FitStep {
  const cells = [
    ...parentColumns.map((column) => cellSql(column, `p.${quoteName(column.name)}`)),
    bucketSql('n.n'),
    ...columns.map((column) => cellSql(column, `r.${quoteName(column.name)}`)),
  ];
  const joins = [`JOIN (${unitCounts(source, child)}) n ON n.u = r.__u`];
  if (parent !== undefined) joins.push(`JOIN ${quoteName(parent.name)} p ON p.${unitKey(source, parent)} = r.__u`);
  const named = cells.map((cell, index) => `${cell} AS m${index}`);
  return {
    table: child.name,
    columns,
    attributes: [...parentColumns.map(attributeOf), bucketAttribute(child.name), ...columns.map(attributeOf)],
    cells: `SELECT ${[...named, `(${UNIT_WEIGHT} // n.n)::BIGINT AS w`].join(', ')} FROM (${withUnit(source, child)}) r ${joins.join(' ')}`,
    one: UNIT_WEIGHT,
    child: { parent: parent?.name ?? null, columns: linkColumns(child, parent, source.unit), given: parentColumns.length + 1 },
    share,
  };
}

/** Columns of the child that name the unit's row, where it does so itself. */
function linkColumns(child: Table, parent: Table | undefined, unit: string): readonly string[] {
  const path = child.units[unit];
  const key = child.foreignKeys.find((item) => item.table === parent?.name);
  if (key !== undefined) return key.columns;
  return path === undefined ? [] : [path.hops[0]?.from ?? path.column];
}

/** Column by which a row of the unit's own table says which unit it is. */
function unitKey({ unit, sealed }: UnitSource, table: Table): string {
  return quoteName(sealed ? UNIT_COLUMN(unit) : (table.units[unit]?.column ?? ''));
}

/** Rows of a table with the unit they lead to as `__u`; rows that lead to none are left out: they are nobody's. */
function withUnit({ dataset, unit, sealed }: UnitSource, table: Table): string {
  if (sealed) {
    const key = quoteName(UNIT_COLUMN(unit));
    return `SELECT t.*, t.${key} AS __u FROM ${quoteName(table.name)} t WHERE t.${key} IS NOT NULL`;
  }
  const path = table.units[unit];
  if (path === undefined) throw new Error('A table without a path to the unit');
  const joins = path.hops.map((hop, index) => {
    const before = index === 0 ? 't' : `h${index - 1}`;
    return `JOIN ${quoteName(dataset.tables.find((item) => item.name === hop.table)?.name ?? '')} h${index} ON h${index}.${quoteName(hop.to)} = ${before}.${quoteName(hop.from)}`;
  });
  const last = path.hops.length === 0 ? 't' : `h${path.hops.length - 1}`;
  const column = `${last}.${quoteName(path.column)}`;
  return `SELECT t.*, ${column} AS __u FROM ${[`${quoteName(table.name)} t`, ...joins].join(' ')} WHERE ${column} IS NOT NULL`;
}

function unitCounts(source: UnitSource, table: Table): string {
  return `SELECT __u AS u, count(*) AS n FROM (${withUnit(source, table)}) GROUP BY 1`;
}
