import { type Stage, seal } from '../kernel/stage.ts';
import { combine } from './evidence-rules.ts';
import type { Executed, ExecutedCell, OutputOutcome, ResultShape } from './executed.ts';

/** One reason behind the decision on a cell. For operators only; merchants see one status for all. */
export interface CellFinding {
  readonly rule: string;
  readonly unitType: string | null;
  readonly counted: number | null;
}

export interface AssessedCell extends ExecutedCell {
  /** Per aggregate: why it is withheld; empty where it may be released. */
  readonly withheld: readonly (readonly CellFinding[])[];
}

export type Assessed = Stage<'assessed', { readonly shape: ResultShape; readonly cells: readonly AssessedCell[] }>;

/**
 * Turns the outcomes of the rules into findings per cell, and adds the rules that look at several cells together.
 * Whatever is still undecided here is withheld.
 *
 * Does not compare with earlier results: that is the ledger's part.
 * Source: gate.md §6 (class disclosure), §9.
 */
export function assess(executed: Executed): Assessed {
  const disclosed = classDisclosure(executed);
  const cells = executed.cells.map((cell, index): AssessedCell => {
    const shared = disclosed.has(index) ? [{ rule: 'class-disclosure', unitType: null, counted: null }] : [];
    return { ...cell, withheld: cell.outputs.map((outcome) => [...ownFindings(outcome), ...shared]) };
  });
  return seal<'assessed', { shape: ResultShape; cells: readonly AssessedCell[] }>({ shape: executed.shape, cells });
}

function ownFindings(outcome: OutputOutcome): readonly CellFinding[] {
  return outcome.rules
    .filter((rule) => combine([rule]) !== 'pass')
    .map((rule) => ({ rule: rule.rule, unitType: rule.unitType, counted: rule.counted ?? null }));
}

/** Cells whose sensitive label is the only one among the rows that share all other labels: the label is then everybody's. */
function classDisclosure(executed: Executed): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [position, key] of executed.shape.keys.entries()) {
    if (!key.sensitive) continue;
    const others = new Map<string, number[]>();
    for (const [index, cell] of executed.cells.entries()) {
      if (cell.answers.every((answer) => answer.count.digits === 0n)) continue; // a label without rows is no second class
      const name = JSON.stringify(cell.key.filter((_, at) => at !== position));
      others.set(name, [...(others.get(name) ?? []), index]);
    }
    for (const group of others.values()) if (group.length === 1) for (const index of group) found.add(index);
  }
  return found;
}
