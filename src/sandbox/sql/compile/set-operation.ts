import type { Expression, FromItem, Query, Select, SetOperation } from '../ast.ts';
import type { BoundColumn } from '../model/bound.ts';
import { isOwnUnit } from './leaves.ts';
import type { UnitRelation } from './rows.ts';

/** `both`: the inner UNION ALL of the two sides, where there is one. */
export interface SpelledSet {
  readonly query: Query;
  readonly both: Query | null;
}

/**
 * UNION, EXCEPT and INTERSECT of rows of units, spelled as SELECT DISTINCT: over UNION ALL of both, or over the left one
 * where the other has the same unit, or has it not. The last two of one column that is never NULL on the left: there
 * equality and the engine's comparison of rows are the same. Of the unit's own column it may be NULL: such rows are nobody's,
 * INTERSECT leaves them out and EXCEPT leaves them in. Undefined for what has no such form.
 * Source: gate.md §4 (subqueries, UNION ALL). Does not decide whether the result keeps a unit.
 */
export function selectOfSet(body: SetOperation, left: UnitRelation): SpelledSet | undefined {
  const { at } = body;
  if (body.all) return undefined;
  const names = left.columns.map((column) => column.name);
  const inner = names.map((_, index) => `c${index}`);
  const items = names.map((name, index) => ({ expression: columnOf('set_left', inner[index] ?? ''), alias: name }));
  if (body.kind === 'union') {
    const both: Query = { ...EMPTY, body: { ...body, all: true } };
    const from: FromItem = { kind: 'subquery', query: both, alias: 'set_left', columns: inner, at };
    return { query: { ...EMPTY, body: { ...select(items, from), distinct: true } }, both };
  }
  const [own, ...more] = left.columns.map((column) => column.scalar);
  if (more.length > 0 || own?.kind !== 'column' || (mayBeNull(own.column) && !isOwnUnit(own.column))) return undefined;
  const test: Expression = {
    kind: 'subquery',
    form: 'any',
    query: body.right,
    input: columnOf('set_left', 'c0'),
    operator: '=',
    at,
  };
  const where: Expression = body.kind === 'intersect' ? test : { kind: 'not', item: test, at };
  const from: FromItem = { kind: 'subquery', query: body.left, alias: 'set_left', columns: inner, at };
  return { query: { ...EMPTY, body: { ...select(items, from), where, distinct: true } }, both: null };

  function columnOf(table: string, name: string): Expression {
    return { kind: 'column', path: [table, name], at };
  }

  function select(list: Select['items'], source: FromItem): Select {
    return { kind: 'select', distinct: false, items: list, from: source, where: null, grouping: null, having: null, qualify: null, at };
  }
}

const EMPTY = { commonTables: [], orderBy: [], limit: null, offset: null } as const;

function mayBeNull({ instance, column }: BoundColumn): boolean {
  const isKey = instance.table.primaryKey.length === 1 && instance.table.primaryKey[0] === column.name;
  return instance.optional || (column.nullable && !isKey);
}
