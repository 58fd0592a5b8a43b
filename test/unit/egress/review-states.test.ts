import { describe, expect, test } from 'vitest';
import {
  EGRESS_TRANSITIONS,
  type EgressOwner,
  type EgressState,
  egressTransition,
  FINAL_EGRESS_STATES,
  STATE_OWNERS,
} from '../../../src/egress/review-states.ts';

const STATES: readonly EgressState[] = [
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
];

/** Written by hand from requirements.md §5.6, apart from the table. */
const ALLOWED: Readonly<Record<EgressState, readonly EgressState[]>> = {
  CREATED: ['AUTO_CHECK', 'WITHDRAWN'],
  AUTO_CHECK: ['BLOCKED', 'HELD_LINKAGE', 'REVIEW'],
  BLOCKED: [],
  HELD_LINKAGE: ['REVIEW', 'REJECTED', 'WITHDRAWN'],
  REVIEW: ['CHECKED', 'RETURNED', 'REJECTED', 'WITHDRAWN'],
  RETURNED: ['REVIEW', 'WITHDRAWN'],
  REJECTED: ['APPEALED'],
  APPEALED: ['REVIEW', 'REJECTED', 'WITHDRAWN'],
  CHECKED: ['FILED', 'RELEASED', 'REVIEW', 'REJECTED', 'WITHDRAWN'],
  FILED: ['RELEASED', 'REVIEW', 'REJECTED', 'WITHDRAWN'],
  RELEASED: ['RECALLED'],
  RECALLED: [],
  WITHDRAWN: [],
};

/** For every pair that exists: who. Everybody else may not. */
const WHO: Readonly<Record<string, readonly EgressOwner[]>> = {
  'CREATED AUTO_CHECK': ['system'],
  'AUTO_CHECK BLOCKED': ['system'],
  'AUTO_CHECK HELD_LINKAGE': ['system'],
  'AUTO_CHECK REVIEW': ['system'],
  'HELD_LINKAGE REVIEW': ['operator'],
  'HELD_LINKAGE REJECTED': ['operator'],
  'REVIEW CHECKED': ['reviewer'],
  'REVIEW RETURNED': ['reviewer'],
  'RETURNED REVIEW': ['merchant'],
  'REJECTED APPEALED': ['merchant'],
  'APPEALED REVIEW': ['supervisor'],
  'APPEALED REJECTED': ['supervisor'],
  'CHECKED REVIEW': ['system'],
  'FILED REVIEW': ['system'],
  'CHECKED FILED': ['supervisor'],
  'CHECKED RELEASED': ['operator'],
  'FILED RELEASED': ['operator'],
  'RELEASED RECALLED': ['operator', 'supervisor'],
};
const ROLES: readonly EgressOwner[] = ['system', 'merchant', 'operator', 'reviewer', 'supervisor'];

describe('egress review states', () => {
  for (const from of STATES) {
    for (const to of STATES) {
      const allowed = ALLOWED[from].includes(to);
      test(`${from} → ${to} ${allowed ? 'exists' : 'does not exist'}`, () => {
        expect(egressTransition(from, to) !== undefined).toBe(allowed);
      });
    }
  }

  for (const from of STATES) {
    for (const to of STATES) {
      for (const role of ROLES) {
        const isRejection = to === 'REJECTED' && role === 'reviewer' && ['REVIEW', 'CHECKED', 'FILED'].includes(from);
        const isWithdrawal = to === 'WITHDRAWN' && role === 'merchant' && ALLOWED[from].includes(to);
        const may = isRejection || isWithdrawal || (WHO[`${from} ${to}`] ?? []).includes(role);
        test(`${role} ${may ? 'moves' : 'never moves'} ${from} → ${to}`, () => {
          expect(egressTransition(from, to)?.owners.includes(role) ?? false).toBe(may);
        });
      }
    }
  }

  test('every state has an owner, and only over ones have none', () => {
    for (const state of STATES) expect(STATE_OWNERS[state] === 'nobody', state).toBe(FINAL_EGRESS_STATES.includes(state));
  });

  test('nothing is released without votes, unchanged digest and no hard finding', () => {
    for (const item of EGRESS_TRANSITIONS.filter((arrow) => arrow.to === 'RELEASED')) {
      expect(item.guards).toEqual(expect.arrayContaining(['votes_passed', 'digest_unchanged', 'no_hard_finding', 'assessment_on_record']));
      expect(item.guards.includes('receipt_given') || item.guards.includes('profile_without_filing')).toBe(true);
    }
  });

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

  test('no merchant moves a request towards release', () => {
    for (const item of EGRESS_TRANSITIONS)
      if (item.owners.includes('merchant')) expect(['WITHDRAWN', 'APPEALED', 'REVIEW']).toContain(item.to);
  });
});
