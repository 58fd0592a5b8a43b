import type { Table } from '../../catalog/dataset.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { Expression, SelectStatement } from './ast.ts';
import type { BoundColumn, JoinKey } from './bound.ts';
import { resolveColumn, type Scope, sameName } from './scope.ts';

export interface BoundJoins {
  readonly keys: readonly JoinKey[];
  /** Conjuncts of ON and WHERE that are no join keys. */
  readonly rest: readonly Expression[];
}

/**
 * Takes the equalities on declared keys out of ON, USING and WHERE, and checks that they connect every table.
 * Source: gate.md §4 (joins on declared keys), formats.md (foreignKeys, units).
 */
export function bindJoins(statement: SelectStatement, scope: Scope, problems: Problem[]): BoundJoins {
  const keys: JoinKey[] = [];
  const rest: Expression[] = [];
  for (const [position, join] of statement.joins.entries()) {
    if (join.on !== null) for (const conjunct of conjuncts(join.on)) takeKey(conjunct, scope, keys, rest);
    for (const name of join.using) usingKey(name, position + 1, scope, keys, problems);
  }
  if (statement.where !== null) for (const conjunct of conjuncts(statement.where)) takeKey(conjunct, scope, keys, rest);
  checkConnected(scope, keys, problems);
  return { keys, rest };
}

function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === 'and' ? expression.items.flatMap(conjuncts) : [expression];
}

function takeKey(conjunct: Expression, scope: Scope, keys: JoinKey[], rest: Expression[]): void {
  if (conjunct.kind === 'compare' && conjunct.operator === '=' && conjunct.left.kind === 'column' && conjunct.right.kind === 'column') {
    const silent: Problem[] = [];
    const left = resolveColumn(conjunct.left, scope, silent);
    const right = resolveColumn(conjunct.right, scope, silent);
    if (left !== undefined && right !== undefined && left.instance !== right.instance && isDeclaredKey(left, right, scope)) {
      keys.push({ left, right });
      return;
    }
  }
  rest.push(conjunct);
}

function usingKey(name: string, position: number, scope: Scope, keys: JoinKey[], problems: Problem[]): void {
  const instance = scope.instances[position];
  const right = instance?.table.columns.find((column) => sameName(column.name, name));
  const leftInstance = scope.instances
    .slice(0, position)
    .find((other) => other.table.columns.some((column) => sameName(column.name, name)));
  const left = leftInstance?.table.columns.find((column) => sameName(column.name, name));
  if (instance === undefined || right === undefined || leftInstance === undefined || left === undefined) {
    problems.push(problem('sql.column_unknown', { name: name, ...(instance?.at ?? { line: 1, column: 1 }) }));
    return;
  }
  const key: JoinKey = {
    left: { instance: leftInstance.index, column: left, at: instance.at },
    right: { instance: instance.index, column: right, at: instance.at },
  };
  if (isDeclaredKey(key.left, key.right, scope)) keys.push(key);
  else problems.push(problem('sql.join_undeclared', { left: leftInstance.name, right: instance.name, ...instance.at }));
}

/** A foreign key and what it references, two foreign keys to one key, or the unit's own columns on both sides. */
function isDeclaredKey(left: BoundColumn, right: BoundColumn, scope: Scope): boolean {
  const leftTargets = keyTargets(left, scope);
  return keyTargets(right, scope).some((target) => leftTargets.includes(target));
}

function keyTargets(bound: BoundColumn, scope: Scope): readonly string[] {
  const table = scope.instances[bound.instance]?.table;
  if (table === undefined) return [];
  const { name } = bound.column;
  const own = `${table.name}.${name}`;
  const isKeyOfOthers = table.primaryKey.length === 1 && table.primaryKey[0] === name;
  return [...(isKeyOfOthers || isUnitColumn(table, name) ? [own] : []), ...references(table, name)];
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

function checkConnected(scope: Scope, keys: readonly JoinKey[], problems: Problem[]): void {
  const reached = new Set<number>([0]);
  for (let grown = true; grown; ) {
    const before = reached.size;
    for (const key of keys) {
      if (reached.has(key.left.instance)) reached.add(key.right.instance);
      if (reached.has(key.right.instance)) reached.add(key.left.instance);
    }
    grown = reached.size > before;
  }
  const first = scope.instances[0]?.name ?? '';
  for (const instance of scope.instances) {
    if (!reached.has(instance.index)) problems.push(problem('sql.join_undeclared', { left: first, right: instance.name, ...instance.at }));
  }
}
