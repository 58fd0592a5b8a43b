import type { ResolvedProfile } from '../catalog/profiles/resolve-profile.ts';
import {
  APPROVAL_STEPS,
  type ApprovalStepName,
  assertUsableProfile,
  CHECK_DOMAINS,
  type EgressProfile,
  STRICTEST_EGRESS_PROFILE,
} from './kind-policy.ts';
import { isProductKind, type ProductKind } from './product-kinds.ts';

/**
 * What a city's resolved rules say of egress. Steps stand in the order of the gate; a receipt that is a precondition of release brings
 * its step with it, and one that is not takes it out. Where a chain would be decided by fewer than two people, or says nothing, the
 * two operators come first. Kinds that the product does not know (`other`) do not leave; verification leaves where services or
 * interfaces do. Throws where what is left cannot be followed.
 * Source: requirements.md §4.3 (`egress.`, `raw_export.`), §10.1, §6.2 S6.
 */
export function egressProfileOf(resolved: ResolvedProfile): EgressProfile {
  const { rules } = resolved;
  const fallback = STRICTEST_EGRESS_PROFILE;
  const filingMode = rules['egress.filing_mode'].value === 'notify_only' ? 'none' : 'receipt_before_release';
  const named = namesOf(rules['egress.approvers'].value) ?? fallback.approvers;
  const kinds = (namesOf(rules['egress.product_kinds'].value) ?? fallback.productKinds).filter(isProductKind);
  const profile = {
    name: resolved.id,
    version: resolved.reference.split('@')[1] ?? resolved.reference,
    productKinds: withVerification(kinds),
    approvers: chainFrom(named, filingMode),
    filingMode,
    checkDomains: CHECK_DOMAINS,
    publicSourceExempt: rules['raw_export.public_source_exempt'].value === true,
    sources: {
      productKinds: rules['egress.product_kinds'].source,
      approvers: rules['egress.approvers'].source,
      filingMode: rules['egress.filing_mode'].source,
      checkDomains: 'GZ-15',
      publicSourceExempt: rules['raw_export.public_source_exempt'].source,
    },
  } satisfies EgressProfile;
  return assertUsableProfile(profile);
}

function namesOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}

function withVerification(kinds: readonly ProductKind[]): readonly ProductKind[] {
  const isWithin = kinds.includes('service') || kinds.includes('api');
  return isWithin && !kinds.includes('verification') ? [...kinds, 'verification'] : kinds;
}

/** People who decide in one step, as `kind-policy.ts` has them: two alone suffice. */
const BY_TWO: readonly ApprovalStepName[] = ['operator_check', 'authority_expert_review', 'secrecy_review'];
const BY_ONE: readonly ApprovalStepName[] = ['security_review', 'business_compliance_review'];

function chainFrom(named: readonly string[], filingMode: EgressProfile['filingMode']): readonly ApprovalStepName[] {
  const unknown = named.filter((name) => !(APPROVAL_STEPS as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error('An egress profile names an unknown step');
  const wanted = new Set<string>(named);
  const isDecidedByTwo = BY_TWO.some((name) => wanted.has(name)) || BY_ONE.every((name) => wanted.has(name));
  if (!isDecidedByTwo) wanted.add('operator_check');
  if (filingMode === 'none') wanted.delete('supervisor_filing');
  else wanted.add('supervisor_filing');
  return APPROVAL_STEPS.filter((name) => wanted.has(name));
}
