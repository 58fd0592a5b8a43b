import { normalTail } from '../../../kernel/normal-tail.ts';

/** How well scores tell members from others. All shares are between 0 and 1. */
export interface AttackMetrics {
  readonly members: number;
  readonly others: number;
  /** Chance that a member scores higher than another; ties count half. */
  readonly auc: number;
  /** P(AUC as high as this | scores say nothing). */
  readonly pValue: number;
  /** |TPR − FPR| of calling members what scores above `cut`. */
  readonly advantage: number;
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
  readonly accuracy: number;
}

/** AUC by ranks, ties counted half; NaN where one side is empty. Source: Hanley and McNeil 1982. */
export function areaUnderCurve(scores: Float64Array, isMember: readonly boolean[]): number {
  const order = byScore(scores);
  let rankSum = 0;
  let members = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && scores[order[to] ?? 0] === scores[order[from] ?? 0]) to += 1;
    const rank = (from + 1 + to) / 2;
    for (let at = from; at < to; at += 1) {
      if (isMember[order[at] ?? 0] !== true) continue;
      rankSum += rank;
      members += 1;
    }
    from = to;
  }
  const others = order.length - members;
  return (rankSum - (members * (members + 1)) / 2) / (members * others);
}

/** Positions from the lowest score to the highest; equal scores keep their order. */
function byScore(scores: Float64Array): readonly number[] {
  return Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
}

/** Standard deviation of the AUC of scores that say nothing. Source: SACRO-ML metrics.py by models-and-audit.md §1.2. */
export function nullDeviation(members: number, others: number): number {
  const spread = 1 / 3 - 0.25;
  return Math.sqrt((0.25 + (members - 1) * spread + (others - 1) * spread) / (members * others));
}

/** Every metric of one attack whose higher scores mean "member". `cut`: above it an attacker says member. */
export function attackMetrics(scores: Float64Array, isMember: readonly boolean[], cut = 0.5): AttackMetrics {
  const members = isMember.filter(Boolean).length;
  const others = isMember.length - members;
  let caught = 0;
  let blamed = 0;
  for (const [at, score] of scores.entries()) {
    if (score <= cut) continue;
    if (isMember[at] === true) caught += 1;
    else blamed += 1;
  }
  const auc = areaUnderCurve(scores, isMember);
  return {
    members,
    others,
    auc,
    pValue: normalTail((auc - 0.5) / nullDeviation(members, others)),
    advantage: Math.abs(caught / members - blamed / others),
    truePositiveRate: caught / members,
    falsePositiveRate: blamed / others,
    accuracy: (caught + others - blamed) / isMember.length,
  };
}

/** The largest share of members caught while at most `rate` of the others are blamed; equal scores stand or fall together. */
export function truePositivesAt(scores: Float64Array, isMember: readonly boolean[], rate: number): number {
  const order = byScore(scores).toReversed();
  const members = isMember.filter(Boolean).length;
  const allowed = rate * (isMember.length - members);
  let caught = 0;
  let blamed = 0;
  let best = 0;
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from] ?? 0];
    for (; from < order.length && scores[order[from] ?? 0] === score; from += 1) {
      if (isMember[order[from] ?? 0] === true) caught += 1;
      else blamed += 1;
    }
    if (blamed > allowed) break;
    best = caught;
  }
  return best / members;
}

/** How members crowd at the ends of the ranking. */
export interface TailMetrics {
  /** Share of members among the highest `share` of the scores, among the lowest, and the difference. */
  readonly highest: number;
  readonly lowest: number;
  readonly difference: number;
  /** −ln P(a difference as large | scores say nothing), at most 115.13. */
  readonly surprise: number;
}

const MOST_SURPRISE = 115.13;
/** Below it 1 − Φ is 0 in double precision, which the reference computes with. */
const LEAST_CHANCE = 2 ** -53;

/** Source: SACRO-ML metrics.py (FMAX, FMIN, FDIF, PDIF) by models-and-audit.md §1.2. */
export function tailMetrics(scores: Float64Array, isMember: readonly boolean[], share: number): TailMetrics {
  const order = byScore(scores);
  const size = Math.ceil(order.length * share);
  const shareOf = (positions: readonly number[]): number => positions.filter((at) => isMember[at] === true).length / positions.length;
  const highest = shareOf(order.slice(-size));
  const lowest = shareOf(order.slice(0, size));
  const overall = shareOf(order);
  const chance = normalTail((highest - lowest) / Math.sqrt((2 * overall * (1 - overall)) / size));
  const surprise = chance < LEAST_CHANCE ? MOST_SURPRISE : Math.min(MOST_SURPRISE, -Math.log(chance));
  return { highest, lowest, difference: highest - lowest, surprise };
}
