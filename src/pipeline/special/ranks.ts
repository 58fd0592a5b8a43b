import { rowSpread, type WindowEvidence, windowRules } from '../../egress/special-rules.ts';
import { absoluteDecimal, compareDecimals, type Decimal, integer, parseDecimal } from '../../kernel/decimal.ts';
import type { Cell } from '../../sandbox/enclave/port.ts';
import { quantileTwentieths } from '../../sandbox/sql/compile/grid.ts';
import type { Functional, QuantileName } from '../../sandbox/sql/model/program.ts';
import type { Variant } from '../../sandbox/sql/statements/relation.ts';
import {
  LARGE_CELL,
  RANK_COLUMNS,
  RANK_UNIT_COLUMNS,
  type RankPosition,
  type RankQuestion,
  rankStatement,
  TOUCHED_COLUMNS,
  touchedStatement,
} from '../../sandbox/sql/statements/special/rank-statement.ts';
import { rowUnits } from '../../sandbox/sql/statements/special/special-rows.ts';
import { MalformedAnswer } from '../read-evidence.ts';
import { type Answers, argumentIndex, ofUnit, onlyCells, type SpecialAnswer, type SpecialContext, withheld } from './context.ts';
import { fractionNumber } from './fraction.ts';
import { asCount, asDecimal, asList, specialRows } from './read-special.ts';

type Quantile = Extract<Functional, { readonly kind: 'quantile' }>;

/** Where a quantile is looked for: at the nearest point of the grid; least and greatest have none. */
export function rankPosition(name: QuantileName, q: number): RankPosition {
  if (name === 'min' || name === 'max') return { kind: 'trimmed', end: name };
  const asked = parseDecimal(String(q));
  if (asked === undefined) throw new Error('A fraction is no decimal');
  return { kind: 'quantile', twentieths: quantileTwentieths(asked) };
}

/** The window of one cell, with what every unit instance of the program sees of it. */
interface Window {
  /** Rows found, and how many a window that lies wholly in what was read has; null for an end. */
  readonly found: number;
  readonly wanted: number | null;
  readonly total: Decimal;
  readonly least: Decimal;
  readonly greatest: Decimal;
  readonly units: readonly WindowEvidence[];
}

/**
 * Answers of a quantile, a median, or a trimmed least or greatest value: the mean of the window's rows. quantile_cont
 * and quantile_disc are the same mean. Source: gate.md §5 (quantiles), sql-gate.md §7.3 rule 6.
 */
export async function rankAnswers(context: SpecialContext, functional: Quantile): Promise<Answers> {
  const argument = { piece: functional.piece, column: functional.value };
  const index = argumentIndex(context, argument);
  const figure = context.figures[index];
  const position = rankPosition(functional.name, functional.q);
  const answers = new Map<string, SpecialAnswer>([...context.cells.keys()].map((name) => [name, withheld(context)]));
  if (figure === undefined || rowUnits(context.program).length === 0) return answers;
  const question: RankQuestion = { ...argument, figure, position, k: context.policy.k, near: false };
  const isLarge = (name: string): boolean => (context.cells.get(name)?.arguments[index]?.rows ?? 0) >= LARGE_CELL;
  const near = [...context.cells.keys()].some(isLarge);
  const windows = new Map(await readWindows(context, { ...question, near }, context.variant));
  const open = [...context.cells.keys()].filter((name) => isLarge(name) && !isSettled(windows.get(name), position, context.policy.k));
  if (open.length > 0) {
    const whole = await readWindows(context, question, onlyCells(context, open));
    for (const name of open) {
      const window = whole.get(name);
      if (window === undefined) windows.delete(name);
      else windows.set(name, window);
    }
  }
  for (const [name, window] of windows) {
    if (context.cells.has(name) && isComplete(window) && !isCutWindow(window, figure.limit, figure.scale))
      answers.set(name, answerOf(context, functional, position, window));
  }
  return answers;
}

