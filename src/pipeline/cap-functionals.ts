import { coarseDistance, differingUnits, type Sketch } from '../egress/ledger/sketch.ts';
import { type LedgerRow, type LedgerVerdict, type LedgerView, LINEAR, type NewEntry, type RowFigure } from './ledger-port.ts';

/** Over one row set and family of columns never more independent functionals are released. Source: gate.md §5, D15. */
const MOST_FUNCTIONALS = 3;

/** Where the row sets of functionals of a family stand in the ledger: apart from figures, by the rows that were counted. */
function namespaceOf(family: string): string {
  return `functional:${family}`;
}

function familiesOf(figure: RowFigure): readonly string[] {
  return figure.rowSets === undefined ? [] : figure.family.split(', ');
}

/**
 * Which figures that are no sums would be one functional too many over their rows: medians, moments and their like of one
 * family over row sets that fewer than k units separate, those of earlier statements, of reservations and of this one
 * together, at most max(1, ⌊units/k⌋) and never more than three. Counts and sums count as one: where the row has some,
 * where a near count is in the ledger, or a sum of the family whose units may be the same by the buckets they use.
 *
 * The registered stay; the first of the statement come first. Does not cap counts and sums that follow medians.
 * Pure. Source: gate.md §5 (functionals "ever released"), gate-examples.md D15.
 *
 * @param isKept  whether a figure is still to be released.
 */
export function overCap(
  rows: readonly LedgerRow[],
  isKept: (row: number, at: number) => boolean,
  view: LedgerView,
  k: number,
): readonly { readonly row: number; readonly at: number; readonly verdict: LedgerVerdict }[] {
  const accepted: Accepted[] = [];
  return rows.flatMap((row, index) =>
    row.figures.flatMap((figure, at) => {
      const families = isKept(index, at) ? familiesOf(figure) : [];
      const most = Math.min(MOST_FUNCTIONALS, Math.max(1, Math.floor(figure.units / k)));
      const isOver = families.some((family) =>
        (figure.rowSets ?? []).some((rowSet) => {
          const names = namesOver(family, rowSet, accepted, view, k);
          if (names.has(figure.term)) return false;
          return names.size + (hasLinear(row, family, rowSet, view, k) ? 1 : 0) >= most;
        }),
      );
      if (isOver) return [{ row: index, at, verdict: OVER }];
      for (const family of families) accepted.push({ family, name: figure.term, rowSets: figure.rowSets ?? [] });
      return [];
    }),
  );
}

/** What is registered so that later statements are capped: the row sets of a figure under each family. Source: gate.md §5. */
export function rowSetEntries(row: number, figure: RowFigure, from: Pick<LedgerRow, 'gate' | 'labels' | 'answered'>): readonly NewEntry[] {
  const { gate, labels, answered } = from;
  return familiesOf(figure).map((family) => ({
    row,
    figure: {
      ...figure,
      term: figure.term,
      namespace: namespaceOf(family),
      family,
      total: null,
      value: figure.term,
      sketches: figure.rowSets ?? [],
    },
    gate,
    labels,
    answered,
  }));
}

/** What the ledger is asked for a figure's cap: near entries of some namespaces, and sums of the family. Source: gate.md §5. */
export interface RowSetQuery {
  readonly unitType: string;
  readonly sketch: Sketch;
  readonly namespaces: readonly string[];
  readonly family: string;
}

/** All questions that `overCap` may ask about a figure; none for counts and sums. Source: gate.md §5. */
export function rowSetQueries(figure: RowFigure): readonly RowSetQuery[] {
  return familiesOf(figure).flatMap((family) =>
    (figure.rowSets ?? []).map((rowSet) => ({ ...rowSet, namespaces: [namespaceOf(family), LINEAR], family })),
  );
}

type RowSet = RowFigure['sketches'][number];

interface Accepted {
  readonly family: string;
  readonly name: string;
  readonly rowSets: readonly RowSet[];
}

const OVER: LedgerVerdict = {
  kind: 'withhold',
  reason: { rule: 'functionals.cap', text: 'as many functionals of these columns were released over nearly the same rows', counted: null },
};

function namesOver(family: string, { unitType, sketch }: RowSet, accepted: readonly Accepted[], view: LedgerView, k: number): Set<unknown> {
  const isNear = (other: Sketch): boolean => differingUnits(other, sketch) < k;
  const earlier = view.near(unitType, namespaceOf(family), sketch, k).filter((entry) => isNear(entry.sketch));
  const own = accepted.filter(
    (item) => item.family === family && item.rowSets.some((other) => other.unitType === unitType && isNear(other.sketch)),
  );
  return new Set([...earlier.map((entry) => entry.value), ...own.map((item) => item.name)]);
}

function hasLinear(row: LedgerRow, family: string, { unitType, sketch }: RowSet, view: LedgerView, k: number): boolean {
  const inRow = row.figures.some((other) => other.namespace === LINEAR && other.family.split(', ').includes(family));
  const counted = view.near(unitType, LINEAR, sketch, k).some((entry) => differingUnits(entry.sketch, sketch) < k);
  return inRow || counted || view.family(unitType, family).some((entry) => mayBeSameUnits(entry.sketch, sketch, k));
}

/** By the buckets in use alone: sums of large groups may always be of the same units. */
function mayBeSameUnits(sum: Sketch, rowSet: Sketch, k: number): boolean {
  return coarseDistance({ ...sum, lanes: rowSet.lanes }, rowSet) < k;
}
