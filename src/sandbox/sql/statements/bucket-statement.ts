import type { Reduced } from '../condition.ts';
import type { EvidenceProgram, ProgramMonomial } from '../program.ts';
import { type CellSelection, conditionSql, groupBy, keyColumns, keyNames, selectionSql, where } from './relation.ts';

/**
 * Answers and bucket evidence in one pass over the rows: per (cell, bucket), then per cell. Columns of a row: the keys,
 * then those of `BUCKET_COLUMNS` for the cell, then for each monomial those of its kind.
 *
 * @param ranged  whether values are compared inside each bucket. That costs as much as the rest; where a sample can
 *                tell (`variedStatement`), it is left out and no bucket counts as varied.
 * Source: gate.md §6.
 */
export function bucketStatement(
  program: EvidenceProgram,
  unit: number,
  condition: Reduced | null,
  selection: CellSelection | null,
  ranged: boolean,
): string {
  const bucket = program.units[unit]?.bucket ?? 'NULL::USMALLINT';
  const inner = [
    ...keyColumns(program),
    `${bucket} AS __b`,
    'count(*) AS n',
    ...program.monomials.flatMap((item, index) => innerColumns(item, index, ranged)),
  ];
  const names = keyNames(program);
  const outer = [
    ...names,
    'sum(n) AS n',
    'count(__b) AS buckets',
    'sum(n) FILTER (__b IS NOT NULL) AS n_total',
    'max(n, 2) FILTER (__b IS NOT NULL) AS n_top',
    ...program.monomials.flatMap((item, index) => outerColumns(item, index, ranged)),
  ];
  const rows = `SELECT ${inner.join(', ')} FROM ${program.from}${where([conditionSql(condition), selectionSql(program, selection)])}${groupBy([...names, '__b'])}`;
  return `SELECT ${outer.join(', ')} FROM (${rows})${groupBy(names)}`;
}

function innerColumns(monomial: ProgramMonomial, index: number, ranged: boolean): readonly string[] {
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return [];
  const counted = `count(${monomial.sql}) AS c${index}`;
  if (monomial.kind === 'present') return [counted];
  const summed = [counted, `sum(${monomial.sql}) AS s${index}`];
  return ranged ? [...summed, ...rangeColumns(monomial.sql, index)] : summed;
}

function outerColumns(monomial: ProgramMonomial, index: number, ranged: boolean): readonly string[] {
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return [];
  const [c, s] = [`c${index}`, `s${index}`];
  const counted = [
    `sum(${c}) AS ${c}`,
    `count(*) FILTER (__b IS NOT NULL AND ${c} > 0) AS ${c}_buckets`,
    `sum(${c}) FILTER (__b IS NOT NULL) AS ${c}_total`,
    `max(${c}, 2) FILTER (__b IS NOT NULL) AS ${c}_top`,
    `sum(n - ${c}) AS ${c}_nulls`,
    `count(*) FILTER (__b IS NOT NULL AND n > ${c}) AS ${c}_null_buckets`,
  ];
  if (monomial.kind === 'present') return counted;
  return [
    ...counted,
    `sum(${s}) AS ${s}`,
    `count(*) FILTER (__b IS NOT NULL AND ${s} <> 0) AS ${s}_buckets`,
    `sum(abs(${s})) FILTER (__b IS NOT NULL) AS ${s}_total`,
    `max(abs(${s}), 2) FILTER (__b IS NOT NULL) AS ${s}_top`,
    ranged ? `${variedCount(index)} AS ${s}_varied` : `0 AS ${s}_varied`,
    ranged
      ? `min(lo${index}) FILTER (__b IS NOT NULL) = max(hi${index}) FILTER (__b IS NOT NULL) AS ${s}_one_value`
      : `FALSE AS ${s}_one_value`,
  ];
}

function rangeColumns(sql: string, index: number): readonly string[] {
  return [`min(${sql}) AS lo${index}`, `max(${sql}) AS hi${index}`];
}

function variedCount(index: number): string {
  return `count(*) FILTER (__b IS NOT NULL AND lo${index} < hi${index})`;
}

/**
 * Buckets with different values of each monomial that has values, among a sample of units. Columns: the keys, then one
 * number per such monomial. Source: gate.md §5 (value classes), §6 (one-sided evidence).
 */
export function variedStatement(
  program: EvidenceProgram,
  unit: number,
  condition: Reduced | null,
  selection: CellSelection | null,
  below: number,
): string {
  const names = keyNames(program);
  const values = program.monomials.flatMap((item, index) => (item.kind === 'value' ? [{ sql: item.sql, index }] : []));
  const sampled = [conditionSql(condition), selectionSql(program, selection), `${program.units[unit]?.number ?? 'NULL'} < ${below}`];
  const inner = [
    ...keyColumns(program),
    `${program.units[unit]?.bucket ?? 'NULL'} AS __b`,
    ...values.flatMap((item) => rangeColumns(item.sql, item.index)),
  ];
  const rows = `SELECT ${inner.join(', ')} FROM ${program.from}${where(sampled)}${groupBy([...names, '__b'])}`;
  return `SELECT ${[...names, ...values.map((item) => `${variedCount(item.index)} AS v${item.index}`)].join(', ')} FROM (${rows})${groupBy(names)}`;
}

/** How many columns follow the keys for the cell, and for each kind of monomial. */
export const BUCKET_COLUMNS = { cell: 4, rows: 0, unit: 0, present: 6, value: 12 } as const;
