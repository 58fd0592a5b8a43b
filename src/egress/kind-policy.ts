import type { ActorRole } from '../identity/actor.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { isProductKind, type ProductKind } from './product-kinds.ts';

/** Domains of the compliance checklist. Source: requirements.md GZ-15. */
export const CHECK_DOMAINS = ['data_security', 'network_security', 'personal_information', 'trade_secret'] as const;
export type CheckDomain = (typeof CHECK_DOMAINS)[number];

/** Every step that a profile may put into its chain. Source: requirements.md §4.3 `egress.approvers`. */
export const APPROVAL_STEPS = [
  'operator_check',
  'authority_expert_review',
  'secrecy_review',
  'security_review',
  'business_compliance_review',
  'risk_assessment',
  'supervisor_filing',
] as const;
export type ApprovalStepName = (typeof APPROVAL_STEPS)[number];

/** How one step is passed: votes of people of a role, an assessment on record, or a receipt. */
export interface ApprovalStep {
  readonly name: ApprovalStepName;
  readonly by: 'votes' | 'assessment' | 'receipt';
  /** Whose step it is. */
  readonly role: ActorRole;
  /** Different people that must approve; 0 where nobody votes. */
  readonly people: number;
  /** Requirement that the step comes from. */
  readonly source: string;
}

const STEPS: Readonly<Record<ApprovalStepName, Omit<ApprovalStep, 'name'>>> = {
  operator_check: { by: 'votes', role: 'operator', people: 2, source: 'GZ-15, GZ-22a, S6' },
  authority_expert_review: { by: 'votes', role: 'expert', people: 2, source: 'NB-19d, S6' },
  secrecy_review: { by: 'votes', role: 'secrecy', people: 2, source: 'QY-44c, S6' },
  security_review: { by: 'votes', role: 'operator', people: 1, source: 'CQ-OP-16b' },
  business_compliance_review: { by: 'votes', role: 'operator', people: 1, source: 'CQ-OP-16b' },
  risk_assessment: { by: 'assessment', role: 'operator', people: 0, source: 'QY-44b' },
  supervisor_filing: { by: 'receipt', role: 'supervisor', people: 0, source: 'GZ-22a' },
};

/**
 * What a jurisdiction says of egress; the values of §4.3 under `egress.` and `raw_export.`. `sources` names the requirement
 * behind each. Source: requirements.md §4.3.
 */
export interface EgressProfile {
  /** Name and version stand on every request and release. */
  readonly name: string;
  readonly version: string;
  /** What stands on records where it is not `name@version`: the rules of several cities. */
  readonly reference?: string;
  readonly productKinds: readonly ProductKind[];
  /** In order. */
  readonly approvers: readonly ApprovalStepName[];
  /** Whether a receipt is a precondition of release. */
  readonly filingMode: 'receipt_before_release' | 'none';
  readonly checkDomains: readonly CheckDomain[];
  /** Whether lawfully public data may leave as they are. */
  readonly publicSourceExempt: boolean;
  readonly sources: Readonly<Record<'productKinds' | 'approvers' | 'filingMode' | 'checkDomains' | 'publicSourceExempt', string>>;
}

/**
 * The strictest column of the requirements: the kinds of Guangzhou, two operators, the supervisor's receipt, no exemption. What
 * an instance follows that names no city (`SLUICE_CITY`).
 * Source: requirements.md §4.3 (last column), U11.
 */
export const STRICTEST_EGRESS_PROFILE: EgressProfile = {
  name: 'strictest',
  version: '1',
  // The services of GZ-4c include verification (§10.1, QY-24c): answers only, never rows.
  productKinds: ['masked_dataset', 'api', 'indicator', 'report', 'model_algorithm', 'application', 'service', 'verification'],
  approvers: ['operator_check', 'supervisor_filing'],
  filingMode: 'receipt_before_release',
  checkDomains: CHECK_DOMAINS,
  publicSourceExempt: false,
  sources: {
    productKinds: 'GZ-4c; verification within it by §10.1',
    approvers: 'GZ-22a',
    filingMode: 'GZ-22a, U11',
    checkDomains: 'GZ-15',
    publicSourceExempt: 'X5: off unless the profile says otherwise',
  },
};

/** The steps of a profile with what each needs, in order. Source: requirements.md §4.3 `egress.approvers`. */
export function chainOf(profile: EgressProfile): readonly ApprovalStep[] {
  return profile.approvers.map((name) => ({ name, ...STEPS[name] }));
}

/** The steps on which people vote. Source: requirements.md §6.2 S6. */
export function votingSteps(profile: EgressProfile): readonly ApprovalStep[] {
  return chainOf(profile).filter((step) => step.by === 'votes');
}

/**
 * Whether a profile can be followed: every step known and named once, at least two different people vote, a receipt step where a
 * receipt is a precondition and none where it is not, at least one kind, every kind known, all four domains checked.
 * Throws a plain error with what is wrong: a profile is configuration, not a request.
 * Source: requirements.md §6.2 S6, GZ-22a, GZ-15.
 */
export function assertUsableProfile(profile: EgressProfile): EgressProfile {
  const wrong = (what: string): never => {
    throw new Error(`Egress profile ${profile.name}@${profile.version}: ${what}`);
  };
  if (profile.approvers.some((name) => !APPROVAL_STEPS.includes(name))) wrong('names an unknown step');
  if (new Set(profile.approvers).size !== profile.approvers.length) wrong('names a step twice');
  if (votingSteps(profile).reduce((sum, step) => sum + step.people, 0) < 2) wrong('fewer than two people decide');
  const hasReceipt = profile.approvers.includes('supervisor_filing');
  if (hasReceipt !== (profile.filingMode === 'receipt_before_release')) wrong('filing mode and chain contradict each other');
  if (profile.productKinds.length === 0 || profile.productKinds.some((kind) => !isProductKind(kind))) wrong('names an unknown kind');
  if (CHECK_DOMAINS.some((domain) => !profile.checkDomains.includes(domain))) wrong('leaves out a domain of the compliance check');
  return profile;
}

/**
 * The kind that a request names, if there is such a kind and the profile lets it leave. No name is what SQL jobs give: an
 * `indicator`, or a `report` where the profile knows no indicators. Source: requirements.md GZ-4c, NB-19b, CQ-OP-3a (any other kind is refused).
 */
export function allowedKind(profile: EgressProfile, named: string | undefined): Result<ProductKind, readonly Problem[]> {
  const kind = named ?? defaultKind(profile);
  if (isProductKind(kind) && profile.productKinds.includes(kind)) return ok(kind);
  return err([problem('egress.kind_not_allowed', { kinds: profile.productKinds, profile: profile.name })]);
}

function defaultKind(profile: EgressProfile): ProductKind {
  const isReport = !profile.productKinds.includes('indicator') && profile.productKinds.includes('report');
  return isReport ? 'report' : 'indicator';
}
