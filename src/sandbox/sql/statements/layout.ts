import { printCondition, type Reduction } from '../model/condition.ts';
import type { GateProgram, Signs, Term } from '../model/program.ts';

/** Rows that are counted: all, those of a piece, those where an expression is not NULL. Source: gate.md §6. */
export interface Counter {
  readonly piece: number | null;
  /** Null: every row of the piece. */
  readonly expression: string | null;
  /** The counter of the piece's rows, where this one may leave some of them out. */
  readonly base: number | null;
}

export interface Sum {
  readonly piece: number | null;
  readonly sql: string;
  readonly signs: Signs;
  readonly counter: number;
}

/** What a pass over the rows computes for each cell. Counter 0 counts all rows. */
export interface Layout {
  readonly counters: readonly Counter[];
  readonly sums: readonly Sum[];
  /** By term of the program. */
  readonly terms: readonly { readonly counter: number; readonly sum: number | null }[];
}

/** The counters and sums that the terms of a gate need, each once. */
export function layoutOf(program: GateProgram): Layout {
  const counters: Counter[] = [{ piece: null, expression: null, base: null }];
  const sums: Sum[] = [];
  const counter = (piece: number | null, expression: string | null): number => {
    const known = counters.findIndex((item) => item.piece === piece && item.expression === expression);
    if (known >= 0) return known;
    const base = expression === null ? null : counter(piece, null);
    return counters.push({ piece, expression, base }) - 1;
  };
  const terms = program.terms.map((term) => {
    const counted = counter(term.piece, countedExpression(term));
    if (term.kind !== 'value') return { counter: counted, sum: null };
    const known = sums.findIndex((item) => item.piece === term.piece && item.sql === term.sql);
    const sum = known >= 0 ? known : sums.push({ piece: term.piece, sql: term.sql, signs: term.signs, counter: counted }) - 1;
    return { counter: counted, sum };
  });
  return { counters, sums, terms };
}

/** What must not be NULL for a term to count a row; null where every row of its piece counts. */
export function countedExpression(term: Term): string | null {
  if (term.kind === 'present') return term.sql;
  return term.kind === 'value' && term.nullable ? term.sql : null;
}

/** The condition of a piece, or null where it is all rows. */
export function pieceSql(program: GateProgram, piece: number | null, reduction: Reduction): string | null {
  const condition = piece === null ? undefined : program.pieces[piece];
  const printed = condition === undefined ? 'TRUE' : printCondition(condition, reduction);
  return printed === 'TRUE' ? null : printed;
}

/** An expression within its piece: NULL outside. */
export function withinPiece(program: GateProgram, piece: number | null, sql: string, reduction: Reduction): string {
  const condition = pieceSql(program, piece, reduction);
  return condition === null ? sql : `CASE WHEN ${condition} THEN ${sql} END`;
}

/** What a counter counts, as an aggregate. */
export function counterSql(program: GateProgram, counter: Counter, reduction: Reduction): string {
  const condition = pieceSql(program, counter.piece, reduction);
  if (counter.expression === null && condition === null) return 'count(*)';
  return `count(${withinPiece(program, counter.piece, counter.expression ?? '1', reduction)})`;
}

/** What a sum adds up. */
export function summandOf(program: GateProgram, sum: Sum, reduction: Reduction): string {
  return withinPiece(program, sum.piece, sum.sql, reduction);
}
