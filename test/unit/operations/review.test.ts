import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EgressProfile, STRICTEST_EGRESS_PROFILE } from '../../../src/egress/kind-policy.ts';
import type { Actor } from '../../../src/operations/actor.ts';
import {
  codes,
  dispose,
  openInstance,
  scriptedPipeline,
  seededInstance,
  type TestInstance,
  value,
} from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const who = (id: string): Actor => instance.actor(id);
const OPERATOR_3: Actor = { id: 'operator-3', organisation: 'operator-co', roles: ['operator'] };
const approve = (by: Actor, id: string) => instance.operations.approve(by, { id, reason: 'fine' });
const object = (by: Actor, id: string, grounds: 'disclosure' | 'quality') =>
  instance.operations.reject(by, { id, reason: 'not fine', grounds });
const seen = async (by: string, id: string) => value(await instance.operations.showEgress(who(by), id));

describe('blind votes', () => {
  test('a reviewer sees nothing of the others until all have voted; the auditor sees everything', async () => {
    const { id } = await instance.requestInReview();
    value(await approve(who('operator-1'), id));
    value(await instance.operations.comment(who('operator-1'), { id, text: 'leans on one office', visibility: 'private' }));
    for (const by of ['operator-2', 'supervisor-1']) {
      expect(await seen(by, id)).toMatchObject({ votes: [], votesCast: 1, comments: [] });
      expect(await seen(by, id)).not.toHaveProperty('standings');
    }
    expect((await seen('operator-1', id)).votes).toMatchObject([{ by: 'operator-1' }]);
    expect(await seen('auditor-1', id)).toMatchObject({ votes: [{ by: 'operator-1' }], comments: [{ text: 'leans on one office' }] });
    value(await object(who('operator-2'), id, 'quality'));
    expect((await seen('supervisor-1', id)).votes).toHaveLength(2);
    expect((await seen('merchant-a', id)).comments).toBeUndefined();
  });

  test('an objection can be outvoted, a veto cannot', async () => {
    const [first, second] = [(await instance.requestInReview()).id, (await instance.requestInReview('SELECT 2')).id];
    value(await approve(who('operator-1'), first));
    expect(value(await object(who('operator-2'), first, 'quality')).state).toBe('REVIEW');
    expect(value(await approve(OPERATOR_3, first)).state).toBe('CHECKED');
    value(await approve(who('operator-1'), second));
    expect(value(await object(who('operator-2'), second, 'disclosure')).state).toBe('REJECTED');
    expect(codes(await approve(OPERATOR_3, second))).toEqual(['access.state_conflict']);
  });

  test('an affiliate of the merchant neither votes nor looks inside', async () => {
    const { id } = await instance.requestInReview();
    const declared = { organisation: 'merchant-a-co', affiliate: 'operator-co', reason: 'same owner' };
    expect(codes(await instance.operations.declareAffiliation(who('merchant-a'), declared))).toEqual(['access.forbidden']);
    expect(codes(await instance.operations.declareAffiliation(who('operator-1'), { ...declared, affiliate: 'merchant-a-co' }))).toEqual([
      'egress.same_organisation',
    ]);
    value(await approve(who('operator-1'), id));
    value(await instance.operations.declareAffiliation(who('operator-1'), declared));
    expect(codes(await approve(who('operator-2'), id))).toEqual(['access.separation_of_duties']);
    expect(await seen('operator-2', id)).not.toHaveProperty('preview');
    // What an affiliate voted before it was known counts no more.
    expect((await seen('auditor-1', id)).standings).toMatchObject([{ approvals: 0 }]);
  });
});

