import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
let release = '';
beforeEach(async () => {
  instance = await seededInstance();
  release = value(await instance.operations.release(instance.actor('operator-1'), (await instance.requestFiled()).id)).id;
});
afterEach(() => dispose(instance));

const who = (id: string) => instance.actor(id);
const token = async (name = 'data.csv', by = 'merchant-a') =>
  value(await instance.operations.issueDownloadToken(who(by), { id: release, name })).token;
const fetch = (text: string, name = 'data.csv', by = 'merchant-a') =>
  instance.operations.releaseFile(who(by), { id: release, name, token: text });

describe('download tokens', () => {
  test('serve once, also for two who come at once', async () => {
    const text = await token();
    const both = await Promise.all([fetch(text), fetch(text)]);
    expect(both.filter((item) => item.ok)).toHaveLength(1);
    expect(both.flatMap(codes)).toEqual(['egress.token_unusable']);
    expect(codes(await fetch(text))).toEqual(['egress.token_unusable']);
  });

  test('serve their recipient, their release and their file alone', async () => {
    const text = await token();
    expect(codes(await fetch(text, 'data.json'))).toEqual(['egress.token_unusable']);
    expect(codes(await fetch(text, 'data.csv', 'merchant-b'))).toEqual(['access.not_found']);
    expect(codes(await instance.operations.issueDownloadToken(who('merchant-b'), { id: release, name: 'data.csv' }))).toEqual([
      'access.not_found',
    ]);
    for (const by of ['operator-1', 'auditor-1', 'supervisor-1'])
      expect(codes(await instance.operations.issueDownloadToken(who(by), { id: release, name: 'data.csv' }))).toEqual(['access.forbidden']);
    const colleague = { id: 'merchant-a2', organisation: 'merchant-a-co', roles: ['merchant'] as const };
    expect(codes(await instance.operations.releaseFile(colleague, { id: release, name: 'data.csv', token: text }))).toEqual([
      'access.not_found',
    ]);
    const first = release;
    release = value(await instance.operations.release(who('operator-1'), (await instance.requestFiled('SELECT 2')).id)).id;
    expect(codes(await fetch(text))).toEqual(['egress.token_unusable']);
    release = first;
    value(await fetch(text));
  });

  test.each(['', 'sdt_', 'undefined', `sdt_${'A'.repeat(43)}`, "' OR 1=1 --"])('made up, %j, serve nothing', async (text) => {
    expect(codes(await fetch(text))).toEqual(['egress.token_unusable']);
  });

  test('end after ten minutes, and with a recall', async () => {
    const [first, second] = [await token(), await token()];
    instance.clock.set('2026-03-02T01:09:59.000Z');
    value(await fetch(first));
    instance.clock.set('2026-03-02T01:10:00.000Z');
    expect(codes(await fetch(second))).toEqual(['egress.token_unusable']);
    const third = await token();
    const { egress } = value(await instance.operations.showRelease(who('merchant-a'), release));
    value(await instance.operations.recall(who('operator-1'), { id: egress, reason: 'late finding' }));
    expect(codes(await fetch(third))).toEqual(['egress.recalled']);
    expect(codes(await instance.operations.issueDownloadToken(who('merchant-a'), { id: release, name: 'data.csv' }))).toEqual([
      'egress.recalled',
    ]);
    expect(value(await instance.operations.listNotices(who('merchant-a')))).toMatchObject([
      { kind: 'release.recalled', object: release },
      { kind: 'egress.released', object: egress },
    ]);
    expect(value(await instance.operations.listNotices(who('merchant-b')))).toEqual([]);
  });

  test('are nowhere but with whom they were issued to', async () => {
    const text = await token();
    value(await fetch(text));
    expect(JSON.stringify(await instance.ports.audit.entries({ after: 0, limit: 1000 }))).not.toContain(text.slice(4));
  });
});

describe('a release', () => {
  test('says what was checked, for machines, and whose copy it is', async () => {
    const read = async (name: string) => Buffer.from(value(await fetch(await token(name), name))).toString('utf8');
    const criteria = JSON.parse(await read('criteria.json'));
    expect(criteria).toMatchObject({
      format: 'sluice-criteria-1',
      profile: 'strictest@1',
      productKind: 'indicator',
      thresholds: { k: 10 },
      chain: [{ step: 'operator_check', people: ['operator-1', 'operator-2'] }, { step: 'supervisor_filing' }],
    });
    const outcomes = Object.fromEntries(criteria.checks.map((item: { check: string; outcome: string }) => [item.check, item.outcome]));
    expect(outcomes).toMatchObject({ P: 'passed', K: 'passed', D: 'passed', H: 'passed', F: 'passed', W: 'passed', C: 'not applicable' });
    expect(criteria.checklist).toHaveLength(12);
    expect(JSON.stringify(criteria)).not.toContain('one cell');
    const page = await read('report.html');
    for (const words of ['For merchant-a alone, for: study.', '仅供 merchant-a 使用，用途：study。']) expect(page).toContain(words);
    expect(JSON.parse(await read('manifest.json'))).toMatchObject({ recipient: 'merchant-a', productKind: 'indicator', purpose: 'study' });
  });

  test('of the same content refers to the first; of recalled content it needs a reason', async () => {
    const again = await instance.requestInReview();
    expect(value(await instance.operations.showEgress(who('operator-1'), again.id)).firstRelease).toBe(release);
    expect(value(await instance.operations.showEgress(who('merchant-a'), again.id))).not.toHaveProperty('firstRelease');
    const { egress } = value(await instance.operations.showRelease(who('merchant-a'), release));
    value(await instance.operations.recall(who('operator-1'), { id: egress, reason: 'wrong version' }));
    const third = await instance.requestInReview();
    const vote = { id: third.id, reason: 'fine' };
    expect(codes(await instance.operations.approve(who('operator-1'), vote))).toEqual(['egress.waiver_missing']);
    const other = await instance.requestInReview('SELECT 2');
    expect(value(await instance.operations.showEgress(who('operator-1'), other.id))).not.toHaveProperty('firstRelease');
  });
});
