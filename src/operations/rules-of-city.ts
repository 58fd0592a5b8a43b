import type { EgressProfile } from '../egress/kind-policy.ts';
import type { MaskingRules } from '../masking/masking-rules.ts';

/** What one city says of what may leave. Source: requirements.md §4.3. */
export interface RulesOfCity {
  readonly egressProfile: EgressProfile;
  readonly maskingRules: MaskingRules;
}
