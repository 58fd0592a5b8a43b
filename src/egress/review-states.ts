import type { AuditOperation } from '../audit/operation.ts';

/**
 * Where an egress request may stand. Source: requirements.md §5.6, with RETURNED (to the merchant, with questions) added and
 * WITHDRAWN reachable from every open state.
 */
export const EGRESS_STATES = [
  'CREATED',
  'AUTO_CHECK',
  'BLOCKED',
  'HELD_LINKAGE',
  'REVIEW',
  'RETURNED',
  'REJECTED',
  'APPEALED',
  'CHECKED',
  'FILED',
  'RELEASED',
  'RECALLED',
  'WITHDRAWN',
] as const;
export type EgressState = (typeof EGRESS_STATES)[number];

/** Who moves a request along one arrow; `system` is the instance itself, `reviewer` whom the profile's chain names. */
export type EgressOwner = 'system' | 'merchant' | 'operator' | 'reviewer' | 'supervisor';

/** What must hold before the arrow may be taken. Each guard is checked where the transition is made. */
export type EgressGuard =
  | 'nothing_releasable'
  | 'something_releasable'
  | 'hard_finding'
  | 'no_hard_finding'
  | 'accumulation_found'
  | 'reason_given'
  | 'reviewer_independent'
  | 'votes_passed'
  | 'veto_or_votes_failed'
  | 'checklist_passed'
  | 'assessment_on_record'
  | 'receipt_given'
  | 'profile_without_filing'
  | 'digest_unchanged'
  | 'digest_changed'
  | 'questions_answered'
  | 'own_request';

export interface EgressTransition {
  readonly from: EgressState;
  readonly to: EgressState;
  readonly owners: readonly EgressOwner[];
  readonly guards: readonly EgressGuard[];
  /** Operation name of the audit event that stands in the same transaction. Every arrow has one. */
  readonly audit: AuditOperation;
}

/** Who has the next word in a state; `nobody` where it is over. Source: egress-rules.md §2.3 (owner per state). */
export const STATE_OWNERS: Readonly<Record<EgressState, EgressOwner | 'nobody'>> = {
  CREATED: 'system',
  AUTO_CHECK: 'system',
  BLOCKED: 'nobody',
  HELD_LINKAGE: 'operator',
  REVIEW: 'reviewer',
  RETURNED: 'merchant',
  REJECTED: 'merchant',
  APPEALED: 'supervisor',
  CHECKED: 'supervisor',
  FILED: 'operator',
  RELEASED: 'operator',
  RECALLED: 'nobody',
  WITHDRAWN: 'nobody',
};

/** States of which nothing has been decided for good: the merchant may take the request back. */
const OPEN_STATES = ['CREATED', 'HELD_LINKAGE', 'REVIEW', 'RETURNED', 'APPEALED', 'CHECKED', 'FILED'] as const;
const UNDER_REVIEW = ['REVIEW', 'CHECKED', 'FILED'] as const;

function arrow(
  from: EgressState,
  to: EgressState,
  owners: EgressOwner | readonly EgressOwner[],
  guards: readonly EgressGuard[],
  audit: AuditOperation,
): EgressTransition {
  return { from, to, owners: typeof owners === 'string' ? [owners] : owners, guards, audit };
}

/**
 * The whole machine. What is not listed is impossible; no arrow is ever taken because time ran out. A request that the gate blocked
 * stays blocked: only a new artefact can change it, and its merchant never learns of it (gate.md §9), so nobody appeals.
 * Source: requirements.md §5.6; architecture.md, "Conventions" (every state machine is a table).
 */
export const EGRESS_TRANSITIONS: readonly EgressTransition[] = [
  arrow('CREATED', 'AUTO_CHECK', 'system', [], 'egress.check'),
  arrow('AUTO_CHECK', 'BLOCKED', 'system', ['nothing_releasable', 'hard_finding'], 'egress.check'),
  arrow('AUTO_CHECK', 'HELD_LINKAGE', 'system', ['accumulation_found', 'no_hard_finding'], 'egress.check'),
  arrow('AUTO_CHECK', 'REVIEW', 'system', ['something_releasable', 'no_hard_finding'], 'egress.check'),
  arrow('HELD_LINKAGE', 'REVIEW', 'operator', ['reviewer_independent', 'reason_given'], 'egress.clear'),
  arrow('HELD_LINKAGE', 'REJECTED', 'operator', ['reviewer_independent', 'reason_given'], 'egress.vote'),
  arrow(
    'REVIEW',
    'CHECKED',
    'reviewer',
    ['reviewer_independent', 'votes_passed', 'checklist_passed', 'no_hard_finding', 'digest_unchanged'],
    'egress.check',
  ),
  arrow('REVIEW', 'RETURNED', 'reviewer', ['reviewer_independent', 'reason_given'], 'egress.return'),
  arrow('RETURNED', 'REVIEW', 'merchant', ['own_request', 'questions_answered'], 'egress.resubmit'),
  ...UNDER_REVIEW.map((from) =>
    arrow(from, 'REJECTED', 'reviewer', ['reviewer_independent', 'reason_given', 'veto_or_votes_failed'], 'egress.vote'),
  ),
  arrow('REJECTED', 'APPEALED', 'merchant', ['own_request', 'reason_given'], 'egress.appeal'),
  arrow('APPEALED', 'REVIEW', 'supervisor', ['reviewer_independent', 'reason_given', 'no_hard_finding'], 'egress.appeal'),
  arrow('APPEALED', 'REJECTED', 'supervisor', ['reviewer_independent', 'reason_given'], 'egress.appeal'),
  arrow('CHECKED', 'REVIEW', 'system', ['digest_changed'], 'egress.check'),
  arrow('FILED', 'REVIEW', 'system', ['digest_changed'], 'egress.check'),
  arrow('CHECKED', 'FILED', 'supervisor', ['receipt_given', 'digest_unchanged'], 'egress.file'),
  arrow(
    'CHECKED',
    'RELEASED',
    'operator',
    ['profile_without_filing', 'votes_passed', 'assessment_on_record', 'no_hard_finding', 'digest_unchanged'],
    'egress.release',
  ),
  arrow(
    'FILED',
    'RELEASED',
    'operator',
    ['votes_passed', 'receipt_given', 'assessment_on_record', 'no_hard_finding', 'digest_unchanged'],
    'egress.release',
  ),
  arrow('RELEASED', 'RECALLED', ['operator', 'supervisor'], ['reason_given'], 'egress.recall'),
  ...OPEN_STATES.map((from) => arrow(from, 'WITHDRAWN', 'merchant', ['own_request', 'reason_given'], 'egress.withdraw')),
];

/** States that nothing leaves: only a new job opens a new request. */
export const FINAL_EGRESS_STATES: readonly EgressState[] = ['BLOCKED', 'RECALLED', 'WITHDRAWN'];

/** The arrow from one state to another, or undefined where there is none. */
export function egressTransition(from: EgressState, to: EgressState): EgressTransition | undefined {
  return EGRESS_TRANSITIONS.find((item) => item.from === from && item.to === to);
}
