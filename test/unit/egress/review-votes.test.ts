import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ApprovalStepName,
  allowedKind,
  assertUsableProfile,
  type EgressProfile,
  STRICTEST_EGRESS_PROFILE,
  votingSteps,
} from '../../../src/egress/kind-policy.ts';
import { checksOf, PRODUCT_KINDS } from '../../../src/egress/product-kinds.ts';
import { type ReviewVote, stepToVoteOn, tallyVotes } from '../../../src/egress/review-votes.ts';

const DIGEST = 'a'.repeat(64);
const REQUEST = { merchant: 'merchant-a', organisation: 'merchant-a-co', round: 2, contentDigest: DIGEST };
const STEPS = votingSteps(STRICTEST_EGRESS_PROFILE);
const CHONGQING: EgressProfile = {
  ...STRICTEST_EGRESS_PROFILE,
  name: 'chongqing-like',
  approvers: ['security_review', 'business_compliance_review'],
  filingMode: 'none',
};

function cast(voter: string, changes: Partial<ReviewVote> = {}): ReviewVote {
  const shared = {
    at: '2026-03-02T01:00:00.000Z',
    organisation: 'operator-co',
    round: 2,
    step: 'operator_check',
    grounds: null,
    contentDigest: DIGEST,
  } as const;
  return { voter, vote: 'approve', ...shared, ...changes };
}
const against = (voter: string, grounds: ReviewVote['grounds'], changes: Partial<ReviewVote> = {}): ReviewVote =>
  cast(voter, { vote: 'reject', grounds, ...changes });
const standing = (votes: readonly ReviewVote[], affiliates: readonly string[] = []) =>
  tallyVotes(
    STEPS,
    REQUEST,
    votes,
    affiliates.map((affiliate) => ({ organisation: 'merchant-a-co', affiliate, validFrom: null, validTo: null })),
  ).standing;

