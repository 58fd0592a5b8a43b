import type { Position, Query, SetOperation } from '../ast.ts';
import type { Scalar } from '../model/scalar.ts';
import { derivedRows, passedColumn } from './derived-rows.ts';
import type { CommonEntry, Frame } from './frame.ts';
import { refuseConstruct } from './refusal.ts';
import { NO_ROWS, type OpenColumn, type OpenRelation, type Relation, type UnitRelation } from './rows.ts';
import { compileSelect } from './select.ts';
import { selectOfSet } from './set-operation.ts';

const MAX_DEPTH = 16;

/** Compiles a query in its surroundings. Throws Refused. Source: gate.md §4. */
export function compileQuery(query: Query, outer: Frame): Relation {
  if (outer.depth > MAX_DEPTH) return refuseConstruct(`queries nested more than ${MAX_DEPTH} deep`, query.body.at);
  const frame = withCommonTables(query, outer);
  if (query.body.kind === 'select') return compileSelect(query.body, query, frame);
  return compileSet(query.body, query, frame);
}

/** Each table of WITH sees those before it; an inner name hides an outer one. */
function withCommonTables(query: Query, outer: Frame): Frame {
  let frame = outer;
  for (const table of query.commonTables) {
    const entry: CommonEntry = { table, frame, known: { open: null } };
    frame = { ...frame, commonTables: new Map([...frame.commonTables, [table.name.toLowerCase(), entry]]) };
  }
  return frame;
}

function compileSet(body: SetOperation, query: Query, frame: Frame): Relation {
  const inside: Frame = { ...frame, depth: frame.depth + 1, called: '' };
  const left = frame.compile(body.left, inside);
  const right = frame.compile(body.right, inside);
  if (left.columns.length !== right.columns.length) return refuseConstruct(`${body.kind} of different numbers of columns`, body.at);
  if (left.kind === 'open' && right.kind === 'open') return openSet(body, query, left, right);
  if (left.kind !== 'unit' || right.kind !== 'unit')
    return refuseConstruct(`${body.kind.toUpperCase()} of rows of units and released or constant rows`, body.at);
  if (query.limit !== null && frame.depth > 0) return refuseConstruct('LIMIT below an aggregate', body.at);
  if (body.kind !== 'union' || !body.all) return compileSelectOf(body, left, right, inside);
  return unionAll(left, right, frame, body.at);
}

/** The rows of both, as a table of its own. */
function unionAll(left: UnitRelation, right: UnitRelation, frame: Frame, at: Position): UnitRelation {
  const branches = [left, right].map((side) => {
    const scalars = side.columns.map((column) => column.scalar);
    return { rows: side.rows, scalars, columns: scalars.map((scalar, index) => passedColumn(scalar, `c${index}`, frame.compilation)) };
  });
  const given = { rows: frame.called, columns: left.columns.map((column) => column.name) };
  const instance = derivedRows(branches, frame.compilation, given, at);
  const columns = left.columns.map((column, index) => {
    const own = instance.table.columns[index];
    if (own === undefined) throw new Error('A column was lost');
    const scalar: Scalar = { kind: 'column', column: { instance, column: own, at }, at };
    return { name: column.name, scalar };
  });
  return { kind: 'unit', rows: { ...NO_ROWS, instances: [instance] }, columns };
}

/** UNION, EXCEPT and INTERSECT of rows of units as the SELECT DISTINCT that each is. Nothing is compiled a second time. */
function compileSelectOf(body: SetOperation, left: UnitRelation, right: UnitRelation, frame: Frame): Relation {
  const spelled = selectOfSet(body, left);
  const name = `${body.kind.toUpperCase()}${body.all ? ' ALL' : ''}`;
  if (spelled === undefined) return refuseConstruct(`${name} of rows of units by more than the unit`, body.at);
  const known = new Map<Query, Relation>([
    [body.left, left],
    [body.right, right],
  ]);
  if (spelled.both !== null) known.set(spelled.both, unionAll(left, right, frame, body.at));
  const compile: Frame['compile'] = (query, inside) => known.get(query) ?? frame.compile(query, inside);
  const relation = compile(spelled.query, { ...frame, compile });
  return relation.kind === 'unit' ? relation : refuseConstruct(`${name} of rows of units without the unit`, body.at);
}

function openSet(body: SetOperation, query: Query, left: OpenRelation, right: OpenRelation): OpenRelation {
  const columns = left.columns.map(
    (column, index): OpenColumn => ({
      name: column.name,
      type: column.type === right.columns[index]?.type ? column.type : null,
      bare: column.bare && right.columns[index]?.bare === true,
    }),
  );
  const result: Query = {
    commonTables: [],
    body: { ...body, left: left.query, right: right.query },
    orderBy: query.orderBy,
    limit: query.limit,
    offset: query.offset,
  };
  return { kind: 'open', query: result, columns, oneRow: false, gated: left.gated || right.gated };
}
