import type { Decided } from '../../../src/pipeline.ts';
import { label } from './contributions.ts';
import type { Decision, OracleCell, OracleGate } from './second-gate.ts';

/** What a merchant sees of an answer besides its figures: labels, and where a figure stands. */
export function patternOf(decided: Decided): readonly string[] {
  return decided.gates
    .flatMap((gate) =>
      gate.table.rows.map(
        (row) => `${gate.name} ${JSON.stringify(row.map((value, index) => (index < gate.keys ? label(value) : value !== null)))}`,
      ),
    )
    .sort();
}

/** Names of cells of which one answer shows something else than the other. */
export function changedCells(a: Decided, b: Decided): readonly { readonly gate: number; readonly cell: string }[] {
  return a.gates.flatMap((gate, index) => {
    const shown = (decided: Decided): ReadonlyMap<string, string> =>
      new Map(
        (decided.gates[index]?.table.rows ?? []).map((row) => [
          JSON.stringify(row.slice(0, gate.keys).map(label)),
          JSON.stringify(row.slice(gate.keys).map((value) => value !== null)),
        ]),
      );
    const [here, there] = [shown(a), shown(b)];
    return [...new Set([...here.keys(), ...there.keys()])]
      .filter((cell) => here.get(cell) !== there.get(cell))
      .map((cell) => ({ gate: index, cell }));
  });
}

/**
 * Why a cell may look different once one unit is gone: the first comparison that came out differently. Null where all
 * came out alike. A cell that exists in one version only has no comparisons in the other.
 */
export function firstFlip(
  here: OracleCell | undefined,
  there: OracleCell | undefined,
): { readonly here: Decision; readonly there: Decision } | null {
  const other = new Map((there?.decisions ?? []).map((item, index) => [nameOf(item, there?.decisions ?? [], index), item]));
  for (const [index, item] of (here?.decisions ?? []).entries()) {
    const found = other.get(nameOf(item, here?.decisions ?? [], index));
    if (found !== undefined && found.passes !== item.passes) return { here: item, there: found };
  }
  return null;
}

/** The same comparison in both versions: its subject, and which of several about it. */
function nameOf(item: Decision, all: readonly Decision[], index: number): string {
  const before = all.slice(0, index).filter((other) => other.about === item.about && other.rule === item.rule).length;
  return `${item.rule} ${item.about} ${before}`;
}

/** Whether a cell of the oracle exists in one version only, or came out differently there. */
export function explains(gate: number, cell: string, here: readonly OracleGate[], there: readonly OracleGate[]): string | null {
  const [a, b] = [here[gate]?.cells.get(cell), there[gate]?.cells.get(cell)];
  const flip = firstFlip(a, b);
  if (flip !== null) return `${flip.here.rule} ${flip.here.units} ${flip.there.units}`;
  if (a === undefined || b === undefined || a.isEmpty !== b.isEmpty) return 'a cell of that unit only';
  return null;
}
