import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { NO_KIN } from '../catalog/kin-families.ts';
import { weigh } from '../egress/ledger/difference.ts';
import { combinationResidue } from '../egress/ledger/residue.ts';
import type { Sketch } from '../egress/ledger/sketch.ts';
import { type Combination, SmallReading } from '../egress/ledger/small-reading.ts';
import { addDecimals, type Decimal, integer, multiplyDecimals } from '../kernel/decimal.ts';
import { type LedgerReason, type LedgerRow, type LedgerView, LINEAR, type RegisteredFigure } from './ledger-port.ts';
import type { FamilyVerdict, KeptFigure } from './settle-families.ts';

/** Figures of a statement that are held against one another, whatever row they stand in: the largest. Of a row, as many. */
const MOST_TOGETHER = 40;
/** Of two, `settleFamilies` knows. */
const LEAST_TOGETHER = 3;
/** Combinations that are off by one or two units of more than k are looked for up to here. */
const REACH = 32;

/**
 * Counts and sums of one statement beside combinations of up to three others, of several families: `sum(a)`, `sum(a) FILTER (P)` and
 * `sum(b) FILTER (NOT P)` tell what is between two columns that are nearly the same. The smaller, later figure that fewer than k units
 * separate from a combination is answered as that, so that nobody sees whether some did; one of which what is left is that of one or two
 * units is withheld. Within one family `decideByLedger` has looked.
 *
 * Looks at coefficients ±1 and ±2 in each row, in the statement's 40 largest figures, and in the 40 largest of families that are kin, these
 * beside what was released of them before. Source: gate.md §7 (combinations), ADR 0014, ADR 0049.
 *
 * @param kept  figures that may be released so far.
 */
export function settleAcross(
  rows: readonly LedgerRow[],
  kept: readonly KeptFigure[],
  { view, policy }: { readonly view: LedgerView; readonly policy: DisclosurePolicy },
): readonly FamilyVerdict[] {
  const found = new Map<KeptFigure, FamilyVerdict>();
  const asked = kept
    .filter(({ figure }) => figure.namespace === LINEAR && figure.isComposed !== true)
    .toSorted(
      (a, b) =>
        Number(a.figure.isImplied === true) - Number(b.figure.isImplied === true) ||
        b.figure.units - a.figure.units ||
        a.row - b.row ||
        a.at - b.at,
    );
  const kin = view.kin ?? NO_KIN;
  const readings = new Map<number, SmallReading>();
  const settle = (own: readonly KeptFigure[], family: string | null): void => {
    if (family === null && own.length < LEAST_TOGETHER) return;
    if (own.every(({ figure }) => figure.family === own[0]?.figure.family)) return;
    for (const [place, items] of byInstance(own.filter((item) => !found.has(item)).slice(0, MOST_TOGETHER))) {
      const earlier = family === null ? [] : view.family(place.unitType, family).map(ofEntry);
      if (items.length + earlier.length < LEAST_TOGETHER) continue;
      const reading =
        family === null
          ? emptyReading(readings, items.length, policy.k)
          : new SmallReading(
              earlier.map(({ sketch }, id) => ({ id, sketch })),
              policy.k,
              items.length,
            );
      settleGroup(items, { rows, policy, reading, standing: earlier }, found);
    }
  };
  settle(asked, null);
  for (const own of Map.groupBy(asked, ({ row }) => row).values()) if (own.length < asked.length) settle(own, null);
  if (kin !== NO_KIN) for (const [family, own] of Map.groupBy(asked, ({ figure }) => kin(figure.family))) settle(own, family);
  return [...found.values()];
}

/** One with room for so many, made once: most rows of a statement have as many figures. */
function emptyReading(readings: Map<number, SmallReading>, room: number, k: number): SmallReading {
  const reading = readings.get(room) ?? new SmallReading([], k, room);
  readings.set(room, reading);
  reading.forget();
  return reading;
}

interface Placed {
  readonly item: KeptFigure;
  readonly sketch: Sketch;
}

/** By unit type and instance. */
function byInstance(items: readonly KeptFigure[]): ReadonlyMap<{ readonly unitType: string }, readonly Placed[]> {
  const places = new Map<string, { readonly unitType: string }>();
  const placed = items.flatMap((item) =>
    item.figure.sketches.map(({ unitType, sketch }, instance) => {
      const name = JSON.stringify([unitType, instance]);
      const place = places.get(name) ?? { unitType };
      places.set(name, place);
      return { item, sketch, place };
    }),
  );
  return Map.groupBy(placed, ({ place }) => place);
}

