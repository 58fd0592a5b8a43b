import type { Reduced } from '../condition.ts';
import type { EvidenceProgram, ProgramMonomial } from '../program.ts';
import { type CellSelection, conditionSql, groupBy, keyColumns, keyNames, selectionSql, where } from './relation.ts';

/**
 * Exact evidence for listed cells: per (cell, unit), then per cell. Rows without a unit count for nobody and are left
 * out. Columns of a row: the keys, then those of `EXACT_COLUMNS`.
 * Source: gate.md §6 (net and absolute totals, value classes).
 */
export function exactStatement(program: EvidenceProgram, unit: number, condition: Reduced | null, selection: CellSelection | null): string {
  const number = program.units[unit]?.number ?? 'NULL';
  const names = keyNames(program);
  const inner = [...keyColumns(program), `${number} AS u`, 'count(*) AS n', ...program.monomials.flatMap(innerColumns)];
  const outer = [...names, 'count(*) AS units', 'sum(n) AS n_total', 'max(n, 2) AS n_top', `${offCommonest('n')} AS n_off`, ...program.monomials.flatMap(outerColumns)];
  const filter = where([conditionSql(condition), selectionSql(program, selection), `${number} IS NOT NULL`]);
  return `SELECT ${outer.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${program.from}${filter}${groupBy([...names, 'u'])})${groupBy(names)}`;
}

/** Units whose figure is not the commonest one among the cell's units. */
function offCommonest(figure: string): string {
  return `count(*) - list_max(map_values(histogram(CAST(${figure} AS VARCHAR)) FILTER (${figure} IS NOT NULL)))`;
}

function innerColumns(monomial: ProgramMonomial, index: number): readonly string[] {
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return [];
  const counted = `count(${monomial.sql}) AS c${index}`;
  if (monomial.kind === 'present') return [counted];
  return [counted, `sum(${monomial.sql}) AS s${index}`, `sum(abs(${monomial.sql})) AS a${index}`];
}

function outerColumns(monomial: ProgramMonomial, index: number): readonly string[] {
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return [];
  const [c, s, a] = [`c${index}`, `s${index}`, `a${index}`];
  const counted = [
    `count(*) FILTER (${c} > 0) AS ${c}_units`,
    `sum(${c}) AS ${c}_total`,
    `max(${c}, 2) AS ${c}_top`,
    `count(*) FILTER (n > ${c}) AS ${c}_null_units`,
    `${offCommonest(c)} AS ${c}_off`,
  ];
  if (monomial.kind === 'present') return counted;
  return [
    ...counted,
    `count(*) FILTER (${s} <> 0) AS ${s}_units`,
    `sum(abs(${s})) AS ${s}_total`,
    `max(abs(${s}), 2) AS ${s}_top`,
    `sum(${a}) AS ${a}_total`,
    `max(${a}, 2) AS ${a}_top`,
    `${offCommonest(s)} AS ${s}_off`,
  ];
}

export const EXACT_COLUMNS = { cell: 4, rows: 0, unit: 0, present: 5, value: 11 } as const;

/**
 * Units with a row whose value of one monomial is not the commonest value of the cell's rows, for listed cells.
 * Columns: the keys, then the number of units. Source: gate.md §5 (value classes).
 */
export function rowsOffStatement(program: EvidenceProgram, unit: number, monomial: number, condition: Reduced | null, selection: CellSelection | null): string {
  const number = program.units[unit]?.number ?? 'NULL';
  const item = program.monomials[monomial];
  const sql = item?.kind === 'value' ? item.sql : 'NULL';
  const names = keyNames(program);
  const filter = where([conditionSql(condition), selectionSql(program, selection), `${number} IS NOT NULL`, `${sql} IS NOT NULL`]);
  const matched = names.map((name) => `r.${name} IS NOT DISTINCT FROM m.${name}`);
  return [
    `WITH r AS (SELECT ${[...keyColumns(program), `${number} AS u`, `${sql} AS x`].join(', ')} FROM ${program.from}${filter}),`,
    `f AS (SELECT ${[...names, 'x', 'count(*) AS c'].join(', ')} FROM r${groupBy([...names, 'x'])}),`,
    `m AS (SELECT ${[...names, 'first(x ORDER BY c DESC, x) AS x'].join(', ')} FROM f${groupBy(names)})`,
    `SELECT ${[...names.map((name) => `r.${name}`), 'count(DISTINCT r.u) FILTER (r.x <> m.x) AS units'].join(', ')}`,
    `FROM r JOIN m ON ${matched.length === 0 ? 'TRUE' : matched.join(' AND ')}${groupBy(names.map((name) => `r.${name}`))}`,
  ].join(' ');
}

/** Exact numbers of units per cell. Columns: the keys, then the number. */
export function unitsStatement(program: EvidenceProgram, unit: number, condition: Reduced | null, selection: CellSelection | null): string {
  const item = program.units[unit];
  const number = item?.number ?? 'NULL';
  const names = keyNames(program);
  const filter = where([conditionSql(condition), selectionSql(program, selection), `${number} IS NOT NULL`]);
  if (item?.oneRow === true) return `SELECT ${[...keyColumns(program), 'count(*) AS units'].join(', ')} FROM ${program.from}${filter}${groupBy(names)}`;
  const rows = `SELECT ${[...keyColumns(program), `${number} AS u`].join(', ')} FROM ${program.from}${filter}${groupBy([...names, 'u'])}`;
  return `SELECT ${[...names, 'count(*) AS units'].join(', ')} FROM (${rows})${groupBy(names)}`;
}
