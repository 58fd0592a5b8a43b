import { DEFAULT_POLICY, type DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { profileCatalogue, ruleNumber, ruleWords } from '../catalog/profiles/profile-catalogue.ts';
import type { ResolvedProfile } from '../catalog/profiles/resolve-profile.ts';
import { SIMULATION_ACCESS, type SimulationAccess } from '../catalog/simulation-access.ts';
import type { Config } from '../config.ts';
import { assertUsableProfile, type EgressProfile, STRICTEST_EGRESS_PROFILE } from '../egress/kind-policy.ts';
import { egressProfileOf } from '../egress/profile-reading.ts';
import { DEFAULT_MASKING_RULES, type MaskingRules } from '../masking/masking-rules.ts';
import type { RulesOfCity } from '../operations/rules-of-city.ts';

/** What the city of an instance says of what may leave and how. */
export interface CityRules {
  readonly egressProfile: EgressProfile;
  /** What another city says, for data of several. */
  readonly rulesOfCity: (city: string) => RulesOfCity;
  readonly policy: DisclosurePolicy;
  readonly simulationAccess: SimulationAccess;
  readonly maskingRules: MaskingRules;
}

/**
 * The rules of the city that the settings name: kinds of products, chain of approval, filing, exemption, and a threshold
 * that the settings may raise and not lower; how far merchants reach into simulation sets, which the settings may narrow; whether masking alone is a ground for rows, and which risk is accepted. Without a city the strictest rules of all. Throws on rules that cannot be followed.
 * Source: requirements.md §4.3 (`egress.`, `raw_export.`, `sandbox.sim_preview`); GZ-16b, GZ-20b, NB-12b.
 */
export function cityRules({ city, k, simulationAccess }: Pick<Config, 'city' | 'k' | 'simulationAccess'>): CityRules {
  if (city === null)
    return {
      egressProfile: assertUsableProfile(STRICTEST_EGRESS_PROFILE),
      rulesOfCity,
      policy: { ...DEFAULT_POLICY, k },
      simulationAccess,
      maskingRules: DEFAULT_MASKING_RULES,
    };
  const resolved = profileCatalogue().resolve(city);
  if (!resolved.ok) throw new Error('The rules of the city cannot be read');
  const least = ruleNumber(resolved.value, 'egress.aggregation_k') ?? DEFAULT_POLICY.k;
  return {
    egressProfile: egressProfileOf(resolved.value),
    rulesOfCity,
    policy: { ...DEFAULT_POLICY, k: Math.max(k, least) },
    simulationAccess: stricter(simulationAccess, accessOf(resolved.value)),
    maskingRules: maskingRulesOf(resolved.value),
  };
}

/** What one city says of what may leave. Throws for a city that nobody knows. Source: requirements.md §4.3. */
export function rulesOfCity(city: string): RulesOfCity {
  const resolved = profileCatalogue().resolve(city);
  if (!resolved.ok) throw new Error('The rules of a city cannot be read');
  return { egressProfile: egressProfileOf(resolved.value), maskingRules: maskingRulesOf(resolved.value) };
}

/** Where a city names consent beside anything else, both are asked for. */
function maskingRulesOf(profile: ResolvedProfile): MaskingRules {
  const percent = ruleNumber(profile, 'masking.accepted_risk_percent');
  return {
    acceptedRisk: percent === null ? DEFAULT_MASKING_RULES.acceptedRisk : percent / 100,
    needsConsent: ruleWords(profile, 'subject.gate').includes('consent'),
  };
}

/** Jobs and files need a grant everywhere; it may rest on a laboratory where the city has one. What differs is looking before it. */
function accessOf(profile: ResolvedProfile): SimulationAccess {
  return ruleWords(profile, 'sandbox.sim_preview').includes('with_supervisor_grant') ? 'supervised' : 'agreed';
}

function stricter(one: SimulationAccess, other: SimulationAccess): SimulationAccess {
  return SIMULATION_ACCESS.indexOf(one) > SIMULATION_ACCESS.indexOf(other) ? one : other;
}
