import type { Result } from '../kernel/result.ts';
import type { ResultTable } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { ExternalDataRecord } from './external-data-store.ts';
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
  /** A list of people that others have, in columns of one table; masked datasets of the table are checked against it from then on. Its rows are never shown again. */
  registerExternalData(
    actor: Actor,
    input: {
      readonly dataset: string;
      readonly table: string;
      readonly name: string;
      readonly source: string;
      readonly people: ResultTable;
    },
  ): Refusable<ExternalDataRecord>;
  listExternalData(actor: Actor, filter: { readonly dataset?: string }): Refusable<readonly ExternalDataRecord[]>;
  /** Nothing is checked against it any more, and its rows are destroyed. */
  withdrawExternalData(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<ExternalDataRecord>;
  listMaskPolicies(actor: Actor, filter: { readonly dataset?: string }): Refusable<readonly MaskPolicyRecord[]>;
  showMaskPolicy(actor: Actor, id: string): Refusable<MaskPolicyRecord>;
}
