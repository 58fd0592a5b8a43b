import { type Condition, conditionsIn, NOTHING_DROPPED, operandOrder, type Reduction } from '../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { type DeepPlace, deepPlaces } from '../sandbox/sql/statements/deep-operands.ts';
import { splitWhere } from '../sandbox/sql/statements/label-conditions.ts';
import { layoutOf } from '../sandbox/sql/statements/layout.ts';
import { type Drop, holds, withDrop } from '../sandbox/sql/statements/moved-rows.ts';
import type { CellKey, CellSelection, Variant } from '../sandbox/sql/statements/relation.ts';
import { countsWholeUnits } from '../sandbox/sql/statements/whole-units.ts';
import { type Decision, decideDrops } from './decide-drops.ts';
import type { RunStatement } from './enclave-fault.ts';
import { cellName } from './read-evidence.ts';
import type { ReducedPasses } from './reduced-passes.ts';

/** Cells that are answered with the same operands dropped. */
export interface SettledVariant extends Variant {
  /** Printed text of the operands that were dropped for these cells; operators see them. */
  readonly dropped: readonly string[];
  /** What was dropped moves no row of these cells: their rows are those of the whole condition. */
  readonly untouched: boolean;
  /** No operand stands any more: an untouched cell without a row is none of the relation. */
  readonly bare: boolean;
}

/** How the operands of a gate were settled. */
export interface Settled {
  /** The first is the whole condition, for all cells that no other names. */
  readonly variants: readonly SettledVariant[];
  /** By cell, numbers of the terms that nothing may rest on. */
  readonly withheld: ReadonlyMap<string, ReadonlySet<number>>;
}

interface Round {
  readonly reduction: Reduction;
  readonly dropped: readonly Drop[];
  readonly remaining: readonly Drop[];
  readonly cells: readonly CellKey[];
  readonly untouched: boolean;
  /** By cell, numbers of operands that are known to move k units there. */
  readonly cleared: ReadonlyMap<string, ReadonlySet<number>>;
}

/**
 * Every way to drop an operand, in order: those of the pieces first, then those inside FROM, then WHERE. The condition of
 * a whole piece tells two sides apart, and so does that of a branch of UNION ALL: what it keeps counts as much as what it
 * leaves out. Source: gate.md §6, docs/adr/0015.
 */
export function dropsOf(program: GateProgram): readonly Drop[] {
  const neutral = (operand: Condition): Drop => ({ operand, how: 'neutral' });
  const never = (operand: Condition): Drop => ({ operand, how: 'never' });
  const inside = operandOrder(program.pieces).filter((operand) => !program.pieces.includes(operand));
  const bothSides = (of: readonly Condition[]): readonly Drop[] => [
    ...of.map((operand): Drop => ({ operand, how: 'few' })),
    ...of.map(never),
    ...of.map(neutral),
  ];
  const pieces = [...inside.map(neutral), ...bothSides(program.pieces)];
  const places = deepPlaces(program);
  const roots = conditionsIn(program.from);
  const isOf = (kinds: readonly DeepPlace['kind'][]) => (root: Condition) => kinds.includes(places.get(root.id)?.kind ?? 'other');
  // What a branch or a LEFT JOIN brings adds to rows that are there anyway: few of it would show beside them.
  const [adding, nested] = [roots.filter(isOf(['branch', 'optional'])), roots.filter(isOf(['other']))];
  const within = operandOrder(roots).filter((operand) => !adding.includes(operand) && !nested.includes(operand));
  const deep = [...within.map(neutral), ...bothSides(adding), ...nested.map(never), ...nested.map(neutral)];
  const { rest } = splitWhere(program);
  return [...pieces, ...deep, ...(rest === null ? [] : operandOrder([rest]).map(neutral))];
}

/**
 * Decides for every cell which operands of its conditions move fewer than k units there, nobody included, and drops
 * them: leaves before their parents, in canonical order, each against the conditions as reduced so far.
 *
 * @param program   with the conditions on labels apart (`withLabelsApart`): they are no operands.
 * @param universe  cells to decide. Cells not in it keep the whole condition.
 * @param passes    takes what was read of the rows meanwhile.
 * Source: gate.md §6 (neutral operands), gate-examples.md D3–D5, D20, docs/adr/0015.
 */
