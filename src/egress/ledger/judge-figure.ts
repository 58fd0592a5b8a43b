import type { DisclosurePolicy } from '../../catalog/disclosure-policy.ts';
import { dominanceBeside, weigh } from './difference.ts';
import type { LedgerAction, LedgerEntry, LedgerFinding, LedgerRule, LedgerSnapshot } from './ledger-statement.ts';
import type { OwnFigure, OwnFigures } from './own-figures.ts';
import { combinationResidue } from './residue.ts';
import { differingUnits, LANES, type Sketch } from './sketch.ts';
import type { Combination } from './small-reading.ts';

/** Differences of more units than k are weighed up to so many buckets. */
export const REACH = 32;
/** The lanes tell figures apart up to so many units. */
const WIDEST_NEAR = 16;
/** A combination is answered where its coefficients are whole and not larger. */
const MOST_COEFFICIENT = 16;

export interface Judging {
  readonly snapshot: LedgerSnapshot;
  readonly basis: ReadonlyMap<number, LedgerEntry>;
  readonly own: OwnFigures;
  readonly policy: DisclosurePolicy;
}

interface Judgement {
  readonly action: LedgerAction;
  readonly findings: readonly LedgerFinding[];
}

/** Released and reserved entries that fewer than k units are known to separate from a figure, earliest first. Source: gate.md §7 (snap). */
export function nearEntries(sketch: Sketch, judging: Judging): readonly LedgerEntry[] {
  return others(judging.snapshot.near(sketch, judging.policy.k), judging)
    .filter((entry) => differingUnits(sketch, entry.sketch) < judging.policy.k)
    .sort((a, b) => a.id - b.id);
}

/**
 * What becomes of a figure beside what was released before and what the statement has accepted so far: the first that
 * applies of small, near, dominated, combination. A dominated difference is sought among the basis, entries that up to
 * 15 units separate, and the cells of the statement that contain this one.
 *
 * @param coarser  accepted figures of the same term that contain it.
 * Source: gate.md §7, gate-examples.md D7; ADR 0014. Compares nothing outside basis, index and statement.
 */
export function judgeFigure(own: OwnFigure, coarser: readonly OwnFigure[], isMagnitude: boolean, judging: Judging): Judgement {
  const { sketch, units } = own.figure;
  if (units < judging.policy.k) return verdict('withhold', 'ledger.small', [], units);
  const near = nearEntries(sketch, judging);
  const released = near.find((entry) => entry.state === 'released');
  if (released !== undefined) return snapTo(released, sketch);
  if (near.length > 0)
    return verdict(
      'hold',
      'ledger.reserved',
      near.map((entry) => entry.id),
      null,
    );
  const twin = judging.own
    .near(sketch, judging.policy.k)
    .find((other) => isCompared(own, other, judging) && isWithin(sketch, other, judging));
  if (twin !== undefined)
    return {
      action: { kind: 'snap', to: { place: twin.place } },
      findings: [{ rule: 'ledger.near', entries: [], units: differingUnits(sketch, twin.figure.sketch) }],
    };
  const close = closeEntries(sketch, judging);
  const combinations = (): readonly Combination[] => judging.own.earlier.find(sketch, Math.max(REACH, judging.policy.k));
  return (
    dominatedDifference(own, coarser, isMagnitude, close, judging) ?? besideCombinations(own, isMagnitude, combinations(), close, judging)
  );
}

/** Entries that up to 15 units may separate from a figure that uses all lanes: of others nothing would be told apart. */
function closeEntries(sketch: Sketch, judging: Judging): readonly LedgerEntry[] {
  const isWide = judging.policy.k < WIDEST_NEAR && sketch.lanes.every((value) => value !== 0);
  return isWide ? others(judging.snapshot.near(sketch, LANES), judging) : [];
}

/** Answered with an earlier figure. Source: gate.md §7 (snap). */
export function snapTo(entry: LedgerEntry, sketch: Sketch): Judgement {
  const finding: LedgerFinding = { rule: 'ledger.near', entries: [entry.id], units: differingUnits(sketch, entry.sketch) };
  return { action: { kind: 'snap', to: { entry } }, findings: [finding] };
}

/** Withheld or held, with one finding. Source: gate.md §7, §9. */
export function verdict(kind: 'withhold' | 'hold', rule: LedgerRule, entries: readonly number[], units: number | null): Judgement {
  return { action: { kind }, findings: [{ rule, entries, units }] };
}

function others(entries: readonly LedgerEntry[], judging: Judging): readonly LedgerEntry[] {
  return entries.filter((entry) => entry.statement !== judging.own.statement.id);
}

