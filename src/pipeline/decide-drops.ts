import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { layoutOf } from '../sandbox/sql/statements/layout.ts';
import { partsOf } from '../sandbox/sql/statements/moved-parts.ts';
import { type Drop, isDeep, movedRows, movesNothing, unitsNeeded, waysOf, withDrop } from '../sandbox/sql/statements/moved-rows.ts';
import { deepMovesStatement, dropStatement, movesStatement, touchedStatement } from '../sandbox/sql/statements/moves-statement.ts';
import type { CellKey } from '../sandbox/sql/statements/relation.ts';
import { countsWholeUnits } from '../sandbox/sql/statements/whole-units.ts';
import { type DropQuestion, inGroups, readParts, selectionOf } from './drop-question.ts';
import type { RunStatement } from './enclave-fault.ts';
import { passWithMoves } from './gather-evidence.ts';
import { cellName, readCounts, readKeys } from './read-evidence.ts';
import type { ReducedPasses } from './reduced-passes.ts';
import { type Open, openAfterSamples } from './sample-drops.ts';

/** What is decided of one cell. */
export interface Decision {
  /** Index of the first drop, in order, that is made; null where none is. */
  readonly drop: number | null;
  /** Certainly not a row of the cell is moved by it, of a unit or of none. */
  readonly untouched: boolean;
  /** Numbers of the operands that certainly move k units. */
  readonly cleared: ReadonlySet<number>;
  /** Terms that an operand moves by too few units, although it stands for the others, and terms of a piece of too few. */
  readonly withheld: ReadonlySet<number>;
}

/** What is known of one drop in one cell, over all unit instances. */
interface Found {
  /** By part: the least number of units that move it. */
  units: readonly number[];
  untouched: boolean;
}

/**
 * By cell, the drop that is made next. A drop counts for the unit instance that it moves least.
 *
 * Samples of units are asked first, all drops at once, because what they count is a lower bound. What stays open is
 * counted exactly, drop by drop, from the rows that it moves: whoever is dropped next needs no later answer.
 * Source: gate.md §6 (neutral operands), gate-examples.md D4, D5, docs/adr/0015.
 */
export async function decideDrops(
  program: GateProgram,
  question: DropQuestion,
  k: number,
  passes: ReducedPasses,
  run: RunStatement,
): Promise<ReadonlyMap<string, Decision>> {
  const asked = impliedLeftOut(program, question);
  const open: Open[] = [];
  for (let unit = 0; unit < program.units.length; unit++) open.push(await openAfterSamples(program, question, asked, unit, k, run));
  const decisions = new Map<string, { readonly drop: number; readonly untouched: boolean }>();
  const exactly = exactCounts(program, question, asked, open, decisions, passes, run);
  const withheld = new Map<string, ReadonlySet<number>>();
  for (const index of asked) {
    const drop = question.drops[index];
    if (drop === undefined) throw new Error('No such operand');
    const parts = partsOf(program, question.reduction, drop);
    const needed = unitsNeeded(drop, k);
    for (const [name, { units, untouched }] of await countInAll(program, index, open, decisions, exactly)) {
      const isFew = units.map((count) => count < needed);
      const isDropped = isFew.every(Boolean) || isFew.some((few, at) => few && parts[at]?.decides === true);
      const own = isDropped ? termsLost(program, drop) : parts.flatMap((part, at) => (isFew[at] === true ? part.terms : []));
      if (own.length > 0) withheld.set(name, new Set([...(withheld.get(name) ?? []), ...own]));
      if (isDropped) decisions.set(name, { drop: index, untouched });
    }
  }
  return new Map(
    question.cells.map((key): [string, Decision] => {
      const name = cellName(key);
      const isOpen = (index: number): boolean => open.some((cells) => cells.get(name)?.drops.has(index) === true);
      const cleared = asked.filter((index) => !isOpen(index)).map((index) => question.drops[index]?.operand.id ?? Number.NaN);
      const decided = decisions.get(name) ?? { drop: null, untouched: true };
      return [name, { ...decided, cleared: new Set(cleared), withheld: withheld.get(name) ?? new Set() }];
    }),
  );
}

