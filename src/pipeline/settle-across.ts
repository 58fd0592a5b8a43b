import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { NO_KIN } from '../catalog/kin-families.ts';
import { BasisShelf } from '../egress/ledger/basis-shelf.ts';
import { MOST_OWN } from '../egress/ledger/combinations.ts';
import { proportionTo } from '../egress/ledger/proportion.ts';
import type { Sketch } from '../egress/ledger/sketch.ts';
import { type BasisFigure, type Combination, SmallReading } from '../egress/ledger/small-reading.ts';
import { besideCombinations, ofEntry, ofItem, type Placed, type Standing } from './beside-combinations.ts';
import { type LedgerRow, type LedgerView, LINEAR } from './ledger-port.ts';
import type { FamilyVerdict, KeptFigure } from './settle-families.ts';

/** Figures of a statement that are held against one another, whatever row they stand in: the largest. Of a row, as many. */
const MOST_TOGETHER = 40;
/** Figures of the statement that are held against earlier ones of all columns: the largest. */
const MOST_MIXED = MOST_OWN;
/** Of them so many join information sets, the others small combinations alone: joining is what costs. */
const MOST_JOINING = 12;
/** Of several parts: coefficients up to this and powers of ten, as between units of measure, and so many parts. */
const MOST_COEFFICIENT = 16;
const MOST_PARTS = 4;
/** Coefficients of which combinations tell something wherever one or two units are left of many. */
const MOST_SMALL = 2;
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
  { view, policy }: Pick<Settling, 'view' | 'policy'>,
): readonly FamilyVerdict[] {
  const found = new Map<KeptFigure, FamilyVerdict>();
  const asked = kept
    .filter(({ figure }) => figure.namespace === LINEAR && figure.isComposed !== true)
    .toSorted(
      (a, b) =>
        Number(a.figure.isImplied === true) - Number(b.figure.isImplied === true) ||
        b.figure.units - a.figure.units ||
        Number(a.figure.isMagnitude) - Number(b.figure.isMagnitude) ||
        a.row - b.row ||
        a.at - b.at,
    );
  const kin = view.kin ?? NO_KIN;
  const readings = new Map<number, SmallReading>();
  const besideOwn = (own: readonly KeptFigure[]): void => {
    for (const items of together(own, found, MOST_TOGETHER).values()) {
      const standing = new Map<number, Standing>();
      const small = emptyReading(readings, items.length, policy.k);
      settleGroup(items, { rows, policy, reading: withProportions(small, standing, policy.k), standing, counts: isOwnAcross }, found);
    }
  };
  besideOwn(asked);
  for (const own of Map.groupBy(asked, ({ row }) => row).values()) if (own.length < asked.length) besideOwn(own);
  if (kin !== NO_KIN)
    for (const [family, own] of Map.groupBy(asked, ({ figure }) => kin(figure.family)))
      for (const [{ unitType }, items] of together(own, found, MOST_TOGETHER)) {
        const earlier = view.family(unitType, family);
        const small = new SmallReading(earlier.map(basisFigure), policy.k, items.length);
        settleGroup(items, { rows, policy, reading: small, standing: standingOf(earlier), counts: isOwnAcross }, found);
      }
  besideAll(asked, { rows, policy, view }, found);
  return [...found.values()];
}

/** Beside earlier figures of all columns, of which combinations may have any simple coefficients. Source: ADR 0052. */
function besideAll(asked: readonly KeptFigure[], { rows, policy, view }: Settling, found: Map<KeptFigure, FamilyVerdict>): void {
  const shelf = view.shelf ?? new BasisShelf();
  const largest = asked.filter((item) => !found.has(item)).slice(0, MOST_MIXED);
  for (const [{ unitType }, items] of byInstance(largest.toSorted((a, b) => Number(a.figure.isMagnitude) - Number(b.figure.isMagnitude)))) {
    const earlier = view.mixed(unitType);
    if (new Set([...earlier, ...items.map(({ item }) => item.figure)].map(({ family }) => family)).size < 2) continue;
    const basis = earlier.map(basisFigure);
    const combinations = shelf.take(basis, policy.k, items.length);
    const standing = standingOf(earlier);
    const reading: Reading = {
      find: (sketch, reach) => combinations.find(sketch, reach),
      add: (figure) => (standing.size - earlier.length < MOST_JOINING ? combinations.add(figure) : combinations.addForSmall(figure)),
    };
    settleGroup(items, { rows, policy, reading: withProportions(reading, standing, policy.k), standing, counts: isAcross }, found);
    shelf.give(basis, policy.k, combinations);
  }
}

