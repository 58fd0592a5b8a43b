import { expect, test } from 'vitest';
import { assertUsableProfile, STRICTEST_EGRESS_PROFILE } from '../../../src/egress/kind-policy.ts';
import { mergedEgressProfile, referenceOf } from '../../../src/egress/merged-profile.ts';
import { rulesOfCity } from '../../../src/instance/city-rules.ts';

const CITIES = ['GZ', 'NB', 'QY', 'QZ', 'CQ'] as const;
const profiles = CITIES.map((city) => rulesOfCity(city).egressProfile);

test('of any two cities nothing leaves that one forbids, and no step of either is left out, whichever is named first', () => {
  for (const one of profiles)
    for (const other of [...profiles, STRICTEST_EGRESS_PROFILE]) {
      const merged = assertUsableProfile(mergedEgressProfile([one, other]));
      expect(mergedEgressProfile([other, one, other])).toEqual(merged);
      for (const kind of merged.productKinds)
        expect([one.productKinds.includes(kind), other.productKinds.includes(kind)]).toEqual([true, true]);
      expect(merged.approvers).toEqual(expect.arrayContaining([...one.approvers, ...other.approvers]));
      expect(merged.publicSourceExempt).toBe(one.publicSourceExempt && other.publicSourceExempt);
      expect(referenceOf(merged).split('/')).toEqual([...new Set([referenceOf(one), referenceOf(other)])].sort());
    }
});

test('one city alone is itself', () => {
  for (const profile of profiles) expect(mergedEgressProfile([profile])).toBe(profile);
});
