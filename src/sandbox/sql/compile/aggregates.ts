import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { type Decimal, decimalText, integer } from '../../../kernel/decimal.ts';
import type { Call, Expression, Position } from '../ast.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import type { Functional, Part, QuantileName, SpecialColumn } from '../model/program.ts';
import type { Scalar, Test } from '../model/scalar.ts';
import { type Alternative, alternativesOf } from './argument.ts';
import { type Taken, takenSummands } from './class-sums.ts';
import type { Compilation } from './context.ts';
import { numberOf } from './fold.ts';
import { GATED_AGGREGATES, MOMENTS, PAIRS, QUANTILES } from './functions.ts';
import { quantileTwentieths } from './grid.ts';
import { noteColumn } from './leaves.ts';
import { notAllowed } from './literal-leaf.ts';
import { refuse, refuseConstruct } from './refusal.ts';
import { type Environment, resolveScalar, resolveTest } from './resolve.ts';
import type { UnitRows } from './rows.ts';
import { calledColumn, physicalColumn, shownColumn } from './scope.ts';
import { isSensitive, summandSql, type TermTable } from './terms.ts';
import { canRepeat, type UnitClass } from './units.ts';

/** What aggregates of one gate are built from. */
export interface GateRows {
  readonly rows: UnitRows;
  readonly units: readonly UnitClass[];
  readonly table: TermTable;
  readonly compilation: Compilation;
}

/** Turns one aggregate into terms of the gate. Throws Refused. Source: gate.md §5 (arguments, aggregates). */
export function functionalOf(call: Call, environment: Environment, gate: GateRows, taken: Taken | null = null): Functional {
  const { name, at } = call;
  if (!GATED_AGGREGATES.has(name)) return refuseConstruct(`${name}()`, at);
  if (call.orderBy.length > 0 && !(call.arguments.length === 1 && name.startsWith('quantile')))
    return refuseConstruct(`ORDER BY inside ${name}()`, at);
  const tests = call.filter === null ? [] : [resolveTest(call.filter, environment)];
  const parts = call.arguments.map((item) => (item.kind === 'star' ? null : resolveScalar(item, environment)));
  const [first, second] = parts;
  if (name === 'count_star' || (name === 'count' && (parts.length === 0 || first === null)))
    return call.distinct ? refuseConstruct('count(DISTINCT *)', at) : { kind: 'count', parts: one(pieceRows(tests, gate)) };
  if (first === undefined || first === null) return refuseConstruct(`${name}() without an argument`, at);
  if (name === 'approx_count_distinct' || (name === 'count' && call.distinct)) return distinctOf(first, tests, gate);
  if (call.distinct && name !== 'min' && name !== 'max') return refuseConstruct(`${name}(DISTINCT)`, at);
  if (name === 'count_if' || name === 'countif')
    return { kind: 'count', parts: one(pieceRows([...tests, testOf(call.arguments[0], environment)], gate)) };
  if (name === 'bool_and' || name === 'bool_or') return booleanOf(name, testOf(call.arguments[0], environment), tests, gate);
  if (name === 'count') return countOf(first, tests, gate);
  if (name === 'sum' || name === 'avg' || name === 'mean') return sumOf(name === 'sum' ? 'sum' : 'avg', first, tests, gate, taken);
  return specialOf(call, first, second ?? undefined, tests, environment, gate);
}

function testOf(expression: Expression | undefined, environment: Environment): Test {
  if (expression === undefined) throw new Error('An aggregate lost its argument');
  return resolveTest(expression, environment);
}

function one(term: number | undefined): readonly Part[] {
  return term === undefined ? [] : [{ term, factor: '1' }];
}

function pieceRows(tests: readonly Test[], gate: GateRows): number | undefined {
  const piece = gate.table.piece(tests);
  return piece === undefined ? undefined : gate.table.rows(piece);
}

function isPresent(column: BoundColumn): Test {
  return { kind: 'isNull', input: { kind: 'column', column, at: column.at }, negated: true, at: column.at };
}

