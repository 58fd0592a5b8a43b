import { readColumnType } from '../../../catalog/column-type.ts';
import type { Column, Table } from '../../../catalog/dataset.ts';
import type { Expression, FromItem, JoinItem, Position } from '../ast.ts';
import type { JoinKey, TableInstance } from '../model/bound.ts';
import type { Scalar, Test } from '../model/scalar.ts';
import { MERCHANT_VALUE } from './columns-leaf.ts';
import type { Frame } from './frame.ts';
import { conjuncts, splitKeys, usingKey } from './join-keys.ts';
import { starSelect, withNames } from './named-columns.ts';
import { sameName, scalarToken, tableToken } from './names.ts';
import { addOpenStage } from './open-stage.ts';
import { optionalScalar, optionalTest } from './optional.ts';
import { refuse, refuseConstruct } from './refusal.ts';
import { resolveTest } from './resolve.ts';
import { joinRows, NO_ROWS, type OpenColumn, type OpenRelation, type Relation, type UnitRows } from './rows.ts';
import { lookUp, type Scope, type Source, sourceOf } from './scope.ts';
import { semiJoinOf } from './semi-join.ts';

/** A table or subquery of FROM, compiled once. */
export type Leaf = { readonly kind: 'base'; readonly table: Table } | { readonly kind: 'relation'; readonly relation: Relation };
export type Leaves = ReadonlyMap<FromItem, Leaf>;

/** Compiles every table and subquery of FROM. */
export function compileLeaves(item: FromItem, frame: Frame, leaves: Map<FromItem, Leaf> = new Map()): Leaves {
  if (item.kind === 'join') {
    compileLeaves(item.left, frame, leaves);
    compileLeaves(item.right, frame, leaves);
  } else leaves.set(item, leafOf(item, frame));
  return leaves;
}

function leafOf(item: Exclude<FromItem, JoinItem>, frame: Frame): Leaf {
  if (item.kind === 'subquery')
    return { kind: 'relation', relation: frame.compile(item.query, { ...frame, depth: frame.depth + 1, called: item.alias }) };
  if (item.kind === 'values') return { kind: 'relation', relation: valuesRelation(item) };
  const entry = frame.commonTables.get(item.table.toLowerCase());
  if (entry === undefined) return { kind: 'base', table: frame.compilation.table(item.table, item.at) };
  if (entry.known.open !== null) return { kind: 'relation', relation: entry.known.open };
  const relation = renamed(
    frame.compile(entry.table.query, { ...entry.frame, depth: frame.depth + 1, called: entry.table.name }),
    entry.table.columns,
  );
  if (relation.kind === 'open') entry.known.open = relation;
  return { kind: 'relation', relation };
}

function renamed(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0) return relation;
  if (relation.kind === 'unit')
    return { ...relation, columns: relation.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name })) };
  return {
    ...relation,
    columns: relation.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name })),
    renamed: names,
  };
}

/** Rows that are written out hold constants: what a query among them reads would be read before any gate stands above it. */
function holdsQuery(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  return ('kind' in part && part.kind === 'subquery') || Object.values(part).some(holdsQuery);
}

function valuesRelation(item: Extract<FromItem, { kind: 'values' }>): OpenRelation {
  if (holdsQuery(item.rows)) refuseConstruct('subquery in VALUES', item.at);
  const width = item.rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, index): OpenColumn => {
    const first = item.rows[0]?.[index];
    const type = first?.kind === 'literal' ? LITERAL_TYPES[first.type] : undefined;
    return { name: item.columns[index] ?? `col${index}`, type: type ?? null, bare: false };
  });
  const body = starSelect(item);
  return {
    kind: 'open',
    query: { commonTables: [], body, orderBy: [], limit: null, offset: null },
    columns,
    oneRow: false,
    gated: false,
    literals: item.rows,
  };
}

