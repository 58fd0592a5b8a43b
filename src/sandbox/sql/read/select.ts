import type { Grouping, Select, SelectItem, Star } from '../ast.ts';
import {
  asNode,
  ConstructRefused,
  flagField,
  isAbsent,
  isNode,
  type JsonNode,
  listField,
  nodeField,
  readFields,
  readKind,
  textField,
  textListField,
} from './node-reader.ts';
import { MAX_GROUPING_SETS, MAX_SELECT_ITEMS, type Place, type Reader } from './reader.ts';

const FIELDS = [
  'type',
  'modifiers',
  'cte_map',
  'select_list',
  'from_table',
  'where_clause',
  'group_expressions',
  'group_sets',
  'aggregate_handling',
  'having',
  'qualify',
];

/** Reads one SELECT; its modifiers and WITH belong to the query around it. Throws ConstructRefused. Source: gate.md §3.2. */
export function readSelect(node: JsonNode, distinct: boolean, place: Place, reader: Reader): Select {
  const { at } = place;
  reader.count('SELECT', at);
  if (!isAbsent(node, 'sample')) throw new ConstructRefused('TABLESAMPLE', at);
  readFields(node, FIELDS, 'SELECT', at);
  const fromNode = nodeField(node, 'from_table', at);
  const list = listField(node, 'select_list', at);
  if (list.length > MAX_SELECT_ITEMS) throw new ConstructRefused(`more than ${MAX_SELECT_ITEMS} select items`, at);
  const items = list.map((item) => selectItem(item, place, reader));
  const isBareStar = items.some(({ expression }) => expression.kind === 'star' && expression.table === '');
  if (isBareStar && hasRightJoin(fromNode)) throw new ConstructRefused('* over a RIGHT JOIN', at);
  const clause = (name: string) => (isAbsent(node, name) ? null : reader.expression(node[name], place));
  return {
    kind: 'select',
    distinct,
    items,
    from: fromNode.type === 'EMPTY' ? noFrom(fromNode, place) : reader.from(fromNode, place),
    where: clause('where_clause'),
    grouping: groupingFrom(node, place, reader),
    having: clause('having'),
    qualify: clause('qualify'),
    at,
  };
}

function noFrom(node: JsonNode, { at }: Place): null {
  readFields(node, ['type'], 'FROM', at);
  return null;
}

/** The reader turns RIGHT joins round, so the columns of a bare `*` would come in another order. */
function hasRightJoin(node: JsonNode): boolean {
  if (node.type !== 'JOIN') return false;
  return node.join_type === 'RIGHT' || [node.left, node.right].some((side) => isNode(side) && hasRightJoin(side));
}

function selectItem(item: unknown, place: Place, reader: Reader): SelectItem {
  const { alias, ...node } = asNode(item, 'select item', place.at);
  if (typeof alias !== 'string') throw new ConstructRefused('malformed alias', place.at);
  if (node.class !== 'STAR') return { expression: reader.expression(node, place), alias };
  const at = reader.locate(node, place.at);
  if (alias !== '') throw new ConstructRefused('alias of *', at);
  return { expression: starFrom(node, { ...place, at }, reader), alias };
}

function starFrom(node: JsonNode, place: Place, reader: Reader): Star {
  const { at } = place;
  if (flagField(node, 'columns', at)) throw new ConstructRefused('COLUMNS', at);
  if (listField(node, 'rename_list', at).length > 0) throw new ConstructRefused('RENAME', at);
  if (listField(node, 'qualified_exclude_list', at).length > 0) throw new ConstructRefused('EXCLUDE of a qualified name', at);
  readKind(node, 'STAR', ['relation_name', 'exclude_list', 'replace_list'], '*', at);
  return {
    kind: 'star',
    table: textField(node, 'relation_name', at),
    // The engine keeps both as sets, in an order of its own.
    exclude: textListField(node, 'exclude_list', at).toSorted(),
    replace: listField(node, 'replace_list', at)
      .map((item) => {
        const entry = readFields(asNode(item, 'REPLACE', at), ['key', 'value'], 'REPLACE', at);
        return { name: textField(entry, 'key', at), expression: reader.expression(entry.value, place) };
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    at,
  };
}

function groupingFrom(node: JsonNode, place: Place, reader: Reader): Grouping | null {
  const { at } = place;
  const list = listField(node, 'group_expressions', at);
  const sets = listField(node, 'group_sets', at);
  if (node.aggregate_handling === 'FORCE_AGGREGATES') {
    if (list.length + sets.length > 0) throw new ConstructRefused('GROUP BY ALL beside others', at);
    return 'all';
  }
  if (node.aggregate_handling !== 'STANDARD_HANDLING') throw new ConstructRefused('aggregate handling', at);
  if (list.length === 0 && sets.length === 0) return null;
  const expressions = list.map((item) => reader.expression(item, place));
  if (sets.length === 0) throw new ConstructRefused('GROUP BY', at);
  if (sets.length > MAX_GROUPING_SETS) throw new ConstructRefused(`more than ${MAX_GROUPING_SETS} GROUPING SETS`, at);
  const isIndex = (item: unknown): item is number =>
    typeof item === 'number' && Number.isSafeInteger(item) && item >= 0 && item < expressions.length;
  return {
    expressions,
    sets: sets.map((set) => {
      if (!Array.isArray(set) || !set.every(isIndex)) throw new ConstructRefused('GROUPING SETS', at);
      return set;
    }),
  };
}
