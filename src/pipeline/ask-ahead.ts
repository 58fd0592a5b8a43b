import { NOTHING_DROPPED } from '../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { impliedLeftOut } from './decide-drops.ts';
import type { RunStatement } from './enclave-fault.ts';
import { askEarly } from './keep-rows.ts';
import { firstSample } from './sample-drops.ts';
import { dropsOf } from './settle-operands.ts';
import { sampleLadder } from './unit-sample.ts';

/** More cells than any ladder of samples depends on. */
const MANY_CELLS = 1_000_000;

/**
 * Asks the first sample of units about all operands at once, before the pass over all rows and beside it: of the two one
 * reads little and the other leaves a thread idle at its ends. It is the statement that `settleOperands` asks later; where it
 * turns out to ask another one, this one was in vain. Decides nothing. Own design: ADR 0034.
 *
 * @param run     a runner of `keepingRows`.
 * @param listed  number of cells, where public tables list them.
 */
export async function askSampleAhead(program: GateProgram, listed: number | null, run: RunStatement): Promise<void> {
  if (program.units.length === 0) return;
  const [least, most] = [cellsToExpect(program, listed, 1), cellsToExpect(program, listed, MANY_CELLS)];
  const [below, other] = [sampleLadder(program, 0, least)[0], sampleLadder(program, 0, most)[0]];
  if (below === undefined || below !== other) return;
  const question = { reduction: NOTHING_DROPPED, drops: dropsOf(program) };
  const asked = impliedLeftOut(program, question);
  const sql = await firstSample(program, question, asked, below, run);
  if (sql !== undefined) askEarly(run, sql);
}

function cellsToExpect(program: GateProgram, listed: number | null, unknown: number): number {
  if (listed !== null) return listed;
  return program.keys.length === 0 ? 1 : unknown;
}
