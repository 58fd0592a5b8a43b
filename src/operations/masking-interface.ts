import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { MaskPolicyRecord } from './mask-policy-store.ts';

type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

/** Masking inside an instance. Source: issue "Masking". */
export interface MaskingOperations {
  /** `policy`: see `readDatasetPolicy`. Nothing changes for anybody until both owners agreed. */
  proposeMaskPolicy(actor: Actor, policy: unknown): Refusable<MaskPolicyRecord>;
  /** One of the two owners; the second approval puts the version in force for every query from then on, one rejection ends it. */
  decideMaskPolicy(
    actor: Actor,
    input: { readonly id: string; readonly decision: 'approve' | 'reject'; readonly reason: string },
  ): Refusable<MaskPolicyRecord>;
  /** What a record of consent holds of a subject of this dataset. Says nothing of whether the subject is in the data. */
  hashSubject(
    actor: Actor,
    input: { readonly dataset: string; readonly subject: string },
  ): Refusable<{ readonly dataset: string; readonly subjectHash: string }>;
  listMaskPolicies(actor: Actor, filter: { readonly dataset?: string }): Refusable<readonly MaskPolicyRecord[]>;
  showMaskPolicy(actor: Actor, id: string): Refusable<MaskPolicyRecord>;
}
