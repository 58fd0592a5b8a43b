import type { Call, Expression, FromItem, Position, SelectItem } from '../ast.ts';
import { type Literal, valueFrom } from './literal.ts';
import { asNode, ConstructRefused, type JsonNode, listField, readFields, textField, textListField } from './node-reader.ts';
import { inner, MAX_SELECT_ITEMS, type Place, type Reader } from './reader.ts';

/** One column that PIVOT makes: its name, and the rows that belong to it. */
interface PivotColumn {
  readonly name: string;
  readonly conditions: readonly Expression[];
}

interface PivotAggregate {
  readonly call: Call;
  readonly alias: string;
}

/**
 * PIVOT with literal IN lists and GROUP BY, as the subquery that it means: the groups, and each aggregate once for each
 * combination of values with a FILTER. The names are those the engine gives. Without the lists the columns would depend on
 * the data; without GROUP BY the groups are the columns that are left over, which the reader does not know.
 * Throws ConstructRefused. Source: gate.md §3.2, §5 (FILTER).
 */
export function readPivot(node: JsonNode, place: Place, reader: Reader): FromItem {
  const { at } = place;
  if (listField(node, 'unpivot_names', at).length > 0) throw new ConstructRefused('UNPIVOT', at);
  readFields(node, ['type', 'alias', 'source', 'aggregates', 'pivots', 'groups', 'column_name_alias'], 'PIVOT', at);
  const groups = textListField(node, 'groups', at);
  if (groups.length === 0) throw new ConstructRefused('PIVOT without GROUP BY', at);
  const within = inner(place, at);
  const from = reader.from(node.source, within);
  const aggregates = listField(node, 'aggregates', at).map((item) => aggregateFrom(item, within, reader));
  if (aggregates.length > 1 && aggregates.some(({ alias }) => alias === '')) {
    throw new ConstructRefused('PIVOT with several aggregates of which one has no alias', at);
  }
  const [first, ...others] = listField(node, 'pivots', at).map((item) => pivotColumns(item, within, reader));
  if (first === undefined || aggregates.length === 0) throw new ConstructRefused('PIVOT without columns', at);
  const columns = others.reduce((left, right) => combine(left, right, at), first);
  if (groups.length + columns.length * aggregates.length > MAX_SELECT_ITEMS) {
    throw new ConstructRefused(`more than ${MAX_SELECT_ITEMS} columns of PIVOT`, at);
  }
  const keys = groups.map((name): Expression => ({ kind: 'column', path: [name], at }));
  const items: readonly SelectItem[] = [
    ...keys.map((expression) => ({ expression, alias: '' })),
    ...columns.flatMap((column) => aggregates.map((aggregate) => pivotItem(column, aggregate))),
  ];
  refuseRepeated([...groups, ...items.slice(groups.length).map(({ alias }) => alias)], at);
  reader.count('SELECT', at);
  const grouping = { expressions: keys, sets: [keys.map((_key, index) => index)] };
  const body = { kind: 'select', distinct: false, items, from, where: null, grouping, having: null, qualify: null, at } as const;
  return {
    kind: 'subquery',
    query: { commonTables: [], body, orderBy: [], limit: null, offset: null },
    alias: textField(node, 'alias', at),
    columns: textListField(node, 'column_name_alias', at),
    at,
  };
}

function aggregateFrom(item: unknown, place: Place, reader: Reader): PivotAggregate {
  const { alias, ...node } = asNode(item, 'PIVOT', place.at);
  const call = reader.expression(node, place);
  if (call.kind !== 'call' || call.operator) throw new ConstructRefused('PIVOT with an expression of aggregates', call.at);
  // The engine puts its own FILTER in the place of the merchant's, and so forgets his.
  if (call.filter !== null) throw new ConstructRefused('PIVOT with FILTER', call.at);
  if (typeof alias !== 'string') throw new ConstructRefused('malformed alias', call.at);
  return { call, alias };
}

function pivotColumns(item: unknown, place: Place, reader: Reader): readonly PivotColumn[] {
  const { at } = place;
  const pivot = readFields(asNode(item, 'PIVOT', at), ['pivot_expressions', 'entries'], 'PIVOT', at);
  const [expression, ...more] = listField(pivot, 'pivot_expressions', at);
  const entries = listField(pivot, 'entries', at);
  if (expression === undefined || more.length > 0) throw new ConstructRefused('PIVOT on several columns at once', at);
  if (entries.length === 0) throw new ConstructRefused('PIVOT without IN list', at);
  const left = reader.expression(expression, place);
  return entries.map((value) => {
    const entry = readFields(asNode(value, 'PIVOT', at), ['values', 'alias'], 'PIVOT', at);
    const [only, ...others] = listField(entry, 'values', at);
    if (others.length > 0) throw new ConstructRefused('PIVOT on several columns at once', at);
    const right = literalOf(only, left.at);
    const alias = textField(entry, 'alias', at);
    return { name: alias === '' ? right.text : alias, conditions: [{ kind: 'compare', operator: '=', left, right, at: left.at }] };
  });
}

/** The engine compares the texts of both sides: of these types, a value of the column's own type is equal where its text is. */
function literalOf(value: unknown, at: Position): Literal {
  const literal = valueFrom(asNode(value, 'PIVOT', at), at);
  if (!['string', 'integer', 'boolean', 'date'].includes(literal.type)) throw new ConstructRefused(`PIVOT on a ${literal.type} value`, at);
  return literal;
}

function combine(left: readonly PivotColumn[], right: readonly PivotColumn[], at: Position): readonly PivotColumn[] {
  if (left.length * right.length > MAX_SELECT_ITEMS) {
    throw new ConstructRefused(`more than ${MAX_SELECT_ITEMS} columns of PIVOT`, at);
  }
  return left.flatMap((a) => right.map((b) => ({ name: `${a.name}_${b.name}`, conditions: [...a.conditions, ...b.conditions] })));
}

function pivotItem(column: PivotColumn, { call, alias }: PivotAggregate): SelectItem {
  const items = column.conditions;
  const [only, ...more] = items;
  const filter = more.length > 0 || only === undefined ? ({ kind: 'and', items, at: call.at } as const) : only;
  return { expression: { ...call, filter }, alias: alias === '' ? column.name : `${column.name}_${alias}` };
}

/** The engine would number repeated names; they are one mistake, not a wish. */
function refuseRepeated(names: readonly string[], at: Position): void {
  const folded = names.map((name) => name.toLowerCase());
  if (new Set(folded).size < folded.length) throw new ConstructRefused('PIVOT that repeats a column name', at);
}
