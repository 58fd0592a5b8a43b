/**
 * Second lock behind the gate's allow-list: over a sealed database a worker runs one SELECT over the tables of that
 * database, whose rows it may keep in memory, and nothing else. What DuckDB's settings leave open (`read_blob` of the database file, COPY into the folder
 * for spilling, ATTACH, `duckdb_logs`, statistics views, replacement scans) has no way in. Scalar and aggregate
 * functions are not judged here: that is the gate's work. Source: gate.md §10, sql-gate.md §4.2.
 */

const TABLE_FUNCTIONS = new Set(['range', 'generate_series', 'unnest']);
const TABLE_REFERENCES = new Set(['BASE_TABLE', 'JOIN', 'SUBQUERY', 'EMPTY', 'EXPRESSION_LIST', 'TABLE_FUNCTION']);

export interface SealedCatalog {
  /** Tables of the sealed database, in lower case. */
  readonly tables: ReadonlySet<string>;
  /** Rows that the session keeps, as tables of its own. */
  readonly kept: ReadonlySet<string>;
  /** Views that DuckDB brings along, in lower case: no name of a query may pass for one. */
  readonly systemViews: ReadonlySet<string>;
}

const KEEP = /^CREATE TEMP TABLE IF NOT EXISTS "(__m[0-9a-f]{16})" AS (SELECT [\s\S]*)$/;
const FORGET = /^DROP TABLE IF EXISTS temp\.main\."(__m[0-9a-f]{16})"$/;

/**
 * What a session is asked to do with rows that it keeps in its memory: the only statements besides SELECT, and of one
 * form each. The SELECT of what is to be kept is judged like any other. Source: ADR 0020.
 */
export function keptRowsIn(sql: string): { readonly name: string; readonly select: string | null } | undefined {
  const [, kept, select = null] = KEEP.exec(sql) ?? FORGET.exec(sql) ?? [];
  return kept === undefined ? undefined : { name: kept, select };
}

type Node = Readonly<Record<string, unknown>>;

/** Whether the parse tree, as `json_serialize_sql` gives it, is one SELECT over tables of the catalog. */
export function readsOnlySealedTables(serialised: string, catalog: SealedCatalog): boolean {
  const root = JSON.parse(serialised) as Node;
  if (root['error'] !== false || !Array.isArray(root['statements']) || root['statements'].length !== 1) return false;
  const nodes = everyNode(root);
  const named = new Set<string>();
  for (const name of nodes.flatMap(commonTableNames)) {
    if (catalog.systemViews.has(name) || /[./\\]/.test(name)) return false;
    named.add(name);
  }
  return nodes.every((node) => isAllowed(node, catalog, named));
}

function everyNode(root: Node): readonly Node[] {
  const found: Node[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) found.push(value as Node);
    for (const child of Object.values(value)) open.push(child);
  }
  return found;
}

function commonTableNames(node: Node): readonly string[] {
  const names: string[] = [];
  const map = (node['cte_map'] as Node | undefined)?.['map'];
  if (Array.isArray(map)) for (const entry of map) names.push(String((entry as Node)['key']).toLowerCase());
  if (node['type'] === 'RECURSIVE_CTE_NODE' || node['type'] === 'CTE_NODE') names.push(String(node['cte_name']).toLowerCase());
  return names;
}

function isAllowed(node: Node, catalog: SealedCatalog, named: ReadonlySet<string>): boolean {
  const type = node['type'];
  const isTableReference = !('class' in node) && 'sample' in node && 'alias' in node;
  if (!isTableReference) return type !== 'SHOW_REF' && type !== 'TABLE_FUNCTION' && type !== 'BASE_TABLE';
  if (typeof type !== 'string' || !TABLE_REFERENCES.has(type)) return false;
  if (type === 'TABLE_FUNCTION') return isAllowedFunction(node['function']);
  if (type !== 'BASE_TABLE') return true;
  const name = String(node['table_name']).toLowerCase();
  const database = [node['catalog_name'], node['schema_name']];
  const unqualified = database.every((part) => part === '');
  const ours = ['', 'sealed'].includes(String(database[0]).toLowerCase()) && ['', 'main'].includes(String(database[1]).toLowerCase());
  return node['at_clause'] === null && ours && (catalog.tables.has(name) || (unqualified && (named.has(name) || catalog.kept.has(name))));
}

function isAllowedFunction(value: unknown): boolean {
  const call = value as Node | null;
  return (
    call !== null && typeof call === 'object' && TABLE_FUNCTIONS.has(String(call['function_name']).toLowerCase()) && call['schema'] === ''
  );
}
