import type { Position } from '../ast.ts';
import type { TableInstance } from '../model/bound.ts';
import type { SqlTemplate } from '../model/condition.ts';
import type { Test } from '../model/scalar.ts';
import { allOf } from './conditions.ts';
import type { Compilation } from './context.ts';
import { optionalConditions } from './gate.ts';
import { keyOf } from './join-keys.ts';
import { refuse } from './refusal.ts';
import { fromTemplate, shownFrom, type UnitRows } from './rows.ts';
import { physicalColumn, shownColumn } from './scope.ts';
import { equatesUnits, unitClasses } from './units.ts';

/**
 * A semi-join (or anti-join) as a condition on the outer rows. It must be joined on the unit, or on a column that
 * determines it. Units of another type inside are not followed: whom the condition moves is counted among the outer ones.
 * Source: gate.md §4 (subqueries). Throws Refused.
 *
 * @param inner  the inner rows with everything that was said of them, keys to outer instances among it.
 */
export function semiJoinOf(
  inner: UnitRows,
  outer: readonly TableInstance[],
  negated: boolean,
  compilation: Compilation,
  at: Position,
): Test {
  const own = new Set(inner.instances);
  const keys = [...inner.keys];
  const tests: Test[] = [];
  for (const test of inner.tests) {
    const key = keyOf(test);
    if (key === undefined) tests.push(test);
    else keys.push(key);
  }
  const links = keys.filter((key) => own.has(key.left.instance) !== own.has(key.right.instance));
  const inside = keys.filter((key) => own.has(key.left.instance) && own.has(key.right.instance));
  const rows: UnitRows = { ...inner, keys: inside, tests };
  const classes = unitClasses(rows);
  const isEquated =
    classes.length === 0 ||
    classes.some((unit) =>
      links.some((key) => unit.members.some((member) => outer.some((other) => equatesUnits(key, unit.type, member, other)))),
    );
  if (links.length === 0 || !isEquated)
    return refuse('sql.join_undeclared', { left: outer[0]?.name ?? '', right: inner.instances[0]?.name ?? '', ...at });
  const on = optionalConditions(rows, compilation);
  const from = fromTemplate(rows, on, at);
  const settled = allOf(tests, compilation);
  if (settled === false) return { kind: 'constant', value: negated, at };
  const condition = settled === true ? null : settled;
  const equal = links.map((key) => `${physicalColumn(key.left)} = ${physicalColumn(key.right)}`).join(' AND ');
  const shownOn = links.map((key) => `${shownColumn(key.left)} = ${shownColumn(key.right)}`).join(' AND ');
  const shown: SqlTemplate = [...shownFrom(rows, on, at), ` WHERE ${shownOn}`, ...(condition === null ? [] : [' AND ', condition])];
  return { kind: 'exists', semiJoin: { from, keys: equal, condition, tests, shown }, negated, at };
}
