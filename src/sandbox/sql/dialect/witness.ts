import { foldName } from '../../../catalog/identifier.ts';
import { loadParser } from './load-parser.ts';
import { isTreeNode, items, type TreeNode } from './tree.ts';

/** Base tables and columns of a query, lower case, each once, sorted. */
export interface Seen {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
}

export type Witness = (canonicalSql: string) => Seen | undefined;

interface Sight {
  readonly tables: Set<string>;
  readonly columns: Set<string>;
  /** Names that a query gives itself: of output columns and of the columns of subqueries. */
  readonly given: Set<string>;
}

/** Quoted names, which stay, and strings, of which node-sql-parser reads backslashes in its own way. */
const QUOTED = /"(?:[^"]|"")*"|'(?:[^']|'')*'/g;

/**
 * A second reader of our canonical DuckDB text that shares no code with the first: node-sql-parser's grammar for
 * PostgreSQL. It gives the base tables (names of WITH left out where they are in scope) and the columns that it sees,
 * and undefined where it cannot read the text (or a name holds a quote), which says nothing.
 *
 * It does not see which table a column belongs to, columns behind `*` or USING, nor a column whose name the query also
 * gives to an output; it takes no part in types, literals, conditions or grouping.
 * Source: gate.md §3.4.
 */
export async function loadWitness(): Promise<Witness> {
  const parser = await loadParser('postgresql');
  return (canonicalSql) => {
    const pieces = canonicalSql.match(QUOTED) ?? [];
    if (pieces.some((piece) => piece.startsWith('"') && piece.slice(1, -1).includes('"'))) return undefined;
    const tree = readTree(() => parser.tree(canonicalSql.replace(QUOTED, (piece) => (piece.startsWith("'") ? "'1'" : piece))));
    if (tree === undefined) return undefined;
    const sight: Sight = { tables: new Set(), columns: new Set(), given: new Set() };
    visitQuery(tree, new Set(), sight);
    const columns = [...sight.columns].filter((name) => !sight.given.has(name));
    return { tables: [...sight.tables].sort(), columns: columns.sort() };
  };
}

/**
 * Whether what the witness saw fits our own reading: the same base tables, and no column that we did not see. Names are
 * compared without regard to case. Columns that only we saw are no disagreement: it does not see all.
 * Source: gate.md §3.4.
 */
export function witnessAgrees(seen: Seen, ours: { readonly tables: readonly string[]; readonly columns: readonly string[] }): boolean {
  const [tables, columns] = [new Set(ours.tables.map(foldName)), new Set(ours.columns.map(foldName))];
  const sameTables = seen.tables.length === tables.size && seen.tables.every((name) => tables.has(name));
  return sameTables && seen.columns.every((name) => columns.has(name));
}

/** Whatever node-sql-parser throws, it cannot read the text. */
function readTree(read: () => unknown): TreeNode | undefined {
  try {
    const tree = read();
    const only = Array.isArray(tree) && tree.length === 1 ? tree[0] : tree;
    return isTreeNode(only) && only.type === 'select' ? only : undefined;
  } catch {
    return undefined;
  }
}

/** `scope`: names of WITH that hide tables here. A name of WITH is in scope for those after it and for the query. */
function visitQuery(query: TreeNode, scope: ReadonlySet<string>, sight: Sight): void {
  const inner = new Set(scope);
  for (const item of items(query.with)) {
    if (!isTreeNode(item)) continue;
    const body = isTreeNode(item.stmt) && isTreeNode(item.stmt.ast) ? item.stmt.ast : item.stmt;
    if (isTreeNode(body)) visitQuery(body, inner, sight);
    for (const column of items(item.columns)) give(isTreeNode(column) ? column.column : column, sight);
    inner.add(foldName(textOf(item.name)));
  }
  for (const item of items(query.columns)) if (isTreeNode(item)) give(item.as, sight);
  for (const [key, value] of Object.entries(query)) {
    if (key === '_next' && isTreeNode(value)) visitQuery(value, inner, sight);
    else if (key !== 'with' && key !== '_next') visit(value, inner, sight);
  }
}

function visit(value: unknown, scope: ReadonlySet<string>, sight: Sight): void {
  if (Array.isArray(value)) for (const item of value) visit(item, scope, sight);
  if (!isTreeNode(value)) return;
  // A subquery node repeats the fields of its tree.
  const below = isTreeNode(value.ast) ? [] : Object.values(value);
  if (isTreeNode(value.ast)) visitQuery(value.ast, scope, sight);
  else if (value.type === 'column_ref') {
    const name = foldName(textOf(value.column));
    if (name !== '*') sight.columns.add(name);
  } else if ('table' in value && 'db' in value && typeof value.table === 'string') {
    const name = foldName(value.table);
    if (!scope.has(name) || value.db) sight.tables.add(name);
  }
  for (const item of below) visit(item, scope, sight);
}

function give(value: unknown, sight: Sight): void {
  const name = textOf(value);
  if (name !== '') sight.given.add(foldName(name));
}

/** A name, bare or within nodes; empty without any. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isTreeNode(value)) return '';
  return textOf(value.value ?? value.expr ?? value.column);
}
