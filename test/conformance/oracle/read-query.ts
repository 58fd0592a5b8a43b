import { unitOf } from './lineage.ts';
import { type LinearForm, linearForm, single } from './linear-form.ts';
import { asList, asTrees, booleanConstant, call, nodesOf, not, type Tree, textOf } from './syntax.ts';
import type { UnitColumns } from './unit-columns.ts';

/** An aggregate call of the outer SELECT, or a part of one, as something that every unit has its share in. */
export interface Component {
  /** Position of the output column it stands in; −1: the row itself. */
  readonly output: number;
  /** `sum` and `count` add up over units; `values` is the list of a unit's values; `squares`, `products` come from such lists. */
  readonly kind: 'count' | 'sum' | 'values' | 'squares' | 'products';
  /** The same for calls of the same argument: what a reader may add and subtract. */
  readonly family: string;
  /** What to compute per cell and unit. */
  readonly node: Tree;
  /** Whether the reader of the output knows this part as such, or only mixed with others. */
  readonly isBare: boolean;
  /** Columns that are added up; none of a count. */
  readonly reads: readonly string[];
}

/** How an output is compared with what was released. */
export type OutputRule =
  | { readonly kind: 'exact' }
  /** A quantile, minimum or maximum: averaged or trimmed. `values`: index of the component with all values. */
  | { readonly kind: 'quantile'; readonly q: number; readonly values: number }
  | { readonly kind: 'distinct'; readonly values: number };

/** The outer SELECT of a query taken apart. */
export interface Shape {
  readonly node: Tree;
  readonly keys: readonly { readonly node: Tree; readonly output: number | null; readonly column: string | null }[];
  readonly outputs: readonly Tree[];
  readonly components: readonly Component[];
  readonly rules: readonly OutputRule[];
  /** By output: how it is made of its components; null where it is no quotient of sums of them. */
  readonly forms: readonly (LinearForm | null)[];
}

const COUNTS: ReadonlySet<string> = new Set(['count', 'count_star', 'count_if']);
const MOMENT = /^(stddev|var|variance)/;
const PAIR = /^(corr|covar_|regr_)/;
const QUANTILE = /^(quantile|median$|min$|max$)/;

/**
 * Takes a SELECT apart; null where it is none, or has several grouping sets.
 *
 * @param isUnit  which columns hold units' ids: their distinct values are units.
 */
export function readShape(node: Tree, aggregates: ReadonlySet<string>, isUnit: UnitColumns): Shape | null {
  if (node.type !== 'SELECT_NODE' || asList(node.group_sets).length > 1) return null;
  const items = asTrees(node.select_list);
  const groups = isGroupedByItems(node) ? items.filter((item) => callsOf(item, aggregates).length === 0) : asTrees(node.group_expressions);
  const keys = groups.map((expression) => {
    const target = aliased(expression, items);
    const output = items.findIndex((item) => textOf(item) === textOf(target));
    return { node: target, output: output < 0 ? null : output, column: columnName(target) };
  });
  const components: Component[] = [];
  const forms: (LinearForm | null)[] = [];
  const rules = items.map((item, output): OutputRule => {
    const calls = callsOf(item, aggregates).filter((one) => booleanConstant(one.filter) !== false);
    const first = components.length;
    const parts = new Map<Tree, readonly Component[]>();
    for (const one of calls) {
      parts.set(
        one,
        componentsOf(one, output, calls.length === 1, (column) => unitOf(column, node.from_table as Tree, isUnit)),
      );
      components.push(...(parts.get(one) ?? []));
    }
    forms.push(linearForm(item, callsOf(item, aggregates), (one) => formOfCall(parts.get(one) ?? [], components)));
    const values = components.findIndex((component, index) => index >= first && component.kind === 'values');
    const [only] = calls;
    const name = String(only?.function_name);
    if (values < 0 || only === undefined) return { kind: 'exact' };
    if (QUANTILE.test(name)) return { kind: 'quantile', q: fractionOf(only), values };
    return COUNTS.has(name) ? { kind: 'distinct', values } : { kind: 'exact' };
  });
  // A row without aggregates still says that the label exists: as much as its count.
  if (components.length === 0)
    components.push({ output: -1, kind: 'count', family: 'count', node: call('count_star', []), isBare: true, reads: [] });
  return { node, keys, outputs: items.map((item) => zeroForNothing(item, aggregates)), components, rules, forms };
}

/** A sum or number is itself, an average its sum by its number. */
function formOfCall(parts: readonly Component[], all: readonly Component[]): LinearForm | null {
  const [sum, count, ...more] = parts.map((part) => ({ kind: part.kind, form: single(all.indexOf(part)) }));
  if (sum === undefined || more.length > 0) return null;
  if (count === undefined) return sum.kind === 'sum' || sum.kind === 'count' ? sum.form : null;
  return sum.kind === 'sum' && count.kind === 'count' ? { over: sum.form.over, under: count.form.over } : null;
}

