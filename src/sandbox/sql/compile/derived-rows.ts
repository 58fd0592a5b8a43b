import type { Column, Table, UnitPath } from '../../../catalog/dataset.ts';
import { quoteName } from '../../../catalog/identifier.ts';
import type { Position } from '../ast.ts';
import type { TableInstance } from '../model/bound.ts';
import { typeClass, typeScale } from '../model/column-type.ts';
import type { Print, SqlTemplate } from '../model/condition.ts';
import type { Scalar } from '../model/scalar.ts';
import type { Compilation } from './context.ts';
import { bodyOf, type DerivedColumn, type GivenNames, labelColumn, unitColumnsOf } from './derived.ts';
import { keyAlternatives } from './keys.ts';
import { calledNames } from './names.ts';
import { refuseConstruct } from './refusal.ts';
import { assertClosed, type UnitRows } from './rows.ts';
import { physicalColumn, shownColumn } from './scope.ts';
import { separated } from './separated.ts';
import { unitClasses } from './units.ts';

/** One SELECT of rows of units whose columns become those of a table of its own. */
export interface DerivedBranch {
  readonly rows: UnitRows;
  readonly columns: readonly DerivedColumn[];
  /** The scalars behind the columns, where they are plain. */
  readonly scalars: readonly (Scalar | null)[];
}

/** A column of a derived table that hands on a column, a label or a constant. */
export function passedColumn(scalar: Scalar, name: string, compilation: Compilation): DerivedColumn {
  if (scalar.kind === 'column')
    return {
      column: { ...scalar.column.column, name, nullable: scalar.column.column.nullable || scalar.column.instance.optional },
      sql: [physicalColumn(scalar.column)],
      shown: [shownColumn(scalar.column)],
    };
  const [only, ...more] = keyAlternatives(scalar, compilation);
  if (only === undefined || more.length > 0 || only.tests.length > 0)
    return refuseConstruct('CASE in a UNION ALL or window query', scalar.at);
  return { column: labelColumn(name, only.type ?? 'VARCHAR'), sql: [only.key.sql], shown: [only.key.name] };
}

/** Role by role, the one that allows less. */
const STRICTNESS: Readonly<Record<Column['role'], number>> = { dimension: 0, measure: 1, sensitive: 2, quasiId: 3, unitId: 4, directId: 5 };

/**
 * Rows of several SELECTs one below the other (one, where windows need a table of their own), as a table with the units
 * of all. Every branch must bring the same unit types. Source: gate.md §4 (UNION ALL aligns units). Throws Refused.
 */
export function derivedRows(
  branches: readonly DerivedBranch[],
  compilation: Compilation,
  given: Pick<GivenNames, 'rows'> & { readonly columns: readonly string[] },
  at: Position,
): TableInstance {
  const [first] = branches;
  if (first === undefined) throw new Error('No branch');
  const classes = branches.map((branch) => {
    assertClosed(branch.rows, at);
    const found = unitClasses(branch.rows);
    const types = found.map((unit) => unit.type).sort();
    if (new Set(types).size !== types.length) refuseConstruct('two units of one type in a UNION ALL or window query', at);
    if (branch.rows.instances.some((instance) => instance.touched.length > 0))
      refuseConstruct('features of one unit type over rows of another in a UNION ALL or window query', at);
    return [...found].sort((a, b) => (a.type < b.type ? -1 : 1));
  });
  const types = classes[0]?.map((unit) => unit.type) ?? [];
  if (types.length === 0 || classes.some((found) => found.map((unit) => unit.type).join() !== types.join()))
    refuseConstruct('UNION ALL of rows that belong to different units', at);
  const called = calledNames(
    first.columns.map((item) => item.column.name),
    given.columns,
  );
  const selects = branches.map((branch, index) => {
    const units = (classes[index] ?? []).flatMap(unitColumnsOf);
    const named = (print: Print): readonly SqlTemplate[] =>
      branch.columns.map((item) => [
        ...item[print],
        ` AS ${quoteName(print === 'shown' ? (called.get(item.column.name) ?? item.column.name) : item.column.name)}`,
      ]);
    const body = bodyOf(branch.rows, compilation, at);
    const sql: SqlTemplate = ['SELECT ', ...separated([...units, ...named('sql')]), ...body.sql];
    const shown: SqlTemplate = ['SELECT ', ...separated(named('shown')), ...body.shown];
    return { sql, shown };
  });
  const together = (print: Print): SqlTemplate => [
    '(',
    ...selects.flatMap((item, position) => (position === 0 ? item[print] : [' UNION ALL ', ...item[print]])),
    ')',
  ];
  const index = compilation.nextInstance(at);
  const columns = first.columns.map((item, position) => strictest(branches.map((branch) => branch.columns[position] ?? item)));
  const table: Table = {
    name: `__d${index}`,
    visibility: 'protected',
    primaryKey: [],
    foreignKeys: first.scalars.flatMap((scalar, position) => sharedKeys(branches, scalar, position, columns)),
    units: Object.fromEntries(types.map((type) => [type, sharedPath(branches, type, columns)])),
    standingFilters: [],
    columns,
  };
  return {
    index,
    name: compilation.shownRows(given.rows),
    called,
    table,
    source: together('sql'),
    shown: together('shown'),
    baseTables: branches.flatMap((branch) => branch.rows.instances.flatMap((item) => item.baseTables)),
    optional: false,
    touched: [],
    at,
  };
}

