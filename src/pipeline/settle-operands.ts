import { type Condition, conditionsIn, NOTHING_DROPPED, operandOrder, type Reduction } from '../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { splitWhere } from '../sandbox/sql/statements/label-conditions.ts';
import { type Drop, holds, withDrop } from '../sandbox/sql/statements/moved-rows.ts';
import type { CellKey, CellSelection, Variant } from '../sandbox/sql/statements/relation.ts';
import { type Decision, decideDrops } from './decide-drops.ts';
import type { RunStatement } from './enclave-fault.ts';
import { cellName } from './read-evidence.ts';

/** Cells that are answered with the same operands dropped. */
export interface SettledVariant extends Variant {
  /** Printed text of the operands that were dropped for these cells; operators see them. */
  readonly dropped: readonly string[];
  /** What was dropped moves no row of these cells: their rows are those of the whole condition. */
  readonly untouched: boolean;
  /** No operand stands any more: an untouched cell without a row is none of the relation. */
  readonly bare: boolean;
}

interface Round {
  readonly reduction: Reduction;
  readonly dropped: readonly Drop[];
  readonly remaining: readonly Drop[];
  readonly cells: readonly CellKey[];
  readonly untouched: boolean;
}

/** Every way to drop an operand: those of the pieces first, then those inside FROM, then WHERE; the root of a piece both ways. */
export function dropsOf(program: GateProgram): readonly Drop[] {
  const neutral = (operand: Condition): Drop => ({ operand, how: 'neutral' });
  const pieces = [...operandOrder(program.pieces).map(neutral), ...program.pieces.map((operand): Drop => ({ operand, how: 'never' }))];
  const deep = operandOrder(conditionsIn(program.from)).map(neutral);
  const { rest } = splitWhere(program);
  return [...pieces, ...deep, ...(rest === null ? [] : operandOrder([rest]).map(neutral))];
}

/**
 * Decides for every cell which operands of its conditions move fewer than k units there, nobody included, and drops
 * them: leaves before their parents, in canonical order, each against the conditions as reduced so far.
 *
 * @param program   with the conditions on labels apart (`withLabelsApart`): they are no operands.
 * @param universe  cells to decide. Cells not in it keep the whole condition.
 * Source: gate.md §6 (neutral operands), gate-examples.md D3–D5, D20.
 */
export async function settleOperands(
  program: GateProgram,
  k: number,
  universe: CellSelection,
  run: RunStatement,
): Promise<readonly SettledVariant[]> {
  const whole: SettledVariant = { reduction: NOTHING_DROPPED, dropped: [], selection: null, untouched: true, bare: false };
  const remaining = dropsOf(program);
  if (remaining.length === 0 || program.units.length === 0) return [whole];
  const variants: SettledVariant[] = [];
  const rounds: Round[] = [{ reduction: NOTHING_DROPPED, dropped: [], remaining, cells: universe.cells, untouched: true }];
  for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) {
    const { reduction, untouched } = round;
    // An operand that vanished with its parent no longer stands in the condition: nothing is left to drop.
    const standing = round.remaining.filter((drop) => isStanding(program, drop.operand.id, reduction));
    const question = {
      reduction,
      drops: standing,
      cells: round.cells,
      types: universe.types,
      isAll: round.cells.length === universe.cells.length,
    };
    const decisions = standing.length === 0 ? new Map<string, Decision>() : await decideDrops(program, question, k, run);
    const kept = round.cells.filter((key) => !decisions.has(cellName(key)));
    if (round.dropped.length > 0 && kept.length > 0) {
      const dropped = round.dropped.map((drop) => (drop.how === 'never' ? `${drop.operand.text} (nobody)` : drop.operand.text));
      variants.push({ reduction, dropped, selection: { cells: kept, types: universe.types }, untouched, bare: standing.length === 0 });
    }
    rounds.push(...nextRounds(round, standing, decisions));
  }
  return [whole, ...variants];
}

/** One round for every operand that is dropped next, apart for cells that it moves a row of. */
function nextRounds(round: Round, standing: readonly Drop[], decisions: ReadonlyMap<string, Decision>): readonly Round[] {
  const found = new Map<string, { readonly decision: Decision; readonly cells: CellKey[] }>();
  for (const key of round.cells) {
    const decision = decisions.get(cellName(key));
    if (decision === undefined) continue;
    const name = `${decision.drop} ${decision.untouched}`;
    const group = found.get(name) ?? { decision, cells: [] };
    group.cells.push(key);
    found.set(name, group);
  }
  return [...found.values()].map(({ decision, cells }): Round => {
    const drop = standing[decision.drop];
    if (drop === undefined) throw new Error('A neutral operand is out of range');
    return {
      reduction: withDrop(round.reduction, drop),
      dropped: [...round.dropped, drop],
      remaining: standing.slice(decision.drop + 1),
      cells,
      untouched: round.untouched && decision.untouched,
    };
  });
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
