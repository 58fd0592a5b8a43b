import { quoteText } from '../../../catalog/identifier.ts';
import { printCondition, printTemplate, type Reduction } from '../model/condition.ts';
import type { GateProgram } from '../model/program.ts';
import { plainJoins } from './plain-joins.ts';

/** The label of one cell's row: its key values as the enclave gave them. */
export type CellKey = readonly (string | number | boolean | null)[];

/** Which rows a statement reads: all cells, or only those listed. */
export interface CellSelection {
  readonly cells: readonly CellKey[];
  /** Engine types of the keys, as the enclave named them. */
  readonly types: readonly string[];
  /** Set where these are left out instead, because that is the shorter list: all other cells are read. */
  readonly others?: readonly CellKey[];
}

/** Cells that are answered under the same dropped operands. */
export interface Variant {
  readonly reduction: Reduction;
  /** Null: every cell that no other variant names. */
  readonly selection: CellSelection | null;
}

/** Above this many cells combinations of labels are not listed, above this many labels a key is not restricted: the list would cost more than it saves. */
const MAX_LISTED_CELLS = 30;
const MAX_LISTED_LABELS = 2000;

const TYPE_NAME = /^[A-Z][A-Z0-9_ ]*(\(\d+(, ?\d+)?\))?$/;

/**
 * The grouping keys of a program, called `__k0`, `__k1`, … In GROUP BY the engine takes a column of the data for any
 * name that fits one; the loader lets none begin with `__`. Source: gate.md §6.
 */
export function keyColumns(program: GateProgram): readonly string[] {
  return program.keys.map((key, index) => `${key.sql} AS __k${index}`);
}

/** The names that `keyColumns` gives. */
export function keyNames(program: GateProgram): readonly string[] {
  return program.keys.map((_, index) => `__k${index}`);
}