function countOf(argument: Scalar, tests: readonly Test[], gate: GateRows): Functional {
  if (argument.kind === 'column') {
    allow(argument.column, 'count', 'count');
    const piece = gate.table.piece(tests);
    const isNull = argument.column.column.nullable || argument.column.instance.optional;
    return { kind: 'count', parts: piece === undefined ? [] : one(gate.table.present(piece, isNull ? [argument.column] : [])) };
  }
  if (argument.kind === 'literal' && argument.type !== 'null') return { kind: 'count', parts: one(pieceRows(tests, gate)) };
  if (argument.kind === 'case' && argument.branches.some((item) => item.then.kind === 'literal' && item.then.type === 'string'))
    return countOf(
      {
        ...argument,
        branches: argument.branches.map((item) => ({ ...item, then: numbered(item.then) })),
        otherwise: numbered(argument.otherwise),
      },
      tests,
      gate,
    );
  const found = alternativesOf(argument).filter((item) => !item.isNull);
  return { kind: 'count', parts: presentParts(found, tests, gate) };
}

/** A text label that is only counted. */
function numbered(scalar: Scalar): Scalar {
  return scalar.kind === 'literal' && scalar.type === 'string' ? { ...scalar, type: 'integer', text: '1' } : scalar;
}

function presentParts(alternatives: readonly Alternative[], tests: readonly Test[], gate: GateRows): readonly Part[] {
  return alternatives.flatMap((item) => {
    const piece = gate.table.piece([...tests, ...item.tests]);
    return piece === undefined ? [] : one(gate.table.present(piece, item.guard));
  });
}

function sumOf(kind: 'sum' | 'avg', argument: Scalar, tests: readonly Test[], gate: GateRows, taken: Taken | null): Functional {
  const every = alternativesOf(argument);
  if (taken?.kind === 'count')
    return {
      kind: 'count',
      parts: presentParts(
        every.filter((item) => !item.isNull),
        tests,
        gate,
      ),
    };
  const all = taken === null ? every : every.map((item) => ({ ...item, summands: takenSummands(item.summands, taken) }));
  const alternatives = all.filter((item) => !item.isNull);
  for (const factor of alternatives.flatMap((item) => item.summands).flatMap((item) => item.factors)) {
    if (factor.whole === null) allow(factor.column, kind, kind);
    else if (kind === 'sum') notAllowed(factor.column, 'add up its distance from a date; average it');
    checkFanOut(factor.column, gate);
  }
  const parts: Part[] = [];
  for (const item of alternatives) {
    const piece = gate.table.piece([...tests, ...item.tests]);
    if (piece === undefined) continue;
    for (const summand of item.summands)
      parts.push({ term: gate.table.value(piece, summand, item.guard), factor: decimalText(summand.constant) });
  }
  if (kind === 'sum') return { kind, parts };
  const counts = presentParts(alternatives, tests, gate);
  const [only] = counts;
  // Disjoint pieces of one average count the rows of their union: those for which the argument is not NULL.
  if (only !== undefined && counts.length === 1) return { kind, parts, count: only.term };
  // Where no choice is NULL, the pieces together are all rows.
  const guards = new Set(alternatives.map((item) => [...new Set(item.guard.map(physicalColumn))].sort().join()));
  const union: Test = {
    kind: 'or',
    items: alternatives.map((item) => ({
      kind: 'and' as const,
      items: [...item.tests, ...(guards.size > 1 ? item.guard.map(isPresent) : [])],
      at: argument.at,
    })),
    at: argument.at,
  };
  const piece = gate.table.piece(alternatives.length === all.length && guards.size === 1 ? tests : [...tests, union]);
  if (piece === undefined) return refuseConstruct('avg() of pieces that no row is in', argument.at);
  return { kind, parts, count: gate.table.present(piece, guards.size > 1 ? [] : (alternatives[0]?.guard ?? [])) };
}

/** Σ over a join that repeats its rows weighs each by how often it occurs. Source: gate.md §4 (fan-out). */
function checkFanOut(column: BoundColumn, gate: GateRows): void {
  if (canRepeat(column.instance, gate.rows, gate.compilation.profile)) refuse('sql.fan_out', { name: calledColumn(column), ...column.at });
}

function allow(column: BoundColumn, name: string, use: string): void {
  if (!isOpenColumn(column) && !ROLE_PERMISSIONS[column.column.role].aggregates.includes(name)) notAllowed(column, use);
}

