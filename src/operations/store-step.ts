import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';

/** One compare-and-set step of a state machine. */
export interface Step<S extends string, B> {
  /** The step is taken only from one of these. */
  readonly from: readonly S[];
  readonly to: S;
  /** Fields to set beside the state; the others stay. */
  readonly patch?: Partial<B>;
}

export type Kept<T> = Promise<Result<T, readonly Problem[]>>;
