import { dirname, isAbsolute, join } from 'node:path';
import { readColumnType, type TypeFamily } from '../../catalog/column-type.ts';
import type { Column, Table } from '../../catalog/dataset.ts';
import { type Hierarchy, readHierarchy } from '../../masking/hierarchy.ts';
import { UsageError } from '../outcome.ts';
import type { GlobalOptions } from '../session.ts';
import { readSchema, readText, refuse } from '../synth/input-files.ts';

/** The one table of a schema beside a file. */
export interface SchemaTable {
  readonly columns: readonly SchemaColumn[];
  /** Header of the column that says whom a row is about; null where each row is its own. */
  readonly unit: string | null;
}

export interface SchemaColumn extends Column {
  /** What it is called in the file. */
  readonly header: string;
  readonly family: TypeFamily;
}

/** Reads the schema and takes its only table; ends the command where it has several. Source: formats.md (`--schema`). */
export async function readSchemaTable(file: string, options: GlobalOptions): Promise<SchemaTable> {
  const { dataset, headers } = await readSchema(file, options);
  const [table, ...more] = dataset.tables;
  if (table === undefined || more.length > 0) throw new UsageError('The schema must have one table: that of the file');
  const headerOf = (name: string): string => headers[table.name]?.[name] ?? name;
  const columns = table.columns.map((column) => ({ ...column, header: headerOf(column.name), family: familyOf(column) }));
  const unit = unitColumn(table);
  return { columns, unit: unit === undefined ? null : headerOf(unit) };
}

/** Hierarchy files of columns that name one, relative to the schema; or `COLUMN.csv` of a folder. Ends the command where one cannot be used. Source: issue "Masking". */
export async function readHierarchies(
  schemaFile: string,
  columns: readonly SchemaColumn[],
  folder: string | undefined,
  options: GlobalOptions,
): Promise<ReadonlyMap<string, Hierarchy>> {
  const found = new Map<string, Hierarchy>();
  for (const { header, hierarchy } of columns) {
    const file =
      hierarchy === undefined ? await inFolder(folder, header) : isAbsolute(hierarchy) ? hierarchy : join(dirname(schemaFile), hierarchy);
    if (file === undefined) continue;
    const read = readHierarchy(await readText(file, `The hierarchy of ${header}`), header);
    if (!read.ok) return refuse(read.error, options);
    found.set(header, read.value);
  }
  return found;
}

async function inFolder(folder: string | undefined, header: string): Promise<string | undefined> {
  if (folder === undefined || /[\\/\0]/.test(header)) return undefined;
  const file = join(folder, `${header}.csv`);
  return readText(file, '').then(
    () => file,
    () => undefined,
  );
}

function familyOf(column: Column): TypeFamily {
  return readColumnType(column.type)?.family ?? 'text';
}

function unitColumn(table: Table): string | undefined {
  const paths = Object.values(table.units);
  return paths.find(({ hops }) => hops.length === 0)?.column ?? table.columns.find(({ role }) => role === 'unitId')?.name;
}
