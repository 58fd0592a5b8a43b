import type { Table } from '../../../catalog/dataset.ts';
import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { type BoundColumn, isOpenColumn, type JoinKey } from '../model/bound.ts';
import type { Scalar, Test } from '../model/scalar.ts';

/** AND taken apart, at any depth. */
export function conjuncts(test: Test): readonly Test[] {
  return test.kind === 'and' ? test.items.flatMap(conjuncts) : [test];
}

/** The key that a conjunct spells out, or undefined where it is an ordinary condition. */
export function keyOf(test: Test): JoinKey | undefined {
  if (test.kind !== 'compare' || test.operator !== '=' || test.left.kind !== 'column' || test.right.kind !== 'column') return undefined;
  const { column: left } = test.left;
  const { column: right } = test.right;
  return left.instance !== right.instance && isDeclaredKey(left, right) ? { left, right } : undefined;
}

/** Splits conditions into join keys and the rest. Source: gate.md §4 (joins on declared keys), formats.md (foreignKeys, units). */
export function splitKeys(tests: readonly Test[]): { readonly keys: readonly JoinKey[]; readonly rest: readonly Test[] } {
  const keys: JoinKey[] = [];
  const rest: Test[] = [];
  for (const test of tests.flatMap(conjuncts).flatMap(withSharedKeys)) {
    const key = keyOf(test);
    if (key === undefined) rest.push(test);
    else keys.push(key);
  }
  return { keys, rest };
}

/** `(k AND a) OR (k AND b)` with a join key k is `k AND (a OR b)`; where nothing but k is left of a branch, k alone. */
function withSharedKeys(test: Test): readonly Test[] {
  if (test.kind !== 'or') return [test];
  const branches = test.items.map(conjuncts);
  const isIn = (branch: readonly Test[], shared: Test): boolean => branch.some((item) => isSameKey(item, shared));
  const shared = (branches[0] ?? []).filter((item) => keyOf(item) !== undefined && branches.every((branch) => isIn(branch, item)));
  if (shared.length === 0) return [test];
  const left = branches.map((branch) => branch.filter((item) => !shared.some((key) => isSameKey(item, key))));
  const rest: readonly Test[] = left.some((branch) => branch.length === 0)
    ? []
    : [{ ...test, items: left.map((items): Test => ({ kind: 'and', items, at: test.at })) }];
  return [...shared, ...rest];
}

function isSameKey(test: Test, other: Test): boolean {
  const [a, b] = [keyOf(test), keyOf(other)];
  if (a === undefined || b === undefined) return false;
  const isSame = (x: BoundColumn, y: BoundColumn): boolean => x.instance === y.instance && x.column.name === y.column.name;
  return (isSame(a.left, b.left) && isSame(a.right, b.right)) || (isSame(a.left, b.right) && isSame(a.right, b.left));
}

/** USING: the same name on both sides. */
export function usingKey(left: Scalar, right: Scalar): JoinKey | undefined {
  if (left.kind !== 'column' || right.kind !== 'column' || !isDeclaredKey(left.column, right.column)) return undefined;
  return { left: left.column, right: right.column };
}

/**
 * A foreign key and what it references, two foreign keys to one key, the unit's own columns on both sides, or a
 * dimension against a public or released table. Public tables may be joined with each other as one likes.
 */
export function isDeclaredKey(left: BoundColumn, right: BoundColumn): boolean {
  const [leftOpen, rightOpen] = [isOpenColumn(left), isOpenColumn(right)];
  if (leftOpen && rightOpen) return true;
  const leftTargets = keyTargets(left);
  if (keyTargets(right).some((target) => leftTargets.includes(target))) return true;
  if (leftOpen === rightOpen) return false;
  const closed = leftOpen ? right : left;
  return ROLE_PERMISSIONS[closed.column.role].compareLiteral === 'exact';
}

/** Keys that a column holds values of, by name: `table.column`, `unit type`. */
export function keyTargets(bound: BoundColumn): readonly string[] {
  const { table } = bound.instance;
  const { name } = bound.column;
  const isKeyOfOthers = table.primaryKey.length === 1 && table.primaryKey[0] === name;
  return [...(isKeyOfOthers || isUnitColumn(table, name) ? [`${table.name}.${name}`] : []), ...references(table, name)];
}

function references(table: Table, column: string): readonly string[] {
  const byKey = table.foreignKeys
    .filter((key) => key.columns.length === 1 && key.columns[0] === column)
    .map((key) => `${key.table}.${key.references[0]}`);
  const byUnit = Object.entries(table.units)
    .filter(([, path]) => path.hops.length === 0 && path.column === column)
    .map(([type]) => `unit ${type}`);
  const byHop = Object.values(table.units)
    .filter((path) => path.hops[0]?.from === column)
    .map((path) => `${path.hops[0]?.table}.${path.hops[0]?.to}`);
  return [...byKey, ...byUnit, ...byHop];
}

function isUnitColumn(table: Table, column: string): boolean {
  return Object.values(table.units).some((path) => path.hops.length === 0 && path.column === column);
}
