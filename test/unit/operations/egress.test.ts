import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const who = (id: string) => instance.actor(id);
const approve = (by: string, id: string) => instance.operations.approve(who(by), { id, reason: 'fine' });

describe('review of an egress request', () => {
  test('two different operators bring it to CHECKED, one alone does not', async () => {
    const { id } = await instance.requestInReview();
    expect(value(await approve('operator-1', id)).state).toBe('REVIEW');
    expect(codes(await approve('operator-1', id))).toEqual(['access.separation_of_duties']);
    expect(value(await approve('operator-2', id)).state).toBe('CHECKED');
  });

  test('two approvals at once give one CHECKED', async () => {
    const { id } = await instance.requestInReview();
    const results = await Promise.all([approve('operator-1', id), approve('operator-2', id), approve('operator-1', id)]);
    expect(results.filter((item) => item.ok)).toHaveLength(2);
    expect(results.flatMap((item) => (item.ok && item.value.state === 'CHECKED' ? [1] : []))).toHaveLength(1);
    expect(value(await instance.operations.showEgress(who('operator-1'), id)).votes).toHaveLength(2);
  });

  test("nobody of the author's organisation decides, and merchants and auditors never do", async () => {
    const { id } = await instance.requestInReview();
    const insider = { id: 'operator-9', organisation: 'merchant-a-co', roles: ['operator'] as const };
    expect(codes(await instance.operations.approve(insider, { id, reason: 'x' }))).toEqual(['access.separation_of_duties']);
    expect(value(await instance.operations.showEgress(insider, id)).preview).toBeUndefined();
    for (const by of ['merchant-a', 'auditor-1', 'supervisor-1', 'source-1'])
      expect(codes(await approve(by, id)), by).toEqual(['access.forbidden']);
  });

  test('the merchant sees state and band only; reviewers see votes, findings, content and query', async () => {
    const { id } = await instance.requestInReview();
    await approve('operator-1', id);
    const mine = value(await instance.operations.showEgress(who('merchant-a'), id));
    expect(mine.withheldBand).toBe('untold');
    for (const field of ['votes', 'findings', 'preview', 'sql']) expect(mine).not.toHaveProperty(field);
    const auditor = value(await instance.operations.showEgress(who('auditor-1'), id));
    expect(auditor).not.toHaveProperty('preview');
    const reviewer = value(await instance.operations.showEgress(who('operator-2'), id));
    expect(reviewer).toMatchObject({ sql: 'SELECT 1', findings: [{ rule: 'units' }], votes: [], votesCast: 1 });
    expect(reviewer.withheldBand).toBe('1–4');
    expect((await instance.requestInReview('SELECT public')).withheldBand).toBe('5–19');
    expect(reviewer.preview?.rows[0]).toEqual(['越秀', '120']);
  });

  test('a rejection is final, also after approvals', async () => {
    const { id, job } = await instance.requestFiled();
    expect(value(await instance.operations.reject(who('operator-1'), { id, reason: 'disclosive' })).state).toBe('REJECTED');
    expect(codes(await approve('operator-2', id))).toEqual(['access.state_conflict']);
    expect(codes(await instance.operations.release(who('operator-2'), id))).toEqual(['access.state_conflict']);
    expect(codes(await instance.operations.withdraw(who('merchant-a'), { id, reason: 'x' }))).toEqual(['access.state_conflict']);
    expect(value(await instance.operations.showJob(who('merchant-a'), job)).state).toBe('DONE');
  });

  test('returned, then withdrawn by its merchant alone', async () => {
    const { id } = await instance.requestInReview();
    expect(value(await instance.operations.returnToMerchant(who('operator-1'), { id, reason: 'say what for' })).state).toBe('RETURNED');
    expect(codes(await approve('operator-2', id))).toEqual(['access.state_conflict']);
    expect(codes(await instance.operations.withdraw(who('merchant-b'), { id, reason: 'x' }))).toEqual(['access.not_found']);
    expect(value(await instance.operations.withdraw(who('merchant-a'), { id, reason: 'anew' })).state).toBe('WITHDRAWN');
  });

  test('reasons and receipts are needed and stay out of the log', async () => {
    const { id } = await instance.requestInReview();
    expect(codes(await instance.operations.approve(who('operator-1'), { id, reason: '  ' }))).toEqual(['egress.reason_missing']);
    value(await instance.operations.approve(who('operator-1'), { id, reason: 'CANARY-REASON' }));
    value(await approve('operator-2', id));
    expect(codes(await instance.operations.file(who('supervisor-1'), { id, receipt: '<b>' }))).toEqual(['egress.receipt_missing']);
    expect(codes(await instance.operations.file(who('operator-1'), { id, receipt: 'CANARY-1' }))).toEqual(['access.forbidden']);
    value(await instance.operations.file(who('supervisor-1'), { id, receipt: 'CANARY-1' }));
    expect(JSON.stringify(await instance.ports.audit.entries({ after: 0, limit: 1000 }))).not.toContain('CANARY');
  });

  test('it is not filed before it is checked, and filed once', async () => {
    const { id } = await instance.requestInReview();
    const file = () => instance.operations.file(who('supervisor-1'), { id, receipt: 'R-2026-1' });
    expect(codes(await file())).toEqual(['access.state_conflict']);
    await approve('operator-1', id);
    await approve('operator-2', id);
    const both = await Promise.all([file(), file()]);
    expect(both.filter((item) => item.ok)).toHaveLength(1);
  });
});
