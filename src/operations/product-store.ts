import type { AuditEvent } from '../audit/event.ts';

/** A key that was verified, as digests under a key of the dataset; never the key itself. Source: requirements.md QY-24c (keys hashed). */
export interface VerifiedKey {
  readonly digest: string;
  /** Digest of what the key shares with its neighbours. */
  readonly neighbourhood: string;
}

/** Where a verification counts. `period` is a month in Asia/Shanghai, `scope` the table and columns. */
export interface VerificationScope {
  readonly organisation: string;
  readonly dataset: string;
  readonly period: string;
  readonly scope: string;
}

/** Verifications of several organisations that count as those of one. */
export type CountedScope = Omit<VerificationScope, 'organisation'> & { readonly organisations: readonly string[] };

/** Products that answer after their release. Source: requirements.md §10.3 (O). */
export interface ProductReads {
  isStopped(release: string): Promise<boolean>;
  /** Calls, or keys, since an ISO instant. */
  callsSince(release: string, since: string): Promise<number>;
  /** How many calls from an ISO instant to before another, and what they count for together. */
  callsBetween(release: string, from: string, before: string): Promise<readonly [calls: number, weight: number]>;
  /** How often each of these keys was verified before by these organisations together; absent ones never. */
  timesVerified(scope: CountedScope, digests: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Different keys verified in each of these neighbourhoods. */
  keysIn(scope: CountedScope, neighbourhoods: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export interface ProductWrites {
  setStopped(release: string, isStopped: boolean, event: AuditEvent): Promise<void>;
  addCall(release: string, weight: number, event: AuditEvent): Promise<void>;
  /** Counts each key once more. */
  addKeys(scope: VerificationScope, keys: readonly VerifiedKey[], event: AuditEvent): Promise<void>;
}
