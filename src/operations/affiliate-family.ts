import { affiliatesWithin } from '../egress/affiliation.ts';
import type { AffiliationReads } from './egress-store.ts';

/**
 * An organisation with everybody who belongs with it on one of these days, and who belongs with those: sisters under one parent ask as one. Who
 * only shares out its questions over a group gains nothing. Source: requirements.md §6.2 (affiliates); ADR 0036.
 */
export async function affiliateFamily(
  reads: Pick<AffiliationReads, 'of'>,
  organisation: string,
  days: { readonly from: string; readonly to: string },
): Promise<readonly string[]> {
  const family = new Set([organisation]);
  for (const member of family) for (const other of affiliatesWithin(await reads.of(member), member, days)) family.add(other);
  return [...family];
}
