import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { cellsStatement, labelsStatement, MAX_COMBINED_CELLS } from '../sandbox/sql/statements/cells-statement.ts';
import { namedTables, publicCellsStatement, withImplied } from '../sandbox/sql/statements/public-cells.ts';
import type { CellKey } from '../sandbox/sql/statements/relation.ts';
import type { RunStatement } from './enclave-fault.ts';
import { MalformedAnswer, readKeys } from './read-evidence.ts';
import { belongsToNobody } from './sampled-statement.ts';
import { sampleBelow } from './unit-sample.ts';

/** From about so many cells on, groups of buckets cost less than buckets, and lanes less than groups. */
const GROUPS_FROM_CELLS = 500;
const LANES_FROM_CELLS = 6000;

/**
 * Every cell of the relation, and where that is cheaper some that are none: those have no row, whatever is dropped. Cells
 * that have rows may be missing where WHERE has no operands: the first pass lists them.
 *
 * @param types  engine types of the keys.
 */
export async function findCells(program: GateProgram, types: readonly string[], run: RunStatement): Promise<readonly CellKey[]> {
  const labels = labelsStatement(program, null, types);
  const cells = labels === undefined ? [] : readKeys(program, await run(labels));
  const isComplete = labels !== undefined && cells.length <= MAX_COMBINED_CELLS;
  return isComplete ? cells : readKeys(program, await run(cellsStatement(program)));
}

/** Cells that public tables list, with the program that knows which of its conditions they decide. */
export interface PublicLabels {
  readonly program: GateProgram;
  /** Null: public tables do not list them. */
  readonly cells: readonly CellKey[] | null;
}

/**
 * Asks public tables, where all keys are columns of them, which cells there can be, and which conditions are the same for
 * all rows of each of these. Nobody's data takes part. Source: gate.md §6 (never operands).
 */
export async function publicLabels(program: GateProgram, run: RunStatement): Promise<PublicLabels> {
  if (program.where === null) return { program, cells: null };
  const open = new Set<string>();
  for (const table of namedTables(program)) if (await belongsToNobody(program, table, run)) open.add(table);
  const asked = publicCellsStatement(program, (table) => open.has(table));
  if (asked === undefined) return { program, cells: null };
  const { rows } = await run(asked.sql);
  if (rows.length > MAX_COMBINED_CELLS) return { program, cells: null };
  const width = program.keys.length;
  if (rows.some((row) => row.length !== width + asked.conditions.length)) throw new MalformedAnswer('An answer has the wrong width');
  const isSame = (index: number): boolean => rows.every((row) => row[width + index] === false);
  const told = new Set(asked.conditions.flatMap((condition, index) => (isSame(index) ? [condition.id] : [])));
  return { program: { ...program, told: withImplied(program, told) }, cells: readKeys(program, { columns: [], rows }) };
}

/** How finely evidence is taken. */
export type Grain = 'buckets' | 'groups' | 'lanes';

/** How finely evidence is to be taken, and the number of cells behind it; null where no sample was asked. */
export interface ExpectedCells {
  readonly grain: Grain;
  readonly cells: number | null;
}

/**
 * The grain for the number of cells that the result is to be expected to have, from the labels that a sample of units
 * has. A guess: it decides how evidence is taken, and never what it says.
 */
export async function expectedCells(program: GateProgram, run: RunStatement): Promise<ExpectedCells> {
  const below = sampleBelow(program, 0);
  const labels = labelsStatement(program, below);
  if (below === null || labels === undefined || program.keys.every((key) => key.publicLabels !== null))
    return { grain: 'buckets', cells: null };
  const [count] = (await run(`SELECT count(*) FROM (${labels})`)).rows[0] ?? [];
  if (typeof count !== 'string' && typeof count !== 'number') throw new MalformedAnswer('A count is no count');
  const cells = Number(count);
  if (cells < GROUPS_FROM_CELLS) return { grain: 'buckets', cells };
  return { grain: cells < LANES_FROM_CELLS ? 'groups' : 'lanes', cells };
}
