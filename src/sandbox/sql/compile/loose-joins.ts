import { isOpenColumn, type JoinKey, type TableInstance } from '../model/bound.ts';
import type { Test } from '../model/scalar.ts';
import type { UnitRows } from './rows.ts';

/**
 * A join with a public, released or literal table leaves out the rows that it does not match: unless a declared foreign
 * key says that all match, that is a condition of the merchant's like any other, and can be dropped. Source: gate.md §4
 * (counts as the predicates it spells out).
 */
export function withLooseJoins(rows: UnitRows): UnitRows {
  const loose = new Set(rows.loose);
  const tests: Test[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const instance of rows.instances) {
      if (instance.table.visibility !== 'public' || instance.optional || loose.has(instance.index)) continue;
      // Where it is the preserved side of a LEFT JOIN it leaves nothing out.
      const keys = rows.keys.filter((key) => linked(key, instance) && !otherEnd(key, instance).optional);
      if (keys.length === 0 || isTotal(keys, instance, loose)) continue;
      loose.add(instance.index);
      grown = true;
      const [key] = keys;
      if (key === undefined) continue;
      tests.push(spelledOut(key, instance) ?? present(key, instance));
    }
  }
  const optionalTests = new Map(rows.optionalTests);
  for (const key of rows.keys) {
    for (const [values, other] of [
      [key.left.instance, key.right.instance],
      [key.right.instance, key.left.instance],
    ] as const) {
      const test = other.optional ? spelledOut(key, values) : undefined;
      if (test !== undefined) optionalTests.set(other.index, [...(optionalTests.get(other.index) ?? []), test]);
    }
  }
  return { ...rows, tests: [...rows.tests, ...tests], loose, optionalTests };
}

/** The values of a literal table that a column is joined with, each a comparison of its own; undefined for other tables. */
function spelledOut(key: JoinKey, instance: TableInstance): Test | undefined {
  const [own, other] = key.left.instance === instance ? [key.left, key.right] : [key.right, key.left];
  const values = instance.literals?.get(own.column.name);
  const { at } = other;
  if (values === undefined || values.length > MAX_VALUES || isOpenColumn(other)) return undefined;
  const items = values.map((value): Test | undefined =>
    value.kind === 'literal' && value.type !== 'null'
      ? { kind: 'compare', operator: '=', left: { kind: 'column', column: other, at }, right: value, at }
      : undefined,
  );
  const known = items.filter((item) => item !== undefined);
  return known.length === items.length ? { kind: 'or', items: known, at } : undefined;
}

const MAX_VALUES = 200;

function present(key: JoinKey, instance: TableInstance): Test {
  const own = key.left.instance === instance ? key.left : key.right;
  return { kind: 'isNull', input: { kind: 'column', column: own, at: own.at }, negated: true, at: own.at };
}

function linked(key: JoinKey, instance: TableInstance): boolean {
  return key.left.instance === instance || key.right.instance === instance;
}

function otherEnd(key: JoinKey, instance: TableInstance): TableInstance {
  return key.left.instance === instance ? key.right.instance : key.left.instance;
}

/** Whether every row finds its match: one declared foreign key, from rows that are themselves certain, and nothing else. */
function isTotal(keys: readonly JoinKey[], instance: TableInstance, loose: ReadonlySet<number>): boolean {
  const towards = keys.filter((key) => !isFromHere(key, instance));
  const [only, ...more] = towards;
  if (only === undefined || more.length > 0) return towards.length === 0;
  const [own, other] = only.left.instance === instance ? [only.left, only.right] : [only.right, only.left];
  if (loose.has(other.instance.index) || other.instance.optional || other.column.nullable) return false;
  return other.instance.table.foreignKeys.some(
    (key) =>
      key.columns.length === 1 &&
      key.columns[0] === other.column.name &&
      key.table === instance.table.name &&
      key.references[0] === own.column.name,
  );
}

/** A key by which this instance refers to another: the other one's match is asked there. */
function isFromHere(key: JoinKey, instance: TableInstance): boolean {
  const [own, other] = key.left.instance === instance ? [key.left, key.right] : [key.right, key.left];
  if (other.instance.table.visibility !== 'public') return false;
  return instance.table.foreignKeys.some((item) => item.columns[0] === own.column.name && item.table === other.instance.table.name);
}
