import { quoteText } from '../../../catalog/identifier.ts';
import type { Reduced } from '../condition.ts';
import { physicalColumn, printCondition } from '../print.ts';
import type { EvidenceProgram } from '../program.ts';

/** The label of one cell's row: its key values as the enclave gave them. */
export type CellKey = readonly (string | number | boolean | null)[];

/** Which rows a statement reads: all cells, or only those listed. */
export interface CellSelection {
  readonly cells: readonly CellKey[];
  /** Engine types of the keys, as the enclave named them. */
  readonly types: readonly string[];
}

/** Above this many cells a statement reads all of them: the list would cost more than it saves. */
export const MAX_LISTED_CELLS = 300;

const TYPE_NAME = /^[A-Z][A-Z0-9_ ]*(\(\d+(, ?\d+)?\))?$/;

/**
 * The grouping keys of a program, called `__k0`, `__k1`, … In GROUP BY the engine takes a column of the data for any
 * name that fits one; the loader lets none begin with `__`. Source: gate.md §6.
 */
export function keyColumns(program: EvidenceProgram): readonly string[] {
  return program.keys.map((key, index) => `${key.sql} AS __k${index}`);
}

/** The names that `keyColumns` gives. */
export function keyNames(program: EvidenceProgram): readonly string[] {
  return program.keys.map((_, index) => `__k${index}`);
}

/** `GROUP BY` of names, or nothing where there are none. */
export function groupBy(names: readonly string[]): string {
  return names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`;
}

/** A condition over the instances of the program; `TRUE` where there is none. */
export function conditionSql(condition: Reduced | null): string {
  return condition === null ? 'TRUE' : printCondition(condition, physicalColumn);
}

/** WHERE of the conditions given, without the ones that are always true. */
export function where(conditions: readonly string[]): string {
  const kept = conditions.filter((condition) => condition !== 'TRUE');
  return kept.length === 0 ? '' : ` WHERE ${kept.join(' AND ')}`;
}

/** Restricts a statement to listed cells. The values come from the enclave and go back into it only. */
export function selectionSql(program: EvidenceProgram, selection: CellSelection | null): string {
  if (selection === null || selection.cells.length > MAX_LISTED_CELLS || program.keys.length === 0) return 'TRUE';
  const rows = selection.cells.map((cell) => {
    const parts = program.keys.map(
      (key, index) => `${key.sql} IS NOT DISTINCT FROM ${keyLiteral(cell[index] ?? null, selection.types[index] ?? '')}`,
    );
    return `(${parts.join(' AND ')})`;
  });
  return rows.length === 0 ? 'FALSE' : `(${rows.join(' OR ')})`;
}

function keyLiteral(value: string | number | boolean | null, type: string): string {
  if (value === null) return 'NULL';
  if (!TYPE_NAME.test(type)) throw new Error('The enclave named a key type that is none');
  return `CAST(${quoteText(String(value))} AS ${type})`;
}

/** The keys of every cell of the relation, whatever the condition. */
export function cellsStatement(program: EvidenceProgram): string {
  return `SELECT ${keyColumns(program).join(', ')} FROM ${program.from}${groupBy(keyNames(program))}`;
}
