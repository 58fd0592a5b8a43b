import type { Reduction } from '../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { layoutOf } from '../sandbox/sql/statements/layout.ts';
import { partsOf } from '../sandbox/sql/statements/moved-parts.ts';
import { type Drop, isDeep, movedRows, movesNothing, unitsNeeded, waysOf } from '../sandbox/sql/statements/moved-rows.ts';
import { deepMovesStatement, dropStatement, MAX_DROPS, movesStatement } from '../sandbox/sql/statements/moves-statement.ts';
import type { CellKey, CellSelection } from '../sandbox/sql/statements/relation.ts';
import { countsWholeUnits } from '../sandbox/sql/statements/whole-units.ts';
import type { RunStatement } from './enclave-fault.ts';
import { cellName, readCounts } from './read-evidence.ts';
import { sampledStatement } from './sampled-statement.ts';
import { sampleLadder } from './unit-sample.ts';

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

export interface DropQuestion {
  /** What is dropped so far. */
  readonly reduction: Reduction;
  readonly drops: readonly Drop[];
  readonly cells: readonly CellKey[];
  /** Engine types of the keys. */
  readonly types: readonly string[];
  /** By cell, numbers of operands that are known to move k units. */
  readonly cleared: ReadonlyMap<string, ReadonlySet<number>>;
  /** These are all cells that there are: nothing is gained by listing them. */
  readonly isAll: boolean;
}