/** Cells of one grouping over rows of which no unit has two hold different units. */
function isCompared(own: OwnFigure, other: OwnFigure, judging: Judging): boolean {
  const isSibling = own.place.gate === other.place.gate && own.place.cell !== other.place.cell;
  return !(isSibling && judging.own.statement.gates[own.place.gate]?.oneRow === true);
}

function isWithin(sketch: Sketch, other: OwnFigure, judging: Judging): boolean {
  return differingUnits(sketch, other.figure.sketch) < judging.policy.k;
}

function dominatedDifference(
  own: OwnFigure,
  coarser: readonly OwnFigure[],
  isMagnitude: boolean,
  close: readonly LedgerEntry[],
  judging: Judging,
): Judgement | undefined {
  const isDominated = dominanceBeside(own.figure.sketch, judging.policy);
  for (const other of [...coarser, ...closeOwn(own, judging)])
    if (isDominated(other.figure.sketch, isMagnitude)) return verdict('withhold', 'ledger.dominated', [], null);
  for (const entries of [judging.snapshot.basis, close])
    for (const entry of entries)
      if (entry.statement !== judging.own.statement.id && isDominated(entry.sketch, isMagnitude || entry.isMagnitude))
        return verdict(entry.state === 'reserved' ? 'hold' : 'withhold', 'ledger.dominated', [entry.id], null);
  return undefined;
}

function closeOwn(own: OwnFigure, judging: Judging): readonly OwnFigure[] {
  const isWide = judging.policy.k < WIDEST_NEAR && own.figure.sketch.lanes.every((value) => value !== 0);
  return isWide ? judging.own.near(own.figure.sketch, LANES).filter((other) => isCompared(own, other, judging)) : [];
}

/** Answered, held or withheld beside a combination; otherwise kept, with the neighbours and combinations that were looked at. */
function besideCombinations(
  own: OwnFigure,
  isMagnitude: boolean,
  combinations: readonly Combination[],
  close: readonly LedgerEntry[],
  judging: Judging,
): Judgement {
  for (const found of combinations) {
    const judged = found.units < judging.policy.k ? answerBy(found, judging) : weighedBy(own, found, isMagnitude, judging);
    if (judged !== undefined) return judged;
  }
  const looked = [
    ...close.map((entry) => ({ entries: [entry.id], units: differingUnits(own.figure.sketch, entry.sketch) })),
    ...combinations.map((found) => ({ entries: found.parts.map((part) => part.id), units: found.units })),
  ];
  return { action: { kind: 'register' }, findings: looked.map((item) => ({ rule: 'ledger.looked' as const, ...item })) };
}

/** A combination nearer than k: answered by it, held for it, or withheld. */
function answerBy(found: Combination, judging: Judging): Judgement {
  const ids = found.parts.map((part) => part.id);
  const parts = found.parts.flatMap(({ id, coefficient }) => {
    const entry = judging.basis.get(id);
    const isSmall = coefficient?.denominator === 1 && Math.abs(coefficient.numerator) <= MOST_COEFFICIENT;
    return entry === undefined || !isSmall ? [] : [{ entry, coefficient: coefficient.numerator }];
  });
  if (ids.some((id) => judging.basis.get(id)?.state !== 'released')) return verdict('hold', 'ledger.reserved', ids, found.units);
  if (parts.length < found.parts.length) return verdict('withhold', 'ledger.combination', ids, found.units);
  return { action: { kind: 'combine', parts }, findings: [{ rule: 'ledger.combination', entries: ids, units: found.units }] };
}

/** A combination of k units or more whose difference from the figure is that of one or two of them. */
function weighedBy(own: OwnFigure, found: Combination, isMagnitude: boolean, judging: Judging): Judgement | undefined {
  if (!isDominatedBeside(own.figure.sketch, found, isMagnitude, judging)) return undefined;
  const ids = found.parts.map((part) => part.id);
  const isReserved = ids.some((id) => judging.basis.get(id)?.state === 'reserved');
  return verdict(isReserved ? 'hold' : 'withhold', 'ledger.dominated', ids, found.units);
}

/** Whether one or two units hold what a figure is off a combination. Does not know where coefficients are no simple fractions. Source: gate.md §7. */
export function isDominatedBeside(sketch: Sketch, found: Combination, isMagnitude: boolean, judging: Judging): boolean {
  const parts = found.parts.map(({ id, coefficient }) => ({
    sketch: judging.basis.get(id)?.sketch ?? judging.own.numbered(id)?.figure.sketch,
    coefficient,
  }));
  const rest = combinationResidue(sketch, parts);
  const size = isMagnitude || found.parts.some((part) => judging.basis.get(part.id)?.isMagnitude === true);
  return rest !== undefined && weigh(rest, judging.policy, { isMagnitude: size, signs: 'mixed' }).verdict === 'dominated';
}
