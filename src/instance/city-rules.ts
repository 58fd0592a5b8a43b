import { DEFAULT_POLICY, type DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { profileCatalogue, ruleNumber } from '../catalog/profiles/profile-catalogue.ts';
import type { Config } from '../config.ts';
import { assertUsableProfile, type EgressProfile, STRICTEST_EGRESS_PROFILE } from '../egress/kind-policy.ts';
import { egressProfileOf } from '../egress/profile-reading.ts';

/** What the city of an instance says of what may leave and how. */
export interface CityRules {
  readonly egressProfile: EgressProfile;
  readonly policy: DisclosurePolicy;
}

/**
 * The rules of the city that the settings name: kinds of products, chain of approval, filing, exemption, and a threshold
 * that the settings may raise and not lower. Without a city the strictest rules of all. Throws on rules that cannot be followed.
 * Source: requirements.md §4.3 (`egress.`, `raw_export.`).
 */
export function cityRules({ city, k }: Pick<Config, 'city' | 'k'>): CityRules {
  if (city === null) return { egressProfile: assertUsableProfile(STRICTEST_EGRESS_PROFILE), policy: { ...DEFAULT_POLICY, k } };
  const resolved = profileCatalogue().resolve(city);
  if (!resolved.ok) throw new Error('The rules of the city cannot be read');
  const least = ruleNumber(resolved.value, 'egress.aggregation_k') ?? DEFAULT_POLICY.k;
  return { egressProfile: egressProfileOf(resolved.value), policy: { ...DEFAULT_POLICY, k: Math.max(k, least) } };
}
