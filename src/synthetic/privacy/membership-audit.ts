import type { FittedModel } from '../fit/fitted-model.ts';

export interface AuditInput {
  /** Fits once, with or without the person in question. Every call must draw fresh noise. */
  readonly fit: (present: boolean) => Promise<FittedModel>;
  /** The attacker, who knows everybody else: higher means "was there". */
  readonly suspicion: (model: FittedModel) => number;
  /** Fits of each kind; even. */
  readonly runs: number;
  readonly epsilon: number;
  readonly delta: number;
}

export interface AuditOutcome {
  readonly runs: number;
  /** Balanced accuracy of the attacker on runs that did not choose his threshold. */
  readonly accuracy: number;
  /** What differential privacy allows any attacker. */
  readonly accuracyBound: number;
  /** With 95 % confidence the ε of the mechanism is at least this. */
  readonly epsilonAtLeast: number;
  /** False: the mechanism does not keep its promise. True proves nothing; it is what a sound one gives. */
  readonly passed: boolean;
}

const CONFIDENCE = 0.975;

/** Balanced accuracy that (ε, δ) allows any membership attacker: (e^ε + δ)/(1 + e^ε). Source: synthetic-and-masking.md §5.6. */
export function membershipBound(epsilon: number, delta = 0): number {
  return (Math.exp(epsilon) + delta) / (1 + Math.exp(epsilon));
}

/**
 * Plays the membership game: fits with and without one person many times, lets an attacker choose his threshold on half of
 * the runs and counts his hits on the other half. From true and false positives (Clopper–Pearson) follows a lower bound of ε.
 * Source: Jagielski, Ullman, Oprea 2020; Nasr et al. 2021; synthetic-and-masking.md §5.6 (i, ii, iv, v).
 */
export async function auditMembership(input: AuditInput): Promise<AuditOutcome> {
  const half = input.runs >> 1;
  const scores = { present: [] as number[], absent: [] as number[] };
  for (let run = 0; run < half * 2; run += 1) {
    scores.present.push(input.suspicion(await input.fit(true)));
    scores.absent.push(input.suspicion(await input.fit(false)));
  }
  const threshold = bestThreshold(scores.present.slice(0, half), scores.absent.slice(0, half));
  const hits = scores.present.slice(half).filter((score) => score >= threshold).length;
  const alarms = scores.absent.slice(half).filter((score) => score >= threshold).length;
  const accuracy = (hits / half + 1 - alarms / half) / 2;
  const epsilonAtLeast = Math.max(
    0,
    Math.log(Math.max(1e-12, lowerBound(hits, half) - input.delta) / Math.max(1e-12, 1 - lowerBound(half - alarms, half))),
    Math.log(Math.max(1e-12, lowerBound(half - alarms, half) - input.delta) / Math.max(1e-12, 1 - lowerBound(hits, half))),
  );
  const accuracyBound = membershipBound(input.epsilon, input.delta);
  // Two standard errors of a balanced accuracy over 2 · half games.
  const slack = 1 / Math.sqrt(2 * half);
  return {
    runs: half * 2,
    accuracy,
    accuracyBound,
    epsilonAtLeast,
    passed: epsilonAtLeast <= input.epsilon && accuracy <= accuracyBound + slack,
  };
}

/** The threshold with the best balanced accuracy on these runs. */
function bestThreshold(present: readonly number[], absent: readonly number[]): number {
  let best = { threshold: Number.POSITIVE_INFINITY, gain: 0 };
  for (const threshold of [...present, ...absent]) {
    const gain = present.filter((score) => score >= threshold).length - absent.filter((score) => score >= threshold).length;
    if (gain > best.gain) best = { threshold, gain };
  }
  return best.threshold;
}

/** Clopper–Pearson: the smallest probability under which at least so many successes are not too unlikely. */
function lowerBound(successes: number, trials: number): number {
  if (successes === 0) return 0;
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (atLeast(successes, trials, middle) < 1 - CONFIDENCE) low = middle;
    else high = middle;
  }
  return low;
}

/** P(X ≥ successes) for a binomial. */
function atLeast(successes: number, trials: number, probability: number): number {
  let sum = 0;
  let term = 0;
  for (let count = 1; count <= trials; count += 1) {
    term += Math.log((trials - count + 1) / count);
    if (count >= successes) sum += Math.exp(term + count * Math.log(probability) + (trials - count) * Math.log1p(-probability));
  }
  return Math.min(1, sum);
}