function booleanOf(name: 'bool_and' | 'bool_or', test: Test, tests: readonly Test[], gate: GateRows): Functional {
  const all = gate.table.piece(tests);
  const some = gate.table.piece([...tests, test]);
  if (all === undefined || some === undefined) return { kind: 'count', parts: [] };
  return { kind: 'boolean', name, term: gate.table.rows(some), all: gate.table.rows(all) };
}

/** `count(DISTINCT x)`: the unit itself, or values that enough units have. A CASE around it is a condition. */
function distinctOf(argument: Scalar, tests: readonly Test[], gate: GateRows): Functional {
  if (argument.kind === 'case') {
    const [branch] = argument.branches;
    const ends = argument.otherwise.kind === 'literal' && argument.otherwise.type === 'null';
    if (branch === undefined || argument.branches.length !== 1 || !ends)
      return refuseConstruct('count(DISTINCT CASE) with several values', argument.at);
    return distinctOf(branch.then, [...tests, branch.when], gate);
  }
  if (argument.kind === 'cast') return distinctOf(argument.input, tests, gate);
  if (argument.kind !== 'column') return refuseConstruct('count(DISTINCT) of an expression', argument.at);
  const { column } = argument;
  const { table } = column.instance;
  noteColumn(column, gate.compilation);
  const type = Object.entries(table.units).find(([, path]) => path.hops.length === 0 && path.column === column.column.name)?.[0];
  const unit = gate.units.findIndex((item) => item.type === type && item.members.includes(column.instance));
  if (unit >= 0) {
    // Where the unit itself is NULL nobody is counted; a row that LEFT JOIN made up has the unit of the other side.
    const isMadeUp = column.instance.optional && gate.units[unit]?.members[0]?.optional === false;
    const own = gate.table.piece(isMadeUp ? [...tests, isPresent(column)] : tests);
    return { kind: 'count', parts: own === undefined ? [] : one(gate.table.unit(own, unit)) };
  }
  const piece = gate.table.piece(tests);
  allow(column, 'count_distinct', 'count distinct values');
  if (table.visibility === 'protected' && table.primaryKey.length === 1 && table.primaryKey[0] === column.column.name) {
    // Every row is a value of its own.
    checkFanOut(column, gate);
    return { kind: 'count', parts: piece === undefined ? [] : one(gate.table.present(piece, nullableOf(column))) };
  }
  if (column.column.role === 'unitId')
    return notAllowed(column, 'count the distinct values of a key of another table; join that table and count its own column');
  return piece === undefined
    ? { kind: 'count', parts: [] }
    : { kind: 'distinct', terms: [gate.table.present(piece, nullableOf(column))], piece, value: special(column, physicalColumn(column)) };
}

function special(column: BoundColumn, sql: string): SpecialColumn {
  const base = `${column.instance.table.name}.${column.column.name}`;
  const truth = column.column.type === 'BOOLEAN';
  return { sql, shown: shownColumn(column), base: [base], sensitive: isSensitive(column), open: isOpenColumn(column), truth };
}

function nullableOf(column: BoundColumn): readonly BoundColumn[] {
  return column.column.nullable || column.instance.optional ? [column] : [];
}

/** The sum of a column over the rows in which neither it nor its partners are NULL. */
function valueTerm(column: BoundColumn, partners: readonly BoundColumn[], piece: number | null, gate: GateRows): number {
  const guard = [column, ...partners].flatMap(nullableOf);
  return gate.table.value(piece, { constant: integer(1), factors: [{ column, whole: null }] }, guard);
}

/** A bare numeric column, perhaps cast to a wider number. */
function numericColumn(argument: Scalar, name: string, use: string, gate: GateRows): BoundColumn {
  const inner = argument.kind === 'cast' && /^(DOUBLE|FLOAT|DECIMAL|BIGINT|HUGEINT)/.test(argument.type) ? argument.input : argument;
  if (inner.kind !== 'column') return refuseConstruct(`${use}() of an expression`, argument.at);
  allow(inner.column, name, use);
  noteColumn(inner.column, gate.compilation);
  if (typeClass(inner.column.column) !== 'number') return notAllowed(inner.column, use);
  checkFanOut(inner.column, gate);
  return inner.column;
}