/** A figure that stands: one of the statement or an earlier one. */
interface Standing {
  readonly sketch: Sketch;
  readonly total: Decimal | null;
  readonly isMagnitude: boolean;
  readonly answered: string;
  /** Null: an earlier one. */
  readonly item: KeptFigure | null;
  readonly isReserved: boolean;
}

function ofEntry({ sketch, total, isMagnitude, answered, state }: RegisteredFigure): Standing {
  return { sketch, total, isMagnitude, answered, item: null, isReserved: state === 'reserved' };
}

interface Beside {
  readonly rows: readonly LedgerRow[];
  readonly policy: DisclosurePolicy;
  /** Of what stands, by its place there. */
  readonly reading: SmallReading;
  readonly standing: readonly Standing[];
}

function settleGroup(
  items: readonly Placed[],
  { rows, policy, reading, standing: earlier }: Beside,
  verdicts: Map<KeptFigure, FamilyVerdict>,
): void {
  const standing = [...earlier];
  for (const { item, sketch } of items) {
    if (verdicts.has(item)) continue;
    const others = (found: Combination): readonly Standing[] => found.parts.flatMap(({ id }) => standing[id] ?? []);
    const combinations = reading
      .find(sketch, Math.max(REACH, policy.k))
      .filter(
        (found) => found.units > 0 && others(found).some((other) => other.item !== null && other.item.figure.family !== item.figure.family),
      )
      .sort((a, b) => a.units - b.units || a.parts.length - b.parts.length);
    const verdict = besideCombinations({ item, sketch }, combinations, standing, policy);
    if (verdict !== undefined) {
      verdicts.set(item, verdict);
      continue;
    }
    reading.add({ id: standing.length, sketch });
    const { total, isMagnitude } = item.figure;
    standing.push({ sketch, total, isMagnitude, answered: rows[item.row]?.answered ?? '', item, isReserved: false });
  }
}

function besideCombinations(
  own: Placed,
  combinations: readonly Combination[],
  standing: readonly Standing[],
  policy: DisclosurePolicy,
): FamilyVerdict | undefined {
  const [nearest] = combinations;
  if (nearest === undefined) return undefined;
  if (nearest.units < policy.k) return answeredBy(own.item, nearest, standing);
  const dominated = combinations.find((found) => isDominated(own, found, standing, policy));
  return dominated === undefined ? undefined : withheld(own.item, reasonOf('ledger.dominated', dominated));
}

function answeredBy(item: KeptFigure, found: Combination, standing: readonly Standing[]): FamilyVerdict {
  const parts = found.parts.flatMap(({ id, coefficient }) => {
    const other = standing[id];
    const total = other?.isReserved === false ? other.total : null;
    return other === undefined || total === null ? [] : [{ other, total, sketch: other.sketch, coefficient: coefficient?.numerator ?? 0 }];
  });
  const reason = reasonOf('ledger.combination', found);
  if (parts.length < found.parts.length) return withheld(item, reason);
  const total = parts.reduce<Decimal>((sum, part) => addDecimals(sum, multiplyDecimals(integer(part.coefficient), part.total)), integer(0));
  const answered = parts.map(({ other, coefficient }) => `${coefficient} * (${other.answered})`).join(' + ');
  return {
    ...item,
    verdict: { kind: 'replace', total, parts, value: null, answered, labels: [], reason },
    targets: parts.flatMap(({ other }) => other.item ?? []),
  };
}

function withheld(item: KeptFigure, reason: LedgerReason): FamilyVerdict {
  return { ...item, verdict: { kind: 'withhold', reason }, targets: [] };
}

function reasonOf(rule: LedgerReason['rule'], { units, parts }: Combination): LedgerReason {
  return { rule, text: `beside a combination of ${parts.length} with other columns, at least ${units} units apart`, counted: units };
}

/** Whether what is between a figure and a combination is that of one or two units. */
function isDominated({ item, sketch }: Placed, { parts }: Combination, standing: readonly Standing[], policy: DisclosurePolicy): boolean {
  const rest = combinationResidue(
    sketch,
    parts.map(({ id, coefficient }) => ({ sketch: standing[id]?.sketch, coefficient })),
  );
  const isMagnitude = item.figure.isMagnitude || parts.some(({ id }) => standing[id]?.isMagnitude === true);
  return rest !== undefined && weigh(rest, policy, { isMagnitude, signs: 'mixed' }).verdict === 'dominated';
}
