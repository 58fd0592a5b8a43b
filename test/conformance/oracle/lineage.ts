import type { Catalog } from '../case-file.ts';
import { asList, asTrees, type Tree } from './syntax.ts';
import type { UnitColumns } from './unit-columns.ts';

/** By the catalogue: the end of a unit path, a column that points to it, or a column of that role. */
export function unitColumns(catalog: Catalog): UnitColumns {
  return (table, column) => {
    const entry = catalog[table];
    for (const path of Object.values(entry?.units ?? {})) {
      const end = path.at(-1) ?? '';
      const isPointer = path.length === 2 && new RegExp(`^\\s*${column}\\s*->.*\\.${end}\\s*$`).test(path[0] ?? '');
      if ((path.length === 1 && end === column) || isPointer) return end.toLowerCase();
    }
    const isEnd = Object.values(catalog).some((other) =>
      Object.values(other.units ?? {}).some((path) => path.at(-1) === column && (path.at(-2) ?? '').includes(` ${table}.`)),
    );
    return isEnd || entry?.columns?.[column] === 'unitId' ? column.toLowerCase() : null;
  };
}

/** The column of units' ids that a column reference comes from, through derived tables; null where it is something else. */
export function unitOf(reference: Tree, from: Tree, isUnit: UnitColumns): string | null {
  if (reference.class !== 'COLUMN_REF') return null;
  const names = asList(reference.column_names).map(String);
  const [column = '', table = null] = [names.at(-1), names.at(-2)];
  for (const source of sourcesOf(from)) {
    if (table !== null && nameOf(source) !== table) continue;
    const found = unitIn(source, column, isUnit);
    if (found !== null) return found;
  }
  return null;
}

function sourcesOf(from: Tree): readonly Tree[] {
  return from.type === 'JOIN' ? [...sourcesOf(from.left as Tree), ...sourcesOf(from.right as Tree)] : [from];
}

function nameOf(source: Tree): string {
  const alias = String(source.alias ?? '');
  return alias === '' ? String(source.table_name ?? '') : alias;
}

function unitIn(source: Tree, column: string, isUnit: UnitColumns): string | null {
  if (source.type === 'BASE_TABLE') return isUnit(String(source.table_name), column);
  return source.type === 'SUBQUERY' ? unitInQuery((source.subquery as Tree).node as Tree, column, null, isUnit) : null;
}

function unitInQuery(node: Tree, column: string, position: number | null, isUnit: UnitColumns): string | null {
  if (node.type === 'SET_OPERATION_NODE') {
    const left = node.left as Tree;
    const place = position ?? asTrees(firstSelect(left).select_list).findIndex((item) => itemName(item) === column);
    const [first = null, second = null] = [left, node.right as Tree].map((side) => unitInQuery(side, column, place, isUnit));
    return second === null ? null : first;
  }
  const items = asTrees(node.select_list);
  const item = position === null ? items.find((one) => itemName(one) === column) : items[position];
  return item === undefined ? null : unitOf(item, node.from_table as Tree, isUnit);
}

function firstSelect(node: Tree): Tree {
  return node.type === 'SET_OPERATION_NODE' ? firstSelect(node.left as Tree) : node;
}

function itemName(item: Tree): string {
  const alias = String(item.alias ?? '');
  return alias === '' && item.class === 'COLUMN_REF' ? String(asList(item.column_names).at(-1)) : alias;
}
