import type { AuditOperation } from '../audit/operation.ts';

/** Where an egress request may stand. Source: requirements.md §5.6, reduced to the states of the first form. */
export const EGRESS_STATES = [
  'CREATED',
  'AUTO_CHECK',
  'BLOCKED',
  'REVIEW',
  'RETURNED',
  'REJECTED',
  'CHECKED',
  'FILED',
  'RELEASED',
  'RECALLED',
  'WITHDRAWN',
] as const;
export type EgressState = (typeof EGRESS_STATES)[number];

/** Who moves a request along one arrow; `system` is the instance itself, never a person. */
export type EgressOwner = 'system' | 'merchant' | 'operator' | 'supervisor';

/** What must hold before the arrow may be taken. Each guard is checked where the transition is made. */
export type EgressGuard =
  | 'nothing_releasable'
  | 'something_releasable'
  | 'reason_given'
  | 'reviewer_independent'
  | 'two_approvals'
  | 'receipt_given'
  | 'digest_unchanged'
  | 'digest_changed'
  | 'own_request';

export interface EgressTransition {
  readonly from: EgressState;
  readonly to: EgressState;
  readonly owners: readonly EgressOwner[];
  readonly guards: readonly EgressGuard[];
  /** Operation name of the audit event that stands in the same transaction. Every arrow has one. */
  readonly audit: AuditOperation;
}

const BEFORE_RELEASE = ['CREATED', 'REVIEW', 'RETURNED', 'CHECKED', 'FILED'] as const;
const UNDER_REVIEW = ['REVIEW', 'CHECKED', 'FILED'] as const;

/**
 * The whole machine. What is not listed is impossible; no arrow is ever taken because time ran out.
 * Source: requirements.md §5.6; architecture.md, "Conventions" (every state machine is a table).
 */
export const EGRESS_TRANSITIONS: readonly EgressTransition[] = [
  { from: 'CREATED', to: 'AUTO_CHECK', owners: ['system'], guards: [], audit: 'egress.check' },
  { from: 'AUTO_CHECK', to: 'BLOCKED', owners: ['system'], guards: ['nothing_releasable'], audit: 'egress.check' },
  { from: 'AUTO_CHECK', to: 'REVIEW', owners: ['system'], guards: ['something_releasable'], audit: 'egress.check' },
  {
    from: 'REVIEW',
    to: 'CHECKED',
    owners: ['operator'],
    guards: ['reviewer_independent', 'two_approvals', 'digest_unchanged'],
    audit: 'egress.check',
  },
  { from: 'REVIEW', to: 'RETURNED', owners: ['operator'], guards: ['reviewer_independent', 'reason_given'], audit: 'egress.return' },
  ...UNDER_REVIEW.map(
    (from): EgressTransition => ({
      from,
      to: 'REJECTED',
      owners: ['operator'],
      guards: ['reviewer_independent', 'reason_given'],
      audit: 'egress.vote',
    }),
  ),
  { from: 'CHECKED', to: 'REVIEW', owners: ['system'], guards: ['digest_changed'], audit: 'egress.check' },
  { from: 'FILED', to: 'REVIEW', owners: ['system'], guards: ['digest_changed'], audit: 'egress.check' },
  { from: 'CHECKED', to: 'FILED', owners: ['supervisor'], guards: ['receipt_given', 'digest_unchanged'], audit: 'egress.file' },
  {
    from: 'FILED',
    to: 'RELEASED',
    owners: ['operator'],
    guards: ['two_approvals', 'receipt_given', 'digest_unchanged'],
    audit: 'egress.release',
  },
  { from: 'RELEASED', to: 'RECALLED', owners: ['operator', 'supervisor'], guards: ['reason_given'], audit: 'egress.recall' },
  ...BEFORE_RELEASE.map(
    (from): EgressTransition => ({
      from,
      to: 'WITHDRAWN',
      owners: ['merchant'],
      guards: ['own_request', 'reason_given'],
      audit: 'egress.withdraw',
    }),
  ),
];

/** States that nothing leaves. A rejection on disclosure grounds is one: only a new job opens a new request. */
export const FINAL_EGRESS_STATES: readonly EgressState[] = ['BLOCKED', 'REJECTED', 'RECALLED', 'WITHDRAWN'];

/** The arrow from one state to another, or undefined where there is none. */
export function egressTransition(from: EgressState, to: EgressState): EgressTransition | undefined {
  return EGRESS_TRANSITIONS.find((item) => item.from === from && item.to === to);
}