describe('affiliations that end', () => {
  const pair = { organisation: 'merchant-a-co', affiliate: 'operator-co', reason: 'same owner' };
  const OUTSIDER: Actor = { id: 'operator-8', organisation: 'second-operator-co', roles: ['operator'] };

  test('bind on their days, are kept for good, and are not ended by whom they bind', async () => {
    const { operations, clock } = instance;
    const { id } = await instance.requestInReview();
    value(await operations.declareAffiliation(OUTSIDER, { ...pair, validFrom: '2026-03-03' }));
    // Not yet: it begins tomorrow.
    value(await approve(who('operator-1'), id));
    clock.set('2026-03-03T01:00:00.000Z');
    expect(codes(await approve(who('operator-2'), id))).toEqual(['access.separation_of_duties']);
    expect((await seen('auditor-1', id)).standings).toMatchObject([{ approvals: 1 }]);
    const end = (by: Actor, more = {}) => operations.endAffiliation(by, { ...pair, ...more });
    expect(codes(await end(who('operator-1')))).toEqual(['access.separation_of_duties']);
    expect(codes(await end(who('merchant-a')))).toEqual(['access.forbidden']);
    for (const validTo of ['2026-03-02', 'yesterday', '2026-02-31'])
      expect(codes(await end(OUTSIDER, { validTo })), validTo).toEqual(['egress.affiliation_days']);
    // Whichever of the two is named first.
    const turned = { organisation: pair.affiliate, affiliate: pair.organisation };
    value(await end(OUTSIDER, { ...turned, validTo: '2026-03-04' }));
    expect(codes(await end(OUTSIDER, { validTo: '2027-01-01' }))).toEqual(['access.state_conflict']);
    clock.set('2026-03-04T15:59:00.000Z');
    expect(codes(await approve(who('operator-2'), id))).toEqual(['access.separation_of_duties']);
    clock.set('2026-03-04T16:00:00.000Z');
    expect(value(await approve(who('operator-2'), id)).state).toBe('CHECKED');
    expect(value(await operations.listAffiliations(OUTSIDER, { organisation: 'operator-co' }))).toEqual({
      organisation: 'operator-co',
      affiliates: [],
      terms: [{ organisation: 'merchant-a-co', affiliate: 'operator-co', validFrom: '2026-03-03', validTo: '2026-03-04' }],
    });
    const bad = { ...pair, validFrom: '2026-03-05', validTo: '2026-03-04' };
    expect(codes(await operations.declareAffiliation(OUTSIDER, bad))).toEqual(['egress.affiliation_days']);
  });

  test('one that is found out later voids the votes of its days', async () => {
    const { id } = await instance.requestInReview();
    value(await approve(who('operator-1'), id));
    instance.clock.set('2026-04-01T01:00:00.000Z');
    value(await instance.operations.declareAffiliation(OUTSIDER, { ...pair, validFrom: '2026-01-01', validTo: '2026-03-15' }));
    expect((await seen('auditor-1', id)).standings).toMatchObject([{ approvals: 0 }]);
    value(await approve(who('operator-2'), id));
    expect((await seen('auditor-1', id)).standings).toMatchObject([{ approvals: 1 }]);
  });
});

