import type { AuditEvent } from '../audit/event.ts';

/** One run under differential privacy and what it spent, in billionths of ρ. Source: gate.md §8. */
export interface PrivacySpending {
  readonly job: string;
  readonly dataset: string;
  readonly grant: string;
  readonly rhoBillionths: number;
}

/** Reads of privacy budgets. Source: gate.md §8. */
export interface PrivacyReads {
  /** Billionths of ρ that were spent on a dataset: by all, by one grant, by one job. */
  spent(scope: { readonly dataset: string; readonly grant?: string; readonly job?: string }): Promise<number>;
}

/** Writes of privacy budgets: there is no way to give anything back. Source: gate.md §8. */
export interface PrivacyWrites {
  spend(spending: PrivacySpending, event: AuditEvent): Promise<void>;
}
