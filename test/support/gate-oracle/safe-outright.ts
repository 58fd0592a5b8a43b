import type { Decided } from '../../../src/pipeline.ts';
import type { OracleGate } from './second-gate.ts';

/** Whether every cell is far above every rule, no operand is neutral, nothing was rounded, and no column competes with another. */
export function isSafeOutright(decided: Decided, oracle: readonly OracleGate[], k: number): boolean {
  if (decided.admitted.roundings.length > 0 || oracle.length !== decided.gates.length) return false;
  return oracle.every(
    ({ query, cells }) =>
      // Rules about several functionals of one column are the gate's own.
      query.outputs.length === 1 &&
      [...cells.values()].every((cell) =>
        cell.decisions.every(({ passes, units }) => passes && (units === null || units === 0 || units >= 2 * k)),
      ),
  );
}
