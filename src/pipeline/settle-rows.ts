import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { differingUnits } from '../egress/ledger/sketch.ts';
import { overCap, rowSetEntries } from './cap-functionals.ts';
import { rollUps } from './computable.ts';
import { type LedgerRow, type LedgerVerdict, type LedgerView, LINEAR, type NewEntry, type RowFigure } from './ledger-port.ts';
import { settleAcross } from './settle-across.ts';
import { settleAnswers } from './settle-answers.ts';
import { settleColumns } from './settle-columns.ts';
import { type FamilyVerdict, settleFamilies } from './settle-families.ts';
import { settleFunctionals } from './settle-functionals.ts';
import { groupsOf, type Place, settleGroup } from './settle-group.ts';

export interface Settlement {
  /** By row and figure. */
  readonly verdicts: readonly (readonly LedgerVerdict[])[];
  readonly entries: readonly NewEntry[];
}

const KEEP: LedgerVerdict = { kind: 'keep' };

/**
 * Decides which figures of a statement may stand beside everything in the ledger and beside one another: counts and sums
 * for every unit instance and family by themselves, with what is near looked for among all; figures of other functionals
 * beside their like. The strictest verdict of all unit instances is that of a figure.
 *
 * Pure and the same for the same input. Sees what `decideByLedger` sees. Source: gate.md §7, ADR 0014.
 */
export function settleRows(rows: readonly LedgerRow[], view: LedgerView, policy: DisclosurePolicy): Settlement {
  const verdicts: LedgerVerdict[][] = rows.map((row) => row.figures.map(() => KEEP));
  const twins = rows.map((row) =>
    row.figures.map((figure, at) =>
      figure.isComposed === true ? -1 : row.figures.findIndex((other, before) => before < at && isSame(other, figure)),
    ),
  );
  const places = rows.flatMap((row, index) =>
    row.figures.flatMap((figure, at): readonly Place[] => ((twins[index]?.[at] ?? -1) >= 0 ? [] : [{ row: index, at, figure }])),
  );
  const functionals = settleFunctionals(
    rows,
    places.filter(({ figure }) => figure.namespace !== LINEAR),
    view,
    policy.k,
  );
  for (const { row, at, verdict } of functionals) (verdicts[row] ?? [])[at] = verdict;
  for (const { row, at, verdict } of overCap(rows, (index, place) => verdicts[index]?.[place]?.kind === 'keep', view, policy.k))
    (verdicts[row] ?? [])[at] = verdict;
  const snapped: FamilyVerdict[] = [];
  for (const group of groupsOf(places.filter(({ figure }) => figure.namespace === LINEAR && figure.isComposed !== true))) {
    for (const { place, verdict, targets } of settleGroup(rows, group, view, policy)) {
      const known = verdicts[place.row]?.[place.at] ?? KEEP;
      (verdicts[place.row] ?? [])[place.at] = stricter(known, verdict);
      if (targets.length > 0) snapped.push({ ...place, verdict, targets });
    }
  }
  const together = (): void => {
    for (const [row, own] of twins.entries())
      for (const [at, twin] of own.entries()) if (twin >= 0) (verdicts[row] ?? [])[at] = verdicts[row]?.[twin] ?? KEEP;
    for (const own of verdicts.keys()) standTogether(rows[own]?.figures ?? [], verdicts[own] ?? []);
  };
  together();
  const isKept = (row: number, at: number): boolean => verdicts[row]?.[at]?.kind === 'keep' && isShown(rows[row], verdicts[row] ?? [], at);
  const beside = settleFamilies(
    rows,
    places.filter(({ row, at, figure }) => figure.namespace === LINEAR && figure.isComposed !== true && isKept(row, at)),
    policy,
  );
  for (const { row, at, verdict } of beside) (verdicts[row] ?? [])[at] = verdict;
  together();
  const across = settleAcross(
    rows,
    places.filter(({ row, at }) => isKept(row, at)),
    { view, policy },
  );
  for (const { row, at, verdict } of across) (verdicts[row] ?? [])[at] = verdict;
  together();
  for (const { row, at, verdict } of settleColumns(
    rows,
    verdicts,
    places.filter(({ row, at }) => isKept(row, at)),
    { view, policy },
  ))
    (verdicts[row] ?? [])[at] = verdict;
  together();
  settleAnswers([...functionals, ...snapped, ...beside, ...across], verdicts, isKept, together);
  const kept = places
    .filter(({ row, at }) => isKept(row, at))
    .flatMap(({ row, figure }): readonly NewEntry[] => {
      const from = rows[row];
      if (from === undefined) return [];
      return [{ row, figure, gate: from.gate, labels: from.labels, answered: from.answered }, ...rowSetEntries(row, figure, from)];
    });
  return {
    verdicts,
    entries: [
      ...kept,
      ...rollUps(rows, (row, at) => isKept(row, at) && twins[row]?.[at] === -1 && rows[row]?.figures[at]?.isComposed !== true),
    ],
  };
}

/** Figures of one term are one figure: the strictest verdict is that of all. */
function standTogether(figures: readonly RowFigure[], verdicts: LedgerVerdict[]): void {
  for (const [at, figure] of figures.entries())
    for (const [other, { term }] of figures.entries())
      if (term === figure.term) verdicts[at] = stricter(verdicts[at] ?? KEEP, verdicts[other] ?? KEEP);
}

/** Whether some column with the figure is released: one withheld part withholds all of a column. */
function isShown(row: LedgerRow | undefined, verdicts: readonly LedgerVerdict[], at: number): boolean {
  const isWhole = (output: number): boolean =>
    row?.figures.every(({ outputs }, other) => !outputs.includes(output) || verdicts[other]?.kind !== 'withhold') === true &&
    !tellsOtherwise(row, verdicts, output);
  return row?.figures[at]?.outputs.some(isWhole) ?? false;
}

/**
 * Whether a column tells a figure that was to be answered by another one: what only the labels imply of it, or what a variance is made of.
 * None of these can be answered otherwise; they stand only beside a figure of the column that is.
 */
function tellsOtherwise({ figures, made = [] }: LedgerRow, verdicts: readonly LedgerVerdict[], output: number): boolean {
  const isFixed = made.includes(output);
  let [tells, isAnswered] = [false, false];
  for (const [at, { outputs, isImplied, namespace }] of figures.entries()) {
    const verdict = verdicts[at];
    if (verdict?.kind !== 'replace' || !outputs.includes(output)) continue;
    if (isImplied !== true && !(isFixed && namespace === LINEAR)) isAnswered = true;
    else if (verdict.reason.counted !== 0) tells = true;
  }
  return tells && !isAnswered;
}

/** Whether two figures of one row tell the same: the same totals of the same units. */
function isSame(a: RowFigure, b: RowFigure): boolean {
  if (a.namespace !== b.namespace || a.sketches.length !== b.sketches.length) return false;
  // Of other rows it may be another number: it adds up with its like.
  if ((a.isImplied === true || b.isImplied === true) && a.family !== b.family) return false;
  return a.sketches.every(({ sketch, unitType }, index) => {
    const other = b.sketches[index];
    return other !== undefined && other.unitType === unitType && differingUnits(sketch, other.sketch) === 0;
  });
}

const STRICTNESS: Readonly<Record<LedgerVerdict['kind'], number>> = { keep: 0, replace: 1, withhold: 2 };

function stricter(a: LedgerVerdict, b: LedgerVerdict): LedgerVerdict {
  return STRICTNESS[b.kind] > STRICTNESS[a.kind] ? b : a;
}
