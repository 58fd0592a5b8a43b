import type { Catalog } from '../case-file.ts';
import { quoteName, type RealData } from '../real-data.ts';
import { callsOf } from './read-query.ts';
import { asList, asTrees, parseExpression, type Tree } from './syntax.ts';

/** The unit of a row as an expression over FROM; one for each instance of a table and each type of unit. */
export interface UnitColumn {
  readonly unitType: string;
  readonly sql: string;
}

/** Begins what stands for a unit where an inner query mixes several of them in one row. */
const MIXED = '\u0001mixed';
const BETWEEN = '\u0002';

/** The units behind one row, and whether there are several. */
export function holdersIn(text: string): { readonly units: readonly string[]; readonly isMixed: boolean } {
  if (!text.includes(MIXED)) return { units: [text], isMixed: false };
  const units = text.split(BETWEEN).flatMap((part) => (part.startsWith(MIXED) ? part.slice(MIXED.length) : part) || []);
  return { units: [...new Set(units)], isMixed: true };
}

export interface TagFrame {
  readonly catalog: Catalog;
  readonly data: RealData;
  readonly aggregates: ReadonlySet<string>;
}

/** Derived tables without a name get one. */
let aliases = 0;

export const tag = (type: string): string => `__unit_${type}`;

interface Tagged {
  readonly tree: Tree;
  readonly units: readonly UnitColumn[];
}

/**
 * FROM with the units of its rows as columns: those of base tables as the views of the schema `tagged` have them, carried
 * through derived tables. Null where a relation is of another kind, or a name is neither a table nor a released stage.
 */
export async function tagFrom(from: Tree, frame: TagFrame): Promise<Tagged | null> {
  switch (from.type) {
    case 'BASE_TABLE': {
      const table = String(from.table_name);
      const entry = frame.catalog[table];
      if (entry === undefined && !/^__[gs]\d+$/.test(table)) return null;
      const units = entry?.units ?? {};
      const name = String(from.alias ?? '') === '' ? table : String(from.alias);
      return {
        tree: from,
        units: Object.keys(units).map((type) => ({ unitType: type, sql: `${quoteName(name)}.${quoteName(tag(type))}` })),
      };
    }
    case 'JOIN':
      return tagJoin(from, frame);
    case 'SUBQUERY': {
      const inner = await tagQuery((from.subquery as Tree).node as Tree, frame);
      if (inner === null) return null;
      const alias = String(from.alias ?? '') === '' ? `__own${aliases++}` : String(from.alias);
      const tree = { ...from, alias, subquery: { ...(from.subquery as Tree), node: inner.tree } };
      return { tree, units: inner.names.map(({ unitType, name }) => ({ unitType, sql: `${quoteName(alias)}.${quoteName(name)}` })) };
    }
    case 'EMPTY':
    case 'EXPRESSION_LIST':
    case 'COLUMN_DATA':
      return { tree: from, units: [] };
    default:
      return null;
  }
}

/** A row without a partner belongs to the unit of the other side: it stands there because that unit does. */
async function tagJoin(from: Tree, frame: TagFrame): Promise<Tagged | null> {
  const left = await tagFrom(from.left as Tree, frame);
  const right = await tagFrom(from.right as Tree, frame);
  if (left === null || right === null) return null;
  const tree = { ...from, left: left.tree, right: right.tree };
  const filled = (own: readonly UnitColumn[], other: readonly UnitColumn[]): readonly UnitColumn[] =>
    own.map((unit) => {
      const partner = other.find((item) => item.unitType === unit.unitType);
      return partner === undefined ? unit : { ...unit, sql: `coalesce(${unit.sql}, ${partner.sql})` };
    });
  switch (from.join_type) {
    case 'INNER':
      return { tree, units: [...left.units, ...right.units] };
    case 'LEFT':
      return { tree, units: [...left.units, ...filled(right.units, left.units)] };
    case 'RIGHT':
      return { tree, units: [...filled(left.units, right.units), ...right.units] };
    case 'OUTER':
    case 'FULL':
      return { tree, units: [...filled(left.units, right.units), ...filled(right.units, left.units)] };
    case 'SEMI':
    case 'ANTI':
      return { tree, units: left.units };
    default:
      return null;
  }
}

interface TaggedQuery {
  readonly tree: Tree;
  readonly names: readonly { readonly unitType: string; readonly name: string }[];
}

/** A derived table that gives the units of its rows as further columns at its end. */
async function tagQuery(node: Tree, frame: TagFrame): Promise<TaggedQuery | null> {
  if (asList((node.cte_map as Tree | undefined)?.map).length > 0) return null;
  if (node.type === 'SET_OPERATION_NODE') return tagUnion(node, frame);
  if (node.type !== 'SELECT_NODE') return null;
  const inner = await tagFrom(node.from_table as Tree, frame);
  if (inner === null) return null;
  const names = namesOf(inner.units);
  const isGrouped =
    asList(node.group_expressions).length > 0 ||
    callsOf(node.select_list, frame.aggregates).length > 0 ||
    node.aggregate_handling === 'FORCE_AGGREGATES';
  const items: Tree[] = [];
  for (const [index, unit] of inner.units.entries()) {
    const one = `CASE WHEN min(${unit.sql}) IS DISTINCT FROM max(${unit.sql}) THEN '${MIXED}${BETWEEN}' || string_agg(DISTINCT ${unit.sql}, '${BETWEEN}') ELSE min(${unit.sql}) END`;
    items.push({ ...(await parseExpression(isGrouped ? one : unit.sql, frame.data)), alias: names[index]?.name });
  }
  return { tree: { ...node, from_table: inner.tree, select_list: [...asTrees(node.select_list), ...items] }, names };
}

function namesOf(units: readonly UnitColumn[]): TaggedQuery['names'] {
  return units.map(({ unitType }, index) => {
    const earlier = units.slice(0, index).filter((unit) => unit.unitType === unitType).length;
    return { unitType, name: `${tag(unitType)}${earlier === 0 ? '' : `_${earlier}`}` };
  });
}

/** UNION: both sides get the same columns; where one side has no such unit, NULL. */
async function tagUnion(node: Tree, frame: TagFrame): Promise<TaggedQuery | null> {
  if (node.setop_type !== 'UNION' || node.setop_all !== true) return null;
  const left = await tagQuery(node.left as Tree, frame);
  const right = await tagQuery(node.right as Tree, frame);
  if (left === null || right === null) return null;
  const names = [...left.names, ...right.names.filter((item) => !left.names.some((other) => other.name === item.name))];
  const nothing = await parseExpression('CAST(NULL AS VARCHAR)', frame.data);
  const side = (query: TaggedQuery): Tree | null => {
    if (query.tree.type !== 'SELECT_NODE') return sameNames(query.names, names) ? query.tree : null;
    const items = asTrees(query.tree.select_list);
    const own = items.slice(0, items.length - query.names.length);
    const tags = names.map(({ name }) => items.find((item) => item.alias === name) ?? { ...nothing, alias: name });
    return { ...query.tree, select_list: [...own, ...tags] };
  };
  const [first, second] = [side(left), side(right)];
  return first === null || second === null ? null : { tree: { ...node, left: first, right: second }, names };
}

function sameNames(a: TaggedQuery['names'], b: TaggedQuery['names']): boolean {
  return a.length === b.length && a.every((item, index) => item.name === b[index]?.name);
}