describe('what an approval says', () => {
  test('of files: every one, and none of them refused', async () => {
    const { id } = await instance.requestInReview();
    const vote = (files: readonly { readonly name: string; readonly vote: 'approve' | 'reject' }[]) =>
      instance.operations.approve(who('operator-1'), { id, reason: 'fine', files });
    expect((await seen('operator-1', id)).files).toMatchObject([{ name: 'data' }]);
    expect(codes(await vote([]))).toEqual(['egress.files_incomplete']);
    expect(codes(await vote([{ name: 'other', vote: 'approve' }]))).toEqual(['egress.files_incomplete']);
    expect(codes(await vote([{ name: 'data', vote: 'reject' }]))).toEqual(['egress.files_incomplete']);
    value(await vote([{ name: 'data', vote: 'approve' }]));
    const all = [{ name: 'data', vote: 'approve' as const }];
    const reject = instance.operations.reject(who('operator-2'), { id, reason: 'no', files: all });
    expect(codes(await reject)).toEqual(['egress.files_incomplete']);
  });

  test('files are counted one by one, once reviewers see one another', async () => {
    const { id } = await instance.requestInReview();
    value(await instance.operations.approve(who('operator-1'), { id, reason: 'fine', files: [{ name: 'data', vote: 'approve' }] }));
    expect((await seen('operator-2', id)).files?.[0]).not.toHaveProperty('approvals');
    const against = { id, reason: 'unclear', grounds: 'quality', files: [{ name: 'data', vote: 'reject' }] } as const;
    value(await instance.operations.reject(who('operator-2'), against));
    expect((await seen('operator-2', id)).files).toMatchObject([{ name: 'data', approvals: 1, rejections: 1 }]);
    expect((await seen('operator-2', id)).lineage).toHaveLength(2);
    expect(JSON.stringify(await seen('merchant-a', id).catch(() => null))).not.toContain('approvals');
  });

  test('of the compliance check: twelve cells, none failed', async () => {
    const { id } = await instance.requestInReview();
    expect((await seen('operator-1', id)).checklist).toHaveLength(12);
    expect((await seen('operator-1', id)).checklist?.every((cell) => cell.result === 'pass')).toBe(true);
    const checklist = [{ object: 'use_and_scenario', domain: 'trade_secret', result: 'fail', evidence: 'not in the agreement' }] as const;
    const refused = await instance.operations.approve(who('operator-1'), { id, reason: 'fine', checklist });
    expect(codes(refused)).toEqual(['egress.checklist_unmet']);
  });

  test.each(['hard', 'soft'] as const)('a %s finding of a check', async (severity) => {
    const usual = scriptedPipeline();
    await dispose(instance);
    instance = await seededInstance({
      pipeline: {
        ...usual,
        async answer(...asked) {
          const answered = await usual.answer(...asked);
          const finding = { rule: 'detector.name', severity, text: 'a name', check: 'M' } as const;
          return answered.ok ? { ok: true, value: { ...answered.value, findings: [...answered.value.findings, finding] } } : answered;
        },
      },
    });
    const job = await instance.realJob('SELECT 1');
    if (severity === 'hard') {
      expect(job).toMatchObject({ state: 'REAL_FAILED', problems: [{ code: 'job.not_released' }] });
      expect(value(await instance.operations.listEgress(who('merchant-a'), {}))).toEqual([]);
      const [request] = value(await instance.operations.listEgress(who('operator-1'), {}));
      expect(request?.state).toBe('BLOCKED');
      expect(codes(await approve(who('operator-1'), request?.id ?? ''))).toEqual(['access.state_conflict']);
      return;
    }
    const id = job.egressId ?? '';
    expect(codes(await approve(who('operator-1'), id))).toEqual(['egress.waiver_missing']);
    const waive = (reason: string) =>
      instance.operations.approve(who('operator-1'), { id, reason: 'fine', waivers: [{ rule: 'detector.name', reason }] });
    expect(codes(await waive(' '))).toEqual(['egress.waiver_missing']);
    value(await waive('the name of a street'));
    const log = JSON.stringify(await instance.ports.audit.entries({ after: 0, limit: 1000 }));
    expect([log.includes('"waived":["detector.name"]'), log.includes('street')]).toEqual([true, false]);
  });
});

