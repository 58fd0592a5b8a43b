/** Thresholds that the gate applies. Source: gate.md, "Words"; egress-rules.md §3. */
export interface DisclosurePolicy {
  /** Least number of units a released cell may rest on. */
  readonly k: number;
  /** (n,k) dominance: withheld when the n largest units hold at least this share of the total. */
  readonly dominance: { readonly units: 2; readonly share: number };
  /** p % rule: withheld when total − x1 − x2 is below this share of x1. */
  readonly pShare: number;
}

/** No profile, dataset or operator can go below. Source: gate.md, "Words". */
export const K_FLOOR = 5;

export const DEFAULT_POLICY: DisclosurePolicy = { k: 10, dominance: { units: 2, share: 0.9 }, pShare: 0.1 };

/** The policy for one dataset: its own k where that is stricter. Never lower than the floor. */
export function policyFor(base: DisclosurePolicy, datasetK: number | undefined): DisclosurePolicy {
  return { ...base, k: Math.max(K_FLOOR, base.k, datasetK ?? 0) };
}
