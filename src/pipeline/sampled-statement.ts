import { UNIT_COLUMN } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { sampledColumn, sampleTables, tablesIn } from '../sandbox/sql/statements/sampled-tables.ts';
import type { RunStatement } from './enclave-fault.ts';
import { withKept } from './keep-rows.ts';

/** By worker, the columns of tables that were looked up; a sealed file never changes. */
const COLUMNS = new WeakMap<RunStatement, Map<string, ReadonlySet<string>>>();

/** Reads only the sample's rows in a statement about the units numbered below a bound, where that is certainly the same. */
export async function sampledStatement(program: GateProgram, statement: string, below: number, run: RunStatement): Promise<string> {
  const sql = withKept(statement, run);
  const column = sampledColumn(program);
  const names = tablesIn(sql);
  if (column === undefined || names.length < 2) return sql;
  const tables = new Set<string>();
  for (const name of names) if (await hasUnits(program, name, column, run)) tables.add(name);
  return sampleTables(sql, tables, column, below);
}

/** Whether a table, quoted, says of its rows to which unit they belong: public ones do not. */
export async function belongsToNobody(program: GateProgram, table: string, run: RunStatement): Promise<boolean> {
  const declared = program.unitsOf?.[table];
  if (declared !== undefined) return declared.length === 0;
  return [...(await columnsOf(table, run))].every((column) => !column.startsWith(UNIT_COLUMN('')));
}

/** By the declaration; of a table that was made on the way, by its columns. */
async function hasUnits(program: GateProgram, table: string, column: string, run: RunStatement): Promise<boolean> {
  const declared = program.unitsOf?.[table];
  if (declared !== undefined) return declared.some((type) => quoteName(UNIT_COLUMN(type)) === column);
  return (await columnsOf(table, run)).has(column.slice(1, -1));
}

async function columnsOf(table: string, run: RunStatement): Promise<ReadonlySet<string>> {
  const known = COLUMNS.get(run) ?? new Map<string, ReadonlySet<string>>();
  COLUMNS.set(run, known);
  const columns = known.get(table) ?? new Set((await run(`SELECT * FROM ${table} LIMIT 0`)).columns.map(({ name }) => name));
  known.set(table, columns);
  return columns;
}
