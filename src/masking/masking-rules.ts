/** What a jurisdiction says of masked datasets. */
export interface MaskingRules {
  /** Highest chance of naming somebody that grade 3 accepts, 0 to 1 (`masking.accepted_risk_percent`). */
  readonly acceptedRisk: number;
  /** Whether masking alone is no ground (`subject.gate` names consent): then rows are those of subjects who consented. */
  readonly needsConsent: boolean;
}

/** Where no city says otherwise: masking or consent. Source: requirements.md §4.3 (`subject.gate`, default); GB/T 42460-2023 §6.3. */
export const DEFAULT_MASKING_RULES: MaskingRules = { acceptedRisk: 0.05, needsConsent: false };
