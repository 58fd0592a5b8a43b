import { readColumnType } from '../catalog/column-type.ts';
import type { Column, Dataset, Label, Role, Table } from '../catalog/dataset.ts';
import { type Declaration, readDeclaration } from '../catalog/declaration.ts';
import { LABELS, ROLES } from '../catalog/declaration-schema.ts';
import { isIdentifier } from '../catalog/identifier.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';

/** A schema beside data files. */
export interface FileSchema {
  readonly dataset: Dataset;
  readonly files: Declaration['files'];
  /** Name in the file's header of a column whose own name SQL could not take; others are called the same. */
  readonly headers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Json = Readonly<Record<string, unknown>>;

/** What a declaration says of publishing, which files that nobody publishes need not say. */
const HEAD: Json = {
  dataset: 'files',
  title: { zh: '文件', en: 'Files' },
  provider: 'files',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'never',
};

/**
 * Reads the declaration that `--schema` names. It may leave out what is said for publishing (title, provider, label, role,
 * visibility, units) and call columns what no identifier may be called; everything else is as strict as a declaration.
 * A table without units counts each row as a unit of its own. Not for loading: labels may be missing.
 * Source: formats.md, "Dataset declaration" ("also what every --schema takes, there usually with one table").
 */
export function readFileSchema(json: unknown): Result<FileSchema, readonly Problem[]> {
  const whole = asObject(json);
  const declared = whole['tables'] === undefined && whole['columns'] !== undefined ? { tables: { data: whole } } : whole;
  const tables = asObject(declared['tables']);
  const headers: Record<string, Record<string, string>> = {};
  const prepared = Object.entries(tables).map(([name, table]) => {
    const { names, headerOf } = renamed(Object.keys(asObject(asObject(table)['columns'])));
    if (Object.keys(headerOf).length > 0) headers[name] = headerOf;
    return [name, preparedTable(asObject(table), names)] as const;
  });
  const read = readDeclaration({ ...HEAD, ...declared, tables: Object.fromEntries(prepared) });
  if (!read.ok) return read;
  const dataset = {
    ...read.value.dataset,
    tables: read.value.dataset.tables.map((table) => asDeclared(table, asObject(tables[table.name]), headers[table.name] ?? {})),
  };
  return ok({ dataset, files: read.value.files, headers });
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** Names that SQL takes for all columns of a table, and what the changed ones are called in the file. */
function renamed(columns: readonly string[]): { readonly names: ReadonlyMap<string, string>; readonly headerOf: Record<string, string> } {
  const names = new Map<string, string>();
  const headerOf: Record<string, string> = {};
  const taken = new Set(columns.map((name) => name.toLowerCase()));
  for (const [index, name] of columns.entries()) {
    if (isIdentifier(name)) {
      names.set(name, name);
      continue;
    }
    let plain = name
      .normalize('NFC')
      .replace(/[^\p{L}\p{M}\p{N}_]+/gu, '_')
      .replace(/^[^\p{L}]+/u, '')
      .replace(/_+$/u, '')
      .slice(0, 50);
    if (plain === '' || !isIdentifier(plain) || taken.has(plain.toLowerCase())) plain = `column_${index + 1}`;
    taken.add(plain.toLowerCase());
    names.set(name, plain);
    headerOf[plain] = name;
  }
  return { names, headerOf };
}

/** A table that the strict reader takes: without units it is read as public, and `asDeclared` puts back what that hid. */
function preparedTable(table: Json, names: ReadonlyMap<string, string>): Json {
  const hasUnits = Object.keys(asObject(table['units'])).length > 0;
  const columns = Object.entries(asObject(table['columns'])).map(([name, column]) => {
    const own = asObject(column);
    const role = hasUnits ? (own['role'] ?? usualRole(own)) : usualRole(own);
    const label = hasUnits ? (own['label'] ?? 'none') : 'none';
    return [names.get(name) ?? name, { ...own, role, label }] as const;
  });
  const rename = (list: unknown): unknown =>
    Array.isArray(list) ? list.map((name: unknown) => (typeof name === 'string' ? (names.get(name) ?? name) : name)) : list;
  return {
    ...table,
    visibility: hasUnits ? (table['visibility'] ?? 'protected') : 'public',
    // The strict reader wants a key; `asDeclared` takes this one out again.
    primaryKey: rename(keyOf(table) ?? [Object.keys(asObject(table['columns']))[0] ?? '']),
    ...(Array.isArray(table['foreignKeys'])
      ? { foreignKeys: table['foreignKeys'].map((key: unknown) => ({ ...asObject(key), columns: rename(asObject(key)['columns']) })) }
      : {}),
    columns: Object.fromEntries(columns),
  };
}

/** The declared primary key; undefined where none is declared. */
function keyOf(table: Json): readonly unknown[] | undefined {
  const key = table['primaryKey'];
  return Array.isArray(key) && key.length > 0 ? key : undefined;
}

function usualRole(column: Json): Role {
  const type = readColumnType(typeof column['type'] === 'string' ? column['type'] : '');
  const isNumber = type !== undefined && ['integer', 'float', 'decimal'].includes(type.family);
  return isNumber && column['domain'] === undefined ? 'measure' : 'dimension';
}

function asDeclared(table: Table, declared: Json, headerOf: Readonly<Record<string, string>>): Table {
  const columns = asObject(declared['columns']);
  return {
    ...table,
    primaryKey: keyOf(declared) === undefined ? [] : table.primaryKey,
    columns: table.columns.map((column): Column => {
      const own = asObject(columns[headerOf[column.name] ?? column.name]);
      const role = ROLES.find((item) => item === own['role']);
      const label: Label | undefined = LABELS.find((item) => item === own['label']);
      const nullable = keyOf(declared) === undefined && own['nullable'] === undefined ? true : column.nullable;
      return { ...column, nullable, ...(role === undefined ? {} : { role }), ...(label === undefined ? {} : { label }) };
    }),
  };
}
