import type { Membership } from '../egress/rows/composition.ts';
import type { Result } from '../kernel/result.ts';
import type { MaskedDatasetSpec, MaskedPlan } from '../masking/dataset/plan-masked-dataset.ts';
import type { JobContext } from '../pipeline/job.ts';
import type { ExternalList } from '../pipeline/masked/external-lists.ts';
import type { MaskedProduct } from '../pipeline/masked/make-masked-product.ts';
import type { Problem } from '../problems/problem.ts';
import type { IsolationLevel } from '../sandbox/enclave/port.ts';

/** A masked dataset to be made of a sealed version. */
export interface MaskingTask {
  readonly context: JobContext;
  readonly plan: MaskedPlan;
  readonly spec: MaskedDatasetSpec;
  /** What was let out of the same people before, or may yet be. */
  readonly earlier: readonly Membership[];
  /** Lists of people that others have. */
  readonly external: readonly ExternalList[];
  /** At least 32 bytes. */
  readonly master: Uint8Array;
  readonly accepted: number;
  /** Keyed hashes of subjects whose rows alone are used; null: everybody's. */
  readonly consented: ReadonlySet<string> | null;
}

/** Makes masked datasets over sealed versions. */
export interface MaskerPort {
  make(task: MaskingTask, signal: AbortSignal): Promise<Result<MaskedProduct & { readonly isolation: IsolationLevel }, readonly Problem[]>>;
}
