import type { AuditEvent } from '../audit/event.ts';

/** One fit and what it spent of its dataset's budget, in billionths of ρ. */
export interface FitSpending {
  readonly job: string;
  readonly dataset: string;
  readonly rhoBillionths: number;
}

/**
 * What fits under differential privacy spent of the budgets of datasets, over all versions and merchants. There is no way to give
 * anything back. Small, so that the ledger of the gate's own `dp` mode can take its place.
 * Source: synthetic-and-masking.md §4.0 (composition: ρ adds); issue "Simulation data" (budget from the dataset's ledger).
 */
export interface BudgetPort {
  /** Billionths of ρ. */
  spent(dataset: string): Promise<number>;
}

export interface BudgetWrites extends BudgetPort {
  /** Throws where the job has spent already. */
  spend(spending: FitSpending, event: AuditEvent): Promise<void>;
}

const BILLION = 1e9;

/** ρ in billionths, rounded up: costs are. Source: synthetic-and-masking.md §4.0. */
export function rhoBillionths(rho: number): number {
  return Math.ceil(rho * BILLION);
}
