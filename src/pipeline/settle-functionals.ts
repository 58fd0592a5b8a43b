import { differingUnits } from '../egress/ledger/sketch.ts';
import type { LedgerRow, LedgerVerdict, LedgerView, RowFigure } from './ledger-port.ts';
import type { FamilyVerdict, KeptFigure } from './settle-families.ts';

/**
 * Medians and their like beside those that do the same over nearly the same values: answered as the earliest released one was, or as an earlier
 * column of their row is, `max(a)` beside `max(b)` where the two columns are the same but for fewer than k units.
 *
 * Those of other rows of the statement are the complements' part. Source: gate.md §7 (snap), ADR 0049.
 */
export function settleFunctionals(
  rows: readonly LedgerRow[],
  items: readonly KeptFigure[],
  view: LedgerView,
  k: number,
): readonly FamilyVerdict[] {
  return [...Map.groupBy(items, ({ row }) => row).values()].flatMap((own) => {
    const kept: KeptFigure[] = [];
    return own.flatMap((item): readonly FamilyVerdict[] => {
      const verdict = besideEarlier(item.figure, view, k);
      if (verdict.kind !== 'keep') return [{ ...item, verdict, targets: [] }];
      const near = kept.find(({ figure }) => isNear(figure, item.figure, k));
      if (near === undefined) {
        kept.push(item);
        return [];
      }
      const { answered = '', labels = [] } = rows[item.row] ?? {};
      const reason = { rule: 'ledger.near' as const, text: 'snap to another column of this row', counted: null };
      const { value } = near.figure;
      return [{ ...item, verdict: { kind: 'replace', total: null, parts: [], value, answered, labels, reason }, targets: [near] }];
    });
  });
}

/** Of the same functional, and in some unit instance some and fewer than k units apart: equal ones stay, each with its column. */
function isNear(a: RowFigure, b: RowFigure, k: number): boolean {
  if (a.namespace !== b.namespace) return false;
  return a.sketches.some(({ unitType, sketch }, instance) => {
    const other = b.sketches[instance];
    if (other === undefined || other.unitType !== unitType) return false;
    const units = differingUnits(sketch, other.sketch);
    return units > 0 && units < k;
  });
}

const KEEP: LedgerVerdict = { kind: 'keep' };

/** Answered as the earliest near one was, or not at all. */
function besideEarlier(figure: RowFigure, view: LedgerView, k: number): LedgerVerdict {
  const apart = figure.sketches.flatMap(({ unitType, sketch }) =>
    view.near(unitType, figure.namespace, sketch, k).map((item) => ({ item, units: differingUnits(item.sketch, sketch) })),
  );
  const near = apart.filter(({ units }) => units < k).map(({ item }) => item);
  const beside = apart.filter(({ units }) => units > 0 && units < k).map(({ item }) => item.seq);
  const [earliest] = near.filter((item) => item.state === 'released').sort((a, b) => a.seq - b.seq);
  if (earliest !== undefined) {
    const { value, answered, labels, seq } = earliest;
    return {
      kind: 'replace',
      total: null,
      parts: [],
      value,
      answered,
      labels,
      reason: { rule: 'ledger.near', text: `answered by entry ${seq}`, counted: null, beside },
    };
  }
  if (near.length === 0) return KEEP;
  return {
    kind: 'withhold',
    reason: { rule: 'ledger.reserved', text: `near entry ${near[0]?.seq}, which waits for its decision`, counted: null, beside },
  };
}
