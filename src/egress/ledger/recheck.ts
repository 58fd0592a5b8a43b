import { type DisclosurePolicy, weakerThresholds } from '../../catalog/disclosure-policy.ts';
import { Combinations } from './combinations.ts';
import { dominanceBeside, weigh } from './difference.ts';
import { REACH } from './judge-figure.ts';
import type { LedgerRule } from './ledger-statement.ts';
import { combinationResidue } from './residue.ts';
import { differingUnits, type Sketch } from './sketch.ts';
import type { Combination } from './small-reading.ts';

/** A figure that stands in the ledger already, with what was known of it when it was registered. */
export interface CheckedFigure {
  /** Order of registration. */
  readonly seq: number;
  readonly unitType: string;
  /** `linear` for counts and sums; otherwise the functional. */
  readonly namespace: string;
  readonly family: string;
  readonly isMagnitude: boolean;
  /** No unit's share is negative while another's is positive. */
  readonly isOneSigned: boolean;
  /** Exact or least number of units behind it. */
  readonly units: number;
  /** In force when it was registered: what it was decided by. */
  readonly policy: DisclosurePolicy;
  readonly sketch: Sketch;
  /** Of a row set under a functional that is no sum: which one. */
  readonly functional: string | null;
}

/** What a figure is compared with; nothing may be added meanwhile. */
export interface CheckedBeside {
  /** All figures of the unit type and namespace that fewer than k units may separate from the sketch. */
  near(figure: CheckedFigure, k: number): readonly CheckedFigure[];
  /** Counts and sums of the figure's family, newest first, at most as many as combinations are looked for among. */
  family(figure: CheckedFigure): readonly CheckedFigure[];
}

/** Row sets of medians and their like: several may stand over the same rows, as many as the cap lets in. */
const ROW_SETS = 'functional:';
/** Of one family over one row set. Source: gate.md §5 (functionals), gate-examples.md D15. */
const MOST_FUNCTIONALS = 3;

/** Why a figure may not stand beside others, and which. Entries are empty where it may not stand by itself. */
export interface Clash {
  readonly rule: LedgerRule;
  readonly figure: number;
  readonly entries: readonly number[];
}

/**
 * Looks again at a figure that was accepted once, beside others and under a policy that may be stricter than then:
 * enough units, near, dominated, combination, as many functionals as may be. Undefined where nothing stands against it. A figure that another or a
 * combination of others tells to the last unit adds nothing and clashes with none of them.
 *
 * Knows sketches only: whether one unit dominates the figure itself is asked of its bucket totals, which can but overstate,
 * and only under thresholds stricter than those it passed exactly. Sums do not count among functionals here. Pure. Source: gate.md §7 (atomic, replay), ADR 0014.
 */
export function recheckFigure(figure: CheckedFigure, beside: CheckedBeside, policy: DisclosurePolicy): Clash | undefined {
  const clash = (rule: LedgerRule, entries: readonly number[]): Clash => ({ rule, figure: figure.seq, entries });
  if (figure.units < policy.k) return clash('ledger.small', []);
  const { dominance, pShare } = policy;
  const isWeighedAgain = weakerThresholds(figure.policy, { ...figure.policy, dominance, pShare }).length > 0;
  const signs = figure.isOneSigned ? 'one' : 'mixed';
  if (isWeighedAgain && weigh(figure.sketch, policy, { isMagnitude: figure.isMagnitude, signs }).verdict === 'dominated')
    return clash('ledger.dominated', []);
  if (figure.namespace.startsWith(ROW_SETS)) return overCap(figure, beside.near(figure, policy.k), policy);
  const near = beside.near(figure, policy.k).flatMap((other) => {
    const units = differingUnits(figure.sketch, other.sketch);
    return units > 0 && units < policy.k ? [other.seq] : [];
  });
  if (near.length > 0) return clash('ledger.near', near);
  return figure.namespace === 'linear' ? besideFamily(figure, beside.family(figure), policy) : undefined;
}

/** Whether as many other functionals of the family stand over nearly the same rows as may, under this k. */
function overCap(figure: CheckedFigure, near: readonly CheckedFigure[], { k }: DisclosurePolicy): Clash | undefined {
  const others = near.filter((other) => other.functional !== figure.functional && differingUnits(figure.sketch, other.sketch) < k);
  const most = Math.min(MOST_FUNCTIONALS, Math.max(1, Math.floor(figure.units / k)));
  const isOver = new Set(others.map((other) => other.functional)).size >= most;
  const isThere = near.some((other) => other.functional === figure.functional && differingUnits(figure.sketch, other.sketch) < k);
  return isOver && !isThere ? { rule: 'ledger.functionals', figure: figure.seq, entries: others.map((other) => other.seq) } : undefined;
}

function besideFamily(figure: CheckedFigure, family: readonly CheckedFigure[], policy: DisclosurePolicy): Clash | undefined {
  const { sketch, isMagnitude, seq } = figure;
  const different = family.filter((other) => differingUnits(sketch, other.sketch) > 0);
  const isDominated = dominanceBeside(sketch, policy);
  const dominated = different.filter((other) => isDominated(other.sketch, isMagnitude || other.isMagnitude));
  if (dominated.length > 0) return { rule: 'ledger.dominated', figure: seq, entries: dominated.map((other) => other.seq) };
  const basis = different.map((other) => ({ ...other, id: other.seq, statement: '', row: '', state: 'released' as const }));
  for (const found of new Combinations(basis, policy.k).find(sketch, Math.max(REACH, policy.k))) {
    const entries = found.parts.map((part) => part.id);
    if (found.units > 0 && found.units < policy.k) return { rule: 'ledger.combination', figure: seq, entries };
    if (found.units > 0 && isDominatedBy(figure, found, different, policy)) return { rule: 'ledger.dominated', figure: seq, entries };
  }
  return undefined;
}

function isDominatedBy(figure: CheckedFigure, found: Combination, family: readonly CheckedFigure[], policy: DisclosurePolicy): boolean {
  const parts = found.parts.map(({ id, coefficient }) => ({ known: family.find((other) => other.seq === id), coefficient }));
  const rest = combinationResidue(
    figure.sketch,
    parts.map(({ known, coefficient }) => ({ sketch: known?.sketch, coefficient })),
  );
  const isMagnitude = figure.isMagnitude || parts.some(({ known }) => known?.isMagnitude === true);
  return rest !== undefined && weigh(rest, policy, { isMagnitude, signs: 'mixed' }).verdict === 'dominated';
}
