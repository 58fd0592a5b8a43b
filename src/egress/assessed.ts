import type { ExecutedCell, GateShape } from './executed.ts';

/** One reason behind the decision on a cell. For operators only; merchants see one status for all. Source: gate.md §6. */
export interface CellFinding {
  readonly rule: string;
  readonly unitType: string | null;
  readonly counted: number | null;
}

export interface AssessedCell extends ExecutedCell {
  /** Per column: why it is withheld; empty where it may be released. */
  readonly withheld: readonly (readonly CellFinding[])[];
}

/** A gate whose cells have been judged. */
export interface AssessedGate {
  readonly shape: GateShape;
  readonly cells: readonly AssessedCell[];
}
