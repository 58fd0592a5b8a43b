import type { Assessed } from '../egress/assess.ts';
import { type Decided, type Decision, labelOf } from '../egress/decide.ts';
import { seal } from '../kernel/stage.ts';

/**
 * A decision with the rows that a query above a gate of classes may see: those of groups of which no class is missing. A sum
 * over classes is of all of them or of none.
 *
 * @param keys  how many of the keys, the first ones, make a group.
 * Source: ADR 0044.
 */
export function wholeGroups(decided: Decided, { shape, cells }: Assessed, keys: number): Decided {
  const nameOf = (labels: readonly unknown[]): string => JSON.stringify(labels.slice(0, keys));
  const broken = new Set(
    cells
      .filter((cell) => !cell.isEmpty && cell.withheld.some((findings) => findings.length > 0))
      .map((cell) => nameOf(cell.key.map((value, index) => labelOf(value, shape.keys[index]?.type ?? '')))),
  );
  const rows = decided.table.rows.filter((row) => !broken.has(nameOf(row)));
  return seal<'decided', Decision>({ ...decided, table: { ...decided.table, rows } });
}
