import { describe, expect, test } from 'vitest';
import { EGRESS_TRANSITIONS, type EgressState, egressTransition, FINAL_EGRESS_STATES } from '../../../src/egress/review-states.ts';

const STATES: readonly EgressState[] = [
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
];

/** Written by hand from requirements.md §5.6, apart from the table. */
const ALLOWED: Readonly<Record<EgressState, readonly EgressState[]>> = {
  CREATED: ['AUTO_CHECK', 'WITHDRAWN'],
  AUTO_CHECK: ['BLOCKED', 'REVIEW'],
  BLOCKED: [],
  REVIEW: ['CHECKED', 'RETURNED', 'REJECTED', 'WITHDRAWN'],
  RETURNED: ['WITHDRAWN'],
  REJECTED: [],
  CHECKED: ['FILED', 'REVIEW', 'REJECTED', 'WITHDRAWN'],
  FILED: ['RELEASED', 'REVIEW', 'REJECTED', 'WITHDRAWN'],
  RELEASED: ['RECALLED'],
  RECALLED: [],
  WITHDRAWN: [],
};

describe('egress review states', () => {
  for (const from of STATES) {
    for (const to of STATES) {
      const allowed = ALLOWED[from].includes(to);
      test(`${from} → ${to} ${allowed ? 'exists' : 'does not exist'}`, () => {
        expect(egressTransition(from, to) !== undefined).toBe(allowed);
      });
    }
  }

  test('a pair has at most one arrow, and every arrow has an owner and an audit event', () => {
    const pairs = EGRESS_TRANSITIONS.map((item) => `${item.from} ${item.to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    for (const item of EGRESS_TRANSITIONS) {
      expect(item.owners.length).toBeGreaterThan(0);
      expect(item.audit).toMatch(/^egress\.[a-z_]+$/);
    }
  });

  test('nothing leaves a final state, something leaves every other', () => {
    for (const state of STATES) {
      const leaves = EGRESS_TRANSITIONS.some((item) => item.from === state);
      expect(leaves, state).toBe(!FINAL_EGRESS_STATES.includes(state));
    }
  });

  test('only a filed request is released, and only with votes, receipt and unchanged digest', () => {
    const arrows = EGRESS_TRANSITIONS.filter((item) => item.to === 'RELEASED');
    expect(arrows.map((item) => item.from)).toEqual(['FILED']);
    expect(arrows[0]?.guards).toEqual(expect.arrayContaining(['two_approvals', 'receipt_given', 'digest_unchanged']));
  });

  test('no merchant moves a request towards release', () => {
    for (const item of EGRESS_TRANSITIONS) if (item.owners.includes('merchant')) expect(item.to).toBe('WITHDRAWN');
  });
});
