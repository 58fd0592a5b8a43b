import type { Reduction } from '../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { partsOf } from '../sandbox/sql/statements/moved-parts.ts';
import type { Drop } from '../sandbox/sql/statements/moved-rows.ts';
import { MAX_DEEP_DROPS } from '../sandbox/sql/statements/moves-statement.ts';
import type { CellKey, CellSelection } from '../sandbox/sql/statements/relation.ts';
import { cellName, readCounts } from './read-evidence.ts';

/** Which of some drops are to be made in some cells. Source: gate.md §6 (neutral operands). */
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

/** Drops inside FROM as they are asked about together. */
export function inGroups(drops: readonly Drop[]): readonly (readonly Drop[])[] {
  return drops.flatMap((_, at) => (at % MAX_DEEP_DROPS === 0 ? [drops.slice(at, at + MAX_DEEP_DROPS)] : []));
}

/** By cell, for each drop the numbers of its parts. */
export function readParts(
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

/** To look in each row for less than this share of the cells, to leave them out, costs more than to count them too. */
const LEFT_OUT_SHARE = 16;

/** The cells as a statement is told them; null where it reads all. */
export function selectionOf(question: DropQuestion, cells: readonly CellKey[]): CellSelection | null {
  const { types, isAll } = question;
  if (!isAll || cells.length * 2 <= question.cells.length) return { cells, types };
  // To list most of them costs more than to leave the others out, or to count them too.
  const wanted = new Set(cells.map(cellName));
  const others = question.cells.filter((key) => !wanted.has(cellName(key)));
  return others.length * LEFT_OUT_SHARE <= question.cells.length ? null : { cells, types, others };
}