function isGroupedByItems(node: Tree): boolean {
  return node.aggregate_handling === 'FORCE_AGGREGATES' || asTrees(node.modifiers).some((item) => item.type === 'DISTINCT_MODIFIER');
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

function columnsIn(node: Tree): readonly string[] {
  return [...new Set(nodesOf(node, (tree) => tree.class === 'COLUMN_REF').map((tree) => String(columnName(tree)).toLowerCase()))];
}

/** A product of bare columns is the same in any order. */
function summand(node: Tree): string {
  const factors = (tree: Tree): readonly string[] | null => {
    if (tree.class === 'COLUMN_REF') return [nameOf(tree)];
    const [first, second, ...more] = asTrees(tree.children);
    if (tree.function_name !== '*' || first === undefined || second === undefined || more.length > 0) return null;
    const [left, right] = [factors(first), factors(second)];
    return left === null || right === null ? null : [...left, ...right];
  };
  return factors(node)?.toSorted().join(' * ') ?? nameOf(node);
}

function bareColumns(...nodes: readonly Tree[]): readonly string[] {
  return nodes.every((node) => node.class === 'COLUMN_REF') ? nodes.map(nameOf) : [];
}

function nameOf(node: Tree | undefined): string {
  return node === undefined ? '*' : (columnName(node)?.toLowerCase() ?? textOf(node));
}

/** Aggregate calls inside an expression of this SELECT; not those of its subqueries, nor windows. */
export function callsOf(node: unknown, aggregates: ReadonlySet<string>): readonly Tree[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((item) => callsOf(item, aggregates));
  const tree = node as Tree;
  if (tree.class === 'SUBQUERY' || tree.class === 'WINDOW') return [];
  if (tree.class === 'FUNCTION' && aggregates.has(String(tree.function_name))) return [tree];
  return Object.values(tree).flatMap((value) => callsOf(value, aggregates));
}

/** Where several sums make one figure, one without a row adds nothing to it. */
function zeroForNothing(item: Tree, aggregates: ReadonlySet<string>): Tree {
  if (callsOf(item, aggregates).length < 2) return item;
  const replaced = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map(replaced);
    const tree = node as Tree;
    if (tree.class === 'FUNCTION' && tree.function_name === 'sum') return call('ifnull', [{ ...tree, alias: '' }, ZERO]);
    return Object.fromEntries(Object.entries(tree).map(([field, value]) => [field, replaced(value)]));
  };
  return replaced(item) as Tree;
}

const ZERO: Tree = {
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  alias: '',
  value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value: 0 },
};

function fractionOf(item: Tree): number {
  const name = String(item.function_name);
  if (name === 'min' || name === 'max') return name === 'min' ? 0 : 1;
  const constant = asTrees(item.children)[1]?.value as Tree | undefined;
  if (constant === undefined) return 0.5;
  const scale = Number(((constant.type as Tree).type_info as Tree | null)?.scale ?? 0);
  return Number(constant.value) / 10 ** scale;
}

function componentsOf(item: Tree, output: number, isAlone: boolean, unitBehind: (column: Tree) => string | null): readonly Component[] {
  const name = String(item.function_name);
  const [argument, second] = asTrees(item.children);
  const filter = booleanConstant(item.filter) === true ? null : (item.filter ?? null);
  const plain = { ...item, alias: '', filter };
  const count = (of: readonly Tree[], isBare: boolean): Component => ({
    output,
    kind: 'count',
    family: 'count',
    node: { ...call(of.length === 0 ? 'count_star' : 'count', of), filter },
    isBare,
    reads: [],
  });
  const values = (of: Tree): Component => ({
    output,
    kind: 'values',
    family: `values of ${nameOf(of)}`,
    node: { ...call('list', [of]), filter },
    isBare: false,
    reads: [],
  });
  if (COUNTS.has(name)) {
    if (item.distinct !== true || argument === undefined) return [{ ...count([], isAlone), node: plain }];
    const unit = unitBehind(argument);
    const distinct: Component = {
      output,
      kind: 'count',
      family: `count(DISTINCT ${unit === null ? nameOf(argument) : `unit ${unit}`})`,
      node: plain,
      isBare: isAlone,
      reads: [],
    };
    return unit !== null ? [distinct] : [{ ...distinct, isBare: false }, values(argument)];
  }
  if (argument === undefined) return [];
  const summed: Component = {
    output,
    kind: 'sum',
    family: `sum(${summand(argument)})`,
    node: { ...call('sum', [argument]), filter },
    isBare: isAlone,
    reads: columnsIn(argument),
  };
  if (name === 'sum') return [summed];
  if (name === 'avg' || name === 'mean') return [{ ...summed, isBare: false }, count([argument], false)];
  if (name === 'bool_and' || name === 'bool_or') {
    if (booleanConstant(argument) !== undefined) return [count([], false)];
    return [argument, not(argument)].map((side) => ({ ...count([], false), node: { ...call('count_if', [side]), filter } }));
  }
  if (MOMENT.test(name)) return [count([argument], false), { ...values(argument), kind: 'squares', reads: bareColumns(argument) }];
  if (PAIR.test(name) && second !== undefined) {
    const both = { ...call('list', [call('list_value', [argument, second])]), filter };
    return [count([argument], false), { ...values(argument), kind: 'products', node: both, reads: bareColumns(argument, second) }];
  }
  return [count([argument], false), values(argument)];
}
