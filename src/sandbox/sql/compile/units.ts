import type { DataProfile, UnitPath } from '../../../catalog/dataset.ts';
import type { Expression } from '../ast.ts';
import type { JoinKey, TableInstance } from '../model/bound.ts';
import type { UnitRows } from './rows.ts';

/** One instance of a unit type among rows: the table occurrences whose unit is, by the join, the same one. */
export interface UnitClass {
  readonly type: string;
  /** The first one's unit columns stand for all; it is one whose rows are never missing, where there is one. */
  readonly members: readonly TableInstance[];
}

interface Member {
  readonly instance: TableInstance;
  readonly type: string;
  readonly path: UnitPath;
}

/** The unit instances of joined rows. Those that the join keys equate on the unit are one (gate-examples.md D13). Source: gate.md §4. */
export function unitClasses(rows: Pick<UnitRows, 'instances' | 'keys'>): readonly UnitClass[] {
  const members: Member[] = rows.instances.flatMap((instance) =>
    Object.entries(instance.table.units).map(([type, path]) => ({ instance, type, path })),
  );
  const leader = members.map((_, index) => index);
  const find = (index: number): number => (leader[index] === index ? index : find(leader[index] ?? index));
  for (const [i, a] of members.entries()) {
    for (const [j, b] of members.entries()) {
      if (j > i && a.type === b.type && rows.keys.some((key) => equates(key, a, b))) leader[find(j)] = find(i);
    }
  }
  const groups = new Map<number, Member[]>();
  for (const [index, member] of members.entries()) groups.set(find(index), [...(groups.get(find(index)) ?? []), member]);
  return [...groups.values()].map((group) => ({
    type: group[0]?.type ?? '',
    members: group.map((member) => member.instance).sort((a, b) => Number(a.optional) - Number(b.optional)),
  }));
}

/** Whether a key makes the units (of one type) of two instances the same. */
export function equatesUnits(key: JoinKey, type: string, a: TableInstance, b: TableInstance): boolean {
  const [x, y] = [a.table.units[type], b.table.units[type]];
  return x !== undefined && y !== undefined && equates(key, { instance: a, type, path: x }, { instance: b, type, path: y });
}

function equates(key: JoinKey, a: Member, b: Member): boolean {
  const oneWay = (x: Member, y: Member, left: JoinKey['left'], right: JoinKey['left']): boolean =>
    left.instance === x.instance && right.instance === y.instance && sameUnit(x, left.column.name, y, right.column.name);
  return (
    oneWay(a, b, key.left, key.right) ||
    oneWay(a, b, key.right, key.left) ||
    oneWay(b, a, key.left, key.right) ||
    oneWay(b, a, key.right, key.left)
  );
}

function sameUnit(x: Member, xColumn: string, y: Member, yColumn: string): boolean {
  const [xHop, ...xRest] = x.path.hops;
  const [yHop] = y.path.hops;
  if (xHop === undefined && yHop === undefined) return x.path.column === xColumn && y.path.column === yColumn;
  // Both sides are joined on the whole primary key of one table: one row, hence one unit.
  if (x.instance.table.name === y.instance.table.name && xColumn === yColumn && isPrimary(x.instance, xColumn)) return true;
  if (xHop === undefined || xHop.from !== xColumn) return false;
  const rest: UnitPath = { hops: xRest, column: x.path.column };
  if (xHop.table === y.instance.table.name && xHop.to === yColumn) return samePath(rest, y.path);
  const sameTarget = yHop !== undefined && yHop.from === yColumn && yHop.table === xHop.table && yHop.to === xHop.to;
  return sameTarget && samePath(rest, { hops: y.path.hops.slice(1), column: y.path.column });
}

function isPrimary(instance: TableInstance, column: string): boolean {
  const { primaryKey } = instance.table;
  return primaryKey.length === 1 && primaryKey[0] === column;
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

/** Sets of columns of a table whose values occur once: its primary key, and columns and pairs of public tables that the loader found unique. */
export function uniqueKeys(instance: TableInstance, profile: DataProfile): readonly (readonly string[])[] {
  const { table } = instance;
  const primary = table.primaryKey.length > 0 ? [table.primaryKey] : [];
  const measured = table.visibility === 'public' ? profile.tables.find((item) => item.table === table.name) : undefined;
  const [found, pairs] = [measured?.uniqueColumns ?? [], measured?.uniquePairs ?? []];
  const written = [...(instance.literals ?? [])].flatMap(([column, values]) => (areDistinct(values) ? [[column]] : []));
  return [...primary, ...found.map((column) => [column]), ...pairs, ...written];
}

/** Whether no row can match two of them: texts, days, or whole numbers that every number type holds. */
function areDistinct(values: readonly Expression[]): boolean {
  const texts = values.flatMap((value) =>
    value.kind === 'literal' && value.type === (values[0]?.kind === 'literal' ? values[0].type : null) ? [matchedText(value)] : [],
  );
  return new Set(texts).size === values.length && texts.every((text) => text !== undefined);
}

const MAX_DIGITS = 15;

function matchedText({ type, text }: Extract<Expression, { kind: 'literal' }>): string | undefined {
  if (type === 'string') return text.trimEnd();
  if (type === 'date') return text;
  return type === 'integer' && /^\d+$/.test(text) && text.length <= MAX_DIGITS ? String(BigInt(text)) : undefined;
}

/**
 * Whether the rows of an instance can occur several times in the join: some other table is not determined by it
 * through unique keys. Source: gate.md §4 (fan-out).
 */
export function canRepeat(instance: TableInstance, rows: Pick<UnitRows, 'instances' | 'keys'>, profile: DataProfile): boolean {
  const determined = new Set([instance]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const candidate of rows.instances) {
      if (determined.has(candidate)) continue;
      const matched = rows.keys.flatMap((key) => {
        if (key.left.instance === candidate && determined.has(key.right.instance)) return [key.left.column.name];
        if (key.right.instance === candidate && determined.has(key.left.instance)) return [key.right.column.name];
        return [];
      });
      if (uniqueKeys(candidate, profile).some((key) => key.every((column) => matched.includes(column)))) {
        determined.add(candidate);
        grown = true;
      }
    }
  }
  return determined.size < rows.instances.length;
}
