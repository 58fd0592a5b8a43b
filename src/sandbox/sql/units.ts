import type { UnitPath } from '../../catalog/dataset.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { JoinKey, TableInstance } from './bound.ts';

/** One instance of a unit type in the query: the table occurrences whose unit is, by the join, the same one. */
export interface UnitClass {
  readonly type: string;
  /** Indexes of table instances; the first one's unit columns stand for all. */
  readonly members: readonly number[];
}

interface Member {
  readonly instance: number;
  readonly type: string;
  readonly path: UnitPath;
}

/**
 * The unit instances of a join. Instances that the join keys equate on the unit are one (gate-examples.md D13); two
 * that stay apart are refused for now: touching totals are not built yet.
 * Source: gate.md §4.
 */
export function unitClasses(instances: readonly TableInstance[], keys: readonly JoinKey[], problems: Problem[]): readonly UnitClass[] {
  const members: Member[] = instances.flatMap((instance) =>
    Object.entries(instance.table.units).map(([type, path]) => ({ instance: instance.index, type, path })),
  );
  const leader = members.map((_, index) => index);
  const find = (index: number): number => (leader[index] === index ? index : find(leader[index] ?? index));
  for (const [i, a] of members.entries()) {
    for (const [j, b] of members.entries()) {
      if (j > i && a.type === b.type && keys.some((key) => equates(key, a, b, instances))) leader[find(j)] = find(i);
    }
  }
  const groups = new Map<number, Member[]>();
  for (const [index, member] of members.entries()) groups.set(find(index), [...(groups.get(find(index)) ?? []), member]);
  const classes = [...groups.values()].map((group) => ({ type: group[0]?.type ?? '', members: group.map((member) => member.instance) }));
  for (const [index, item] of classes.entries()) {
    const again = classes.findIndex((other) => other.type === item.type) !== index;
    const at = instances[item.members[0] ?? 0]?.at ?? { line: 1, column: 1 };
    if (again) problems.push(problem('sql.unit_instances', { unit: item.type, ...at }));
  }
  return classes;
}

/** Whether this join key makes the units of two members the same. */
function equates(key: JoinKey, a: Member, b: Member, instances: readonly TableInstance[]): boolean {
  const oneWay = (x: Member, y: Member, left: JoinKey['left'], right: JoinKey['left']): boolean => {
    if (left.instance !== x.instance || right.instance !== y.instance) return false;
    return sameUnit(x.path, left.column.name, y.path, right.column.name, instances[y.instance]?.table.name ?? '');
  };
  return (
    oneWay(a, b, key.left, key.right) ||
    oneWay(a, b, key.right, key.left) ||
    oneWay(b, a, key.left, key.right) ||
    oneWay(b, a, key.right, key.left)
  );
}

function sameUnit(x: UnitPath, xColumn: string, y: UnitPath, yColumn: string, yTable: string): boolean {
  const [xHop, ...xRest] = x.hops;
  const [yHop, ...yRest] = y.hops;
  if (xHop === undefined && yHop === undefined) return x.column === xColumn && y.column === yColumn;
  if (xHop === undefined || xHop.from !== xColumn) return false;
  const followsToY = xHop.table === yTable && xHop.to === yColumn;
  if (followsToY) return samePath({ hops: xRest, column: x.column }, y);
  const sameTarget = yHop !== undefined && yHop.from === yColumn && yHop.table === xHop.table && yHop.to === xHop.to;
  return sameTarget && samePath({ hops: xRest, column: x.column }, { hops: yRest, column: y.column });
}

function samePath(a: UnitPath, b: UnitPath): boolean {
  return (
    a.column === b.column &&
    a.hops.length === b.hops.length &&
    a.hops.every((hop, index) => {
      const other = b.hops[index];
      return other !== undefined && hop.from === other.from && hop.table === other.table && hop.to === other.to;
    })
  );
}

/**
 * Whether the rows of an instance can occur several times in the join: some other table is not determined by it
 * through unique keys. Knows declared primary keys only. Source: gate.md §4 (fan-out).
 */
export function canRepeat(instance: number, instances: readonly TableInstance[], keys: readonly JoinKey[]): boolean {
  const determined = new Set([instance]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const candidate of instances) {
      if (determined.has(candidate.index)) continue;
      const matched = keys.flatMap((key) => {
        if (key.left.instance === candidate.index && determined.has(key.right.instance)) return [key.left.column.name];
        if (key.right.instance === candidate.index && determined.has(key.left.instance)) return [key.right.column.name];
        return [];
      });
      const primary = candidate.table.primaryKey;
      if (primary.length > 0 && primary.every((column) => matched.includes(column))) {
        determined.add(candidate.index);
        grown = true;
      }
    }
  }
  return determined.size < instances.length;
}
