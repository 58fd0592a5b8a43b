import type { GateProgram } from '../model/program.ts';

/** Whether units are counted of which one may have several rows: then all rows of a unit are needed. Source: gate.md §6. */
export function countsWholeUnits(program: GateProgram): boolean {
  return program.terms.some((term) => term.kind === 'unit' && program.units[term.unit]?.oneRow !== true);
}