function specialOf(
  call: Call,
  first: Scalar,
  second: Scalar | undefined,
  tests: readonly Test[],
  environment: Environment,
  gate: GateRows,
): Functional {
  const { name, at } = call;
  const piece = gate.table.piece(tests);
  if (piece === undefined) return { kind: 'count', parts: [] };
  const moment = Object.hasOwn(MOMENTS, name) ? MOMENTS[name] : undefined;
  if (moment !== undefined) {
    const column = numericColumn(first, 'moment', name, gate);
    return { kind: 'moment', name: moment, terms: [valueTerm(column, [], piece, gate)], piece, value: special(column, summandSql(column)) };
  }
  const pair = PAIRS.find((item) => item === name);
  if (pair !== undefined) {
    if (second === undefined) return refuseConstruct(`${name}() with one argument`, at);
    const [y, x] = [numericColumn(first, 'pair', name, gate), numericColumn(second, 'pair', name, gate)];
    return {
      kind: 'pair',
      name: pair,
      terms: [valueTerm(y, [x], piece, gate), valueTerm(x, [y], piece, gate)],
      piece,
      y: special(y, summandSql(y)),
      x: special(x, summandSql(x)),
    };
  }
  if (name === 'mode') {
    if (first.kind !== 'column') return refuseConstruct('mode() of an expression', at);
    allow(first.column, 'mode', 'mode');
    noteColumn(first.column, gate.compilation);
    return {
      kind: 'mode',
      terms: [gate.table.present(piece, nullableOf(first.column))],
      piece,
      value: special(first.column, physicalColumn(first.column)),
    };
  }
  const quantile = QUANTILES[name];
  if (quantile === undefined || (call.arguments.length > 1 && (name === 'min' || name === 'max')))
    return refuseConstruct(`${name}() with these arguments`, at);
  return quantileOf(quantile, call, first, second, piece, environment, gate);
}

function quantileOf(
  name: QuantileName,
  call: Call,
  first: Scalar,
  second: Scalar | undefined,
  piece: number | null,
  environment: Environment,
  gate: GateRows,
): Functional {
  // percentile_cont(q) WITHIN GROUP (ORDER BY x) arrives as quantile_cont(q ORDER BY x).
  const within = call.orderBy[0]?.expression;
  const argument = within === undefined ? first : resolveScalar(within, environment);
  const wanted = within === undefined ? second : first;
  if (argument.kind === 'column' && isOpenColumn(argument.column) && (name === 'min' || name === 'max')) {
    return {
      kind: 'quantile',
      terms: [gate.table.present(piece, nullableOf(argument.column))],
      name,
      q: name === 'min' ? 0 : 1,
      piece,
      value: special(argument.column, physicalColumn(argument.column)),
    };
  }
  const column = numericColumn(argument, name === 'min' || name === 'max' ? 'extreme' : 'quantile', call.name, gate);
  if ((name === 'min' || name === 'max') && column.instance.table.name.startsWith('__'))
    return refuseConstruct(`${name}() of a figure per unit`, call.at);
  const given = wanted === undefined ? undefined : numberOf(wanted);
  const q =
    name === 'median' ? 0.5 : name === 'min' ? 0 : name === 'max' ? 1 : given === undefined ? Number.NaN : Number(decimalText(given));
  const isTrimmed = name === 'min' || name === 'max';
  if (!isTrimmed && !(q > 0 && q < 1)) return refuseConstruct(`${call.name}() with a fraction that is not between 0 and 1`, call.at);
  return {
    kind: 'quantile',
    terms: [gate.table.present(piece, nullableOf(column))],
    name,
    q: isTrimmed || given === undefined ? q : onQuantileGrid(given, column, wanted?.at ?? call.at, gate),
    piece,
    value: special(column, summandSql(column)),
  };
}

/** The fraction that is asked for in another's place, which the merchant is told. Source: gate.md §5 (a fixed grid of q). */
function onQuantileGrid(given: Decimal, column: BoundColumn, at: Position, gate: GateRows): number {
  const q = quantileTwentieths(given) / 20;
  const from = decimalText(given);
  if (Number(from) !== q)
    gate.compilation.roundings.push({ column: calledColumn(column), from: `q = ${from}`, to: `q = ${q}`, line: at.line, at: at.column });
  return q;
}
