import type { Expression, Query, Select, Subquery } from '../ast.ts';
import type { TableInstance } from '../model/bound.ts';
import { columnsOfScalar, type Scalar, type Test } from '../model/scalar.ts';
import { compareScalars } from './compare.ts';
import { correlatedValue } from './correlated.ts';
import { replaceParts } from './expressions.ts';
import type { Frame } from './frame.ts';
import { listToken, scalarToken } from './names.ts';
import { addOpenStage } from './open-stage.ts';
import { Refused, refuseConstruct } from './refusal.ts';
import { type Environment, type InnerQueries, resolveScalar } from './resolve.ts';
import type { Scope } from './scope.ts';
import { semiJoinOf } from './semi-join.ts';

/** Inner queries of conditions over rows of units. Source: gate.md §4 (subqueries). */
export function innerQueries(frame: Frame): InnerQueries {
  return {
    member: (subquery, environment) => memberTest(subquery, environment, frame),
    value: (subquery, environment) => scalarValue(subquery, environment, frame),
    computed: (expression) => computedValue(expression, frame),
  };
}

function nested(frame: Frame, scope: Scope): Frame {
  return { ...frame, parent: scope, depth: frame.depth + 1, called: '' };
}

/**
 * Joined on the unit, a condition; otherwise a gate of its own, inlined as the list that it releases. NOT IN is NOT
 * EXISTS: a NULL in the list excludes nobody.
 */
function memberTest(subquery: Subquery, environment: Environment, frame: Frame): Test {
  const { at, query } = subquery;
  if (subquery.form === 'any' && subquery.operator !== '=') return refuseConstruct(`${subquery.operator} ANY (query)`, at);
  const input = subquery.input === null ? null : resolveScalar(subquery.input, environment);
  const checkpoint = frame.compilation.checkpoint();
  try {
    const semiJoin = semiJoinTest(subquery, input, environment, frame);
    if (semiJoin !== undefined) return semiJoin;
  } catch (thrown) {
    if (!(thrown instanceof Refused) || thrown.problem.code !== 'sql.join_undeclared' || input === null) throw thrown;
  }
  frame.compilation.rollBack(checkpoint);
  if (input === null) return refuseConstruct('EXISTS of a query that is not joined on the unit', at);
  const relation = frame.compile(distinct(query), { ...frame, parent: null, depth: frame.depth + 1, called: '' });
  if (relation.kind === 'unit' || relation.columns.length !== 1) return refuseConstruct('IN (query) that is not joined on the unit', at);
  const values = relation.literals?.map((row) => row[0]);
  if (values?.every((value) => value?.kind === 'literal') === true) {
    // A list that the merchant wrote: every value is a comparison of its own.
    const items = values.flatMap((value) => (value?.kind === 'literal' ? [compareScalars('=', input, value, at)] : []));
    return { kind: 'or', items, at };
  }
  const stage = addOpenStage(relation, frame.compilation, at);
  return { kind: 'member', input, token: listToken(stage), stage, negated: false, at };
}

/** Undefined: the inner query shows released or public rows. */
function semiJoinTest(subquery: Subquery, input: Scalar | null, environment: Environment, frame: Frame): Test | undefined {
  const { at } = subquery;
  const relation = frame.compile(subquery.query, nested(frame, environment.scope));
  if (relation.kind !== 'unit') return undefined;
  const outer = instancesOf(environment.scope);
  if (input === null) return semiJoinOf(relation.rows, outer, false, frame.compilation, at);
  const [column, ...more] = relation.columns;
  if (column === undefined || more.length > 0) return refuseConstruct('IN (query) with several columns', at);
  const equal: Test = { kind: 'compare', operator: '=', left: column.scalar, right: input, at };
  return semiJoinOf({ ...relation.rows, tests: [...relation.rows.tests, equal] }, outer, false, frame.compilation, at);
}

/** The table instances that a scope and those around it can name. */
function instancesOf(scope: Scope): readonly TableInstance[] {
  const own = scope.sources.flatMap((source) =>
    source.columns.flatMap((column) => columnsOfScalar(column.scalar).map((bound) => bound.instance)),
  );
  return [...new Set([...own, ...(scope.parent === null ? [] : instancesOf(scope.parent))])];
}

function distinct(query: Query): Query {
  return query.body.kind === 'select' && query.limit === null ? { ...query, body: { ...query.body, distinct: true } } : query;
}

/** A query that gives one value is a gate of its own, run first; what it releases stands in its place. */
function scalarValue(subquery: Subquery, environment: Environment, frame: Frame): Scalar {
  const checkpoint = frame.compilation.checkpoint();
  try {
    return gatedValue(subquery, frame);
  } catch (thrown) {
    // A name of the query around it, which a query by itself does not know.
    if (!(thrown instanceof Refused) || thrown.problem.code !== 'sql.column_unknown') throw thrown;
  }
  frame.compilation.rollBack(checkpoint);
  return correlatedValue(subquery, environment, frame);
}

/** `2 * (SELECT …)` without any column around: the same as `(SELECT 2 * (SELECT …))`. */
function computedValue(expression: Expression, frame: Frame): Scalar | undefined {
  let isClosed = true;
  replaceParts(expression, (part) => {
    if (part.kind === 'column' || part.kind === 'star' || part.kind === 'window' || (part.kind === 'subquery' && part.form !== 'scalar'))
      isClosed = false;
    return undefined;
  });
  if (!isClosed || expression.kind === 'subquery') return undefined;
  const { at } = expression;
  const body: Select = {
    ...{ kind: 'select', distinct: false, items: [{ expression, alias: '' }], from: null, where: null },
    ...{ grouping: null, having: null, qualify: null, at },
  };
  const query: Query = { commonTables: [], body, orderBy: [], limit: null, offset: null };
  const checkpoint = frame.compilation.checkpoint();
  try {
    return gatedValue({ kind: 'subquery', form: 'scalar', query, input: null, operator: '=', at }, frame);
  } catch (thrown) {
    // A name of the query around it: a figure per unit perhaps.
    if (!(thrown instanceof Refused) || thrown.problem.code !== 'sql.column_unknown') throw thrown;
  }
  frame.compilation.rollBack(checkpoint);
  return undefined;
}

function gatedValue(subquery: Subquery, frame: Frame): Scalar {
  const { at } = subquery;
  const relation = frame.compile(subquery.query, { ...frame, depth: frame.depth + 1, called: '' });
  const [column, ...more] = relation.columns;
  if (relation.kind === 'unit' || column === undefined || more.length > 0 || !('bare' in column))
    return refuseConstruct('inner query that is not one value', at);
  const isOne =
    relation.oneRow || (relation.query.limit === 1 && Array.isArray(relation.query.orderBy) && relation.query.orderBy.length > 0);
  if (!isOne) return refuseConstruct('inner query that can give several rows', at);
  const stage = addOpenStage(relation, frame.compilation, at);
  return { kind: 'released', token: scalarToken(stage, 0, !column.bare || !relation.gated), bare: column.bare && relation.gated, at };
}
