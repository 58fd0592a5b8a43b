import { NOTHING_DROPPED } from '../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { labelsStatement } from '../sandbox/sql/statements/cells-statement.ts';
import { splitWhere } from '../sandbox/sql/statements/label-conditions.ts';
import { impliedLeftOut } from './decide-drops.ts';
import type { RunStatement } from './enclave-fault.ts';
import { askEarly } from './keep-rows.ts';
import { firstPairSample } from './pair-rules.ts';
import { firstSample } from './sample-drops.ts';
import { dropsOf } from './settle-operands.ts';
import { sampleLadder } from './unit-sample.ts';

/** More cells than any ladder of samples depends on. */
const MANY_CELLS = 1_000_000;

/**
 * Asks for the labels of all cells, and samples of units about all operands at once and about terms that can be subtracted,
 * before the pass over all rows and beside it: they read little, and it leaves a thread idle at its ends. They are the
 * statements that `findCells`, `settleOperands` and `pairRules` ask later; where these ask others, those were in vain. Decides
 * nothing. Own design: ADR 0034.
 *
 * @param run     a runner of `keepingRows`.
 * @param listed  number of cells, where public tables list them.
 */
export async function askSamplesAhead(program: GateProgram, listed: number | null, run: RunStatement): Promise<void> {
  for (const sql of [cellLabels(program, listed), await operandSample(program, listed, run), await firstPairSample(program, run)]) {
    if (sql !== undefined) askEarly(run, sql);
  }
}

/** Where WHERE has operands and no public table lists the cells; labels that are declared as texts are taken to be stored as such. */
function cellLabels(program: GateProgram, listed: number | null): string | undefined {
  if (listed !== null || program.keys.length === 0 || splitWhere(program).rest === null) return undefined;
  const types = program.keys.map(({ publicLabels }) =>
    publicLabels?.every((label) => typeof label === 'string') === true ? 'VARCHAR' : '',
  );
  return labelsStatement(program, null, types);
}

async function operandSample(program: GateProgram, listed: number | null, run: RunStatement): Promise<string | undefined> {
  if (program.units.length === 0) return undefined;
  const [least, most] = [cellsToExpect(program, listed, 1), cellsToExpect(program, listed, MANY_CELLS)];
  const [below, other] = [sampleLadder(program, 0, least)[0], sampleLadder(program, 0, most)[0]];
  if (below === undefined || below !== other) return undefined;
  const question = { reduction: NOTHING_DROPPED, drops: dropsOf(program) };
  return firstSample(program, question, impliedLeftOut(program, question), below, run);
}

function cellsToExpect(program: GateProgram, listed: number | null, unknown: number): number {
  if (listed !== null) return listed;
  return program.keys.length === 0 ? 1 : unknown;
}
