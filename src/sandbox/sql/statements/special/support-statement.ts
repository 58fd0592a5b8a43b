import type { GateProgram } from '../../model/program.ts';
import { groupBy, keyNames, type Variant } from '../relation.ts';
import { argumentSql, keysOf, rowsSql, rowUnits, type SpecialArgument, sameCell, whoSql } from './special-rows.ts';

/** Columns after the keys: different values; units (or buckets) of the value that fewest have. */
export const LEVEL_COLUMNS = 2;

/**
 * Levels of a column: how many values it has in each cell, and how many units (or buckets) have the rarest of them.
 * @param partner  rows in which it is NULL do not count.
 * @param below    only buckets below it: the number of values is then a lower bound and the rarest says nothing.
 * Source: gate.md §5 (every level of a discrete regressor has k units).
 */
export function levelsStatement(
  program: GateProgram,
  unit: number,
  level: 'bucket' | 'unit',
  variant: Variant,
  column: { readonly argument: SpecialArgument; readonly partner: SpecialArgument },
  below: number | null = null,
): string {
  const names = keyNames(program);
  const raw = [
    `${argumentSql(program, column.argument, variant)} AS __v`,
    `${argumentSql(program, column.partner, variant)} AS __p`,
    `${whoSql(program, unit, level)} AS __w`,
    `${whoSql(program, unit, 'bucket')} AS __b`,
  ];
  const sample = below === null ? '' : ` AND __b < ${below}`;
  const held = `SELECT ${[...names, '__v', '__w'].join(', ')} FROM (${rowsSql(program, unit, variant, raw)}) WHERE __v IS NOT NULL AND __p IS NOT NULL${sample}${groupBy([...names, '__v', '__w'])}`;
  const levels = `SELECT ${[...names, '__v', 'count(__w) AS __h'].join(', ')} FROM (${held})${groupBy([...names, '__v'])}`;
  return `SELECT ${[...names, 'count(*)', 'min(__h)'].join(', ')} FROM (${levels})${groupBy(names)}`;
}

/** Rows of a unit that have a value, as `__v` and `__w`; with the bucket as `__b`. */
function valuedRows(program: GateProgram, unit: number, variant: Variant, argument: SpecialArgument): string {
  const raw = [
    `${argumentSql(program, argument, variant)} AS __v`,
    `${whoSql(program, unit, 'unit')} AS __w`,
    `${whoSql(program, unit, 'bucket')} AS __b`,
  ];
  return `SELECT * FROM (${rowsSql(program, unit, variant, raw)}) WHERE __v IS NOT NULL`;
}

/**
 * How many values at least k units of every type have, per cell. Columns: the keys, then that number; cells without
 * such a value have no row. Values that enough buckets have are settled by these; the others with at least k rows by units.
 * Source: gate.md §5 (count(DISTINCT x) over values supported by k units).
 */
export function distinctStatement(program: GateProgram, variant: Variant, argument: SpecialArgument, k: number): string {
  const names = keyNames(program);
  const columns = [...names, '__v'];
  const steps: string[] = [];
  for (const unit of program.units.keys()) {
    const rows = valuedRows(program, unit, variant, argument);
    const held = `SELECT ${[...columns, '__b', 'count(__w) AS __n'].join(', ')} FROM (${rows})${groupBy([...columns, '__b'])}`;
    const value = `__v${unit} AS (SELECT ${[...columns, 'count(__b) AS __h', 'sum(__n) AS __n'].join(', ')} FROM (${held})${groupBy(columns)} HAVING sum(__n) >= ${k})`;
    const open = `__o${unit} AS (SELECT ${columns.join(', ')} FROM __v${unit} WHERE __h < ${k})`;
    const few = `SELECT ${[...keysOf(program, '__r'), '__r.__v AS __v', '__r.__w AS __w'].join(', ')} FROM (${rows}) AS __r SEMI JOIN __o${unit} ON ${sameCell(program, '__r', `__o${unit}`)} AND __r.__v = __o${unit}.__v`;
    const exact = `SELECT ${columns.join(', ')} FROM (SELECT DISTINCT ${[...columns, '__w'].join(', ')} FROM (${few}) WHERE __w IS NOT NULL)${groupBy(columns)} HAVING count(*) >= ${k}`;
    steps.push(value, open, `__k${unit} AS (SELECT ${columns.join(', ')} FROM __v${unit} WHERE __h >= ${k} UNION ALL ${exact})`);
  }
  const all = [...program.units.keys()].map((unit) => `SELECT ${columns.join(', ')} FROM __k${unit}`).join(' INTERSECT ');
  return `WITH ${steps.join(', ')} SELECT ${[...names, 'count(*)'].join(', ')} FROM (${all})${groupBy(names)}`;
}

