import type { DeclarationReason } from '../problems/codes/declaration.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { type ColumnType, keysMatch, readColumnType } from './column-type.ts';
import { type Column, type ForeignKey, findColumn, type Table, type UnitPath } from './dataset.ts';
import type { DeclaredTable } from './declaration-schema.ts';
import { pointer } from './declaration-shape.ts';
import { readReference, readUnitPath } from './unit-path.ts';

type Say = (at: readonly PropertyKey[], reason: DeclarationReason) => void;

/** Links of one table as written, before the tables they lead to are known. Parts of the wrong form are left out and said. */
export function readLinks(
  name: string,
  table: DeclaredTable,
  problems: Problem[],
): { readonly foreignKeys: readonly ForeignKey[]; readonly units: Readonly<Record<string, UnitPath>> } {
  const say = sayer(name, problems);
  const foreignKeys: ForeignKey[] = [];
  for (const [index, key] of (table.foreignKeys ?? []).entries()) {
    const targets = (typeof key.references === 'string' ? [key.references] : key.references).map(readReference);
    const first = targets[0];
    const whole = first !== undefined && targets.every((target) => target?.table === first.table);
    if (!whole || targets.length !== key.columns.length) {
      say(['foreignKeys', index, 'references'], 'reference');
      continue;
    }
    foreignKeys.push({ columns: key.columns, table: first.table, references: targets.map((target) => target?.column ?? '') });
  }
  const units: [string, UnitPath][] = [];
  for (const [unitType, parts] of Object.entries(table.units ?? {})) {
    const path = readUnitPath(parts);
    if (path === undefined) say(['units', unitType], 'unitPath');
    else units.push([unitType, path]);
  }
  return { foreignKeys, units: Object.fromEntries(units) };
}

/** Checks keys and units of every table against the whole dataset. */
export function linkProblems(tables: readonly Table[]): readonly Problem[] {
  const problems: Problem[] = [];
  const terminals = new Map<string, ColumnType>();
  for (const table of tables) {
    const say = sayer(table.name, problems);
    checkPrimaryKey(table, say);
    for (const [index, key] of table.foreignKeys.entries())
      checkForeignKey(table, key, tables, (reason) => say(['foreignKeys', index], reason));
    const units = Object.entries(table.units);
    if (table.visibility === 'public' && units.length > 0) say(['units'], 'unitInPublic');
    for (const [unitType, path] of units) checkUnit(table, unitType, path, tables, terminals, say);
  }
  return problems;
}

function sayer(table: string, problems: Problem[]): Say {
  return (at, reason) => {
    problems.push(problem('declaration.invalid', { pointer: pointer(['tables', table, ...at]), reason }));
  };
}

function checkPrimaryKey(table: Table, say: Say): void {
  if (table.primaryKey.length === 0) say(['primaryKey'], 'keyMissing');
  if (new Set(table.primaryKey).size !== table.primaryKey.length) say(['primaryKey'], 'keyRepeats');
  for (const [index, name] of table.primaryKey.entries()) {
    if (findColumn(table, name) === undefined) say(['primaryKey', index], 'keyColumn');
  }
}

function checkForeignKey(table: Table, key: ForeignKey, tables: readonly Table[], say: (reason: DeclarationReason) => void): void {
  if (new Set(key.columns).size !== key.columns.length) say('keyRepeats');
  const from = key.columns.map((name) => findColumn(table, name));
  if (from.some((column) => column === undefined)) say('keyColumn');
  const target = tables.find((other) => other.name === key.table);
  const to = key.references.map((name) => (target === undefined ? undefined : findColumn(target, name)));
  if (target === undefined || to.some((column) => column === undefined)) {
    say('referenceTarget');
    return;
  }
  if (!sameNames(target.primaryKey, key.references)) say('referenceUnique');
  if (from.some((column, index) => column !== undefined && !columnsMatch(column, to[index]))) say('referenceType');
}

function checkUnit(
  table: Table,
  unitType: string,
  path: UnitPath,
  tables: readonly Table[],
  terminals: Map<string, ColumnType>,
  say: Say,
): void {
  const at = ['units', unitType];
  let here = table;
  for (const hop of path.hops) {
    const from = findColumn(here, hop.from);
    const next = tables.find((other) => other.name === hop.table);
    const to = next === undefined ? undefined : findColumn(next, hop.to);
    if (from === undefined || next === undefined || to === undefined) {
      say(at, 'unitColumn');
      return;
    }
    if (!sameNames(next.primaryKey, [hop.to]) || !columnsMatch(from, to)) say(at, 'unitHop');
    for (const column of [from, to]) if (!isJoinKey(column)) say(at, 'hopRole');
    here = next;
  }
  const last = findColumn(here, path.column);
  if (last === undefined) {
    say(at, 'unitColumn');
    return;
  }
  if (last.role !== 'unitId' || here.visibility !== 'protected') say(at, 'unitRole');
  const type = readColumnType(last.type);
  const known = terminals.get(unitType);
  if (type === undefined) return;
  if (known !== undefined && !keysMatch(known, type)) say(at, 'unitType');
  terminals.set(unitType, known ?? type);
}

function isJoinKey(column: Column): boolean {
  return column.role === 'unitId' || column.role === 'dimension' || column.role === 'directId';
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}

function columnsMatch(left: Column, right: Column | undefined): boolean {
  const a = readColumnType(left.type);
  const b = right === undefined ? undefined : readColumnType(right.type);
  return a !== undefined && b !== undefined && keysMatch(a, b);
}