const LITERAL_TYPES: Readonly<Record<string, string>> = {
  integer: 'BIGINT',
  decimal: 'DECIMAL(38,6)',
  double: 'DOUBLE',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** Whether some table of FROM has rows that belong to units. */
export function touchesUnits(leaves: Leaves): boolean {
  return [...leaves.values()].some((leaf) =>
    leaf.kind === 'base' ? leaf.table.visibility === 'protected' : leaf.relation.kind === 'unit',
  );
}

/** FROM over rows that belong to units, and the names it gives. */
export interface UnitFrom {
  readonly rows: UnitRows;
  readonly sources: readonly Source[];
  readonly merged: ReadonlySet<string>;
}

/** Joins the tables of FROM. Throws Refused. Source: gate.md §4 (joins). */
export function unitFrom(item: FromItem, leaves: Leaves, frame: Frame): UnitFrom {
  if (item.kind !== 'join') return leafRows(item, leaves, frame);
  const left = unitFrom(item.left, leaves, frame);
  const right = unitFrom(item.right, leaves, frame);
  const using = item.natural === true ? commonColumns(left.sources, right.sources, item.at) : item.using;
  return joined({ ...item, using }, left, right, frame);
}

/** The names that both sides of a NATURAL JOIN have. Throws Refused where there is none. Source: gate.md §3.3. */
export function commonColumns(
  left: readonly { readonly columns: readonly { readonly name: string }[] }[],
  right: readonly { readonly columns: readonly { readonly name: string }[] }[],
  at: Position,
): readonly string[] {
  const names = left.flatMap((source) => source.columns.map((column) => column.name));
  const others = new Set(right.flatMap((source) => source.columns.map((column) => column.name.toLowerCase())));
  const common = [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].filter((name) => others.has(name.toLowerCase()));
  return common.length > 0 ? common : refuseConstruct('NATURAL JOIN of tables without a column in common', at);
}

function joined(item: JoinItem, left: UnitFrom, right: UnitFrom, frame: Frame): UnitFrom {
  if (item.join === 'semi' || item.join === 'anti') {
    const tests = [...joinTests(item, left, right, frame), ...right.rows.tests];
    const keys = [...usingKeys(item, left, right, frame.compilation.reads.resolved), ...right.rows.keys];
    const test = semiJoinOf({ ...right.rows, keys, tests }, left.rows.instances, item.join === 'anti', frame.compilation, item.at);
    return { ...left, rows: { ...left.rows, tests: [...left.rows.tests, test] } };
  }
  const merged = new Set([...left.merged, ...right.merged, ...item.using.map((name) => name.toLowerCase())]);
  const sources = [...left.sources, ...right.sources];
  for (const [index, source] of sources.entries()) {
    const again = sources.findIndex((other) => sameName(other.name, source.name) && other.name !== '') !== index;
    if (again && source.name !== '') refuse('sql.name_repeated', { name: source.name, ...item.at });
  }
  if (item.join === 'left') return leftJoin(item, left, right, merged, frame);
  const rows = joinRows(left.rows, right.rows);
  const { keys, rest } = splitKeys(joinTests(item, left, right, frame));
  return {
    rows: {
      ...rows,
      keys: [...rows.keys, ...usingKeys(item, left, right, frame.compilation.reads.resolved), ...keys],
      tests: [...rows.tests, ...rest],
    },
    sources,
    merged,
  };
}

function joinTests(item: JoinItem, left: UnitFrom, right: UnitFrom, frame: Frame): readonly Test[] {
  if (item.on === null) return [];
  const scope: Scope = {
    sources: [...left.sources, ...right.sources],
    merged: new Set([...left.merged, ...right.merged]),
    aliases: new Map(),
    parent: frame.parent,
    seen: frame.compilation.reads.resolved,
  };
  return conjuncts(resolveTest(item.on, { scope, inner: frame.inner(frame) }));
}

function usingKeys(item: JoinItem, left: UnitFrom, right: UnitFrom, seen: Set<string>): readonly JoinKey[] {
  return item.using.map((name) => {
    const scalar = (side: UnitFrom): Scalar =>
      lookUp([name], { sources: side.sources, merged: side.merged, aliases: new Map(), parent: null, seen }, item.at) ??
      refuse('sql.column_unknown', { name, ...item.at });
    const key = usingKey(scalar(left), scalar(right));
    if (key === undefined && item.natural === true) return refuseConstruct(`NATURAL JOIN on "${name}", which is no declared key`, item.at);
    return key ?? refuse('sql.join_undeclared', { left: left.sources[0]?.name ?? '', right: right.sources[0]?.name ?? '', ...item.at });
  });
}

/** The right side becomes one optional instance; what its rows must satisfy goes into ON. */
function leftJoin(item: JoinItem, left: UnitFrom, right: UnitFrom, merged: ReadonlySet<string>, frame: Frame): UnitFrom {
  const [instance, ...more] = right.rows.instances;
  if (instance === undefined) return { rows: left.rows, sources: [...left.sources, ...right.sources], merged };
  if (more.length > 0)
    return refuseConstruct(
      'LEFT JOIN of several tables at once (join them one after the other, or aggregate the inner query per unit)',
      item.at,
    );
  const optional: TableInstance = { ...instance, optional: true };
  const swap = new Map([[instance, optional]]);
  const moved = right.sources.map((source) => ({
    ...source,
    columns: source.columns.map((column) => ({ ...column, scalar: optionalScalar(column.scalar, swap) })),
  }));
  const side: UnitFrom = { ...right, sources: moved };
  const { keys, rest } = splitKeys(joinTests(item, left, side, frame));
  const own = right.rows.tests.map((test) => optionalTest(test, swap));
  const rows: UnitRows = {
    instances: [...left.rows.instances, optional],
    keys: [...left.rows.keys, ...usingKeys(item, left, side, frame.compilation.reads.resolved), ...keys],
    tests: left.rows.tests,
    loose: left.rows.loose,
    optionalTests: new Map([...left.rows.optionalTests, [optional.index, [...own, ...rest]]]),
  };
  return { rows, sources: [...left.sources, ...moved], merged };
}

function leafRows(item: Exclude<FromItem, JoinItem>, leaves: Leaves, frame: Frame): UnitFrom {
  const leaf = leaves.get(item);
  if (leaf === undefined) throw new Error('A table of FROM was not compiled');
  const merged: ReadonlySet<string> = new Set();
  if (leaf.kind === 'base') {
    const instance = frame.compilation.baseInstance(leaf.table, item.alias === '' ? leaf.table.name : item.alias, item.at);
    return {
      rows: { ...NO_ROWS, instances: [instance] },
      sources: [{ ...sourceOf(instance, item.columns), name: item.alias === '' ? leaf.table.name : item.alias }],
      merged,
    };
  }
  const name = item.alias !== '' ? item.alias : item.kind === 'table' ? item.table : '';
  const { relation } = leaf;
  if (relation.kind === 'unit') {
    const columns = relation.columns.map((column, index) => ({ ...column, name: item.columns[index] ?? column.name }));
    return { rows: relation.rows, sources: [{ name, columns }], merged };
  }
  return releasedRows(relation, name, item.columns, item.at, frame);
}

/** Released or public rows among rows that belong to units: constants where it is one row, else a public table. */
function releasedRows(relation: OpenRelation, name: string, renames: readonly string[], at: Position, frame: Frame): UnitFrom {
  const { compilation } = frame;
  const stage = addOpenStage({ ...relation, query: withNames(relation.query, [relation.renamed ?? [], renames], at) }, compilation, at);
  const label = (column: OpenColumn, index: number): string => renames[index] ?? column.name;
  if (relation.oneRow) {
    const columns = relation.columns.map((column, index) => ({
      name: label(column, index),
      scalar: { kind: 'released', token: scalarToken(stage, index, !column.bare), bare: column.bare, at } as const,
    }));
    return { rows: NO_ROWS, sources: [{ name, columns }], merged: new Set() };
  }
  const columns = relation.columns.map(
    (column, index): Column => ({
      name: label(column, index),
      type: column.type !== null && readColumnType(column.type) !== undefined ? column.type : 'VARCHAR',
      label: 'none',
      role: 'dimension',
      nullable: true,
      publicDomain: false,
      factFamily: `released.${column.name}`,
      ...(column.bare && relation.gated ? {} : { semantic: MERCHANT_VALUE }),
    }),
  );
  const index = compilation.nextInstance(at);
  const table: Table = {
    name: `__r${index}`,
    visibility: 'public',
    primaryKey: [],
    foreignKeys: [],
    units: {},
    standingFilters: [],
    columns,
  };
  const instance: TableInstance = {
    index,
    name: compilation.shownName(name === '' ? table.name : name),
    table,
    source: [tableToken(stage)],
    shown: [stage],
    baseTables: [],
    optional: false,
    touched: [],
    ...(relation.literals === undefined ? {} : { literals: literalColumns(columns, relation.literals) }),
    at,
  };
  return { rows: { ...NO_ROWS, instances: [instance] }, sources: [{ ...sourceOf(instance, []), name }], merged: new Set() };
}

function literalColumns(columns: readonly Column[], rows: readonly (readonly Expression[])[]): ReadonlyMap<string, readonly Expression[]> {
  return new Map(columns.map((column, index) => [column.name, rows.flatMap((row) => row[index] ?? [])]));
}