/** Columns after the keys: the value; then per unit of the program those with a value at all, and those with this one. */
export const MODE_COLUMNS = 1;
export const MODE_UNIT_COLUMNS = 2;

/**
 * The value of which most units have a row, the least of several; the first unit of the rows decides. Cells in which no
 * row with a value has such a unit are missing. Source: gate.md §5 (mode with support ≥ k).
 */
export function modeStatement(program: GateProgram, variant: Variant, argument: SpecialArgument): string {
  const names = keyNames(program);
  const [first = 0] = rowUnits(program);
  const rows = valuedRows(program, first, variant, argument);
  // A unit of one row holds its value once: there is nothing to tell apart.
  const isOneRow = program.units[first]?.oneRow === true;
  const held = isOneRow
    ? `SELECT * FROM (${rows})`
    : `SELECT ${[...names, '__v', '__w'].join(', ')} FROM (${rows})${groupBy([...names, '__v', '__w'])}`;
  const holders = `SELECT ${[...names, '__v', 'count(__w) AS __h'].join(', ')} FROM (${held})${groupBy([...names, '__v'])} HAVING count(__w) > 0`;
  const winner = `__m AS (SELECT ${[...names, `min({'h': -__h, 'v': __v}).v AS __v`].join(', ')} FROM (${holders})${groupBy(names)})`;
  const steps = [...program.units.keys()].map((unit) => {
    const same = `bool_or(__r.__v = __m.__v) AS __same`;
    const from = `(${valuedRows(program, unit, variant, argument)}) AS __r JOIN __m ON ${sameCell(program, '__r', '__m')} WHERE __r.__w IS NOT NULL`;
    const who = `SELECT ${[...keysOf(program, '__r'), '__r.__w AS __w', same].join(', ')} FROM ${from} GROUP BY ${[...names.map((name) => `__r.${name}`), '__r.__w'].join(', ')}`;
    return `__s${unit} AS (SELECT ${[...names, 'count(*) AS __all', 'count(*) FILTER (__same) AS __same'].join(', ')} FROM (${who})${groupBy(names)})`;
  });
  const joins = [...program.units.keys()].map((unit) => ` LEFT JOIN __s${unit} ON ${sameCell(program, '__m', `__s${unit}`)}`);
  const counts = [...program.units.keys()].flatMap((unit) => [`__s${unit}.__all`, `__s${unit}.__same`]);
  return `WITH ${[winner, ...steps].join(', ')} SELECT ${[...names.map((name) => `__m.${name}`), '__m.__v', ...counts].join(', ')} FROM __m${joins.join('')} WHERE __m.__v IS NOT NULL`;
}

/** Columns after the keys: the value; units (or buckets) with a row of it. */
export const EXTREME_COLUMNS = 2;

/** The least or greatest value of a public column in each cell, and who stands behind it. */
export function extremeStatement(
  program: GateProgram,
  unit: number,
  level: 'bucket' | 'unit',
  variant: Variant,
  argument: SpecialArgument,
  end: 'min' | 'max',
): string {
  const names = keyNames(program);
  const own = `SELECT ${[...names, `${end}(__v) AS __v`].join(', ')} FROM (${rowsSql(program, null, variant, [`${argumentSql(program, argument, variant)} AS __v`])})${groupBy(names)}`;
  const raw = [`${argumentSql(program, argument, variant)} AS __v`, `${whoSql(program, unit, level)} AS __w`];
  const rows = `SELECT ${[...keysOf(program, '__r'), '__r.__w AS __w'].join(', ')} FROM (${rowsSql(program, unit, variant, raw)}) AS __r JOIN __e ON ${sameCell(program, '__r', '__e')} AND __r.__v = __e.__v`;
  const who = `SELECT ${[...names, '__w'].join(', ')} FROM (${rows})${groupBy([...names, '__w'])}`;
  const counted = `__s AS (SELECT ${[...names, 'count(__w) AS __h'].join(', ')} FROM (${who})${groupBy(names)})`;
  return `WITH __e AS (${own}), ${counted} SELECT ${[...names.map((name) => `__e.${name}`), '__e.__v', 'coalesce(__s.__h, 0)'].join(', ')} FROM __e LEFT JOIN __s ON ${sameCell(program, '__e', '__s')}`;
}
