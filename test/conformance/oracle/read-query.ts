/** A node of the engine's syntax tree, as `json_serialize_sql` gives it. */
export type Tree = { [field: string]: unknown };

/** An aggregate call of the outer SELECT, as a component that adds up over units. */
export interface Component {
  /** Position of the output column it stands in. */
  readonly output: number;
  readonly kind: 'count' | 'sum' | 'raw';
  /** The same for calls of the same argument: what a reader may add and subtract. */
  readonly family: string;
  /** What to compute per cell and unit. `raw`: the list of values. */
  readonly node: Tree;
  /** For sums: the summand, for value classes. */
  readonly argument: Tree | null;
}

/** The outer SELECT of a query taken apart. */
export interface Shape {
  readonly node: Tree;
  readonly keys: readonly { readonly node: Tree; readonly output: number | null; readonly column: string | null }[];
  readonly components: readonly Component[];
  /** How each base table of FROM is called; empty where FROM holds a subquery. */
  readonly instances: readonly { readonly table: string; readonly name: string }[];
  readonly isFlat: boolean;
  readonly outputs: number;
}

const SUMS: ReadonlySet<string> = new Set(['sum', 'avg', 'mean']);
const COUNTS: ReadonlySet<string> = new Set(['count', 'count_star', 'count_if']);

/** Takes a statement apart; null where it is no single SELECT. */
export function readShape(tree: unknown, aggregates: ReadonlySet<string>): Shape | null {
  const statements = asList((tree as Tree).statements);
  const node = (statements[0] as Tree | undefined)?.node as Tree | undefined;
  if (statements.length !== 1 || node?.type !== 'SELECT_NODE') return null;
  const items = asList(node.select_list) as Tree[];
  const isAggregate = (item: Tree): boolean => callsOf(item, aggregates).length > 0;
  const grouped =
    node.aggregate_handling === 'FORCE_AGGREGATES' || isDistinct(node)
      ? items.filter((item) => !isAggregate(item))
      : (asList(node.group_expressions) as Tree[]);
  const keys = grouped.map((expression) => {
    const target = aliased(expression, items);
    const output = items.findIndex((item) => same(item, target));
    return { node: target, output: output < 0 ? null : output, column: columnName(target) };
  });
  const components = items.flatMap((item, output) => callsOf(item, aggregates).flatMap((call) => componentsOf(call, output)));
  // A row without aggregates still says that the label exists: as much as its count.
  const whole =
    components.length > 0
      ? components
      : [{ output: -1, kind: 'count' as const, family: 'count', node: call('count_star', []), argument: null }];
  const instances = instancesOf(node.from_table as Tree);
  return { node, keys, components: whole, instances: instances ?? [], isFlat: instances !== null, outputs: items.length };
}

export function isDistinct(node: Tree): boolean {
  return asList(node.modifiers).some((item) => (item as Tree).type === 'DISTINCT_MODIFIER');
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What a grouping expression stands for: a position, an alias or itself. */
function aliased(expression: Tree, items: readonly Tree[]): Tree {
  if (expression.class === 'CONSTANT') return items[Number((expression.value as Tree | undefined)?.value) - 1] ?? expression;
  const names = asList(expression.column_names);
  if (expression.class !== 'COLUMN_REF' || names.length !== 1) return expression;
  return items.find((item) => item.alias === names[0] && item.class !== 'COLUMN_REF') ?? expression;
}

function columnName(node: Tree): string | null {
  return node.class === 'COLUMN_REF' ? String(asList(node.column_names).at(-1)) : null;
}

function same(a: Tree, b: Tree): boolean {
  return textOf(a) === textOf(b);
}

/** A node without what does not change its meaning: alias, place in the text, qualifiers of columns. */
export function textOf(node: unknown): string {
  return JSON.stringify(node, (field, value: unknown) => {
    if (field === 'alias' || field === 'query_location') return undefined;
    return field === 'column_names' && Array.isArray(value) ? String(value.at(-1)).toLowerCase() : value;
  });
}

function nameOf(node: Tree | undefined): string {
  return node === undefined ? '*' : (columnName(node)?.toLowerCase() ?? textOf(node));
}

/** Aggregate calls inside an expression of this SELECT; not those of its subqueries, nor windows. */
function callsOf(node: unknown, aggregates: ReadonlySet<string>): readonly Tree[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((item) => callsOf(item, aggregates));
  const tree = node as Tree;
  if (tree.class === 'SUBQUERY' || tree.class === 'WINDOW') return [];
  if (tree.class === 'FUNCTION' && aggregates.has(String(tree.function_name))) return [tree];
  return Object.values(tree).flatMap((value) => callsOf(value, aggregates));
}

function componentsOf(item: Tree, output: number): readonly Component[] {
  const name = String(item.function_name);
  const [argument] = asList(item.children) as Tree[];
  const filter = item.filter ?? null;
  if (COUNTS.has(name))
    return [
      {
        output,
        kind: 'count',
        family: item.distinct === true ? `count(DISTINCT ${nameOf(argument)})` : 'count',
        node: item,
        argument: null,
      },
    ];
  if (argument === undefined) return [];
  const summed: Component = {
    output,
    kind: 'sum',
    family: `sum(${nameOf(argument)})`,
    node: { ...item, function_name: 'sum', distinct: false },
    argument,
  };
  if (name === 'sum') return [summed];
  const counted: Component = { output, kind: 'count', family: 'count', node: { ...call('count', [argument]), filter }, argument: null };
  if (SUMS.has(name) || /^(stddev|var)/.test(name)) return [summed, counted];
  return [{ output, kind: 'raw', family: `raw ${name}(${nameOf(argument)})`, node: { ...call('list', [argument]), filter }, argument }];
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

export function column(...names: readonly string[]): Tree {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', column_names: names };
}

function instancesOf(from: Tree | undefined): readonly { readonly table: string; readonly name: string }[] | null {
  if (from?.type === 'BASE_TABLE') {
    const table = String(from.table_name);
    return [{ table, name: from.alias === '' || from.alias === undefined ? table : String(from.alias) }];
  }
  if (from?.type !== 'JOIN') return null;
  const [left, right] = [instancesOf(from.left as Tree), instancesOf(from.right as Tree)];
  return left === null || right === null ? null : [...left, ...right];
}
