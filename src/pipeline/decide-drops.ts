import type { Reduction } from '../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { layoutOf } from '../sandbox/sql/statements/layout.ts';
import { type Drop, movedRows, movesNothing, waysOf } from '../sandbox/sql/statements/moved-rows.ts';
import {
  deepMovesStatement,
  dropStatement,
  isDeep,
  MAX_DROPS,
  movesStatement,
  needsWholeUnits,
} from '../sandbox/sql/statements/moves-statement.ts';
import type { CellKey, CellSelection } from '../sandbox/sql/statements/relation.ts';
import type { RunStatement } from './enclave-fault.ts';
import { cellName, readCounts, readMoves } from './read-evidence.ts';
import { sampledStatement } from './sampled-statement.ts';
import { sampleLadder } from './unit-sample.ts';

/** What is decided of one cell. */
export interface Decision {
  /** Index of the first drop, in order, that moves fewer than k units; null where each moves k or more. */
  readonly drop: number | null;
  /** Certainly not a row of the cell is moved by it, of a unit or of none. */
  readonly untouched: boolean;
  /** Numbers of the operands that certainly move k units. */
  readonly cleared: ReadonlySet<number>;
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

/**
 * By cell, the drop that is made next. A drop counts for the unit instance that it moves least.
 *
 * Samples of units are asked first, all drops at once, because what they count is a lower bound. What stays open is
 * counted exactly, drop by drop, from the rows that it moves: whoever is dropped next needs no later answer.
 * Source: gate.md §6 (neutral operands), gate-examples.md D5.
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
  for (const index of asked) {
    const found = new Map<string, boolean>();
    for (let unit = 0; unit < program.units.length; unit++) {
      const cells = [...(open[unit]?.values() ?? [])].filter(({ key, drops }) => drops.has(index) && !decisions.has(cellName(key)));
      if (cells.length === 0) continue;
      const keys = cells.map(({ key }) => key);
      const exact = await countExactly(program, question, index, unit, keys, run);
      for (const key of keys) {
        const { units, touched } = exact.get(cellName(key)) ?? exact.absent;
        if (units === null || units >= k) continue;
        found.set(cellName(key), (found.get(cellName(key)) ?? false) || (!touched && program.units[unit]?.touching === null));
      }
    }
    for (const [name, untouched] of found) decisions.set(name, { drop: index, untouched });
  }
  return new Map(
    question.cells.map((key): [string, Decision] => {
      const name = cellName(key);
      const isOpen = (index: number): boolean => open.some((cells) => cells.get(name)?.drops.has(index) === true);
      const cleared = asked.filter((index) => !isOpen(index)).map((index) => question.drops[index]?.operand.id ?? Number.NaN);
      return [name, { ...(decisions.get(name) ?? { drop: null, untouched: true }), cleared: new Set(cleared) }];
    }),
  );
}

/**
 * The drops to ask about. The root of WHERE, where it is an AND, gains every row that one of its operands gains: where
 * those stay, it stays. That does not hold where rows cancel out.
 */
function impliedLeftOut(program: GateProgram, { drops }: DropQuestion): readonly number[] {
  const isNet = layoutOf(program).sums.some((sum) => sum.signs === 'mixed');
  const isImplied = ({ operand, how }: Drop): boolean =>
    how === 'neutral' &&
    operand.kind === 'and' &&
    isRoot(program, operand.id) &&
    drops.some((drop) => drop.how === 'neutral' && operand.items.some((item) => item.id === drop.operand.id));
  return drops.flatMap((drop, index) => (!isNet && isImplied(drop) ? [] : [index]));
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
      return [
        cellName(key),
        { key, drops: new Set(asked.filter((index) => cleared?.has(question.drops[index]?.operand.id ?? Number.NaN) !== true)) },
      ];
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
        const found = moved === undefined ? 0 : (moved[indexes.indexOf(index)] ?? null);
        return found === null || found >= k ? [] : [{ index, found }];
      });
      open.set(name, { key, drops: new Set(left.map(({ index }) => index)) });
      return left.some(({ found }) => step === 0 || found * growth >= LIKELY * k);
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

/** Lower bounds of what drops move, by cell and in the order of `indexes`: units of a sample. */
async function sampledMoves(
  program: GateProgram,
  question: DropQuestion,
  { indexes, unit, cells, below }: Sample,
  run: RunStatement,
): Promise<ReadonlyMap<string, readonly (number | null)[]>> {
  const shared = { reduction: question.reduction, unit, selection: selectionOf(question, cells), below };
  const drops = indexes.flatMap((index) => question.drops[index] ?? []);
  const ask = async (sql: string, columns: number): Promise<ReadonlyMap<string, readonly (number | null)[]>> =>
    readMoves(program, await run(await sampledStatement(program, sql, below, run)), columns);
  const plain = drops.filter((drop) => !isDeep(program, drop.operand)).slice(0, MAX_DROPS);
  const found =
    plain.length === 0
      ? new Map<string, readonly (number | null)[]>()
      : await ask(movesStatement(program, { ...shared, drops: plain }), plain.length);
  if (plain.length === drops.length) return found;
  const deep = new Map<Drop, ReadonlyMap<string, readonly (number | null)[]>>();
  for (const drop of drops) if (isDeep(program, drop.operand)) deep.set(drop, await ask(deepMovesStatement(program, shared, drop), 1));
  return new Map(
    cells.map((key) => {
      const name = cellName(key);
      const own = found.get(name);
      return [
        name,
        drops.map((drop) =>
          plain.includes(drop) ? (own === undefined ? 0 : (own[plain.indexOf(drop)] ?? null)) : (deep.get(drop)?.get(name)?.[0] ?? 0),
        ),
      ];
    }),
  );
}

function selectionOf(question: DropQuestion, cells: readonly CellKey[]): CellSelection | null {
  // To list most of them costs more than to count the others too.
  return question.isAll && cells.length * 2 > question.cells.length ? null : { cells, types: question.types };
}

interface Count {
  /** Units moved; null: the drop changes nothing there. */
  readonly units: number | null;
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
  const isDeepOne = isDeep(program, drop.operand);
  if (isDeepOne || needsWholeUnits(program)) {
    const sql = isDeepOne ? deepMovesStatement(program, asked, drop) : movesStatement(program, { ...asked, drops: [drop] });
    const found = readMoves(program, await run(sql), 1);
    return {
      absent: { units: 0, touched: true },
      get: (name) => {
        const [units = null] = found.get(name) ?? [];
        return found.has(name) ? { units, touched: true } : undefined;
      },
    };
  }
  const moved = movedRows(program, waysOf(program), question.reduction, drop);
  if (moved !== null && movesNothing(moved)) return { absent: { units: 0, touched: false }, get: () => undefined };
  const sql = dropStatement(program, asked, drop);
  if (sql === undefined) return { absent: { units: null, touched: false }, get: () => undefined };
  const found = readCounts(program, await run(sql), 2);
  return {
    absent: { units: 0, touched: false },
    get: (name) => {
      const [units = 0, touched = 0] = found.get(name) ?? [];
      return found.has(name) ? { units, touched: touched > 0 } : undefined;
    },
  };
}
