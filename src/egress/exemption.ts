import type { PublicSource } from '../catalog/dataset.ts';
import type { EgressProfile } from './kind-policy.ts';

/** The rule's name on contents and in the record of criteria. */
const PUBLIC_SOURCE = 'public-source';

/**
 * The criterion under which data of a dataset may leave as they are, or none: only where the profile allows it and the declaration
 * carries the whole proof that they were public before. It answers for raw match, masking and reversibility and for nothing else;
 * whatever else a kind requires is still required, and people still look.
 * Source: requirements.md GZ-4b, GZ-28c (exemption for lawfully public data), X5 (off unless the profile says otherwise).
 */
export function publicSourceCriteria(
  profile: Pick<EgressProfile, 'publicSourceExempt'>,
  proof: PublicSource | undefined,
): readonly (typeof PUBLIC_SOURCE)[] {
  if (!profile.publicSourceExempt || proof === undefined) return [];
  const { legalBasis, evidenceDigest, confirmedBy } = proof;
  const isWhole = legalBasis.trim() !== '' && /^[0-9a-f]{64}$/.test(evidenceDigest) && confirmedBy.trim() !== '';
  return isWhole ? [PUBLIC_SOURCE] : [];
}
