import type { Spread } from '../../egress/evidence.ts';
import type { RuleOutcome } from '../../egress/evidence-rules.ts';
import { type Basis, freedomRule, identityRule, squaresRules } from '../../egress/special-rules.ts';
import { compareDecimals, integer, subtractDecimals } from '../../kernel/decimal.ts';
import type { Functional, PairName } from '../../sandbox/sql/model/program.ts';
import type { Couple, CoupleArgument, Product } from '../../sandbox/sql/statements/special/products-statement.ts';
import { rowUnits, type SpecialArgument } from '../../sandbox/sql/statements/special/special-rows.ts';
import {
  type Answers,
  argumentIndex,
  isCut,
  isOpen,
  ofUnit,
  onlyCells,
  type SpecialAnswer,
  type SpecialCell,
  type SpecialContext,
  type UnitRule,
  withheld,
} from './context.ts';
import { type CoupleCell, type CoupleCells, couplePass } from './couple-cells.ts';
import { levelRules } from './levels.ts';
import { type CoupleSums, momentFigure, pairFigure, shareOf } from './pair-figures.ts';

type Fitted = Extract<Functional, { readonly kind: 'moment' | 'pair' }>;

/**
 * The sums of squares and products that a figure is computed from. All of them must be spread over enough units: the
 * quotient of two figures gives a third (covariance and slope give the variance). Source: gate.md §5.
 */
const PRODUCTS: Readonly<Record<PairName, readonly Product[]>> = {
  corr: ['xy', 'xx', 'yy'],
  covar_pop: ['xy'],
  covar_samp: ['xy'],
  regr_slope: ['xy', 'xx'],
  regr_intercept: ['xy', 'xx'],
  regr_r2: ['xy', 'xx', 'yy'],
  regr_count: ['xy'],
  regr_avgx: ['xy'],
  regr_avgy: ['xy'],
  regr_sxx: ['xy', 'xx'],
  regr_syy: ['xy', 'yy'],
  regr_sxy: ['xy'],
};

/** The couples of all outputs, each once, and which one an output is of. */
interface Couples {
  readonly list: readonly Couple[];
  readonly of: ReadonlyMap<number, number>;
}

/** Answers of moments and pairs, by output. All of them share their passes. Source: gate.md §5 (aggregates), §6. */
export async function productAnswers(context: SpecialContext, outputs: ReadonlyMap<number, Fitted>): Promise<ReadonlyMap<number, Answers>> {
  const couples = couplesOf(context, outputs);
  if (couples.list.length === 0) return new Map();
  const leader = rowUnits(context.program)[0] ?? null;
  const plain = await couplePass(context, leader, 'bucket', context.variant, couples.list);
  const rules = new Map<number, Map<string, readonly UnitRule[]>>([...couples.of.keys()].map((index) => [index, new Map()]));
  for (const unit of context.program.units.keys()) {
    const own = unit === leader ? plain : await couplePass(context, unit, 'bucket', context.variant, couples.list);
    for (const [index, cells] of await unitRules(context, outputs, couples, { unit, plain, own })) {
      for (const [name, found] of cells) rules.get(index)?.set(name, [...(rules.get(index)?.get(name) ?? []), ...found]);
    }
  }
  const pairs = [...couples.of].flatMap(([index, couple]) => (outputs.get(index)?.kind === 'pair' ? [couple] : []));
  const levels = await levelRules(context, pairs, couples.list);
  const answers = new Map<number, Answers>();
  for (const [index, place] of couples.of) {
    const functional = outputs.get(index);
    const couple = couples.list[place];
    if (functional === undefined || couple === undefined) continue;
    const cells = [...context.cells].map(([name, profile]): [string, SpecialAnswer] => {
      const cell = plain[place]?.get(name);
      const found = rules.get(index)?.get(name) ?? [];
      if (cell === undefined || found.length === 0 || isCutCell(context, couple, profile)) return [name, withheld(context)];
      const level = functional.kind === 'pair' ? (levels.get(place)?.get(name) ?? withheld(context).rules) : [];
      return [name, answerOf(functional, cell, [...found, ...level])];
    });
    answers.set(index, new Map(cells));
  }
  return answers;
}

function couplesOf(context: SpecialContext, outputs: ReadonlyMap<number, Fitted>): Couples {
  const list: Couple[] = [];
  const names: string[] = [];
  const of = new Map<number, number>();
  for (const [index, functional] of outputs) {
    const couple = coupleFor(context, functional);
    if (couple === undefined) continue;
    const name = JSON.stringify([functional.piece, couple.x.column.sql, couple.y?.column.sql ?? null]);
    if (!names.includes(name)) {
      names.push(name);
      list.push(couple);
    }
    of.set(index, names.indexOf(name));
  }
  return { list, of };
}

interface UnitPass {
  readonly unit: number;
  /** What the first unit of the rows sees: totals come from there. */
  readonly plain: readonly CoupleCells[];
  readonly own: readonly CoupleCells[];
}