describe('votes', () => {
  test.each<[string, readonly ReviewVote[], string]>([
    ['two people', [cast('o1'), cast('o2')], 'passed'],
    ['nobody', [], 'open'],
    ['one person', [cast('o1')], 'open'],
    ['one person twice', [cast('o1'), cast('o1')], 'open'],
    ['one of them the author', [cast('o1'), cast('merchant-a')], 'open'],
    ['one of the author’s organisation', [cast('o1'), cast('o2', { organisation: 'merchant-a-co' })], 'open'],
    ['one of an earlier round', [cast('o1'), cast('o2', { round: 1 })], 'open'],
    ['one for other content', [cast('o1'), cast('o2', { contentDigest: 'b'.repeat(64) })], 'open'],
    ['one for a step of another chain', [cast('o1'), cast('o2', { step: 'secrecy_review' })], 'open'],
    ['two, and a third against on disclosure grounds', [cast('o1'), cast('o2'), against('o3', 'disclosure')], 'rejected'],
    ['two, and a third against without grounds', [cast('o1'), cast('o2'), against('o3', null)], 'rejected'],
    ['a tie', [cast('o1'), against('o2', 'quality')], 'open'],
    ['a tie broken by a third', [cast('o1'), against('o2', 'quality'), cast('o3')], 'passed'],
    ['a tie broken the other way', [cast('o1'), against('o2', 'quality'), against('o3', 'purpose')], 'rejected'],
    ['a veto of an earlier round', [cast('o1'), cast('o2'), against('o3', 'disclosure', { round: 1 })], 'passed'],
    [
      'a veto of the author’s own people',
      [cast('o1'), cast('o2'), against('x', 'disclosure', { organisation: 'merchant-a-co' })],
      'passed',
    ],
  ])('%s', (_name, votes, expected) => {
    expect(standing(votes)).toBe(expected);
  });

  test('an affiliate of the author’s organisation counts for nothing', () => {
    const votes = [cast('o1'), cast('o2', { organisation: 'sister-co' })];
    expect([standing(votes), standing(votes, ['sister-co'])]).toEqual(['passed', 'open']);
  });

  test('what counts is who belonged together on the day of the vote, in Asia/Shanghai', () => {
    const term = (validFrom: string | null, validTo: string | null) => ({
      organisation: 'sister-co',
      affiliate: 'merchant-a-co',
      validFrom,
      validTo,
    });
    const of = (at: string, ...terms: readonly ReturnType<typeof term>[]) =>
      tallyVotes(STEPS, REQUEST, [cast('o1'), cast('o2', { organisation: 'sister-co', at })], terms).standing;
    const noon = '2026-03-02T04:00:00.000Z';
    expect(of(noon, term(null, null))).toBe('open');
    expect(of(noon, term('2026-03-02', '2026-03-02'))).toBe('open');
    expect(of(noon, term(null, '2026-03-01'))).toBe('passed');
    expect(of(noon, term('2026-03-03', null))).toBe('passed');
    expect(of(noon, term(null, '2026-03-01'), term('2026-03-02', null))).toBe('open');
    // One in the morning there is the day before in UTC.
    expect(of('2026-03-01T17:00:00.000Z', term('2026-03-02', null))).toBe('open');
    expect(of('2026-03-01T15:59:59.999Z', term('2026-03-02', null))).toBe('passed');
  });

  test('reviewers see one another only when all have voted', () => {
    const open = (votes: readonly ReviewVote[]) => tallyVotes(STEPS, REQUEST, votes, []).isOpenToReviewers;
    expect([open([]), open([cast('o1')]), open([cast('o1'), against('o2', 'quality')])]).toEqual([false, false, true]);
  });

  test('steps go in order, each with its own people', () => {
    const steps = votingSteps(CHONGQING);
    const tally = (votes: readonly ReviewVote[]) => tallyVotes(steps, REQUEST, votes, []);
    const next = (votes: readonly ReviewVote[]) => stepToVoteOn(steps, tally(votes), ['operator'])?.name;
    const first = cast('o1', { step: 'security_review' });
    const second = cast('o1', { step: 'business_compliance_review' });
    expect([next([]), next([first])]).toEqual(['security_review', 'business_compliance_review']);
    expect(tally([first, second]).standing).toBe('open'); // the same person
    expect(tally([first, cast('o2', { step: 'business_compliance_review' })]).standing).toBe('passed');
    expect(stepToVoteOn(steps, tally([]), ['merchant', 'supervisor'])).toBeUndefined();
    const mixed = votingSteps({ ...CHONGQING, approvers: ['secrecy_review', 'security_review'] });
    expect(stepToVoteOn(mixed, tallyVotes(mixed, REQUEST, [], []), ['operator'])).toBeNull();
  });

  const anyVote = fc.record({
    voter: fc.constantFrom('o1', 'o2', 'o3', 'merchant-a'),
    organisation: fc.constantFrom('operator-co', 'merchant-a-co', 'sister-co'),
    round: fc.constantFrom(1, 2),
    step: fc.constantFrom<ApprovalStepName>('operator_check', 'secrecy_review'),
    vote: fc.constantFrom<'approve' | 'reject'>('approve', 'reject'),
    grounds: fc.constantFrom<ReviewVote['grounds']>(null, 'disclosure', 'quality'),
    contentDigest: fc.constantFrom(DIGEST, 'b'.repeat(64)),
    at: fc.constant('2026-03-02T01:00:00.000Z'),
  });

  test('passed only with two different independent people on this content, and never beside a veto', () => {
    fc.assert(
      fc.property(fc.array(anyVote, { maxLength: 8 }), (votes) => {
        if (standing(votes, ['sister-co']) !== 'passed') return;
        const counting = votes.filter((vote) => vote.round === 2 && vote.contentDigest === DIGEST && vote.organisation === 'operator-co');
        const yes = new Set(counting.filter((vote) => vote.vote === 'approve' && vote.voter !== 'merchant-a').map((vote) => vote.voter));
        expect(yes.size).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  test('a veto added to any votes rejects', () => {
    fc.assert(
      fc.property(fc.array(anyVote, { maxLength: 8 }), (votes) => {
        expect(standing([...votes, against('somebody-new', 'disclosure')], ['sister-co'])).toBe('rejected');
      }),
    );
  });
});

describe('profiles', () => {
  test.each<[string, Partial<EgressProfile>]>([
    ['an unknown step', { approvers: ['operator_check', 'supervisor_filing', 'rubber_stamp' as ApprovalStepName] }],
    ['a step twice', { approvers: ['operator_check', 'operator_check', 'supervisor_filing'] }],
    ['one person alone', { approvers: ['security_review', 'supervisor_filing'] }],
    ['a receipt without filing', { filingMode: 'none' }],
    ['filing without a receipt step', { approvers: ['operator_check'] }],
    ['an unknown kind', { productKinds: ['indicator', 'raw' as 'report'] }],
    ['no kind', { productKinds: [] }],
    ['three domains', { checkDomains: ['data_security', 'network_security', 'trade_secret'] }],
  ])('with %s are refused', (_name, change) => {
    expect(() => assertUsableProfile({ ...STRICTEST_EGRESS_PROFILE, ...change })).toThrow('Egress profile');
  });

  test('the built-in one can be followed', () => {
    expect(assertUsableProfile(STRICTEST_EGRESS_PROFILE)).toBe(STRICTEST_EGRESS_PROFILE);
    expect(assertUsableProfile(CHONGQING)).toBe(CHONGQING);
  });

  test('only kinds of the profile leave; no name is an indicator', () => {
    for (const kind of PRODUCT_KINDS) {
      expect(allowedKind(STRICTEST_EGRESS_PROFILE, kind).ok, kind).toBe(STRICTEST_EGRESS_PROFILE.productKinds.includes(kind));
    }
    expect(allowedKind(STRICTEST_EGRESS_PROFILE, undefined)).toEqual({ ok: true, value: 'indicator' });
    for (const odd of ['raw', 'raw_data', 'Indicator', '', 'constructor', '__proto__']) {
      expect(allowedKind(STRICTEST_EGRESS_PROFILE, odd).ok, odd).toBe(false);
    }
  });

  /** From requirements.md §10.3, read once more by hand: required checks. */
  test.each([
    ['indicator', 'P S M K D R L A H W'],
    ['report', 'P S X M K D R L A H W'],
    ['masked_dataset', 'P S X M D R L A H W'],
    ['model_algorithm', 'P S X M R L A H W'],
    ['component', 'P S X M R A H W'],
    ['application', 'P S X M R A H W O'],
    ['api', 'P S X M K D R L A H O'],
    ['service', 'P S X M K D R L A H W O'],
    ['business_service', 'P S X M K D R L A H W O'],
    ['verification', 'P S M C D R L A H O'],
  ] as const)('%s needs %s', (kind, needed) => {
    const required = checksOf(kind).filter((item) => item.need === 'required');
    expect(required.map((item) => item.check).join(' ')).toBe(needed);
  });
});
