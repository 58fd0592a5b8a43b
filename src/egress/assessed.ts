import type { ExecutedCell, GateShape, KeyValue } from './executed.ts';

/** One reason behind the decision on a cell. For operators only; merchants see one status for all. Source: gate.md §6. */
export interface CellFinding {
  readonly rule: string;
  readonly unitType: string | null;
  readonly counted: number | null;
}

export interface AssessedCell extends ExecutedCell {
  /** Per column: why it is withheld; empty where it may be released. */
  readonly withheld: readonly (readonly CellFinding[])[];
  /** Columns that the ledger answers by an earlier release: by which query and labels, and why. Source: gate.md §7. */
  readonly replaced?: readonly {
    readonly outputs: readonly number[];
    readonly answered: string;
    readonly labels: readonly KeyValue[];
    readonly text: string;
  }[];
  /** Columns that the ledger keeps, and what it compared them with. Source: gate.md §7. */
  readonly looked?: readonly { readonly outputs: readonly number[]; readonly text: string }[];
  /** Labels of the withheld rows that this one holds together. Source: docs/adr/0043. */
  readonly merged?: readonly (readonly KeyValue[])[];
}

/** A gate whose cells have been judged. */
export interface AssessedGate {
  readonly shape: GateShape;
  readonly cells: readonly AssessedCell[];
}
