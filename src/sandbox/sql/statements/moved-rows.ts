import { type Condition, conditionsIn, printCondition, type Reduction } from '../model/condition.ts';
import type { GateProgram } from '../model/program.ts';
import { type Layout, layoutOf, pieceSql } from './layout.ts';
import { countsWholeUnits } from './whole-units.ts';

/**
 * A way to drop an operand: as neutral, or as satisfied by no row (the condition of a piece, or of a branch of UNION ALL).
 * `few`: the same, because the units that it tells apart are too few for two sides.
 */
export interface Drop {
  readonly operand: Condition;
  readonly how: 'neutral' | 'never' | 'few';
}

/**
 * So many units a drop must move to be left alone. Of fewer than 2k − 1 units both sides of a condition can be too small
 * at once, and which side is dropped would tell how many are on it. Source: docs/adr/0015.
 */
export function unitsNeeded(drop: Drop, k: number): number {
  return drop.how === 'few' ? 2 * k - 1 : k;
}

/** The reduction with one more operand dropped. */
export function withDrop(reduction: Reduction, drop: Drop): Reduction {
  const { neutral, never } = reduction;
  const { id } = drop.operand;
  return drop.how === 'neutral' ? { neutral: new Set([...neutral, id]), never } : { neutral, never: new Set([...never, id]) };
}

/** Whether a condition is, or contains, the one with the id. */
export function holds(condition: Condition, id: number): boolean {
  if (condition.id === id) return true;
  const parts = condition.kind === 'leaf' ? conditionsIn(condition.sql) : condition.items;
  return parts.some((item) => holds(item, id));
}

/** Conditions inside FROM change the rows themselves; all others choose among them. */
export function isDeep(program: GateProgram, operand: Condition): boolean {
  return conditionsIn(program.from).some((condition) => holds(condition, operand.id));
}

/** A way in which a row can contribute to some figure; an operand moves a unit if it moves one such row of it. */
export interface Way {
  readonly piece: number | null;
  /** TRUE for a row that contributes. */
  readonly sql: string;
  /** Set where rows may cancel out: the summand whose net change counts. */
  readonly net: string | null;
}

/**
 * The ways in which rows contribute, without those that another one implies: what moves k units in a sum moves them in
 * the count of its rows too, and what moves them in a product moves them in each of its factors.
 */
export function waysOf(program: GateProgram): readonly Way[] {
  const layout = layoutOf(program);
  const used = usedCounters(program, layout);
  const factors = factorSums(program, layout);
  const found = layout.sums.flatMap((sum, index): readonly Way[] =>
    factors.has(index) ? [] : [{ piece: sum.piece, sql: `${sum.sql} <> 0`, net: sum.signs === 'mixed' ? sum.sql : null }],
  );
  for (const index of used) {
    const counter = layout.counters[index];
    if (counter === undefined) continue;
    const { piece, expression } = counter;
    const implied = layout.sums.some(
      (sum) => sum.signs !== 'mixed' && sum.piece === piece && (expression === null || expression === sum.sql),
    );
    const narrower =
      expression === null && layout.counters.some((other, at) => other.piece === piece && other.expression !== null && used.has(at));
    if (!implied && !narrower) found.push({ piece, sql: expression === null ? 'TRUE' : `${expression} IS NOT NULL`, net: null });
  }
  return found;
}

/** Sums of factors of which a product over the same rows is told: where it is not 0, neither are they. */
function factorSums(program: GateProgram, layout: Layout): ReadonlySet<number> {
  const isPlain = (index: number | null): boolean => index !== null && layout.sums[index]?.signs !== 'mixed';
  return new Set(
    program.terms.flatMap((term, index) => {
      const whole = layout.terms[index]?.sum ?? null;
      if (term.kind !== 'value' || !isPlain(whole)) return [];
      return term.factors.flatMap((factor) => {
        const own = layout.terms[factor]?.sum ?? null;
        const isSame = own !== null && own !== whole && isPlain(own) && program.terms[factor]?.piece === term.piece;
        return isSame ? [own] : [];
      });
    }),
  );
}

/** Counters that some term counts, and not only divides by; numbers of units that may have several rows are none. */
function usedCounters(program: GateProgram, layout: Layout): ReadonlySet<number> {
  const apart = countsWholeUnits(program);
  const counts = (index: number): boolean => layout.terms[index]?.sum === null && !(apart && program.terms[index]?.kind === 'unit');
  return new Set(layout.terms.flatMap((term, index) => (counts(index) ? [term.counter] : [])));
}