interface Settling {
  readonly rows: readonly LedgerRow[];
  readonly view: LedgerView;
  readonly policy: DisclosurePolicy;
}

/** Figures of several families that are not settled, by instance; nothing where they are of one. */
function together(own: readonly KeptFigure[], found: ReadonlyMap<KeptFigure, FamilyVerdict>, most: number): ReturnType<typeof byInstance> {
  return own.every(({ figure }) => figure.family === own[0]?.figure.family)
    ? new Map()
    : byInstance(own.filter((item) => !found.has(item)).slice(0, most));
}

function basisFigure({ seq, sketch }: { readonly seq: number; readonly sketch: Sketch }): BasisFigure {
  return { id: seq, sketch };
}

function standingOf(earlier: ReturnType<LedgerView['mixed']>): Map<number, Standing> {
  return new Map(earlier.map((entry) => [entry.seq, ofEntry(entry)]));
}

/** Multiples of one figure beside what is proposed. */
function withProportions(reading: Reading, standing: ReadonlyMap<number, Standing>, k: number): Reading {
  return {
    add: (figure) => reading.add(figure),
    find: (sketch, reach) => [
      ...[...standing].flatMap(([id, other]) => proportionTo(sketch, other.sketch, id, k) ?? []),
      ...reading.find(sketch, reach),
    ],
  };
}

/** Of one family, `decideByLedger` has looked. */
function isAcross(item: KeptFigure, { parts }: Combination, others: readonly Standing[]): boolean {
  const isSimple = parts.length === 1 || (parts.length <= MOST_PARTS && parts.every(({ coefficient }) => isPlain(coefficient)));
  return isSimple && others.some(({ family }) => family !== item.figure.family);
}

function hasSmall({ parts }: Combination): boolean {
  return parts.every(({ coefficient }) => coefficient?.denominator === 1 && Math.abs(coefficient.numerator) <= MOST_SMALL);
}

/** Whether a combination is nearly all of a figure: some multiple of a number of people is what one or two of a dozen have. */
function isMostly(sketch: Sketch, { units }: Combination): boolean {
  const used = (sketch.fine ?? sketch.lanes).filter((value) => value !== 0).length;
  return 2 * units < used;
}

/** With others anything is a combination of something in all but a few: a column that grows by 500 a month, of a number of people. */
function isPlain(coefficient: Combination['parts'][number]['coefficient']): boolean {
  if (coefficient === undefined) return false;
  const { numerator, denominator } = coefficient;
  return [Math.abs(numerator), denominator].every((value) => value <= MOST_COEFFICIENT || Number.isInteger(Math.log10(value)));
}

function isOwnAcross(item: KeptFigure, found: Combination, others: readonly Standing[]): boolean {
  return isAcross(item, found, others) && others.some((other) => other.item !== null && other.item.figure.family !== item.figure.family);
}

/** One with room for so many, made once: most rows of a statement have as many figures. */
function emptyReading(readings: Map<number, SmallReading>, room: number, k: number): SmallReading {
  const reading = readings.get(room) ?? new SmallReading([], k, room);
  readings.set(room, reading);
  reading.forget();
  return reading;
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

interface Beside {
  readonly rows: readonly LedgerRow[];
  readonly policy: DisclosurePolicy;
  /** Of what stands, by its number there. */
  readonly reading: Reading;
  readonly standing: Map<number, Standing>;
  /** Whether a combination is looked at. */
  readonly counts: (item: KeptFigure, found: Combination, others: readonly Standing[]) => boolean;
}

/** Proposes combinations of what stands. */
interface Reading {
  find(sketch: Sketch, reach: number): readonly Combination[];
  add(figure: BasisFigure): void;
}

function settleGroup(
  items: readonly Placed[],
  { rows, policy, reading, standing, counts }: Beside,
  verdicts: Map<KeptFigure, FamilyVerdict>,
): void {
  for (const { item, sketch } of items) {
    if (verdicts.has(item)) continue;
    const combinations = reading
      .find(sketch, Math.max(REACH, policy.k))
      .filter((found) => {
        const others = found.parts.flatMap(({ id }) => standing.get(id) ?? []);
        return counts(item, found, others) && (hasSmall(found) || isMostly(sketch, found));
      })
      .sort((a, b) => a.units - b.units || a.parts.length - b.parts.length);
    const verdict = besideCombinations({ item, sketch }, combinations, standing, policy);
    if (verdict !== undefined) {
      verdicts.set(item, verdict);
      continue;
    }
    const id = -standing.size - 1;
    reading.add({ id, sketch });
    standing.set(id, ofItem({ item, sketch }, rows[item.row]?.answered ?? ''));
  }
}
