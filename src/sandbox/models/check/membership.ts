import { areaUnderCurve, attackMetrics, nullDeviation, truePositivesAt } from './attack-metrics.ts';

/** Confidence of each row under models that learnt from a random half of the rows: `isIn[shadow][row]`. */
export interface Shadows {
  readonly confidence: readonly Float64Array[];
  readonly isIn: readonly Uint8Array[];
}

export interface MembershipFigures {
  readonly auc: number;
  /** Members found at 1 % false alarms. */
  readonly found: number;
  /** Chance of an AUC as high where scores say nothing. */
  readonly pValue: number;
  /** By row: the larger, the more a member. */
  readonly scores: Float64Array;
}

/** Attack by a score alone: members are those of small loss. Source: models-and-audit.md M17. */
export function figuresOf(scores: Float64Array, isMember: readonly boolean[]): MembershipFigures {
  const { auc, pValue } = attackMetrics(scores, isMember);
  return { auc, pValue, found: truePositivesAt(scores, isMember, 0.01), scores };
}

const TINY = 1e-16;

function moments(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return { mean, deviation: Math.sqrt(variance) };
}

/**
 * Likelihood ratio of a row's confidence under shadow models with and without it, both with a deviation of their own for each row and with one
 * for all rows; the stronger attack counts. Source: Carlini et al. 2022; models-and-audit.md §1.2, M19.
 */
export function likelihoodRatio(confidence: Float64Array, shadows: Shadows, isMember: readonly boolean[]): MembershipFigures {
  const rows = confidence.length;
  const ins = Array.from({ length: rows }, (_, row) => moments(shadowsOf(shadows, row, 1)));
  const outs = Array.from({ length: rows }, (_, row) => moments(shadowsOf(shadows, row, 0)));
  const common = (of: readonly { readonly deviation: number }[]): number =>
    Math.sqrt(of.reduce((sum, { deviation }) => sum + deviation ** 2, 0) / Math.max(1, rows));
  const [allIn, allOut] = [common(ins), common(outs)];
  const scored = (isCommon: boolean, isOnline: boolean): Float64Array =>
    Float64Array.from(confidence, (value, row) => {
      const [own, other] = [ins[row], outs[row]];
      const without = density(value, other?.mean ?? 0, isCommon ? allOut : (other?.deviation ?? 0));
      if (!isOnline) return (value - (other?.mean ?? 0)) / ((isCommon ? allOut : (other?.deviation ?? 0)) + TINY);
      return density(value, own?.mean ?? 0, isCommon ? allIn : (own?.deviation ?? 0)) - without;
    });
  const attacks = [true, false].flatMap((isCommon) => [true, false].map((isOnline) => figuresOf(scored(isCommon, isOnline), isMember)));
  const found = Math.max(...attacks.map((attack) => attack.found));
  const strongest = attacks.reduce((best, each) => (each.auc > best.auc ? each : best));
  return { ...strongest, found };
}

function shadowsOf({ confidence, isIn }: Shadows, row: number, wanted: number): readonly number[] {
  return confidence.flatMap((each, at) => ((isIn[at]?.[row] ?? 0) === wanted ? [each[row] ?? 0] : []));
}

function density(value: number, mean: number, deviation: number): number {
  const width = deviation + 1e-6;
  return -0.5 * ((value - mean) / width) ** 2 - Math.log(width);
}

const TILT = 0.3;
const OTHERS = 200;

/**
 * How often a row's chance beside its chance under references is higher than that of rows that are no members. Source: Zarifzadeh et al. 2024
 * (RMIA, γ = 1, a = 0.3); models-and-audit.md M20.
 */
export function relativeMembership(confidence: Float64Array, shadows: Shadows, isMember: readonly boolean[]): MembershipFigures {
  const chance = (value: number): number => 1 / (1 + Math.exp(-value));
  const ratio = Float64Array.from(confidence, (value, row) => {
    const outs = shadowsOf(shadows, row, 0).map(chance);
    const out = outs.reduce((sum, each) => sum + each, 0) / Math.max(1, outs.length);
    return chance(value) / (((1 + TILT) * out + (1 - TILT)) / 2 + TINY);
  });
  const others = isMember.flatMap((is, row) => (is ? [] : [ratio[row] ?? 0]));
  const step = Math.max(1, Math.floor(others.length / OTHERS));
  const references = others.filter((_, at) => at % step === 0).sort((a, b) => a - b);
  const scores = ratio.map(
    (value) => (references.filter((reference) => value > reference).length + value * 1e-9) / Math.max(1, references.length),
  );
  return figuresOf(scores, isMember);
}

/** AUC of the worst group, groups of at least `least` members and others; NaN without one. Source: models-and-audit.md M35. */
export function worstGroup(scores: Float64Array, isMember: readonly boolean[], groups: readonly Uint8Array[], least: number): number {
  let worst = Number.NaN;
  for (const column of groups)
    for (const group of new Set(column)) {
      const chosen = isMember.flatMap((_, row) => (column[row] === group ? [row] : []));
      const members = chosen.filter((row) => isMember[row] === true).length;
      if (members < least || chosen.length - members < least) continue;
      const auc = areaUnderCurve(
        Float64Array.from(chosen, (row) => scores[row] ?? 0),
        chosen.map((row) => isMember[row] === true),
      );
      // What chance alone would give is no finding.
      const beyond = auc - 2 * nullDeviation(members, chosen.length - members);
      worst = Number.isNaN(worst) ? beyond : Math.max(worst, beyond);
    }
  return worst;
}