describe('returned with questions', () => {
  test('the merchant answers each, and the votes of the round before are void', async () => {
    const { id } = await instance.requestInReview();
    const ask = { id, reason: 'the purpose is not clear', questions: ['For which office?', 'Until when?'] };
    value(await approve(who('operator-1'), id));
    expect(value(await instance.operations.returnToMerchant(who('operator-2'), ask)).state).toBe('RETURNED');
    const told = await seen('merchant-a', id);
    expect(told).toMatchObject({
      owner: 'merchant',
      comments: [{ by: 'reviewer', kind: 'comment' }, { kind: 'question' }, { kind: 'question' }],
    });
    expect(value(await instance.operations.listNotices(who('merchant-a')))).toMatchObject([{ kind: 'egress.returned', object: id }]);
    const answer = (answers: readonly string[], by = 'merchant-a') => instance.operations.resubmit(who(by), { id, answers });
    expect(codes(await answer(['the first']))).toEqual(['egress.questions_open']);
    expect(codes(await answer(['the first', ' ']))).toEqual(['egress.reason_missing']);
    expect(codes(await answer(['the first', 'June'], 'merchant-b'))).toEqual(['access.not_found']);
    expect(value(await answer(['the first', 'June']))).toMatchObject({ state: 'REVIEW', round: 2 });
    expect(codes(await answer(['the first', 'June']))).toEqual(['egress.questions_open'].slice(1).concat('access.state_conflict'));
    // Who approved in the first round has to approve again.
    expect(value(await approve(who('operator-2'), id)).state).toBe('REVIEW');
    expect(value(await approve(who('operator-1'), id)).state).toBe('CHECKED');
    const rounds = (await seen('auditor-1', id)).votes?.map((vote) => [vote.round, vote.by]);
    expect(rounds).toEqual([
      [1, 'operator-1'],
      [2, 'operator-2'],
      [2, 'operator-1'],
    ]);
  });

  test('withdrawn and returned rounds stay with the auditor, with their reasons', async () => {
    const { id } = await instance.requestInReview();
    value(await instance.operations.returnToMerchant(who('operator-1'), { id, reason: 'say what for' }));
    value(await instance.operations.withdraw(who('merchant-a'), { id, reason: 'not needed' }));
    expect(await seen('auditor-1', id)).toMatchObject({
      state: 'WITHDRAWN',
      reasons: [
        { by: 'operator-1', step: 'returned', reason: 'say what for' },
        { by: 'merchant-a', step: 'withdrawn' },
      ],
    });
  });

  test.each(['120 in all', 'see 越秀', 'about １２０ people', 'the 42s'])(
    'what the merchant reads never repeats the result: %s',
    async (text) => {
      const { id } = await instance.requestInReview();
      const isQuote = text !== 'the 42s';
      const returned = await instance.operations.returnToMerchant(who('operator-1'), { id, reason: 'see questions', questions: [text] });
      expect(codes(returned)).toEqual(isQuote ? ['egress.comment_quotes_result'] : []);
    },
  );

  test('public comments wait until the review is over, private ones never come', async () => {
    const { id } = await instance.requestInReview();
    for (const visibility of ['public', 'private'] as const)
      value(await instance.operations.comment(who('operator-1'), { id, text: `${visibility} words`, visibility }));
    expect((await seen('merchant-a', id)).comments).toBeUndefined();
    value(await object(who('operator-2'), id, 'disclosure'));
    expect((await seen('merchant-a', id)).comments).toMatchObject([{ by: 'reviewer', text: 'public words' }]);
    expect(codes(await instance.operations.comment(who('merchant-a'), { id, text: 'x', visibility: 'public' }))).toEqual([
      'access.state_conflict',
    ]);
  });
});

describe('appeals', () => {
  test('an upheld one goes to review again and releases nothing by itself', async () => {
    const { id } = await instance.requestInReview();
    value(await object(who('operator-1'), id, 'disclosure'));
    const reason = 'it is public';
    expect(codes(await instance.operations.appeal(who('merchant-b'), { id, reason }))).toEqual(['access.not_found']);
    expect(value(await instance.operations.appeal(who('merchant-a'), { id, reason })).state).toBe('APPEALED');
    const decide = (by: string, isUpheld: boolean) => instance.operations.decideAppeal(who(by), { id, isUpheld, reason: 'looked at it' });
    expect(codes(await decide('operator-1', true))).toEqual(['access.forbidden']);
    expect(value(await decide('supervisor-1', true))).toMatchObject({ state: 'REVIEW', round: 2 });
    value(await approve(who('operator-1'), id));
    expect(value(await approve(who('operator-2'), id)).state).toBe('CHECKED');
  });

  test('a dismissed one stays rejected', async () => {
    const { id } = await instance.requestInReview();
    value(await object(who('operator-1'), id, 'disclosure'));
    value(await instance.operations.appeal(who('merchant-a'), { id, reason: 'please' }));
    const dismissed = await instance.operations.decideAppeal(who('supervisor-1'), { id, isUpheld: false, reason: 'no' });
    expect(value(dismissed).state).toBe('REJECTED');
  });
});

