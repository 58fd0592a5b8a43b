import type { GateProgram, SpecialColumn } from '../../model/program.ts';
import { withinPiece } from '../layout.ts';
import { fromSql, keyColumns, keyNames, selectionSql, type Variant, where, whereSql } from '../relation.ts';
import { boundedSql, figureOf, stepsSql } from './figure.ts';

/** A column under an aggregate, within its piece. Source: gate.md §6. */
export interface SpecialArgument {
  readonly piece: number | null;
  readonly column: SpecialColumn;
}

/** The argument as SQL over the rows of the gate; NULL outside its piece. */
export function argumentSql(program: GateProgram, argument: SpecialArgument, variant: Variant): string {
  return withinPiece(program, argument.piece, argument.column.sql, variant.reduction);
}

/** Units of the rows themselves, by index in the program; the others repeat rows. */
export function rowUnits(program: GateProgram): readonly number[] {
  return program.units.flatMap((unit, index) => (unit.touching === null ? [index] : []));
}

/** Number or bucket of a unit; a unit that is none stands for rows without one. */
export function whoSql(program: GateProgram, unit: number | null, level: 'bucket' | 'unit'): string {
  const who = unit === null ? undefined : program.units[unit];
  if (who === undefined) return 'NULL::INTEGER';
  return level === 'bucket' ? who.bucket : who.number;
}

/**
 * The rows of the gate with the columns given, `expression AS __name`, and the keys as `__k0`, … Around it only these
 * names are visible, so that no column of the data can be taken for one in GROUP BY.
 *
 * @param unit  whose touching rows are wanted: every row once for each unit it touches.
 */
export function rowsSql(program: GateProgram, unit: number | null, variant: Variant, columns: readonly string[]): string {
  const filter = where([whereSql(program, variant.reduction), selectionSql(program, variant.selection)]);
  return `SELECT ${[...keyColumns(program), ...columns].join(', ')} FROM ${fromSql(program, unit, variant.reduction)}${filter}`;
}

/** Rows of two relations that belong to one cell. */
export function sameCell(program: GateProgram, left: string, right: string): string {
  const parts = keyNames(program).map((name) => `${left}.${name} IS NOT DISTINCT FROM ${right}.${name}`);
  return parts.length === 0 ? 'TRUE' : parts.join(' AND ');
}

/** The keys of a relation, as a list of columns that keep their names. */
export function keysOf(program: GateProgram, relation: string): readonly string[] {
  return keyNames(program).map((name) => `${relation}.${name} AS ${name}`);
}

/** Gives no row: only the engine's types of the arguments are read from it. */
export function typesStatement(program: GateProgram, variant: Variant, arguments_: readonly SpecialArgument[]): string {
  const columns = arguments_.map((argument, index) => `${argumentSql(program, argument, variant)} AS __x${index}`);
  return `SELECT ${columns.join(', ')} FROM ${fromSql(program, null, variant.reduction)} LIMIT 0`;
}

/** Columns per argument of `profileStatement`: rows that have it, least and greatest number of steps (NULL where it is no number). */
export const PROFILE_COLUMNS = 3;

/** Every cell of the gate, with what is needed to know how its figures are to be computed. Columns: the keys, then those. */
export function profileStatement(
  program: GateProgram,
  variant: Variant,
  arguments_: readonly SpecialArgument[],
  types: readonly string[],
): string {
  const columns = arguments_.map((argument, index) => `${argumentSql(program, argument, variant)} AS __x${index}`);
  const names = keyNames(program);
  const figures = arguments_.flatMap((_, index) => {
    const figure = figureOf(types[index] ?? '');
    const ends =
      figure === undefined ? ['NULL', 'NULL'] : ['min', 'max'].map((end) => stepsSql(boundedSql(`${end}(__x${index})`, figure), figure));
    return [`count(__x${index})`, ...ends];
  });
  const group = names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`;
  return `SELECT ${[...names, ...figures].join(', ')} FROM (${rowsSql(program, null, variant, columns)})${group}`;
}
