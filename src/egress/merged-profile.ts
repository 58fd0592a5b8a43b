import { APPROVAL_STEPS, CHECK_DOMAINS, type EgressProfile } from './kind-policy.ts';

/**
 * What holds for what data of several cities went into: kinds that all let leave, the steps of all chains in the order of the gate, a
 * receipt where one asks for it, the exemption of public data where all know it. Kinds may be none: then nothing leaves. Name and version
 * are those of all, in order of their names; which is given first makes no difference. Throws without a profile.
 * Source: requirements.md §4.3 (column "Merge" of `egress.` and `raw_export.`).
 */
export function mergedEgressProfile(given: readonly EgressProfile[]): EgressProfile {
  const profiles = [...new Map(given.map((profile) => [referenceOf(profile), profile])).values()].sort((a, b) =>
    referenceOf(a) < referenceOf(b) ? -1 : 1,
  );
  const [first, ...others] = profiles;
  if (first === undefined) throw new RangeError('Rules of no city');
  if (others.length === 0) return first;
  const isFiled = profiles.some((profile) => profile.filingMode === 'receipt_before_release');
  const source = (name: keyof EgressProfile['sources']): string =>
    profiles.map((profile) => `${profile.name} ${profile.sources[name]}`).join('; ');
  return {
    name: profiles.map((profile) => profile.name).join('+'),
    version: profiles.map((profile) => profile.version).join('+'),
    reference: profiles.map(referenceOf).join('/'),
    productKinds: first.productKinds.filter((kind) => others.every((profile) => profile.productKinds.includes(kind))),
    approvers: APPROVAL_STEPS.filter((step) => profiles.some((profile) => profile.approvers.includes(step))),
    filingMode: isFiled ? 'receipt_before_release' : 'none',
    checkDomains: CHECK_DOMAINS,
    publicSourceExempt: profiles.every((profile) => profile.publicSourceExempt),
    sources: {
      productKinds: source('productKinds'),
      approvers: source('approvers'),
      filingMode: source('filingMode'),
      checkDomains: source('checkDomains'),
      publicSourceExempt: source('publicSourceExempt'),
    },
  };
}

/** `name@version`, as it stands on records; of several cities with `/` between them. */
export function referenceOf(profile: EgressProfile): string {
  return profile.reference ?? `${profile.name}@${profile.version}`;
}