/** Drops not yet certain to move k units, by cell; a cell without any has kept them all. */
type Open = ReadonlyMap<string, { readonly key: CellKey; readonly drops: ReadonlySet<number> }>;

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
  run: RunStatement,
): Promise<ReadonlyMap<string, Decision>> {
  const asked = impliedLeftOut(program, question);
  const open: Open[] = [];
  for (let unit = 0; unit < program.units.length; unit++) open.push(await openAfterSamples(program, question, asked, unit, k, run));
  const decisions = new Map<string, { readonly drop: number; readonly untouched: boolean }>();
  const withheld = new Map<string, ReadonlySet<number>>();
  for (const index of asked) {
    const drop = question.drops[index];
    if (drop === undefined) throw new Error('No such operand');
    const parts = partsOf(program, question.reduction, drop);
    const needed = unitsNeeded(drop, k);
    for (const [name, { units, untouched }] of await countInAll(program, question, index, open, decisions, run)) {
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
  question: DropQuestion,
  index: number,
  open: readonly Open[],
  decided: ReadonlyMap<string, unknown>,
  run: RunStatement,
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  for (let unit = 0; unit < program.units.length; unit++) {
    const cells = [...(open[unit]?.values() ?? [])].filter(({ key, drops }) => drops.has(index) && !decided.has(cellName(key)));
    if (cells.length === 0) continue;
    const keys = cells.map(({ key }) => key);
    const exact = await countExactly(program, question, index, unit, keys, run);
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
function impliedLeftOut(program: GateProgram, { drops, reduction }: DropQuestion): readonly number[] {
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

/** A larger sample is asked where it is to be expected to show this many times k units. */
const LIKELY = 1.5;

async function openAfterSamples(
  program: GateProgram,
  question: DropQuestion,
  asked: readonly number[],
  unit: number,
  k: number,
  run: RunStatement,
): Promise<Open> {
  const open = new Map(
    question.cells.map((key) => {
      const cleared = question.cleared.get(cellName(key));
      const isCleared = (index: number): boolean => cleared?.has(question.drops[index]?.operand.id ?? Number.NaN) === true;
      return [cellName(key), { key, drops: new Set(asked.filter((index) => !isCleared(index))) }];
    }),
  );
  let waiting = question.cells.filter((key) => (open.get(cellName(key))?.drops.size ?? 0) > 0);
  const ladder = sampleLadder(program, unit, question.cells.length);
  for (const [step, below] of ladder.entries()) {
    if (waiting.length === 0) break;
    const indexes = asked.filter((index) => waiting.some((key) => open.get(cellName(key))?.drops.has(index)));
    const counts = await sampledMoves(program, question, { indexes, unit, cells: waiting, below }, run);
    const growth = (ladder.at(-1) ?? 0) / below;
    waiting = waiting.filter((key) => {
      const name = cellName(key);
      const moved = counts.get(name);
      const left = [...(open.get(name)?.drops ?? [])].flatMap((index) => {
        const drop = question.drops[index];
        const needed = drop === undefined ? k : unitsNeeded(drop, k);
        const found = moved === undefined ? 0 : Math.min(...(moved[indexes.indexOf(index)] ?? [0]));
        return found >= needed ? [] : [{ index, found, needed }];
      });
      open.set(name, { key, drops: new Set(left.map(({ index }) => index)) });
      return left.some(({ found, needed }) => step === 0 || found * growth >= LIKELY * needed);
    });
  }
  return open;
}

interface Sample {
  readonly indexes: readonly number[];
  readonly unit: number;
  readonly cells: readonly CellKey[];
  readonly below: number;
}

/** Lower bounds of what drops move, by cell and in the order of `indexes`, by part: units of a sample. */
async function sampledMoves(
  program: GateProgram,
  question: DropQuestion,
  { indexes, unit, cells, below }: Sample,
  run: RunStatement,
): Promise<ReadonlyMap<string, readonly (readonly number[])[]>> {
  const shared = { reduction: question.reduction, unit, selection: selectionOf(question, cells), below };
  const asked = indexes.flatMap((index) => question.drops[index] ?? []);
  const ask = async (drops: readonly Drop[], sql: string): Promise<ReadonlyMap<string, readonly (readonly number[])[]>> =>
    readParts(program, question, await run(await sampledStatement(program, sql, below, run)), drops);
  const plain = asked.filter((drop) => !isDeep(program, drop.operand)).slice(0, MAX_DROPS);
  const found = new Map<Drop, ReadonlyMap<string, readonly number[]>>();
  const note = (drops: readonly Drop[], counts: ReadonlyMap<string, readonly (readonly number[])[]>): void => {
    for (const [at, drop] of drops.entries()) found.set(drop, new Map([...counts].map(([name, parts]) => [name, parts[at] ?? []])));
  };
  if (plain.length > 0) note(plain, await ask(plain, movesStatement(program, { ...shared, drops: plain })));
  for (const drop of asked) if (isDeep(program, drop.operand)) note([drop], await ask([drop], deepMovesStatement(program, shared, drop)));
  return new Map(cells.map((key) => [cellName(key), asked.map((drop) => found.get(drop)?.get(cellName(key)) ?? [0])]));
}

/** By cell, for each drop the numbers of its parts. */
function readParts(
  program: GateProgram,
  { reduction }: DropQuestion,
  rows: Parameters<typeof readCounts>[1],
  drops: readonly Drop[],
): ReadonlyMap<string, readonly (readonly number[])[]> {
  const widths = drops.map((drop) => partsOf(program, reduction, drop).length);
  const counts = readCounts(
    program,
    rows,
    widths.reduce((sum, width) => sum + width, 0),
  );
  return new Map(
    [...counts].map(([name, row]) => {
      const starts = widths.map((_, at) => widths.slice(0, at).reduce((sum, width) => sum + width, 0));
      return [name, widths.map((width, at) => row.slice(starts[at] ?? 0, (starts[at] ?? 0) + width))];
    }),
  );
}

function selectionOf(question: DropQuestion, cells: readonly CellKey[]): CellSelection | null {
  // To list most of them costs more than to count the others too.
  return question.isAll && cells.length * 2 > question.cells.length ? null : { cells, types: question.types };
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

/** How many units one drop moves, exactly. */
async function countExactly(
  program: GateProgram,
  question: DropQuestion,
  index: number,
  unit: number,
  cells: readonly CellKey[],
  run: RunStatement,
): Promise<Counts> {
  const drop = question.drops[index];
  if (drop === undefined) throw new Error('No such operand');
  const asked = { reduction: question.reduction, unit, selection: selectionOf(question, cells), below: null };
  const nobody = partsOf(program, question.reduction, drop).map(() => 0);
  const isDeepOne = isDeep(program, drop.operand);
  if (isDeepOne || countsWholeUnits(program)) {
    const sql = isDeepOne ? deepMovesStatement(program, asked, drop) : movesStatement(program, { ...asked, drops: [drop] });
    const found = readParts(program, question, await run(sql), [drop]);
    return {
      absent: { units: nobody, touched: true },
      get: (name) => (found.has(name) ? { units: found.get(name)?.[0] ?? nobody, touched: true } : undefined),
    };
  }
  const moved = movedRows(program, waysOf(program), question.reduction, drop);
  const sql = moved === null || movesNothing(moved) ? undefined : dropStatement(program, asked, drop);
  if (sql === undefined) return { absent: { units: nobody, touched: false }, get: () => undefined };
  const found = readCounts(program, await run(sql), 2);
  return {
    absent: { units: nobody, touched: false },
    get: (name) => {
      const [units = 0, touched = 0] = found.get(name) ?? [];
      return found.has(name) ? { units: [units], touched: touched > 0 } : undefined;
    },
  };
}