function strictest(columns: readonly DerivedColumn[]): Column {
  const [first, ...rest] = columns.map((item) => item.column);
  if (first === undefined) throw new Error('No column');
  return rest.reduce<Column>((a, b) => {
    const {
      domain: _domain,
      grid: _grid,
      bounds: _bounds,
      ...plain
    } = STRICTNESS[b.role] > STRICTNESS[a.role] ? { ...b, name: a.name } : a;
    return { ...plain, type: commonType(a, b), nullable: a.nullable || b.nullable, publicDomain: false };
  }, first);
}

function sharedKeys(
  branches: readonly DerivedBranch[],
  scalar: Scalar | null,
  position: number,
  columns: readonly Column[],
): Table['foreignKeys'] {
  const keysOf = (item: Scalar | null | undefined): Table['foreignKeys'] => {
    if (item?.kind !== 'column') return [];
    const { table } = item.column.instance;
    const { name } = item.column.column;
    const own =
      table.primaryKey.length === 1 && table.primaryKey[0] === name ? [{ columns: [name], table: table.name, references: [name] }] : [];
    return [...own, ...table.foreignKeys.filter((key) => key.columns.length === 1 && key.columns[0] === name)];
  };
  const name = columns[position]?.name ?? '';
  const shared = keysOf(scalar).filter((key) =>
    branches.every((branch) =>
      keysOf(branch.scalars[position]).some((other) => other.table === key.table && other.references[0] === key.references[0]),
    ),
  );
  return shared.map((key) => ({ ...key, columns: [name] }));
}

/** The path by which every branch's rows find their unit in one column; otherwise none that a join can follow. */
function sharedPath(branches: readonly DerivedBranch[], type: string, columns: readonly Column[]): UnitPath {
  for (const [position, column] of columns.entries()) {
    const direct = branches.every((branch) => {
      const scalar = branch.scalars[position];
      const path = scalar?.kind === 'column' ? scalar.column.instance.table.units[type] : undefined;
      return scalar?.kind === 'column' && path !== undefined && path.hops.length === 0 && path.column === scalar.column.column.name;
    });
    if (direct) return { hops: [], column: column.name };
  }
  return { hops: [{ from: '', table: '', to: '' }], column: '' };
}

/** The type in which both columns fit: whole numbers as BIGINT, other numbers as DOUBLE, which is added up in fixed point. */
function commonType(a: Column, b: Column): string {
  if (a.type === b.type) return a.type;
  const [x, y] = [typeClass(a), typeClass(b)];
  if (x === 'number' && y === 'number') return typeScale(a) === 0 && typeScale(b) === 0 ? 'BIGINT' : 'DOUBLE';
  return refuseConstruct(`UNION ALL of a column of type ${a.type} and one of type ${b.type}`, { line: 1, column: 1 });
}
