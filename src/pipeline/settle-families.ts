import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { dominanceBeside } from '../egress/ledger/difference.ts';
import { NearIndex } from '../egress/ledger/near-index.ts';
import { agreeingPlaces, differingUnits, LANES } from '../egress/ledger/sketch.ts';
import type { LedgerRow, LedgerVerdict, RowFigure } from './ledger-port.ts';

/** A figure of a statement that may be released so far. */
export interface KeptFigure {
  readonly row: number;
  readonly at: number;
  readonly figure: RowFigure;
}

/** What becomes of a figure beside those of other families that stay. */
export interface FamilyVerdict extends KeptFigure {
  readonly verdict: LedgerVerdict;
  /** Whose totals it is answered by; none where it is withheld. */
  readonly targets: readonly KeptFigure[];
}

/**
 * Counts and sums of one statement beside those of its other families: two columns that are the same but for fewer than k units
 * of a cell, a column beside the number of rows. The larger, earlier figure stays; one that fewer than k units separate from it is
 * answered by it, as over two statements; one whose difference is that of one or two units is withheld. Figures that agree nowhere have
 * nothing to do with one another, however few places a small cell uses.
 *
 * Equal figures stay, each in its family. Does not look at combinations of more than two. Source: gate.md §7 (snap), ADR 0014.
 */
export function settleFamilies(
  rows: readonly LedgerRow[],
  kept: readonly KeptFigure[],
  policy: DisclosurePolicy,
): readonly FamilyVerdict[] {
  const found: FamilyVerdict[] = [];
  const settled = new Set<KeptFigure>();
  for (const [, group] of byInstance(kept)) {
    const index = new NearIndex(group.length);
    const staying: { readonly item: KeptFigure; readonly sketch: RowFigure['sketches'][number]['sketch'] }[] = [];
    for (const { item, sketch } of group) {
      if (settled.has(item)) continue;
      const near = index
        .near(sketch, Math.max(policy.k, LANES))
        .flatMap((id) => staying[id - 1] ?? [])
        .filter((other) => other.item.figure.family !== item.figure.family && agreeingPlaces(sketch, other.sketch) > 0);
      const verdict = besideOne(rows, { item, sketch }, near, policy);
      if (verdict !== undefined) {
        found.push(verdict);
        settled.add(item);
        continue;
      }
      staying.push({ item, sketch });
      index.add(staying.length, sketch);
    }
  }
  return found;
}

interface Placed {
  readonly item: KeptFigure;
  readonly sketch: RowFigure['sketches'][number]['sketch'];
}

/** By unit type and instance: what was asked for before what it implies, many units before few. */
function byInstance(kept: readonly KeptFigure[]): ReadonlyMap<string, readonly Placed[]> {
  const ordered = [...kept].sort(
    (a, b) =>
      Number(a.figure.isImplied === true) - Number(b.figure.isImplied === true) ||
      b.figure.units - a.figure.units ||
      a.row - b.row ||
      a.at - b.at,
  );
  const placed = ordered.flatMap((item) =>
    item.figure.sketches.map(({ unitType, sketch }, instance) => ({ item, sketch, name: JSON.stringify([unitType, instance]) })),
  );
  return Map.groupBy(placed, ({ name }) => name);
}

function besideOne(
  rows: readonly LedgerRow[],
  { item, sketch }: Placed,
  near: readonly Placed[],
  policy: DisclosurePolicy,
): FamilyVerdict | undefined {
  const units = near.map((other) => differingUnits(sketch, other.sketch));
  // An equal one tells nothing, and stands in its own family.
  if (units.includes(0)) return undefined;
  const closest = units.findIndex((own) => own < policy.k);
  const target = near[closest];
  const total = target?.item.figure.total ?? null;
  if (target !== undefined && total !== null) {
    const from = rows[target.item.row];
    const counted = units[closest] ?? 0;
    const reason = {
      rule: 'ledger.near' as const,
      text: `snap to another column of this statement, at least ${counted} units apart`,
      counted,
    };
    return {
      ...item,
      verdict: {
        kind: 'replace',
        total,
        parts: [{ total, sketch: target.sketch, coefficient: 1 }],
        value: null,
        answered: from?.answered ?? '',
        labels: from?.labels ?? [],
        reason,
      },
      targets: [target.item],
    };
  }
  const isMagnitude = (other: Placed): boolean => item.figure.isMagnitude || other.item.figure.isMagnitude;
  const dominates = dominanceBeside(sketch, policy);
  const isDominated = near.some((other) => dominates(other.sketch, isMagnitude(other)));
  const reason = { rule: 'ledger.dominated' as const, text: 'beside another column of this statement', counted: null };
  return isDominated ? { ...item, verdict: { kind: 'withhold', reason }, targets: [] } : undefined;
}