/** Sides on which other units must stand. Beyond a trimmed end the k units left out do; touched ones are counted there as well. */
function sidesOf(position: RankPosition, touching: boolean): readonly ('below' | 'above')[] {
  return position.kind === 'quantile' || touching ? ['below', 'above'] : ['above'];
}

function answerOf(context: SpecialContext, functional: Quantile, position: RankPosition, window: Window): SpecialAnswer {
  const isOne = compareDecimals(window.least, window.greatest) === 0;
  const reveals = functional.value.sensitive && isOne;
  const rules = context.program.units.flatMap((unit, index) => {
    const seen = window.units[index] ?? { units: 0, off: 0, below: 0, above: 0, rows: null };
    return ofUnit(windowRules(seen, sidesOf(position, unit.touching !== null), reveals, context.policy), unit.type);
  });
  return { value: fractionNumber({ over: window.total, under: integer(window.found) }), rules };
}

/** Whether all rows of the window were read. */
function isComplete(window: Window): boolean {
  return window.wanted === null || window.found === window.wanted;
}

/** Whether a look near the position alone told everything: what it counts on the sides are lower bounds. */
function isSettled(window: Window | undefined, position: RankPosition, k: number): boolean {
  if (window === undefined || !isComplete(window)) return false;
  return window.units.every((unit) => unit.rows === null || sidesOf(position, false).every((side) => unit[side] >= k));
}

/** Figures that had to be cut are not averaged. */
function isCutWindow(window: Window, limit: bigint | null, scale: number): boolean {
  if (limit === null) return false;
  const bound: Decimal = { digits: limit, scale };
  return [window.least, window.greatest].some((value) => compareDecimals(absoluteDecimal(value), bound) >= 0);
}

/** Windows by cell; cells without one (too few units) are missing. */
async function readWindows(context: SpecialContext, question: RankQuestion, variant: Variant): Promise<ReadonlyMap<string, Window>> {
  const { program, run } = context;
  const own = rowUnits(program);
  const rows = specialRows(program, await run(rankStatement(program, variant, question)), RANK_COLUMNS + own.length * RANK_UNIT_COLUMNS);
  const touched = new Map<number, ReadonlyMap<string, WindowEvidence>>();
  for (const [unit, { touching }] of program.units.entries())
    if (touching !== null) touched.set(unit, await readTouched(context, unit, question, variant));
  const windows = new Map<string, Window>();
  for (const [name, { values }] of rows) {
    const [total, least, greatest] = [asDecimal(values[3]), asDecimal(values[4]), asDecimal(values[5])];
    if (total === null || least === null || greatest === null) continue;
    const found = asCount(values[1]);
    const units = program.units.map((_, unit) => {
      const place = own.indexOf(unit);
      if (place < 0) return touched.get(unit)?.get(name) ?? { units: 0, off: 0, below: 0, above: 0, rows: null };
      return readUnit(values.slice(RANK_COLUMNS + place * RANK_UNIT_COLUMNS), found);
    });
    windows.set(name, { found, wanted: question.position.kind === 'quantile' ? asCount(values[2]) : null, total, least, greatest, units });
  }
  return windows;
}

function readUnit(values: readonly Cell[], found: number): WindowEvidence {
  const [first, second] = asList(values[2]).map(asCount);
  if ((first ?? 0) + (second ?? 0) > found) throw new MalformedAnswer('Largest shares exceed their total');
  return {
    units: asCount(values[0]),
    off: asCount(values[1]),
    below: asCount(values[3]),
    above: asCount(values[4]),
    rows: rowSpread(found, first ?? 0, second ?? 0),
  };
}

async function readTouched(
  context: SpecialContext,
  unit: number,
  question: RankQuestion,
  variant: Variant,
): Promise<ReadonlyMap<string, WindowEvidence>> {
  const { program, run } = context;
  const rows = specialRows(program, await run(touchedStatement(program, unit, variant, question)), TOUCHED_COLUMNS);
  return new Map(
    [...rows].map(([name, { values }]) => [
      name,
      { units: asCount(values[0]), off: asCount(values[1]), below: asCount(values[2]), above: asCount(values[3]), rows: null },
    ]),
  );
}