describe('chains of other profiles', () => {
  const open = async (change: Partial<EgressProfile>): Promise<void> => {
    await instance.close();
    instance = await openInstance(instance.folder, { egressProfile: { ...STRICTEST_EGRESS_PROFILE, ...change } });
  };
  const people = (role: 'expert' | 'secrecy'): readonly Actor[] =>
    [1, 2].map((at) => ({ id: `${role}-${at}`, organisation: 'review-office', roles: [role] }));

  test('experts decide and operators have no say; without filing it leaves from CHECKED', async () => {
    await open({ name: 'ningbo-like', approvers: ['authority_expert_review'], filingMode: 'none' });
    const { id } = await instance.requestInReview();
    expect(codes(await approve(who('operator-1'), id))).toEqual(['access.forbidden']);
    for (const person of people('expert')) value(await approve(person, id));
    expect((await seen('auditor-1', id)).state).toBe('CHECKED');
    const released = value(await instance.operations.release(who('operator-1'), id));
    expect(released.state).toBe('available');
  });

  test('secrecy review, then operators, then an assessment: in this order, and none left out', async () => {
    await open({ name: 'q', approvers: ['secrecy_review', 'operator_check', 'risk_assessment'], filingMode: 'none' });
    const { id } = await instance.requestInReview();
    expect(codes(await approve(who('operator-1'), id))).toEqual(['egress.not_your_step']);
    for (const person of people('secrecy')) expect(value(await approve(person, id)).state).toBe('REVIEW');
    value(await approve(who('operator-1'), id));
    expect(value(await approve(who('operator-2'), id)).state).toBe('CHECKED');
    expect(codes(await instance.operations.release(who('operator-1'), id))).toEqual(['egress.assessment_missing']);
    expect(codes(await instance.operations.assess(who('operator-1'), { id, reference: '?' }))).toEqual(['egress.receipt_missing']);
    value(await instance.operations.assess(who('operator-1'), { id, reference: 'RA-2026-07' }));
    value(await instance.operations.release(who('operator-2'), id));
  });

  test('a chain that became longer since the votes stops the release', async () => {
    const { id } = await instance.requestFiled();
    await open({ name: 'longer', approvers: ['operator_check', 'secrecy_review', 'supervisor_filing'] });
    expect(codes(await instance.operations.release(who('operator-1'), id))).toEqual(['egress.not_approved']);
    expect((await seen('auditor-1', id)).state).toBe('REVIEW');
  });

  test('a kind that the profile does not know is refused before anything runs', async () => {
    const job = (productKind: string) =>
      instance.operations.submitJob(who('merchant-a'), { dataset: 'city', sql: 'SELECT 1', target: 'sim', productKind });
    for (const kind of ['raw', 'masked_dataset', 'component', 'api', ''])
      expect(codes(await job(kind)), kind).toEqual(['egress.kind_not_allowed']);
    expect(value(await job('report')).productKind).toBe('report');
    await open({ productKinds: ['report'] });
    expect(codes(await job('indicator'))).toEqual(['egress.kind_not_allowed']);
    // What SQL gives is a report where there are no indicators, and nothing where there are neither.
    const named = { dataset: 'city', sql: 'SELECT 1', target: 'sim' } as const;
    expect(value(await instance.operations.submitJob(who('merchant-a'), named)).productKind).toBe('report');
    await open({ productKinds: ['api'] });
    expect(codes(await instance.operations.submitJob(who('merchant-a'), named))).toEqual(['egress.kind_not_allowed']);
  });
});
