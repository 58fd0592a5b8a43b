import { type Condition, operandOrder, printCondition, type Reduction } from '../../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../../sandbox/sql/model/program.ts';
import { fromSql, where, whereSql } from '../../sandbox/sql/statements/relation.ts';
import type { RunStatement } from '../enclave-fault.ts';

/** One more operand dropped: as if it were not there, or as satisfied by nobody. */
const without = ({ neutral, never }: Reduction, id: number, how: 'neutral' | 'never'): Reduction =>
  how === 'neutral' ? { neutral: new Set([...neutral, id]), never } : { neutral, never: new Set([...never, id]) };

/**
 * The conditions of CASE in features and label that tell fewer than k units apart, nobody included, dropped beside those of the cohort: operands first, then whole conditions,
 * which are nobody's or everybody's, again until none is left. Of a cohort of one row a unit; two models cannot differ by a condition over fewer than k units then.
 * Asks one count an operand; throws what the worker throws. Does not look at keys, whose levels the learner weighs. Source: gate.md §6; docs/adr/0015; models-and-audit.md M26.
 */
export async function settleExpressions(program: GateProgram, cohort: Reduction, k: number, run: RunStatement): Promise<Reduction> {
  const rows = ` FROM ${fromSql(program, null, cohort)}${where([whereSql(program, cohort)])}`;
  const count = async (condition: string): Promise<number> => {
    const [row = []] = (await run(`SELECT CAST(count(*) AS DOUBLE) FROM (SELECT ${condition} AS hit${rows}) AS asked WHERE hit`)).rows;
    return Number(row[0] ?? 0);
  };
  let settled = cohort;
  const truth = (piece: Condition, reduction: Reduction): string => `coalesce(${printCondition(piece, reduction)}, FALSE)`;
  for (const piece of program.pieces) {
    for (let more = true; more; ) {
      more = false;
      for (const operand of operandOrder([piece])) {
        if (operand === piece || settled.neutral.has(operand.id)) continue;
        const next = without(settled, operand.id, 'neutral');
        const [before, after] = [truth(piece, settled), truth(piece, next)];
        if ((await count(`${before} <> ${after}`)) >= k) continue;
        settled = next;
        more ||= before !== after;
      }
    }
    const yes = truth(piece, settled);
    if ((await count(yes)) < k) settled = without(settled, piece.id, 'never');
    else if ((await count(`NOT ${yes}`)) < k) settled = without(settled, piece.id, 'neutral');
  }
  return settled;
}
