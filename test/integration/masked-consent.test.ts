import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWard, type Ward, wardRows } from '../support/masked-ward.ts';
import { done, person } from '../support/real-people.ts';

let ward: Ward;
const consents: string[] = [];

const consent = async (subject: string, more: object = {}): Promise<string> => {
  const { operations } = ward.instance;
  const { subjectHash } = done(await operations.hashSubject(person('source-1'), { dataset: 'ward', subject }));
  const fields = {
    subjectKind: 'natural',
    subjectHash,
    scope: 'ward',
    columns: ['patients.diag'],
    purpose: 'flu',
    scenario: 'flu-study',
    controller: person('merchant-a').organisation,
    givenOn: '2026-01-01',
    until: '2099-12-31',
    evidenceDigest: 'ab'.repeat(32),
    ...more,
  };
  return done(await operations.openMatter(person('source-1'), { noun: 'consent', city: 'GZ', fields })).id;
};

beforeAll(async () => {
  ward = await openWard(wardRows(0, 400));
  await ward.agree();
  for (let at = 0; at < 60; at += 1) consents.push(await consent(`p${at}`));
  // Others, and for another purpose, organisation, dataset or time.
  await consent('p70', { scenario: 'marketing' });
  await consent('p71', { controller: 'merchant-b-co' });
  await consent('p72', { scope: 'elsewhere' });
  await consent('p73', { until: '2026-01-02' });
}, 120_000);
afterAll(() => ward.close());

const rowsOf = async (id: string | undefined) =>
  done(await ward.instance.operations.showEgress(person('operator-1'), String(id))).preview?.rows ?? [];

test('rows of subjects who consented to this purpose, and no others; revocation takes them out and marks what was made', async () => {
  const { operations } = ward.instance;
  const first = await ward.mask({ basis: 'consent', suppress: 0 });
  expect(await rowsOf(first.egressId)).toHaveLength(60);
  const id = consents[0] ?? '';
  const { revision } = done(await operations.showMatter(person('operator-1'), { noun: 'consent', id }));
  done(
    await operations.stepMatter(person('source-1'), { noun: 'consent', id, step: 'revoke', reason: 'asked for by the subject', revision }),
  );
  const request = String(first.egressId);
  expect(done(await operations.listNotices(person('merchant-b')))).toEqual([]);
  for (const operator of ['operator-1', 'operator-2']) {
    const waivers = (done(await operations.showEgress(person(operator), request)).toWaive ?? []).map((rule) => ({ rule, reason: 'x' }));
    done(await operations.approve(person(operator), { id: request, reason: 'x', waivers }));
  }
  done(await operations.file(person('supervisor-1'), { id: request, receipt: 'FILING-2026-0002' }));
  const released = await operations.release(person('operator-1'), request);
  expect(released.ok ? [] : released.error.map(({ code }) => code)).toEqual(['masking.consent_ended']);
  const second = await ward.mask({ basis: 'consent', suppress: 0 });
  expect(await rowsOf(second.egressId)).toHaveLength(59);
  const rules = done(await operations.showEgress(person('operator-1'), String(second.egressId))).findings?.map(({ rule }) => rule);
  expect(rules).toContain('composition.departed');
  expect(rules).not.toContain('composition.intersection');
  const marked = done(await operations.showEgress(person('operator-1'), String(first.egressId)));
  expect(marked.reasons?.map(({ step }) => step)).toContain('consent_revoked');
  expect(done(await operations.listNotices(person('merchant-a')))).toMatchObject([{ kind: 'consent.ended', object: request }]);
  // What was released before is not handed out any more, a token that was given included.
  const next = String(second.egressId);
  done(await operations.clear(person('operator-1'), { id: next, reason: 'nobody can be told from both' }));
  for (const operator of ['operator-1', 'operator-2']) {
    const waivers = (done(await operations.showEgress(person(operator), next)).toWaive ?? []).map((rule) => ({ rule, reason: 'x' }));
    done(await operations.approve(person(operator), { id: next, reason: 'x', waivers }));
  }
  done(await operations.file(person('supervisor-1'), { id: next, receipt: 'FILING-2026-0003' }));
  const given = done(await operations.release(person('operator-1'), next));
  const file = { id: given.id, name: given.files[0]?.name ?? '' };
  const { token } = done(await operations.issueDownloadToken(person('merchant-a'), file));
  const other = done(await operations.showMatter(person('operator-1'), { noun: 'consent', id: consents[1] ?? '' }));
  const revoke = { noun: 'consent', id: other.id, step: 'revoke', reason: 'asked for by the subject', revision: other.revision };
  done(await operations.stepMatter(person('source-1'), revoke));
  const fetched = await operations.releaseFile(person('merchant-a'), { ...file, token });
  expect(fetched.ok ? [] : fetched.error.map(({ code }) => code)).toEqual(['masking.consent_ended']);
}, 60_000);

test('without any consent there is nothing to make', async () => {
  const job = await ward.mask({ basis: 'consent' }, 'merchant-b');
  expect(job.state).toBe('REAL_FAILED');
}, 60_000);