/** Where both sides of a piece are too few, what stands beside it is no answer either: neither side may be told from the other. */
function termsLost(program: GateProgram, drop: Drop): readonly number[] {
  if (drop.how !== 'few') return [];
  return program.terms.flatMap((term, index) => (term.piece !== null && program.pieces[term.piece]?.id === drop.operand.id ? [index] : []));
}

/** Exact counts of one drop in the cells that are open for some unit instance, and not decided yet. */
async function countInAll(
  program: GateProgram,
  index: number,
  open: readonly Open[],
  decided: ReadonlyMap<string, unknown>,
  exactly: ExactCounts,
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  for (let unit = 0; unit < program.units.length; unit++) {
    const keys = openCells(open, unit, index, decided);
    if (keys.length === 0) continue;
    const exact = await exactly(index, unit, keys);
    const isTouching = program.units[unit]?.touching !== null;
    for (const name of keys.map(cellName)) {
      const { units, touched } = exact.get(name) ?? exact.absent;
      const known = found.get(name);
      found.set(name, {
        units: units.map((count, at) => Math.min(count, known?.units[at] ?? count)),
        untouched: (known?.untouched ?? false) || (!touched && !isTouching),
      });
    }
  }
  return found;
}

/**
 * The drops to ask about. The root of WHERE, where it is an AND, gains every row that one of its operands gains: where
 * those stay, it stays. That does not hold where rows cancel out.
 */
export function impliedLeftOut(program: GateProgram, { drops, reduction }: Pick<DropQuestion, 'drops' | 'reduction'>): readonly number[] {
  const isNet = layoutOf(program).sums.some((sum) => sum.signs === 'mixed');
  const isImplied = ({ operand, how }: Drop): boolean =>
    how === 'neutral' &&
    operand.kind === 'and' &&
    isRoot(program, operand.id) &&
    drops.some((drop) => drop.how === 'neutral' && operand.items.some((item) => item.id === drop.operand.id));
  const changes = (drop: Drop): boolean => partsOf(program, reduction, drop).length > 0;
  return drops.flatMap((drop, index) => ((!isNet && isImplied(drop)) || !changes(drop) ? [] : [index]));
}

/** The root of WHERE, or what is left of it once the conditions on labels are put apart. */
function isRoot(program: GateProgram, id: number): boolean {
  const { where } = program;
  return where?.id === id || (where?.kind === 'and' && where.items.some((item) => item.id === id && item.kind === 'and'));
}

interface Count {
  /** Units moved, by part. */
  readonly units: readonly number[];
  readonly touched: boolean;
}

interface Counts {
  readonly absent: Count;
  get(name: string): Count | undefined;
}

function openCells(open: readonly Open[], unit: number, index: number, decided: ReadonlyMap<string, unknown>): readonly CellKey[] {
  return [...(open[unit]?.values() ?? [])].flatMap(({ key, drops }) => (drops.has(index) && !decided.has(cellName(key)) ? [key] : []));
}

/** How many units of an instance one drop moves in some cells, exactly. */
type ExactCounts = (index: number, unit: number, cells: readonly CellKey[]) => Promise<Counts>;

