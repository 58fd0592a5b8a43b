import type { Reduced } from '../condition.ts';
import type { EvidenceProgram, ProgramMonomial } from '../program.ts';
import { type CellSelection, conditionSql, groupBy, keyColumns, keyNames, selectionSql, where } from './relation.ts';

/**
 * Exact evidence for listed cells: per (cell, unit), then per cell. Rows without a unit count for nobody and are left
 * out. Columns of a row: the keys, then those of `EXACT_COLUMNS`.
 *
 * @param below  only units numbered below it: counts are then lower bounds, and nothing else of the row may be used.
 * Source: gate.md §6 (net and absolute totals, value classes).
 */
export function exactStatement(
  program: EvidenceProgram,
  unit: number,
  condition: Reduced | null,
  selection: CellSelection | null,
  below: number | null = null,
): string {
  const number = program.units[unit]?.number ?? 'NULL';
  const names = keyNames(program);
  const inner = [...keyColumns(program), `${number} AS __u`, 'count(*) AS n', ...program.monomials.flatMap(innerColumns)];
  const outer = [
    ...names,
    'count(*) AS units',
    'sum(n) AS n_total',
    'max(n, 2) AS n_top',
    `${offCommonest('n', 'TRUE')} AS n_off`,
    ...program.monomials.flatMap(outerColumns),
  ];
  const units = below === null ? `${number} IS NOT NULL` : `${number} < ${below}`;
  const filter = where([conditionSql(condition), selectionSql(program, selection), units]);
  return `SELECT ${outer.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${program.from}${filter}${groupBy([...names, '__u'])})${groupBy(names)}`;
}

/**
 * Units among the contributors whose figure is not the one most of them have. Whoever contributes nothing is no
 * deviation that could hide one: the rule of NULL complements looks at those. Source: gate.md §5 (value classes).
 */
function offCommonest(figure: string, contributes: string, alike = contributes): string {
  const commonest = `list_max(map_values(histogram(CAST(${figure} AS VARCHAR)) FILTER (${alike})))`;
  return `count(*) FILTER (${contributes}) - coalesce(${commonest}, 0)`;
}

function innerColumns(monomial: ProgramMonomial, index: number): readonly string[] {
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return [];
  const counted = `count(${monomial.sql}) AS c${index}`;
  if (monomial.kind === 'present') return [counted];
  const { sql } = monomial;
  return [
    counted,
    `sum(${sql}) AS s${index}`,
    // Not sum(abs(x)): the least whole number of a type has no positive twin, and the error would tell of it.
    `coalesce(sum(${sql}) FILTER (${sql} > 0), 0) - coalesce(sum(${sql}) FILTER (${sql} < 0), 0) AS a${index}`,
    `min(${sql}) AS lo${index}`,
    `max(${sql}) AS hi${index}`,
  ];
}

function outerColumns(monomial: ProgramMonomial, index: number): readonly string[] {
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return [];
  const [c, s, a] = [`c${index}`, `s${index}`, `a${index}`];
  const counted = [
    `count(*) FILTER (${c} > 0) AS ${c}_units`,
    `sum(${c}) AS ${c}_total`,
    `max(${c}, 2) AS ${c}_top`,
    `count(*) FILTER (n > ${c}) AS ${c}_null_units`,
    `${offCommonest(c, `${c} > 0`)} AS ${c}_off`,
  ];
  if (monomial.kind === 'present') return counted;
  return [
    ...counted,
    `count(*) FILTER (${s} <> 0) AS ${s}_units`,
    `sum(abs(${s})) AS ${s}_total`,
    `max(abs(${s}), 2) AS ${s}_top`,
    `sum(${a}) AS ${a}_total`,
    `max(${a}, 2) AS ${a}_top`,
    `${offCommonest(s, `${c} > 0`)} AS ${s}_off`,
    `${offCommonest(`lo${index}`, `${c} > 0`, `lo${index} = hi${index}`)} AS ${s}_rows_off`,
  ];
}

export const EXACT_COLUMNS = { cell: 4, rows: 0, unit: 0, present: 5, value: 12 } as const;

/** Exact numbers of units per cell. Columns: the keys, then the number. */
export function unitsStatement(program: EvidenceProgram, unit: number, condition: Reduced | null, selection: CellSelection | null): string {
  const item = program.units[unit];
  const number = item?.number ?? 'NULL';
  const names = keyNames(program);
  const filter = where([conditionSql(condition), selectionSql(program, selection), `${number} IS NOT NULL`]);
  if (item?.oneRow === true)
    return `SELECT ${[...keyColumns(program), 'count(*) AS units'].join(', ')} FROM ${program.from}${filter}${groupBy(names)}`;
  const rows = `SELECT ${[...keyColumns(program), `${number} AS __u`].join(', ')} FROM ${program.from}${filter}${groupBy([...names, '__u'])}`;
  return `SELECT ${[...names, 'count(*) AS units'].join(', ')} FROM (${rows})${groupBy(names)}`;
}
