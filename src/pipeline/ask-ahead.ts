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

/**
 * Asks for the labels of all cells, and samples of units about all operands at once and about terms that can be subtracted,
 * before the pass over all rows and beside it: they read little, and it leaves a thread idle at its ends. They are the
 * statements that `findCells`, `settleOperands` and `pairRules` ask later; where these ask others, those were in vain. The
 * sample depends on the number of cells: where labels tell it, it is asked once they are known. Decides nothing. Own design: ADR 0034.
 *
 * @param run     a runner of `keepingRows`.
 * @param listed  number of cells, where public tables list them.
 */
export async function askSamplesAhead(program: GateProgram, listed: number | null, run: RunStatement): Promise<void> {
  const labels = cellLabels(program, listed);
  const found = labels === undefined ? undefined : askEarly(run, labels);
  const cells = program.keys.length === 0 ? 1 : listed;
  if (cells !== null) await askOperands(program, cells, run);
  else void found?.then((rows) => (rows === undefined ? undefined : askOperands(program, rows.rows.length, run))).catch(() => undefined);
  const pairs = await firstPairSample(program, run);
  if (pairs !== undefined) void askEarly(run, pairs);
}

async function askOperands(program: GateProgram, cells: number, run: RunStatement): Promise<void> {
  const sql = await operandSample(program, cells, run);
  if (sql !== undefined) void askEarly(run, sql);
}

/** Where WHERE has operands and no public table lists the cells; labels that are declared as texts are taken to be stored as such. */
function cellLabels(program: GateProgram, listed: number | null): string | undefined {
  if (listed !== null || program.keys.length === 0 || splitWhere(program).rest === null) return undefined;
  const types = program.keys.map(({ publicLabels }) =>
    publicLabels?.every((label) => typeof label === 'string') === true ? 'VARCHAR' : '',
  );
  return labelsStatement(program, null, types);
}

async function operandSample(program: GateProgram, cells: number, run: RunStatement): Promise<string | undefined> {
  const [below] = program.units.length === 0 ? [] : sampleLadder(program, 0, cells);
  if (below === undefined) return undefined;
  const question = { reduction: NOTHING_DROPPED, drops: dropsOf(program) };
  return firstSample(program, question, impliedLeftOut(program, question), below, run);
}
