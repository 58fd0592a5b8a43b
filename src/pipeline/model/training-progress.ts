import type { TrainingSpec } from '../../sandbox/models/spec/training-spec.ts';

/** Where a model that is learnt has come to. */
export interface TrainingProgress {
  readonly step: 'reading' | 'learning' | 'learning_again' | 'checking';
  /** Whole percent of the whole, never falling; 100 is its end, which the state of the job tells. */
  readonly percent: number;
}

const SPAN: Readonly<Record<TrainingProgress['step'], readonly [from: number, to: number]>> = {
  reading: [0, 10],
  learning: [10, 40],
  learning_again: [40, 60],
  checking: [60, 99],
};

/**
 * Counts the turns of a training and tells where it has come to. How many turns a step takes is known of the second run alone, and guessed from the
 * specification before: a step that takes more stays at its end. Source: issue "Models" (progress).
 */
export class ProgressCounter {
  readonly #tell: (progress: TrainingProgress) => void;
  #step: TrainingProgress['step'] = 'reading';
  #turns = 0;
  #expected = 4;
  #told = -1;

  constructor(tell: (progress: TrainingProgress) => void) {
    this.#tell = tell;
    this.turn();
  }

  begin(step: TrainingProgress['step'], expected: number): void {
    [this.#step, this.#turns, this.#expected] = [step, 0, Math.max(1, expected)];
  }

  /** The same sums a second time. */
  again(): void {
    this.begin('learning_again', this.#turns);
  }

  turn(): void {
    const [from, to] = SPAN[this.#step];
    const percent = Math.floor(from + (to - from) * Math.min(1, this.#turns / this.#expected));
    this.#turns += 1;
    if (percent <= this.#told) return;
    this.#told = percent;
    this.#tell({ step: this.#step, percent });
  }
}

/** About how many sums a specification asks for until it is learnt. */
export function expectedSums({ algorithm, params }: Pick<TrainingSpec, 'algorithm' | 'params'>): number {
  if (algorithm === 'scorecard') return 5 + 4 * 60;
  if (params.n_trees !== undefined) return 5 + params.n_trees * ((params.max_depth ?? 3) + 3);
  return { kmeans: 60, naive_bayes: 6, linear_regression: 6, ridge_regression: 6 }[algorithm as string] ?? 30;
}

/** Shadow models, attacks on attributes and rounds of the worst case, each a few turns. */
export function expectedChecks({ features }: Pick<TrainingSpec, 'features'>): number {
  return 60 + 2 * features.length;
}