/** Counts drop by drop, but those inside FROM together: most of what they cost is to read the rows that they compare. */
function exactCounts(
  program: GateProgram,
  question: DropQuestion,
  asked: readonly number[],
  open: readonly Open[],
  decided: ReadonlyMap<string, unknown>,
  passes: ReducedPasses,
  run: RunStatement,
): ExactCounts {
  const known = new Map<string, Counts>();
  const isInside = (index: number): boolean => {
    const drop = question.drops[index];
    return drop !== undefined && isDeep(program, drop.operand);
  };
  return async (index, unit, cells) => {
    if (!isInside(index)) return countExactly(program, question, index, unit, cells, passes, run);
    const found = known.get(`${index} ${unit}`);
    if (found !== undefined) return found;
    const waiting = asked.filter((other) => other >= index && isInside(other) && openCells(open, unit, other, decided).length > 0);
    const keys = new Map(waiting.flatMap((other) => openCells(open, unit, other, decided)).map((key) => [cellName(key), key]));
    const shared = { reduction: question.reduction, unit, selection: selectionOf(question, [...keys.values()]), below: null };
    const drops = waiting.flatMap((other) => question.drops[other] ?? []);
    for (const group of inGroups(drops)) {
      const counts = readParts(program, question, await run(deepMovesStatement(program, { ...shared, drops: group })), group);
      for (const [at, drop] of group.entries())
        known.set(`${waiting[drops.indexOf(drop)]} ${unit}`, ofDrop(program, question, drop, counts, at));
    }
    return certainly(known.get(`${index} ${unit}`));
  };
}

function certainly(counts: Counts | undefined): Counts {
  if (counts === undefined) throw new Error('A drop without counts');
  return counts;
}

/** The counts of one among several drops; nobody is moved in a cell that is not listed, though some row may be. */
function ofDrop(
  program: GateProgram,
  question: DropQuestion,
  drop: Drop,
  counts: ReadonlyMap<string, readonly (readonly number[])[]>,
  at: number,
): Counts {
  const nobody = partsOf(program, question.reduction, drop).map(() => 0);
  return {
    absent: { units: nobody, touched: true },
    get: (name) => (counts.has(name) ? { units: counts.get(name)?.[at] ?? nobody, touched: true } : undefined),
  };
}

/** Those of the cells that are among others. */
function namedAmong(cells: readonly CellKey[], others: readonly CellKey[]): readonly CellKey[] {
  const names = new Set(others.map(cellName));
  return cells.filter((key) => names.has(cellName(key)));
}

/** How many units one drop among the rows moves, exactly. */
async function countExactly(
  program: GateProgram,
  question: DropQuestion,
  index: number,
  unit: number,
  cells: readonly CellKey[],
  passes: ReducedPasses,
  run: RunStatement,
): Promise<Counts> {
  const drop = question.drops[index];
  if (drop === undefined) throw new Error('No such operand');
  const asked = { reduction: question.reduction, unit, selection: selectionOf(question, cells), below: null };
  if (countsWholeUnits(program)) {
    const rows = await run(movesStatement(program, { ...asked, drops: [drop] }));
    return ofDrop(program, question, drop, readParts(program, question, rows, [drop]), 0);
  }
  const nobody = partsOf(program, question.reduction, drop).map(() => 0);
  const moved = movedRows(program, waysOf(program), question.reduction, drop);
  const untouched: Counts = { absent: { units: nobody, touched: false }, get: () => undefined };
  if (moved === null || movesNothing(moved)) return untouched;
  const touched = touchedStatement(program, asked, drop);
  const rest = touched === undefined ? cells : namedAmong(cells, readKeys(program, await run(touched)));
  const sql = dropStatement(program, { ...asked, selection: selectionOf(question, rest) }, drop);
  if (sql === undefined || rest.length === 0) return untouched;
  // What is likely to be dropped is answered from the rows without it: one reading for both.
  const along = await passWithMoves(program, { reduction: question.reduction, drop, selection: asked.selection }, passes.grain, run);
  if (along !== undefined) passes.keep(withDrop(question.reduction, drop), cells.map(cellName), along.pass);
  const found = along?.moves ?? readCounts(program, await run(sql), 2);
  return {
    absent: { units: nobody, touched: false },
    get: (name) => {
      const [units = 0, touched = 0] = found.get(name) ?? [];
      return found.has(name) ? { units: [units], touched: touched > 0 } : undefined;
    },
  };
}
