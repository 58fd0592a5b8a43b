import type { Query, SetOperation } from '../ast.ts';
import type { Scalar } from '../model/scalar.ts';
import { derivedRows, passedColumn } from './derived-rows.ts';
import type { CommonEntry, Frame } from './frame.ts';
import { refuseConstruct } from './refusal.ts';
import { NO_ROWS, type OpenColumn, type OpenRelation, type Relation } from './rows.ts';
import { compileSelect } from './select.ts';

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
  const left = frame.compile(body.left, { ...frame, depth: frame.depth + 1 });
  const right = frame.compile(body.right, { ...frame, depth: frame.depth + 1 });
  if (left.columns.length !== right.columns.length) return refuseConstruct(`${body.kind} of different numbers of columns`, body.at);
  if (left.kind === 'open' && right.kind === 'open') return openSet(body, query, left, right);
  if (left.kind !== 'unit' || right.kind !== 'unit')
    return refuseConstruct(`${body.kind} of rows of units and released or constant rows`, body.at);
  if (body.kind !== 'union' || !body.all || query.limit !== null)
    return refuseConstruct(`${body.kind} of rows of units (use UNION ALL, EXISTS or NOT EXISTS)`, body.at);
  const branches = [left, right].map((side) => {
    const scalars = side.columns.map((column) => column.scalar);
    return { rows: side.rows, scalars, columns: scalars.map((scalar, index) => passedColumn(scalar, `c${index}`, frame.compilation)) };
  });
  const instance = derivedRows(branches, frame.compilation, body.at);
  const columns = left.columns.map((column, index) => {
    const own = instance.table.columns[index];
    if (own === undefined) throw new Error('A column was lost');
    const scalar: Scalar = { kind: 'column', column: { instance, column: own, at: body.at }, at: body.at };
    return { name: column.name, scalar };
  });
  return { kind: 'unit', rows: { ...NO_ROWS, instances: [instance] }, columns };
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