/** Rules of one unit instance: by buckets where they decide, otherwise exactly for those cells only. */
async function unitRules(
  context: SpecialContext,
  outputs: ReadonlyMap<number, Fitted>,
  couples: Couples,
  passes: UnitPass,
): Promise<ReadonlyMap<number, ReadonlyMap<string, readonly UnitRule[]>>> {
  const { unit, plain } = passes;
  const judge = (index: number, name: string, cells: readonly CoupleCells[], basis: Basis): readonly RuleOutcome[] => {
    const at = (found: readonly CoupleCells[]): CoupleCell | undefined => found[couples.of.get(index) ?? -1]?.get(name);
    return judged(context, outputs.get(index), { own: at(cells), plain: at(plain), touching: isTouching(context, unit) }, basis);
  };
  const asked = [...couples.of.keys()];
  const open = [...context.cells.keys()].filter((name) => asked.some((index) => isOpen(judge(index, name, passes.own, 'buckets'))));
  const exact = open.length === 0 ? passes.own : await couplePass(context, unit, 'unit', onlyCells(context, open), couples.list);
  const settled = new Set(open);
  const type = context.program.units[unit]?.type ?? '';
  const cellRules = (index: number, name: string): readonly UnitRule[] =>
    ofUnit(settled.has(name) ? judge(index, name, exact, 'units') : judge(index, name, passes.own, 'buckets'), type);
  return new Map(asked.map((index) => [index, new Map([...context.cells.keys()].map((name) => [name, cellRules(index, name)]))]));
}

function answerOf(functional: Fitted, cell: CoupleCell, rules: readonly UnitRule[]): SpecialAnswer {
  if (functional.kind === 'moment') return { value: momentFigure(functional.name, cell), rules };
  const value = pairFigure(functional.name, cell);
  const isShare = functional.name === 'corr' || functional.name === 'regr_r2';
  return { value, rules: isShare ? [...rules, ...ofUnit([identityRule(value)], '')] : rules };
}

/** Whether a figure of the cell had to be cut, so that nothing may be computed from it. */
function isCutCell(context: SpecialContext, couple: Couple, cell: SpecialCell): boolean {
  return [couple.x, ...(couple.y === null ? [] : [couple.y])].some((side) => {
    const profile = cell.arguments[argumentIndex(context, side)];
    return isCut(side.figure, profile?.least ?? null) || isCut(side.figure, profile?.greatest ?? null);
  });
}

function isTouching(context: SpecialContext, unit: number): boolean {
  return context.program.units[unit]?.touching !== null;
}

function coupleFor(context: SpecialContext, functional: Fitted): Couple | undefined {
  const { piece } = functional;
  if (functional.kind === 'moment') {
    const x = sideFor(context, { piece, column: functional.value });
    return x === undefined ? undefined : { x, y: null };
  }
  const [x, y] = [sideFor(context, { piece, column: functional.x }), sideFor(context, { piece, column: functional.y })];
  return x === undefined || y === undefined ? undefined : { x, y };
}

const SMALL_RANGE = 10n ** 9n;

function sideFor(context: SpecialContext, argument: SpecialArgument): CoupleArgument | undefined {
  const index = argumentIndex(context, argument);
  const figure = context.figures[index];
  if (figure === undefined) return undefined;
  const isSmall = [...context.cells.values()].every((cell) => {
    const { least, greatest } = cell.arguments[index] ?? { least: null, greatest: null };
    return least === null || greatest === null || subtractDecimals(greatest, least).digits < SMALL_RANGE;
  });
  return { ...argument, figure, small: isSmall };
}

/** What a unit instance has to say of a figure. Units touching a row share it, so that its totals come from the rows themselves. */
function judged(
  context: SpecialContext,
  functional: Fitted | undefined,
  cell: { readonly own: CoupleCell | undefined; readonly plain: CoupleCell | undefined; readonly touching: boolean },
  basis: Basis,
): readonly RuleOutcome[] {
  const { own, plain } = cell;
  if (functional === undefined || plain === undefined || plain.sums.get('n')?.digits === 0n) return [freedomRule(0, 1, 'units')];
  const products = functional.kind === 'pair' ? PRODUCTS[functional.name] : (['xx'] as const);
  const parameters = functional.kind === 'pair' ? 2 : 1;
  if (own === undefined) return [freedomRule(0, parameters, basis)];
  const owned = cell.touching ? plain.owned : own.owned;
  const spreads = products.map((product) => spreadOf(product, own, owned, plain.sums));
  return [freedomRule(own.units, parameters, basis), ...spreads.flatMap((spread) => squaresRules(spread, basis, context.policy))];
}

function spreadOf(product: Product, cell: CoupleCell, owned: CoupleSums['sums'], all: CoupleSums['sums']): Spread {
  const shares = (cell.tops.get(product) ?? []).map((share) => shareOf(product, share, all)).sort((a, b) => compareDecimals(b, a));
  return { total: shareOf(product, owned, all), first: shares[0] ?? integer(0), second: shares[1] ?? integer(0) };
}