/** `GROUP BY` of names, or nothing where there are none. */
export function groupBy(names: readonly string[]): string {
  return names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`;
}

/** FROM of the program's rows; for a unit whose rows are touched by several, every row once for each of them. */
export function fromSql(program: GateProgram, unit: number | null, reduction: Reduction): string {
  const touching = unit === null ? null : (program.units[unit]?.touching ?? null);
  return `${printTemplate(program.from, reduction)}${touching === null ? '' : printTemplate(touching, reduction)}`;
}

/** WHERE of the program; `TRUE` where there is none. */
export function whereSql(program: GateProgram, reduction: Reduction): string {
  return program.where === null ? 'TRUE' : printCondition(program.where, reduction);
}

/** FROM and the condition of WHERE; `TRUE` where there is none. The rows are those of `fromSql` and `whereSql`. */
export function rowsSql(program: GateProgram, unit: number, reduction: Reduction): { readonly from: string; readonly condition: string } {
  if ((program.units[unit]?.touching ?? null) !== null)
    return { from: fromSql(program, unit, reduction), condition: whereSql(program, reduction) };
  const { from, where: condition } = plainJoins(program, reduction);
  return { from, condition };
}

/** WHERE of the conditions given, without the ones that are always true. */
export function where(conditions: readonly string[]): string {
  const kept = conditions.filter((condition) => condition !== 'TRUE');
  return kept.length === 0 ? '' : ` WHERE ${kept.join(' AND ')}`;
}

/**
 * Restricts a statement to listed cells; of more than `MAX_LISTED_CELLS` it keeps at least those (whoever asks takes his
 * cells by name). The values come from the enclave and go back into it only.
 */
export function selectionSql(program: GateProgram, selection: CellSelection | null): string {
  if (selection === null || program.keys.length === 0) return 'TRUE';
  if (selection.others !== undefined) return othersSql(program, selection.others, selection.types);
  if (selection.cells.length === 0) return 'FALSE';
  // One list per key first: it is pushed down to the scan.
  const lists = program.keys.map((_, index) => labelList(program, selection, index)).filter((list) => list !== 'TRUE');
  const isExact = program.keys.length === 1 || selection.cells.length > MAX_LISTED_CELLS;
  return [...lists, ...(isExact ? [] : [cellList(program, selection.cells, selection.types)])].join(' AND ') || 'TRUE';
}

/** Leaves cells out, for whom that is worth it; rows with NULL in a key are never left out by mistake. */
function othersSql(program: GateProgram, others: readonly CellKey[], types: readonly string[]): string {
  if (others.length === 0) return 'TRUE';
  const [only] = program.keys;
  if (only === undefined || program.keys.length > 1)
    return others.length > MAX_LISTED_CELLS ? 'TRUE' : `NOT ${cellList(program, others, types)}`;
  const known = others.flatMap(([label = null]) => (label === null ? [] : [keyLiteral(label, types[0] ?? '')]));
  if (known.length === 0 || known.length > MAX_LISTED_LABELS) return 'TRUE';
  return `(${only.sql} NOT IN (${known.join(', ')}) OR ${only.sql} IS NULL)`;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const MS_PER_DAY = 86_400_000;

/**
 * First and last of many days of which most are listed: a list of a thousand days takes longer to plan than it saves in
 * reading. Undefined where they are few, scattered, or no days.
 */
function dayRange(labels: readonly CellKey[number][], type: string): { readonly first: string; readonly last: string } | undefined {
  if (type !== 'DATE' || labels.length <= MAX_LISTED_CELLS) return undefined;
  const days = labels.filter((label): label is string => typeof label === 'string' && DAY.test(label)).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (days.length !== labels.length || first === undefined || last === undefined) return undefined;
  return (Date.parse(last) - Date.parse(first)) / MS_PER_DAY < days.length * 2 ? { first, last } : undefined;
}

function labelList(program: GateProgram, selection: CellSelection, index: number): string {
  const { sql: key = 'NULL', publicLabels = null } = program.keys[index] ?? {};
  const labels = new Set(selection.cells.map((cell) => cell[index] ?? null));
  // Of several keys, one of which every label of a closed list is wanted narrows nothing, and costs a look at each row.
  const isWhole = program.keys.length > 1 && publicLabels !== null && publicLabels.every((label) => labels.has(label));
  if (isWhole || labels.size > MAX_LISTED_LABELS) return 'TRUE';
  const type = selection.types[index] ?? '';
  const range = dayRange([...labels], type);
  if (range !== undefined) return `${key} BETWEEN ${keyLiteral(range.first, type)} AND ${keyLiteral(range.last, type)}`;
  const known = [...labels].filter((label) => label !== null).map((label) => keyLiteral(label, type));
  const listed = known.length === 0 ? [] : [`${key} IN (${known.join(', ')})`];
  const missing = labels.has(null) ? [`${key} IS NULL`] : [];
  return `(${[...listed, ...missing].join(' OR ')})`;
}

function cellList(program: GateProgram, cells: readonly CellKey[], types: readonly string[]): string {
  const rows = cells.map((cell) => {
    const parts = program.keys.map(
      (key, index) => `${key.sql} IS NOT DISTINCT FROM ${keyLiteral(cell[index] ?? null, types[index] ?? '')}`,
    );
    return `(${parts.join(' AND ')})`;
  });
  return `(${rows.join(' OR ')})`;
}

function keyLiteral(value: string | number | boolean | null, type: string): string {
  if (value === null) return 'NULL';
  if (!TYPE_NAME.test(type)) throw new Error('The enclave named a key type that is none');
  return `CAST(${quoteText(String(value))} AS ${type})`;
}

/**
 * The number of a unit to group by. Bit operations hide its range from the engine, which would otherwise make an array
 * of a million groups for a few thousand units (`perfect_ht_threshold`).
 */
export function unitSql(program: GateProgram, unit: number): string {
  const number = program.units[unit]?.number;
  return number === undefined ? 'NULL' : `(${number} | 0)`;
}
