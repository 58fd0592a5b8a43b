import type { Catalog } from './case-file.ts';
import type { KeyFacts } from './key-facts.ts';
import { joinTargets, pathColumns } from './key-facts.ts';
import type { DataColumn } from './real-data.ts';

/** A row number that the runner adds to a table in which no column identifies a row. No grant names it. */
export const ROW_NUMBER = 'conformance_row';

type Role = NonNullable<Catalog[string]['columns']>[string];

export interface Declared {
  readonly declaration: Readonly<Record<string, unknown>>;
  /** Granted columns by table: all but the added row number. */
  readonly grant: Readonly<Record<string, readonly string[]>>;
  /** Tables whose export needs a row number. */
  readonly numbered: ReadonlySet<string>;
}

const LABELS: Readonly<Record<Role, string>> = {
  unitId: 'personal',
  directId: 'personal',
  quasiId: 'personal',
  sensitive: 'sensitivePersonal',
  measure: 'personal',
  dimension: 'none',
};

/**
 * The declaration that a conformance catalog stands for.
 *
 * Roles: as named; columns of a unit path are `unitId`; else text, dates and booleans are dimensions and numbers measures;
 * an integer that a case equates with a unique column of a public table is a dimension.
 * Primary keys: the CREATE TABLE's, else one column without NULL or repeats that is no measure (identifiers first), else an
 * added row number. Foreign keys: hops of unit paths; columns that carry a unit whose table has it as primary key; columns
 * named like, or equated by a case with, the primary key of another table. Each only where every value is found there.
 * Source: formats.md, "Dataset declaration".
 */
export function inferDeclaration(name: string, catalog: Catalog, facts: KeyFacts): Declared {
  const numbered = new Set<string>();
  const grant: Record<string, readonly string[]> = {};
  const tables: Record<string, unknown> = {};
  for (const [table, entry] of Object.entries(catalog)) {
    const columns = facts.columns.get(table) ?? [];
    const roles = new Map(columns.map((column) => [column.name, roleOf(column, table, catalog, facts)]));
    const key = facts.keys.get(table) ?? [];
    if (key.length === 0) numbered.add(table);
    grant[table] = columns.map((column) => column.name);
    tables[table] = {
      file: `${name}-${table}.parquet`,
      visibility: entry.visibility,
      primaryKey: key.length === 0 ? [ROW_NUMBER] : key,
      foreignKeys: foreignKeys(table, facts),
      ...(entry.visibility === 'public' ? {} : { units: entry.units ?? {} }),
      columns: Object.fromEntries([
        ...columns.map((column) => [column.name, declaredColumn(column, roles.get(column.name) ?? 'dimension', entry.visibility)]),
        ...(key.length === 0
          ? [
              [
                ROW_NUMBER,
                declaredColumn(
                  { name: ROW_NUMBER, type: 'BIGINT' },
                  entry.visibility === 'public' ? 'dimension' : 'directId',
                  entry.visibility,
                ),
              ],
            ]
          : []),
      ]),
    };
  }
  return { declaration: { ...HEAD, dataset: name, tables }, grant, numbered };
}

const HEAD = {
  title: { zh: '一致性用例', en: 'Conformance cases' },
  provider: 'conformance',
  collectedBy: 'conformance',
  verifiedBy: 'conformance',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'once',
} as const;

function declaredColumn(column: DataColumn, role: Role, visibility: 'public' | 'protected'): unknown {
  return { type: loadedType(column.type), role, label: visibility === 'public' ? 'none' : LABELS[role] };
}

/** Types a declaration has no name for are exported as the nearest that it has. */
export function loadedType(type: string): string {
  if (type === 'HUGEINT' || type === 'UHUGEINT') return 'DECIMAL(38,0)';
  return /^TIMESTAMP/.test(type) ? 'TIMESTAMP' : /^(ENUM|UUID)/.test(type) ? 'VARCHAR' : type;
}

const NUMBER = /INT|^DECIMAL|^DOUBLE|^FLOAT/;

function roleOf(column: DataColumn, table: string, catalog: Catalog, facts: KeyFacts): Role {
  const entry = catalog[table];
  const named = entry?.columns?.[column.name];
  if (pathColumns(catalog).has(`${table}.${column.name}`)) return 'unitId';
  const isNumber = NUMBER.test(column.type);
  if (named !== undefined) return entry?.visibility === 'public' && named !== 'measure' ? 'dimension' : named;
  if (!isNumber) return 'dimension';
  const isKey = (facts.keys.get(table) ?? []).includes(column.name);
  const equated =
    /INT/.test(column.type) &&
    (isKey || joinTargets(table, column.name, facts).some((target) => catalog[target.table]?.visibility === 'public'));
  return equated ? 'dimension' : 'measure';
}

function foreignKeys(table: string, facts: KeyFacts): readonly unknown[] {
  return facts.links
    .filter((link) => link.table === table)
    .map((link) => ({ columns: [link.column], references: `${link.target}.${link.key}` }));
}