/** The rows that a drop adds or takes away: those that satisfy all of `rows`; a way contributes where `ways` says so. */
export interface MovedRows {
  readonly rows: readonly string[];
  readonly ways: readonly { readonly flag: string; readonly net: string | null }[];
}

/** Whether a drop certainly moves no row, whatever is in the data. */
export function movesNothing(moved: MovedRows): boolean {
  return moved.rows.includes('FALSE');
}

/** Whether a drop in WHERE only adds rows to those that are there: its operand stands under nothing but AND. */
export function onlyAdds({ where }: GateProgram, drop: Drop): boolean {
  const stands = (node: Condition): boolean => node.id === drop.operand.id || (node.kind === 'and' && node.items.some(stands));
  return drop.how === 'neutral' && where !== null && stands(where);
}

/** What a drop moves; null where it changes no contribution. Not for operands inside FROM. Source: gate.md §6. */
export function movedRows(program: GateProgram, ways: readonly Way[], reduction: Reduction, drop: Drop): MovedRows | null {
  const { where } = program;
  const { id } = drop.operand;
  const isGone = (way: Way): boolean => {
    const piece = way.piece === null ? undefined : program.pieces[way.piece];
    return piece !== undefined && reduction.never.has(piece.id);
  };
  const standing = ways.filter((way) => !isGone(way));
  if (where !== null && holds(where, id)) {
    const flags = standing.map((way) => ({ flag: allOf([pieceSql(program, way.piece, reduction) ?? 'TRUE', way.sql]), net: way.net }));
    return flags.length === 0 ? null : { rows: flips(where, drop, reduction), ways: flags };
  }
  const affected = standing.filter((way) => way.piece !== null && holdsPiece(program, way.piece, id));
  const piece = affected[0]?.piece ?? null;
  const condition = piece === null ? undefined : program.pieces[piece];
  if (condition === undefined) return null;
  const whole = where === null ? [] : [printCondition(where, reduction)];
  if (drop.how === 'few') return { rows: whole, ways: affected.map((way) => ({ flag: way.sql, net: null })) };
  return { rows: [...whole, ...flips(condition, drop, reduction)], ways: affected.map((way) => ({ flag: way.sql, net: way.net })) };
}

function holdsPiece(program: GateProgram, piece: number, id: number): boolean {
  const condition = program.pieces[piece];
  return condition !== undefined && holds(condition, id);
}

/**
 * What is true of the rows for which the drop changes whether the condition is satisfied. In negation normal form each
 * operand counts where all others decide nothing: those joined with it by AND are satisfied, those by OR are not.
 */
function flips(root: Condition, drop: Drop, reduction: Reduction): readonly string[] {
  if (drop.how === 'never') return [printCondition(root, reduction)];
  const found: string[] = [];
  let node = root;
  let within: 'and' | 'or' = 'and';
  while (node.id !== drop.operand.id) {
    if (node.kind === 'leaf') {
      const print = (state: Reduction): string => `((${printCondition(node, state)}) IS TRUE)`;
      return [...found, `${print(reduction)} <> ${print(withDrop(reduction, drop))}`];
    }
    const { kind, items } = node;
    const next = items.find((item) => holds(item, drop.operand.id));
    if (next === undefined) throw new Error('An operand outside its condition');
    for (const item of items) {
      if (item === next || reduction.neutral.has(item.id)) continue;
      const printed = printCondition(item, reduction);
      found.push(kind === 'and' ? printed : notTrue(printed));
    }
    node = next;
    within = kind;
  }
  const own = printCondition(node, reduction);
  return [...found, within === 'and' ? notTrue(own) : own];
}

const OPPOSITE: Readonly<Record<string, string>> = { '<': '>=', '>=': '<', '=': '<>', '<>': '=' };
const COMPARISON = /^(t\d+\."(?:[^"]|"")+") (<|>=|=|<>) ((?:DATE |TIMESTAMP )?'(?:[^']|'')*'|-?\d+(?:\.\d+)?)$/;

/** Rows that do not satisfy a condition, NULL among them; where it is a plain comparison, in words that a scan can use. */
function notTrue(condition: string): string {
  if (condition === 'TRUE') return 'FALSE';
  if (condition === 'FALSE') return 'TRUE';
  const [, column, operator = '', literal] = COMPARISON.exec(condition) ?? [];
  return column === undefined ? `(${condition}) IS NOT TRUE` : `(${column} ${OPPOSITE[operator]} ${literal} OR ${column} IS NULL)`;
}

/** AND of conditions, without those that are always true. */
export function allOf(conditions: readonly string[]): string {
  const kept = conditions.filter((condition) => condition !== 'TRUE');
  return kept.length === 0 ? 'TRUE' : kept.join(' AND ');
}
