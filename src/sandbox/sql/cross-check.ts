import type { CompiledQuery } from './compile/compile.ts';
import { isNode, type JsonNode } from './read/node-reader.ts';
import { readTree } from './read/read-tree.ts';

/** Operators that a bound plan of our language may hold. */
const OPERATORS = new Set([
  'LOGICAL_PROJECTION',
  'LOGICAL_AGGREGATE_AND_GROUP_BY',
  'LOGICAL_FILTER',
  'LOGICAL_COMPARISON_JOIN',
  'LOGICAL_CROSS_PRODUCT',
  'LOGICAL_ANY_JOIN',
  'LOGICAL_DELIM_JOIN',
  'LOGICAL_DELIM_GET',
  'LOGICAL_DEPENDENT_JOIN',
  'LOGICAL_ORDER_BY',
  'LOGICAL_LIMIT',
  'LOGICAL_TOP_N',
  'LOGICAL_DISTINCT',
  'LOGICAL_WINDOW',
  'LOGICAL_UNION',
  'LOGICAL_EXCEPT',
  'LOGICAL_INTERSECT',
  'LOGICAL_MATERIALIZED_CTE',
  'LOGICAL_CTE_REF',
  'LOGICAL_EXPRESSION_GET',
  'LOGICAL_DUMMY_SCAN',
  'LOGICAL_EMPTY_RESULT',
  'LOGICAL_GET',
]);

/** Functions that the engine's binder puts into a plan by itself: comparisons of inner queries, casts of dates, patterns. */
const IMPLIED = new Set([
  'count',
  'count_star',
  'first',
  'avg',
  'sum',
  'error',
  'prefix',
  'suffix',
  'contains',
  '~~',
  '!~~',
  '~~*',
  '!~~*',
  'date_part',
  'strftime',
  'row',
  'struct_pack',
  'concat',
  'list_value',
  'constant_or_null',
  'grouping',
  '-',
  '+',
  '*',
  '/',
  '//',
  '%',
  'trunc',
  'to_days',
  'to_months',
  'to_years',
  'to_weeks',
  'to_hours',
  'to_minutes',
  'to_seconds',
  'year',
  'month',
  'quarter',
  'day',
  'hour',
]);

/** Names of one aggregate or function. */
const SAME: Readonly<Record<string, string>> = {
  mean: 'avg',
  stddev: 'stddev_samp',
  variance: 'var_samp',
  median: 'quantile_cont',
  quantile: 'quantile_disc',
  countif: 'count_if',
  datediff: 'date_diff',
  datepart: 'date_part',
  datetrunc: 'date_trunc',
  substring: 'substr',
  len: 'length',
  ceiling: 'ceil',
  power: 'pow',
  ln: 'log',
  weekday: 'dayofweek',
  weekofyear: 'week',
  dow: 'dayofweek',
  lcase: 'lower',
  ucase: 'upper',
  position: 'strpos',
};

interface PlanFacts {
  readonly tables: Set<string>;
  readonly columns: Set<string>;
  readonly functions: Set<string>;
  readonly strange: string[];
}

/**
 * Compares our reading of a query with the engine's bound plan: the same base tables; every column that the plan reads
 * is one that we resolved, and every one that we use is read; no function that we did not see written; no operator
 * besides those of the language. Any difference refuses: one of the two readers is wrong.
 * Source: gate.md §3.4.
 */
export function readersAgree(query: CompiledQuery, plan: string): boolean {
  return disagreements(query, plan).length === 0;
}

/** What the two readers disagree on; for tests and the security log, never for merchants. */
export function disagreements(query: CompiledQuery, plan: string): readonly string[] {
  const root = readTree(plan);
  if (!isNode(root) || root.error !== false) return ['no plan'];
  const facts: PlanFacts = { tables: new Set(), columns: new Set(), functions: new Set(), strange: [] };
  visit(root.plans ?? root, facts);
  const ours = new Set(query.tables);
  const named = new Set([...query.columnsRead, ...query.columnsNamed]);
  const called = new Set(query.called.map(plainName));
  return [
    ...facts.strange,
    ...[...facts.tables].filter((table) => !ours.has(table)).map((table) => `table ${table}`),
    ...[...ours].filter((table) => !facts.tables.has(table)).map((table) => `no table ${table}`),
    ...[...facts.columns].filter((column) => !named.has(column)).map((column) => `column ${column}`),
    ...query.columnsRead.filter((column) => !facts.columns.has(column)).map((column) => `no column ${column}`),
    ...[...facts.functions].filter((name) => !called.has(name) && !IMPLIED.has(name)).map((name) => `function ${name}`),
  ];
}

function plainName(name: string): string {
  return Object.hasOwn(SAME, name) ? (SAME[name] ?? name) : name;
}

const CALLS = new Set(['BOUND_AGGREGATE', 'BOUND_FUNCTION', 'BOUND_WINDOW']);

function visit(value: unknown, facts: PlanFacts): void {
  if (Array.isArray(value)) for (const item of value) visit(item, facts);
  if (!isNode(value)) return;
  if (typeof value.type === 'string' && value.type.startsWith('LOGICAL_')) {
    if (!OPERATORS.has(value.type)) facts.strange.push(value.type);
    if (value.type === 'LOGICAL_GET') noteScan(value, facts);
  }
  if (CALLS.has(String(value.expression_class)) && typeof value.name === 'string' && value.name !== '')
    facts.functions.add(plainName(value.name));
  for (const item of Object.values(value)) visit(item, facts);
}

/** A scan of a base table; anything else that is scanned is strange. */
function noteScan(node: JsonNode, facts: PlanFacts): void {
  const data = node.function_data;
  const table = isNode(data) && typeof data.table === 'string' ? data.table : undefined;
  if (table === undefined || !Array.isArray(node.names) || !Array.isArray(node.column_indexes)) {
    facts.strange.push('a scan of no table');
    return;
  }
  facts.tables.add(table);
  for (const id of node.column_indexes) {
    const name: unknown = isNode(id) && typeof id.index === 'number' ? node.names[id.index] : undefined;
    // A scan that only counts rows names a column that is none; those of the product are hidden from every query.
    if (typeof name === 'string' && !name.startsWith('__')) facts.columns.add(`${table}.${name}`);
  }
}
