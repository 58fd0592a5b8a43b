import { foldName } from '../../../catalog/identifier.ts';
import type { FromItem } from '../ast.ts';
import { itemName } from '../compile/expressions.ts';
import { type Edit, type Rule, replaced, type Site } from './site.ts';
import { expressionsIn, standsAt, swapNodes } from './tree.ts';

/** Typing errors that are mended. */
const MAX_DISTANCE = 2;

/** A name that is nearly one of the grant: nothing beyond the grant is ever named. Source: gate.md §3.3. */
export const meantName: Rule = (site) => {
  const { refusal, tables } = site;
  if (refusal.code === 'sql.table_unknown') return meantTable(site);
  if (refusal.code !== 'sql.column_unknown') return [];
  const column = expressionsIn(site.query).find((part) => part.kind === 'column' && standsAt(part, refusal.at));
  if (column?.kind !== 'column') return [];
  const names = tables.flatMap((table) => table.columns.map((item) => item.name));
  return near(refusal.name.slice(refusal.name.lastIndexOf('.') + 1), names).map((name) => {
    const after = { ...column, path: [...column.path.slice(0, -1), name] };
    return { query: swapNodes(site.query, new Map([[column, after]])), changes: [replaced(column, after)] };
  });
};

function meantTable({ query, select, refusal, tables }: Site): readonly Edit[] {
  const item = tablesOf(select.from).find((from) => from.kind === 'table' && standsAt(from, refusal.at));
  if (item?.kind !== 'table') return [];
  return near(
    item.table,
    tables.map((table) => table.name),
  ).map((table) => {
    const alias = item.alias === '' ? item.table : item.alias;
    return { query: swapNodes(query, new Map([[item, { ...item, table, alias }]])), changes: [`replaced: ${item.table} → ${table}`] };
  });
}

/** The tables and subqueries of a FROM. */
export function tablesOf(from: FromItem | null): readonly Exclude<FromItem, { kind: 'join' }>[] {
  if (from === null) return [];
  return from.kind === 'join' ? [...tablesOf(from.left), ...tablesOf(from.right)] : [from];
}

function near(name: string, names: readonly string[]): readonly string[] {
  const allowed = Math.min(MAX_DISTANCE, Math.floor(name.length / 3));
  const ranked = [...new Set(names)].map((other) => ({ other, distance: distanceOf(foldName(name), foldName(other)) }));
  return ranked
    .filter((item) => item.distance > 0 && item.distance <= allowed)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 2)
    .map((item) => item.other);
}

/** Letters added, left out or changed. */
function distanceOf(left: string, right: string): number {
  const first = Array.from({ length: right.length + 1 }, (_, index) => index);
  const last = [...left].reduce<readonly number[]>((row, letter, i) => {
    const next = [i + 1];
    for (const [j, other] of [...right].entries())
      next.push(Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    return next;
  }, first);
  return last.at(-1) ?? 0;
}

/** A name of several tables is said to be of one of them, the first one first. */
export const qualifiedName: Rule = ({ query, select, refusal }) => {
  const column = expressionsIn(query).find((part) => part.kind === 'column' && part.path.length === 1 && standsAt(part, refusal.at));
  if (refusal.code !== 'sql.column_ambiguous' || column?.kind !== 'column') return [];
  const again = expressionsIn(query).filter(
    (part) => part.kind === 'column' && part.path.length === 1 && foldName(part.path[0] ?? '') === foldName(column.path[0] ?? ''),
  );
  return tablesOf(select.from).flatMap((from) => {
    const name = from.alias !== '' ? from.alias : from.kind === 'table' ? from.table : '';
    const after = { ...column, path: [name, ...column.path] };
    return name === ''
      ? []
      : [{ query: swapNodes(query, new Map(again.map((part) => [part, after]))), changes: [replaced(column, after)] }];
  });
};

/** Columns of one name get names of their own. */
export const ownNames: Rule = ({ query, select, refusal }) => {
  if (refusal.code !== 'sql.name_repeated') return [];
  const seen = new Set<string>();
  const changes: string[] = [];
  const items = select.items.map((item, index) => {
    const name = foldName(itemName(item, index));
    if (!seen.has(name)) {
      seen.add(name);
      return item;
    }
    const alias = `${/^\w+/.exec(name)?.[0] ?? 'column'}_${index + 1}`;
    changes.push(`added: AS ${alias}`);
    return { ...item, alias };
  });
  return changes.length === 0 ? [] : [{ query: { ...query, body: { ...select, items } }, changes }];
};
