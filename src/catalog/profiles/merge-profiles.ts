import { PROFILE_KEYS, type ProfileKey, type ProfileKeyName, type ProfileValue } from './profile-keys.ts';
import type { ResolvedProfile } from './resolve-profile.ts';
import { strictestOf } from './strictness.ts';

/** One key of several cities' rules together. */
export type MergedRule =
  | { readonly kind: 'merged'; readonly value: ProfileValue | null; readonly from: readonly string[] }
  /** Each city's rule holds for its own part. */
  | { readonly kind: 'perCity'; readonly values: Readonly<Record<string, ProfileValue | null>> };

/** Rules over a piece of work that touches data of several cities. */
export interface MergedProfile {
  /** References in order of their names, joined by `+`. */
  readonly reference: string;
  readonly draft: boolean;
  readonly rules: Readonly<Record<ProfileKeyName, MergedRule>>;
}

/**
 * What holds where data of all these cities meet: values of protection at their strictest, chains of approval together,
 * kinds of products in common, and each city's own for the rest. One city gives its own rules. Throws without a city.
 * The order of the cities and naming one twice make no difference. Source: requirements.md §4.3 (column "Merge").
 */
export function mergeProfiles(profiles: readonly ResolvedProfile[]): MergedProfile {
  const cities = [...new Map(profiles.map((profile) => [profile.reference, profile])).values()].toSorted((a, b) =>
    a.reference < b.reference ? -1 : 1,
  );
  if (cities.length === 0) throw new RangeError('Rules of no city');
  return {
    reference: cities.map((city) => city.reference).join('+'),
    draft: cities.some((city) => city.draft),
    rules: Object.fromEntries(
      Object.entries(PROFILE_KEYS).map(([name, key]) => [name, mergedRule(name as ProfileKeyName, key, cities)]),
    ) as Record<ProfileKeyName, MergedRule>,
  };
}

function mergedRule(name: ProfileKeyName, key: ProfileKey, cities: readonly ResolvedProfile[]): MergedRule {
  if (key.rule === 'perCity') {
    return { kind: 'perCity', values: Object.fromEntries(cities.map((city) => [city.id, city.rules[name].value])) };
  }
  const value = cities.map((city) => city.rules[name].value).reduce((a, b) => strictestOf(key, a, b));
  return { kind: 'merged', value, from: cities.map((city) => `${city.rules[name].decidedBy} ${city.rules[name].source}`) };
}
