import { type Condition, operandOrder, type Reduced, reduceCondition } from '../sandbox/sql/condition.ts';
import type { EvidenceProgram } from '../sandbox/sql/program.ts';
import { type MoveLevel, movesStatement, needsUnitLevel } from '../sandbox/sql/statements/moves-statement.ts';
import type { CellKey, CellSelection } from '../sandbox/sql/statements/relation.ts';
import type { RunStatement } from './enclave-fault.ts';
import { cellName, readCounts } from './read-evidence.ts';
import { sampleBelow } from './unit-sample.ts';

/** Cells that are answered under the same reduced condition. */
export interface ConditionVariant {
  readonly condition: Reduced | null;
  /** Printed text of the operands that were dropped for these cells; operators see them. */
  readonly dropped: readonly string[];
  /** Null: every cell that no other variant names. */
  readonly selection: CellSelection | null;
}

interface Round {
  readonly dropped: readonly Condition[];
  readonly remaining: readonly Condition[];
  readonly cells: readonly CellKey[];
}

/**
 * Decides for every cell which operands of the condition move fewer than k units there, nobody included, and drops
 * them: leaves before their parents, in canonical order, each against the condition as reduced so far.
 *
 * Buckets of a sample of units are asked first, then all buckets, then the units themselves; each only for cells that
 * the cheaper answer left open, because each is a lower bound of the next.
 *
 * @param universe  cells to decide. Cells not in it keep the whole condition.
 * Source: gate.md §6 (neutral operands), gate-examples.md D3–D5, D20.
 */
export async function settleOperands(
  program: EvidenceProgram,
  k: number,
  universe: CellSelection,
  run: RunStatement,
): Promise<readonly ConditionVariant[]> {
  const { condition } = program;
  if (condition === null || program.units.length === 0) return [{ condition, dropped: [], selection: null }];
  const variants: ConditionVariant[] = [];
  const rounds: Round[] = [{ dropped: [], remaining: operandOrder(condition), cells: universe.cells }];
  for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) {
    const { kept, next } = await settleRound(program, condition, round, k, universe, run);
    if (round.dropped.length > 0 && kept.length > 0)
      variants.push(variantOf(condition, round.dropped, { cells: kept, types: universe.types }));
    rounds.push(...next);
  }
  return [{ condition, dropped: [], selection: null }, ...variants];
}

function variantOf(condition: Condition, dropped: readonly Condition[], selection: CellSelection): ConditionVariant {
  const ids = new Set(dropped.map((operand) => operand.id));
  return { condition: reduceCondition(condition, ids), dropped: dropped.map((operand) => operand.text), selection };
}

interface SettledRound {
  /** Cells for which no further operand is dropped. */
  readonly kept: readonly CellKey[];
  readonly next: readonly Round[];
}

async function settleRound(
  program: EvidenceProgram,
  condition: Condition,
  round: Round,
  k: number,
  universe: CellSelection,
  run: RunStatement,
): Promise<SettledRound> {
  const ids = new Set(round.dropped.map((operand) => operand.id));
  // An operand that vanished with its parent no longer stands in the condition: nothing is left to drop.
  const standing = round.remaining.filter((operand) => isStanding(condition, operand.id, ids));
  if (standing.length === 0) return { kept: round.cells, next: [] };
  const question: Question = {
    condition: reduceCondition(condition, ids),
    without: standing.map((operand) => reduceCondition(condition, new Set([...ids, operand.id]))),
  };
  const moved = await countMoves(program, question, round.cells, k, universe, run);
  const kept: CellKey[] = [];
  const next = new Map<number, CellKey[]>();
  for (const key of round.cells) {
    const neutral = (moved.get(cellName(key)) ?? []).findIndex((units) => units < k);
    if (neutral < 0) kept.push(key);
    else next.set(neutral, [...(next.get(neutral) ?? []), key]);
  }
  const rounds = [...next].map(([index, cells]): Round => {
    const operand = standing[index];
    if (operand === undefined) throw new Error('A neutral operand is out of range');
    return { dropped: [...round.dropped, operand], remaining: standing.slice(index + 1), cells };
  });
  return { kept, next: rounds };
}

/** Whether a node still stands in the condition once the ids given are dropped. */
function isStanding(condition: Condition, id: number, dropped: ReadonlySet<number>): boolean {
  if (dropped.has(condition.id)) return false;
  if (condition.id === id) return true;
  return condition.kind !== 'leaf' && condition.items.some((item) => isStanding(item, id, dropped));
}

interface Question {
  readonly condition: Reduced;
  readonly without: readonly Reduced[];
}

interface Pass {
  readonly level: MoveLevel;
  readonly below: number | null;
}

/** The passes from cheap to exact. */
function passes(program: EvidenceProgram, unit: number): readonly Pass[] {
  const below = sampleBelow(program, unit);
  const cheap: MoveLevel = needsUnitLevel(program) ? 'unit' : 'bucket';
  return [
    ...(below === null ? [] : [{ level: cheap, below }]),
    ...(cheap === 'bucket' ? [{ level: cheap, below: null }] : []),
    { level: 'unit', below: null },
  ];
}

/** By cell, a lower bound of the units each operand moves, for the unit instance it moves least; exact wherever it is below k. */
async function countMoves(
  program: EvidenceProgram,
  question: Question,
  cells: readonly CellKey[],
  k: number,
  universe: CellSelection,
  run: RunStatement,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const least = new Map<string, readonly number[]>();
  const nobody = question.without.map(() => 0);
  for (let unit = 0; unit < program.units.length; unit++) {
    const counted = new Map<string, readonly number[]>();
    let open = cells;
    for (const pass of passes(program, unit)) {
      if (open.length === 0) break;
      const selection = open.length === universe.cells.length ? null : { cells: open, types: universe.types };
      const rows = await run(movesStatement(program, { ...question, unit, ...pass, selection }));
      const counts = readCounts(program, rows, question.without.length);
      for (const key of open) counted.set(cellName(key), counts.get(cellName(key)) ?? nobody);
      open = open.filter((key) => (counted.get(cellName(key)) ?? nobody).some((units) => units < k));
    }
    for (const [name, moved] of counted) {
      const before = least.get(name);
      least.set(name, before === undefined ? moved : moved.map((units, index) => Math.min(units, before[index] ?? units)));
    }
  }
  return least;
}