export async function settleOperands(
  program: GateProgram,
  k: number,
  universe: CellSelection,
  passes: ReducedPasses,
  run: RunStatement,
): Promise<Settled> {
  const whole: SettledVariant = { reduction: NOTHING_DROPPED, dropped: [], selection: null, untouched: true, bare: false };
  const remaining = dropsOf(program);
  if (remaining.length === 0 || program.units.length === 0) return { variants: [whole], withheld: new Map() };
  const variants: SettledVariant[] = [];
  const withheld = new Map<string, ReadonlySet<number>>();
  const rounds: Round[] = [
    { reduction: NOTHING_DROPPED, dropped: [], remaining, cells: universe.cells, untouched: true, cleared: new Map() },
  ];
  for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) {
    const { reduction, untouched } = round;
    // An operand that vanished with its parent no longer stands in the condition: nothing is left to drop.
    const standing = round.remaining.filter((drop) => isStanding(program, drop.operand.id, reduction));
    const isAll = round.cells.length === universe.cells.length;
    const question = { reduction, drops: standing, cells: round.cells, types: universe.types, isAll, cleared: round.cleared };
    const decisions = standing.length === 0 ? new Map<string, Decision>() : await decideDrops(program, question, k, passes, run);
    for (const [name, { withheld: own }] of decisions)
      if (own.size > 0) withheld.set(name, new Set([...(withheld.get(name) ?? []), ...own]));
    const kept = round.cells.filter((key) => (decisions.get(cellName(key))?.drop ?? null) === null);
    if (round.dropped.length > 0 && kept.length > 0) {
      const dropped = round.dropped.map((drop) => (drop.how === 'neutral' ? drop.operand.text : `${drop.operand.text} (nobody)`));
      variants.push({ reduction, dropped, selection: { cells: kept, types: universe.types }, untouched, bare: standing.length === 0 });
    }
    rounds.push(...nextRounds(program, round, standing, decisions));
  }
  return { variants: [whole, ...variants], withheld };
}

/** One round for every operand that is dropped next, apart for cells that it moves a row of. */
function nextRounds(
  program: GateProgram,
  round: Round,
  standing: readonly Drop[],
  decisions: ReadonlyMap<string, Decision>,
): readonly Round[] {
  const found = new Map<string, Round & { readonly cells: CellKey[]; readonly cleared: Map<string, ReadonlySet<number>> }>();
  for (const key of round.cells) {
    const decision = decisions.get(cellName(key));
    if (decision === undefined || decision.drop === null) continue;
    const drop = standing[decision.drop];
    if (drop === undefined) throw new Error('A neutral operand is out of range');
    const name = `${decision.drop} ${decision.untouched}`;
    const next = found.get(name) ?? {
      reduction: withDrop(round.reduction, drop),
      dropped: [...round.dropped, drop],
      remaining: standing.slice(decision.drop + 1),
      cells: [],
      untouched: round.untouched && decision.untouched,
      cleared: new Map<string, ReadonlySet<number>>(),
    };
    next.cells.push(key);
    next.cleared.set(cellName(key), stillCleared(program, drop, decision.cleared));
    found.set(name, next);
  }
  return [...found.values()];
}

/**
 * Operands of which it stays certain that they move k units: of an AND, each gains by the others being dropped, because
 * fewer of them keep its rows out. That does not hold where rows cancel out, nor elsewhere in a condition.
 */
function stillCleared(program: GateProgram, drop: Drop, cleared: ReadonlySet<number>): ReadonlySet<number> {
  const { rest } = splitWhere(program);
  const operands = new Set(rest?.kind === 'and' ? rest.items.map((item) => item.id) : []);
  const isNet = layoutOf(program).sums.some((sum) => sum.signs === 'mixed');
  if (isNet || countsWholeUnits(program) || !operands.has(drop.operand.id)) return new Set();
  return new Set([...cleared].filter((id) => operands.has(id)));
}

/** Whether an operand still stands in its condition once others are dropped. */
function isStanding(program: GateProgram, id: number, reduction: Reduction): boolean {
  const isGone = (node: Condition): boolean => reduction.neutral.has(node.id) || reduction.never.has(node.id);
  const stands = (node: Condition): boolean => {
    if (isGone(node)) return false;
    if (node.id === id) return true;
    return (node.kind === 'leaf' ? conditionsIn(node.sql) : node.items).some((item) => holds(item, id) && stands(item));
  };
  return [...program.pieces, ...conditionsIn(program.from), ...(program.where === null ? [] : [program.where])].some(stands);
}
