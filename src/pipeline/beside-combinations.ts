import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { weigh } from '../egress/ledger/difference.ts';
import { commonOf, type Fraction, fractionSketch, fractionTotal } from '../egress/ledger/fractions.ts';
import { combinationResidue } from '../egress/ledger/residue.ts';
import type { Sketch } from '../egress/ledger/sketch.ts';
import type { Combination } from '../egress/ledger/small-reading.ts';
import type { Decimal } from '../kernel/decimal.ts';
import type { LedgerReason, LedgerVerdict, RegisteredFigure, TotalPart } from './ledger-port.ts';
import type { FamilyVerdict, KeptFigure } from './settle-families.ts';

/** A figure that stands: one of the statement or an earlier one. */
export interface Standing {
  readonly sketch: Sketch;
  readonly total: Decimal | null;
  readonly isMagnitude: boolean;
  readonly answered: string;
  readonly family: string;
  /** Null: an earlier one. */
  readonly item: KeptFigure | null;
  readonly isReserved: boolean;
}

/** A figure that is looked at beside what stands, as one instance of a unit sees it. */
export interface Placed {
  readonly item: KeptFigure;
  readonly sketch: Sketch;
}

/** By the numbers that combinations have them under. */
export type StandingFigures = ReadonlyMap<number, Standing>;

/** An earlier figure as it stands. Source: gate.md §7. */
export function ofEntry({ sketch, total, isMagnitude, answered, state, family }: RegisteredFigure): Standing {
  return { sketch, total, isMagnitude, answered, family, item: null, isReserved: state === 'reserved' };
}

/** A figure of the statement as it stands. Source: gate.md §7. */
export function ofItem({ item, sketch }: Placed, answered: string): Standing {
  const { total, isMagnitude, family } = item.figure;
  return { sketch, total, isMagnitude, answered, family, item, isReserved: false };
}

/**
 * What becomes of a figure beside combinations, nearest first: answered as the one that fewer than k units separate from it, withheld where there is no such
 * answer or where one or two units make the difference. Undefined where it may stay: equality tells nothing that is not answered the same way, but where
 * there is no answer, equality is withheld, too. What only the labels imply is never answered, and may be equal.
 * Source: gate.md §7 (combinations), ADR 0049, ADR 0052.
 */
export function besideCombinations(
  own: Placed,
  combinations: readonly Combination[],
  standing: StandingFigures,
  policy: DisclosurePolicy,
): FamilyVerdict | undefined {
  for (const found of combinations) {
    if (found.units >= policy.k) continue;
    const verdict = answeredBy(own.item, found, standing);
    const isEqual = found.units === 0 && (verdict.verdict.kind === 'replace' || own.item.figure.isImplied === true);
    if (!isEqual) return verdict;
  }
  const dominated = combinations.find((found) => found.units > 0 && isDominated(own, found, standing, policy));
  return dominated === undefined ? undefined : withheld(own.item, reasonOf('ledger.dominated', dominated));
}

function answeredBy(item: KeptFigure, found: Combination, standing: StandingFigures): FamilyVerdict {
  const parts = found.parts.flatMap(({ id, coefficient }) => {
    const other = standing.get(id);
    const total = other?.isReserved === false ? other.total : null;
    return other === undefined || total === null || coefficient === undefined ? [] : [{ other, total, sketch: other.sketch, coefficient }];
  });
  const reason = reasonOf('ledger.combination', found);
  if (parts.length < found.parts.length || item.figure.total === null || commonOf(parts) > MOST_DENOMINATOR) return withheld(item, reason);
  const answered = parts.map(({ other, coefficient }) => `${fractionText(coefficient)} * (${other.answered})`).join(' + ');
  const verdict: LedgerVerdict = { kind: 'replace', ...madeOf(parts, item.figure.total.scale), value: null, answered, labels: [], reason };
  return { ...item, verdict, targets: parts.flatMap(({ other }) => other.item ?? []) };
}

/** Of more coefficients would no longer be whole numbers that are safe to compute with. */
const MOST_DENOMINATOR = 10_000;

interface Part {
  readonly total: Decimal;
  readonly sketch: Sketch;
  readonly coefficient: Fraction;
}

/** The total, and the parts it is made of: as they are where they count whole times, otherwise as one. */
function madeOf(parts: readonly Part[], scale: number): { readonly total: Decimal; readonly parts: readonly TotalPart[] } {
  const total = fractionTotal(parts, scale);
  const isWhole = parts.every(({ coefficient }) => coefficient.denominator === 1);
  if (isWhole) return { total, parts: parts.map((part) => ({ ...part, coefficient: part.coefficient.numerator })) };
  return { total, parts: [{ total, sketch: fractionSketch(parts), coefficient: 1 }] };
}

function fractionText({ numerator, denominator }: Fraction): string {
  return denominator === 1 ? `${numerator}` : `${numerator}/${denominator}`;
}

function withheld(item: KeptFigure, reason: LedgerReason): FamilyVerdict {
  return { ...item, verdict: { kind: 'withhold', reason }, targets: [] };
}

function reasonOf(rule: LedgerReason['rule'], { units, parts }: Combination): LedgerReason {
  return { rule, text: `beside a combination of ${parts.length} with other columns, at least ${units} units apart`, counted: units };
}

/** Whether what is between a figure and a combination is that of one or two units. */
function isDominated({ item, sketch }: Placed, { parts }: Combination, standing: StandingFigures, policy: DisclosurePolicy): boolean {
  const rest = combinationResidue(
    sketch,
    parts.map(({ id, coefficient }) => ({ sketch: standing.get(id)?.sketch, coefficient })),
  );
  const isMagnitude = item.figure.isMagnitude || parts.some(({ id }) => standing.get(id)?.isMagnitude === true);
  return rest !== undefined && weigh(rest, policy, { isMagnitude, signs: 'mixed' }).verdict === 'dominated';
}
