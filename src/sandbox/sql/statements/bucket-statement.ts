import type { Reduced } from '../condition.ts';
import type { EvidenceProgram, ProgramMonomial } from '../program.ts';
import { type CellSelection, conditionSql, groupBy, keyColumns, keyNames, selectionSql, where } from './relation.ts';

/**
 * Answers and bucket evidence in one pass over the rows: per (cell, bucket), then per cell. Columns of a row: the keys,
 * then those of `BUCKET_COLUMNS` for the cell, then for each monomial those of its kind.
 * Source: gate.md §6.
 */
export function bucketStatement(
  program: EvidenceProgram,
  unit: number,
  condition: Reduced | null,
  selection: CellSelection | null,
): string {
  const bucket = program.units[unit]?.bucket ?? 'NULL::USMALLINT';
  const inner = [...keyColumns(program), `${bucket} AS b`, 'count(*) AS n', ...program.monomials.flatMap(innerColumns)];
  const names = keyNames(program);
  const outer = [
    ...names,
    'sum(n) AS n',
    'count(b) AS buckets',
    'sum(n) FILTER (b IS NOT NULL) AS n_total',
    'max(n, 2) FILTER (b IS NOT NULL) AS n_top',
    ...program.monomials.flatMap(outerColumns),
  ];
  const rows = `SELECT ${inner.join(', ')} FROM ${program.from}${where([conditionSql(condition), selectionSql(program, selection)])}${groupBy([...names, 'b'])}`;
  return `SELECT ${outer.join(', ')} FROM (${rows})${groupBy(names)}`;
}

function innerColumns(monomial: ProgramMonomial, index: number): readonly string[] {
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return [];
  const counted = `count(${monomial.sql}) AS c${index}`;
  if (monomial.kind === 'present') return [counted];
  return [counted, `sum(${monomial.sql}) AS s${index}`, `min(${monomial.sql}) AS lo${index}`, `max(${monomial.sql}) AS hi${index}`];
}

function outerColumns(monomial: ProgramMonomial, index: number): readonly string[] {
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return [];
  const [c, s] = [`c${index}`, `s${index}`];
  const counted = [
    `sum(${c}) AS ${c}`,
    `count(*) FILTER (b IS NOT NULL AND ${c} > 0) AS ${c}_buckets`,
    `sum(${c}) FILTER (b IS NOT NULL) AS ${c}_total`,
    `max(${c}, 2) FILTER (b IS NOT NULL) AS ${c}_top`,
    `sum(n - ${c}) AS ${c}_nulls`,
    `count(*) FILTER (b IS NOT NULL AND n > ${c}) AS ${c}_null_buckets`,
  ];
  if (monomial.kind === 'present') return counted;
  return [
    ...counted,
    `sum(${s}) AS ${s}`,
    `count(*) FILTER (b IS NOT NULL AND ${s} <> 0) AS ${s}_buckets`,
    `sum(abs(${s})) FILTER (b IS NOT NULL) AS ${s}_total`,
    `max(abs(${s}), 2) FILTER (b IS NOT NULL) AS ${s}_top`,
    `count(*) FILTER (b IS NOT NULL AND lo${index} < hi${index}) AS ${s}_varied`,
    `min(lo${index}) FILTER (b IS NOT NULL) = max(hi${index}) FILTER (b IS NOT NULL) AS ${s}_one_value`,
  ];
}

/** How many columns follow the keys for the cell, and for each kind of monomial. */
export const BUCKET_COLUMNS = { cell: 4, rows: 0, unit: 0, present: 6, value: 12 } as const;
