import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { type Drop, isDeep, unitsNeeded } from '../sandbox/sql/statements/moved-rows.ts';
import { deepMovesStatement, MAX_DROPS, movesStatement } from '../sandbox/sql/statements/moves-statement.ts';
import type { CellKey } from '../sandbox/sql/statements/relation.ts';
import { type DropQuestion, inGroups, readParts, selectionOf } from './drop-question.ts';
import type { RunStatement } from './enclave-fault.ts';
import { cellName } from './read-evidence.ts';
import { sampledStatement } from './sampled-statement.ts';
import { sampleBelow, sampleLadder } from './unit-sample.ts';

/** Drops not yet certain to move k units, by cell; a cell without any has kept them all. */
export type Open = ReadonlyMap<string, { readonly key: CellKey; readonly drops: ReadonlySet<number> }>;

/** A larger sample is asked where it is to be expected to show this many times k units. */
const LIKELY = 1.5;

/**
 * What samples of units leave open. A drop that has to be counted exactly in most cells is in no larger sample. Cells of
 * which something was dropped are small: of them only the largest sample tells. Source: gate.md §6 (one-sided evidence).
 */
export async function openAfterSamples(
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
  const isFirstRound = question.reduction.neutral.size + question.reduction.never.size === 0;
  const ladder = sampleLadder(program, unit, question.cells.length).slice(isFirstRound ? 0 : -1);
  let left = asked;
  for (const below of ladder) {
    const indexes = left.filter((index) => waiting.some((key) => open.get(cellName(key))?.drops.has(index)));
    if (indexes.length === 0) break;
    const counts = await sampledMoves(program, question, { indexes, unit, cells: waiting, below }, run);
    const isFirstLook = below < (sampleBelow(program, unit) ?? 0);
    const growth = (ladder.at(-1) ?? 0) / below;
    /** By drop: cells that stay open, and those of them that a larger sample is not likely to close. */
    const tally = new Map(indexes.map((index) => [index, { open: 0, hopeless: 0, nobody: 0 }]));
    for (const key of waiting) {
      const name = cellName(key);
      const moved = counts.get(name);
      const drops = new Set(open.get(name)?.drops);
      for (const [at, index] of indexes.entries()) {
        const drop = question.drops[index];
        const own = tally.get(index);
        if (!drops.has(index) || drop === undefined || own === undefined) continue;
        const needed = unitsNeeded(drop, k);
        const found = moved === undefined ? 0 : Math.min(...(moved[at] ?? [0]));
        if (found >= needed) drops.delete(index);
        else {
          own.open += 1;
          if (found * growth < LIKELY * needed) own.hopeless += 1;
          if (found === 0) own.nobody += 1;
        }
      }
      open.set(name, { key, drops });
    }
    left = indexes.filter((index) => !isHopeless(tally.get(index), isFirstLook));
    waiting = waiting.filter((key) => left.some((index) => open.get(cellName(key))?.drops.has(index)));
  }
  return open;
}

interface Tally {
  readonly open: number;
  readonly hopeless: number;
  /** Cells of which nobody in the sample is moved. */
  readonly nobody: number;
}

/** Where most cells have to be counted exactly anyway, one more sample is one more reading. A first look tells little. */
function isHopeless({ open, hopeless, nobody }: Tally = { open: 0, hopeless: 0, nobody: 0 }, isFirstLook = false): boolean {
  return (isFirstLook ? nobody : hopeless) * 2 > open;
}

interface Sample {
  readonly indexes: readonly number[];
  readonly unit: number;
  readonly cells: readonly CellKey[];
  readonly below: number;
}

/** A sample of unit instance 0 that asks about all drops that stand among the rows: its first one, for cells of any number. */
export async function firstSample(
  program: GateProgram,
  question: Omit<DropQuestion, 'cells' | 'types' | 'cleared' | 'isAll'>,
  asked: readonly number[],
  below: number,
  run: RunStatement,
): Promise<string | undefined> {
  const drops = asked.flatMap((index) => question.drops[index] ?? []).filter((drop) => !isDeep(program, drop.operand));
  if (drops.length === 0) return undefined;
  const plain = { reduction: question.reduction, unit: 0, selection: null, below, drops: drops.slice(0, MAX_DROPS) };
  return sampledStatement(program, movesStatement(program, plain), below, run);
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
  const deep = asked.filter((drop) => isDeep(program, drop.operand));
  for (const drops of inGroups(deep)) note(drops, await ask(drops, deepMovesStatement(program, { ...shared, drops })));
  return new Map(cells.map((key) => [cellName(key), asked.map((drop) => found.get(drop)?.get(cellName(key)) ?? [0])]));
}
