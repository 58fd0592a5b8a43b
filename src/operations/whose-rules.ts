import type { Dataset } from '../catalog/dataset.ts';
import type { EgressProfile } from '../egress/kind-policy.ts';
import { mergedEgressProfile } from '../egress/merged-profile.ts';
import type { MaskingRules } from '../masking/masking-rules.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { EgressRecord } from './egress-store.ts';

/** The ports that say whose rules hold. */
export type RulingPorts = Pick<OperationsPorts, 'egressProfile' | 'rulesOfCity'>;

/**
 * The rules for what is made of a dataset: those of the instance together with those of every city whose data went into it, each at its
 * strictest. Throws for a city that nobody knows: a declaration with one is refused. Source: requirements.md §4.3 (column "Merge").
 */
export function profileFor(ports: RulingPorts, dataset: Pick<Dataset, 'cities'>): EgressProfile {
  const others = (dataset.cities ?? []).map((city) => ports.rulesOfCity(city).egressProfile);
  return mergedEgressProfile([ports.egressProfile, ...others]);
}

/** The rules for a request: those in force of the instance and of every city that it was opened under. */
export function profileOfRequest(ports: RulingPorts, request: Pick<EgressRecord, 'profile'>): EgressProfile {
  const references = request.profile?.split('/') ?? [];
  if (references.length < 2) return ports.egressProfile;
  const cities = references.map((reference) => reference.split('@')[0] ?? '').filter((name) => name !== NO_CITY);
  return profileFor(ports, { cities });
}

/** Name of the rules of an instance that names no city. Source: `STRICTEST_EGRESS_PROFILE`. */
const NO_CITY = 'strictest';

/** What holds for masked datasets of data of several cities: the lowest risk, and consent where one asks for it. */
export function maskingRulesFor(
  ports: Pick<OperationsPorts, 'maskingRules' | 'rulesOfCity'>,
  dataset: Pick<Dataset, 'cities'>,
): MaskingRules {
  const all = [ports.maskingRules, ...(dataset.cities ?? []).map((city) => ports.rulesOfCity(city).maskingRules)];
  return { acceptedRisk: Math.min(...all.map((rules) => rules.acceptedRisk)), needsConsent: all.some((rules) => rules.needsConsent) };
}
