import type { Expression, Subquery } from '../ast.ts';
import type { JoinKey, TableInstance } from '../model/bound.ts';
import type { Scalar, Test } from '../model/scalar.ts';
import { featureTable } from './derived.ts';
import { itemName, replaceParts, sameExpression, uniqueCalls } from './expressions.ts';
import type { Frame } from './frame.ts';
import { compileLeaves, touchesUnits, unitFrom } from './from.ts';
import { AGGREGATES } from './functions.ts';
import { conjuncts, keyOf } from './join-keys.ts';
import { refuseConstruct } from './refusal.ts';
import { type Environment, resolveScalar, resolveTest } from './resolve.ts';
import { assertClosed, NO_ROWS, type UnitRows } from './rows.ts';
import type { Scope } from './scope.ts';

/**
 * `(SELECT count(*) FROM visits v WHERE v.person_id = p.person_id)`: the aggregate per unit as a table of its own, joined
 * to the rows around it on the same key. Source: gate.md §4 (subqueries). Throws Refused where it is joined otherwise.
 */
export function correlatedValue(subquery: Subquery, environment: Environment, frame: Frame): Scalar {
  const { at, query } = subquery;
  const { body } = query;
  const refuse = (): never => refuseConstruct('correlated subquery that is no aggregate joined on the unit', at);
  if (body.kind !== 'select' || body.from === null || body.grouping !== null || body.having !== null || query.limit !== null)
    return refuse();
  const [item, ...more] = body.items;
  if (item === undefined || more.length > 0 || environment.attach === undefined) return refuse();
  const inside: Frame = { ...frame, parent: environment.scope, depth: frame.depth + 1, called: '' };
  const leaves = compileLeaves(body.from, inside);
  if (!touchesUnits(leaves)) return refuse();
  const from = unitFrom(body.from, leaves, inside);
  const scope: Scope = {
    sources: from.sources,
    merged: from.merged,
    aliases: new Map(),
    parent: environment.scope,
    seen: frame.compilation.reads.resolved,
  };
  const inner: Environment = { scope, inner: frame.inner(inside) };
  const own = new Set(from.rows.instances);
  const tests = body.where === null ? [] : conjuncts(resolveTest(body.where, inner));
  const links = tests.flatMap((test) => linkOf(test, own));
  const keysInside = tests.flatMap((test) => (linkOf(test, own).length > 0 ? [] : (keyOf(test) ?? [])));
  const rest = tests.filter((test) => keyOf(test) === undefined);
  const rows: UnitRows = { ...from.rows, keys: [...from.rows.keys, ...keysInside], tests: [...from.rows.tests, ...rest] };
  if (links.length === 0) return refuse();
  assertClosed(rows, at);
  const calls = uniqueCalls([item.expression]);
  const keys = links.map((link): Scalar => ({ kind: 'column', column: link.right, at }));
  const names = links.map((link) => link.right.column.name);
  const given = { rows: '', keys: names, features: calls.map((call, index) => itemName({ expression: call, alias: '' }, index)) };
  const table = featureTable(rows, keys, calls, inner, frame.compilation, given, at);
  if (Object.keys(table.instance.table.units).length === 0 || calls.length === 0) return refuse();
  const optional: TableInstance = { ...table.instance, optional: true };
  const attached = links.map((link, index): JoinKey => ({ left: link.left, right: columnOf(table.keys[index], optional, at) }));
  environment.attach({ ...NO_ROWS, instances: [optional], keys: attached, optionalTests: new Map([[optional.index, []]]) });
  const columns = calls.map((call, index) => ({
    name: `\u0001f${index}`,
    scalar: presentValue(call.name, { kind: 'column', column: columnOf(table.features[index], optional, at), at }),
  }));
  const above: Scope = { sources: [{ name: '', columns }], merged: new Set(), aliases: new Map(), parent: null, seen: new Set() };
  const replaced = replaceParts(item.expression, (part): Expression | undefined => {
    const call = part.kind === 'call' && AGGREGATES.has(part.name) ? calls.findIndex((other) => sameExpression(other, part)) : -1;
    return call >= 0 ? { kind: 'column', path: [`\u0001f${call}`], at: part.at } : undefined;
  });
  return resolveScalar(replaced, { scope: above, inner: environment.inner });
}

/** An equality of a key inside with one outside, the outer side first. */
function linkOf(test: Test, own: ReadonlySet<TableInstance>): readonly JoinKey[] {
  const key = keyOf(test);
  if (key === undefined || own.has(key.left.instance) === own.has(key.right.instance)) return [];
  return own.has(key.right.instance) ? [key] : [{ left: key.right, right: key.left }];
}

function columnOf(scalar: Scalar | undefined, instance: TableInstance, at: Subquery['at']): JoinKey['left'] {
  if (scalar?.kind !== 'column') throw new Error('A feature is no column');
  return { instance, column: { ...scalar.column.column, nullable: true }, at };
}

/** A count of no rows is 0; every other aggregate of none is NULL. */
function presentValue(name: string, feature: Scalar): Scalar {
  if (!name.startsWith('count')) return feature;
  const { at } = feature;
  const present: Test = { kind: 'isNull', input: feature, negated: true, at };
  return { kind: 'case', branches: [{ when: present, then: feature }], otherwise: { kind: 'literal', type: 'integer', text: '0', at }, at };
}
