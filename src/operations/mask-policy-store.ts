import type { AuditEvent } from '../audit/event.ts';
import type { DatasetPolicy } from '../masking/policy/dataset-policy.ts';
import type { Kept } from './store-step.ts';

/** Who has to agree: the data authority for masking, the secrecy side for de-secreting. Source: GZ-21c, QY-30; issue "Masking". */
export const POLICY_OWNERS = ['authority', 'secrecy'] as const;
export type PolicyOwner = (typeof POLICY_OWNERS)[number];

export const POLICY_STATES = ['PROPOSED', 'IN_FORCE', 'SUPERSEDED', 'REJECTED'] as const;
type PolicyState = (typeof POLICY_STATES)[number];

/** What one owner said. */
export interface PolicyDecision {
  readonly owner: PolicyOwner;
  readonly by: string;
  readonly organisation: string;
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  readonly at?: string;
}

/** One version of a dataset's policy. The rules never change. */
export interface MaskPolicyRecord {
  readonly id: string;
  readonly dataset: string;
  readonly policy: string;
  /** Counted over the dataset, from 1. */
  readonly version: number;
  readonly state: PolicyState;
  readonly rules: DatasetPolicy['rules'];
  /** SHA-256 of the canonical JSON of name, dataset and rules. */
  readonly digest: string;
  readonly proposedBy: { readonly id: string; readonly organisation: string };
  readonly decisions: readonly PolicyDecision[];
  readonly createdAt: string;
}

export interface MaskPolicyReads {
  get(id: string): Promise<MaskPolicyRecord | null>;
  /** Newest first. */
  list(dataset?: string): Promise<readonly MaskPolicyRecord[]>;
  inForce(dataset: string): Promise<MaskPolicyRecord | null>;
}

export interface MaskPolicyWrites {
  add(record: Omit<MaskPolicyRecord, 'version' | 'state' | 'createdAt'>, event: AuditEvent): Promise<MaskPolicyRecord>;
  /** From PROPOSED only. Putting a version in force supersedes the one before it. */
  decide(
    id: string,
    step: { readonly state: 'PROPOSED' | 'IN_FORCE' | 'REJECTED'; readonly decisions: readonly PolicyDecision[] },
    event: AuditEvent,
  ): Kept<MaskPolicyRecord>;
}
