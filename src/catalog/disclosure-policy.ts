/** Thresholds that the gate applies. Source: gate.md, "Words"; egress-rules.md §3. */
export interface DisclosurePolicy {
  /** Least number of units a released cell may rest on. */
  readonly k: number;
  /** (n,k) dominance: withheld when the n largest units hold at least this share of the total. */
  readonly dominance: { readonly units: number; readonly share: number };
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

/** Names of the thresholds in which a policy lets more out than another. Source: gate.md §7 (replay against a stricter policy). */
export function weakerThresholds(policy: DisclosurePolicy, than: DisclosurePolicy): readonly ('k' | 'dominance.share' | 'pShare')[] {
  return [
    ...(policy.k < than.k ? (['k'] as const) : []),
    ...(policy.dominance.share > than.dominance.share ? (['dominance.share'] as const) : []),
    ...(policy.pShare < than.pShare ? (['pShare'] as const) : []),
  ];
}

/** The stricter threshold of two policies, one by one. Source: gate.md §8 (strictest wins). */
export function strictestOf(a: DisclosurePolicy, b: DisclosurePolicy): DisclosurePolicy {
  return {
    k: Math.max(a.k, b.k),
    dominance: { units: Math.max(a.dominance.units, b.dominance.units), share: Math.min(a.dominance.share, b.dominance.share) },
    pShare: Math.max(a.pShare, b.pShare),
  };
}
