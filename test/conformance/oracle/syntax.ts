import type { RealData } from '../real-data.ts';

/** A node of the engine's syntax tree, as `json_serialize_sql` gives it. */
export type Tree = { [field: string]: unknown };

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asTrees(value: unknown): readonly Tree[] {
  return asList(value) as readonly Tree[];
}

/** The one statement of a text; throws where the engine cannot write it as a tree. Source: DuckDB, json_serialize_sql. */
export async function parseNode(sql: string, data: RealData): Promise<Tree> {
  const [row] = await data.rows('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', [sql]);
  // Places in the text do not survive JSON numbers.
  const tree = JSON.parse(String(row?.[0]), (field, value: unknown) => (field === 'query_location' ? undefined : value)) as Tree;
  const [statement, ...more] = asTrees(tree.statements);
  if (statement === undefined || more.length > 0) throw new Error('not one SELECT');
  return statement.node as Tree;
}

export async function printNode(node: Tree, data: RealData): Promise<string> {
  const tree = JSON.stringify({ error: false, statements: [{ node, named_param_map: [] }] });
  const [row] = await data.rows('SELECT json_deserialize_sql($1::JSON)', [tree]);
  return String(row?.[0]);
}

/** An expression as a tree. */
export async function parseExpression(sql: string, data: RealData): Promise<Tree> {
  const [item] = asTrees((await parseNode(`SELECT ${sql}`, data)).select_list);
  if (item === undefined) throw new Error('no expression');
  return item;
}

/** A node for a call of a function. */
export function call(name: string, children: readonly Tree[]): Tree {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: '',
    function_name: name,
    schema: '',
    catalog: '',
    children,
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
  };
}

export function not(child: Tree): Tree {
  return { class: 'OPERATOR', type: 'OPERATOR_NOT', alias: '', children: [child] };
}

export function integer(value: number): Tree {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value },
  };
}

/** TRUE and FALSE are casts of a text in the engine's tree; undefined: no constant. */
export function booleanConstant(node: unknown): boolean | undefined {
  const tree = node as Tree | null | undefined;
  const type = (tree?.cast_type as Tree | undefined)?.id;
  if (tree?.class !== 'CAST' || type !== 'BOOLEAN') return undefined;
  const value = ((tree.child as Tree).value as Tree | undefined)?.value;
  return value === 't' ? true : value === 'f' ? false : undefined;
}

/** A node without what does not change its meaning: alias, qualifiers of columns. */
export function textOf(node: unknown): string {
  return JSON.stringify(node, (field, value: unknown) => {
    if (field === 'alias') return undefined;
    return field === 'column_names' && Array.isArray(value) ? String(value.at(-1)).toLowerCase() : value;
  });
}

/** Every node of a tree for which `wanted` holds. */
export function nodesOf(node: unknown, wanted: (tree: Tree) => boolean): readonly Tree[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((item) => nodesOf(item, wanted));
  const tree = node as Tree;
  return [...(wanted(tree) ? [tree] : []), ...Object.values(tree).flatMap((value) => nodesOf(value, wanted))];
}

/** Names of all tables that a tree reads, with repeats. */
export function tablesOf(node: unknown): readonly string[] {
  return nodesOf(node, (tree) => tree.type === 'BASE_TABLE').map((tree) => String(tree.table_name));
}
