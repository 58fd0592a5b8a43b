import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportNoteText } from '../../../src/audit/export-formats.ts';
import { readTrust } from '../../../src/audit/log-trust.ts';
import { areApproved, namedChain, verifyPackageReceipts } from '../../../src/audit/package-receipts.ts';
import { knownSignatures, readNote } from '../../../src/audit/signed-note.ts';
import { verifyReceipt } from '../../../src/audit/tlog-proof.ts';
import { rawRecords, recordText } from '../../support/kept-records.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const who = (id: string) => instance.actor(id);
const search = (filter: Record<string, string>, limit = 100) => instance.operations.searchAudit(who('auditor-1'), { filter, limit });
/** As its recipient fetches a file: a token first. */
async function fetched(id: string, name: string): Promise<Uint8Array> {
  const { token } = value(await instance.operations.issueDownloadToken(who('merchant-a'), { id, name }));
  return value(await instance.operations.releaseFile(who('merchant-a'), { id, name, token }));
}
const trustOf = async () => {
  const trust = readTrust((await instance.ports.audit.keys()).map((key) => `log ${key}`).join('\n'));
  if (trust === null) throw new Error('No trust');
  return trust;
};

describe('search', () => {
  test('by actor, organisation, dataset, column, verdict, rule, digest and time, each alone and together', async () => {
    await instance.realJob("SELECT 1 WHERE district = 'x'");
    await instance.realJob('SELECT small');
    await instance.realJob('SELECT 2', 'merchant-b');
    const all = (await instance.ports.audit.entries({ after: 0, limit: 1000 })).toReversed();
    const submit = all.find(({ operation, actor }) => operation === 'job.submit' && actor === 'merchant-b');
    const cases: readonly [Record<string, string>, (entry: (typeof all)[number]) => boolean][] = [
      [{ actor: 'merchant-a' }, ({ actor }) => actor === 'merchant-a'],
      [{ organisation: submit?.organisation ?? '' }, ({ organisation }) => organisation === submit?.organisation],
      [{ dataset: 'city', operation: 'job.intent' }, ({ operation }) => operation === 'job.intent'],
      [
        { column: 'residents.district', actor: 'merchant-b' },
        ({ actor, facts }) => actor === 'merchant-b' && facts['columns'] !== undefined,
      ],
      [{ verdict: 'withheld' }, ({ facts }) => facts['verdict'] === 'withheld'],
      [{ rule: 'units' }, ({ facts }) => (facts['rules'] as readonly string[] | undefined)?.includes('units') === true],
      [{ digest: String(submit?.facts['artefactHash']) }, ({ facts }) => facts['artefactHash'] === submit?.facts['artefactHash']],
      [{ trace: submit?.trace ?? '' }, ({ trace }) => trace === submit?.trace],
      [{ outcome: 'refused' }, ({ outcome }) => outcome === 'refused'],
      [{ to: '2026-01-01T00:00:00.000Z' }, () => false],
      [{ from: '2027-01-01T00:00:00.000Z' }, () => false],
    ];
    for (const [filter, matches] of cases) {
      const found = value(await search(filter)).entries.map(({ seq }) => seq);
      expect(found.filter((seq) => seq <= all.length)).toEqual(all.filter(matches).map(({ seq }) => seq));
    }
    expect(value(await search({ actor: 'nobody' })).entries).toEqual([]);
  });

  test('in pages, and kept under a name', async () => {
    await instance.realJob('SELECT 1');
    const auditor = who('auditor-1');
    const first = value(await instance.operations.searchAudit(auditor, { filter: { actor: 'merchant-a' }, limit: 3, save: 'a' }));
    const rest = value(await instance.operations.searchAudit(auditor, { filter: {}, saved: 'a', limit: 1000, before: first.next ?? 0 }));
    const both = [...first.entries, ...rest.entries].map(({ seq }) => seq);
    expect(both).toEqual([...new Set(both)].toSorted((a, b) => b - a));
    expect(both.length).toBeGreaterThan(4);
    expect(codes(await instance.operations.searchAudit(auditor, { filter: {}, saved: 'none', limit: 1 }))).toEqual(['access.not_found']);
    expect(codes(await instance.operations.searchAudit(who('operator-1'), { filter: {}, limit: 1 }))).toEqual(['access.forbidden']);
  });
});

describe('a trace', () => {
  test('leads from a released byte to its sources and from the dataset to every recipient', async () => {
    const filed = await instance.requestFiled('SELECT 1');
    const released = value(await instance.operations.release(who('operator-1'), filed.id));
    await fetched(released.id, 'data.csv');
    const digest = released.files.find(({ name }) => name === 'data.csv')?.sha256 ?? '';
    const back = value(await instance.operations.traceAudit(who('auditor-1'), digest));
    const nodes = (trace: typeof back) => trace.steps.map(({ node }) => node);
    expect(nodes(back)).toEqual(
      expect.arrayContaining([
        `release:${released.id}`,
        `egress:${filed.id}`,
        `job:${filed.job}`,
        'version:city@v1',
        'dataset:city',
        'person:merchant-a',
      ]),
    );
    expect(back.entries.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['load.done', 'job.intent', 'egress.vote', 'egress.file', 'egress.release', 'release.download']),
    );
    for (const id of ['city@v1', 'version:city@v1', 'city']) {
      const forth = value(await instance.operations.traceAudit(who('auditor-1'), id));
      expect(nodes(forth)).toEqual(
        expect.arrayContaining([`job:${filed.job}`, `release:${released.id}`, `file:${digest}`, 'person:merchant-a']),
      );
    }
    expect(codes(await instance.operations.traceAudit(who('auditor-1'), 'nothing\nlike it'))).toEqual(['access.not_found']);
  });
});

describe('the query log', () => {
  test('holds no literal in clear, and opens by two people', async () => {
    const sql = "SELECT count(*) FROM residents WHERE district = 'CANARY-district' AND n > 777001";
    const job = await instance.realJob(sql);
    const { operations } = instance;
    const shape = value(await operations.queryText(who('auditor-1'), job.id));
    expect(shape.shape).toBe('SELECT count(*) FROM residents WHERE district = ? AND n > ?');
    const request = value(await operations.requestOpening(who('auditor-1'), { job: job.id, reason: 'a complaint' }));
    expect(codes(await operations.openQueryText(who('auditor-1'), request.id))).toEqual(['audit.second_person']);
    expect(codes(await operations.approveOpening(who('auditor-1'), request.id))).toEqual(['audit.second_person']);
    expect(codes(await operations.approveOpening(who('operator-1'), request.id))).toEqual(['access.forbidden']);
    value(await operations.approveOpening(who('supervisor-1'), request.id));
    expect(codes(await operations.openQueryText(who('supervisor-1'), request.id))).toEqual(['audit.second_person']);
    expect(value(await operations.openQueryText(who('auditor-1'), request.id)).text).toBe(sql);
    expect(await recordText(instance.folder, ['audit_queries', 'audit_entries'])).not.toMatch(/CANARY|777001/);
    const steps = (await instance.ports.audit.entries({ after: 0, limit: 1000 })).map(({ operation }) => operation);
    expect(steps.filter((step) => step.startsWith('audit.open'))).toEqual(['audit.open_request', 'audit.open_approve', 'audit.open']);
  });

  test('without the key of its month a query is gone for good', async () => {
    const job = await instance.realJob('SELECT 1');
    const request = value(await instance.operations.requestOpening(who('auditor-1'), { job: job.id, reason: 'a complaint' }));
    value(await instance.operations.approveOpening(who('supervisor-1'), request.id));
    await rawRecords(instance.folder, 'DELETE FROM audit_month_keys');
    expect(codes(await instance.operations.openQueryText(who('auditor-1'), request.id))).toEqual(['access.not_found']);
  });
});

describe('receipts', () => {
  test('an approval answers with one, and the package carries one for each', async () => {
    const { id } = await instance.requestInReview();
    const approved = value(await instance.operations.approve(who('operator-1'), { id, reason: 'fine' }));
    const trust = await trustOf();
    expect(verifyReceipt(approved.receipt ?? '', trust).ok).toBe(true);
    value(await instance.operations.approve(who('operator-2'), { id, reason: 'fine too' }));
    value(await instance.operations.file(who('supervisor-1'), { id, receipt: '粤数备〔2026〕12号' }));
    const released = value(await instance.operations.release(who('operator-1'), id));
    const receipts = new Map<string, Uint8Array>();
    for (const { name } of released.files) if (name.endsWith('.tlog-proof')) receipts.set(name, await fetched(released.id, name));
    const subject = { egress: id, contentDigest: approved.contentDigest };
    expect(verifyPackageReceipts(receipts, subject, trust).map(({ fault, entry }) => [fault, entry?.by])).toEqual([
      [null, 'operator-1'],
      [null, 'operator-2'],
    ]);
    const checked = verifyPackageReceipts(receipts, subject, trust);
    const chain = namedChain(await fetched(released.id, 'criteria.json'));
    expect(chain?.flatMap(({ people }) => people)).toEqual(['operator-1', 'operator-2']);
    expect(areApproved(checked, chain)).toBe(true);
    const other = { ...subject, egress: 'egr_other' };
    expect(verifyPackageReceipts(receipts, other, trust).map(({ fault }) => fault)).toEqual(['other-subject', 'other-subject']);
  });
});

describe('retention', () => {
  test('nothing goes before its time; then texts go and the log still verifies; what is held stays', async () => {
    const { operations, ports, clock } = instance;
    for (let index = 0; index < 600; index += 1)
      await ports.audit.append({
        operation: 'audit.read',
        actor: who('auditor-1'),
        object: 'log',
        outcome: 'done',
        facts: { after: index },
      });
    expect(value(await operations.pruneAudit(who('auditor-1')))).toEqual({ entries: 0, ranges: [] });
    clock.set('2029-02-28T00:00:00.000Z');
    expect(value(await operations.pruneAudit(who('auditor-1'))).entries).toBe(0);
    clock.set('2029-04-01T00:00:00.000Z');
    const hold = value(await operations.holdAudit(who('auditor-1'), { subject: '*', reason: 'a case' }));
    expect(value(await operations.pruneAudit(who('auditor-1'))).entries).toBe(0);
    value(await operations.releaseAuditHold(who('auditor-1'), { id: hold.id, reason: 'closed' }));
    expect(codes(await operations.pruneAudit(who('operator-1')))).toEqual(['access.forbidden']);
    const pruned = value(await operations.pruneAudit(who('auditor-1')));
    expect(pruned).toEqual({ entries: 512, ranges: ['1-512'] });
    expect(await ports.audit.verify()).toMatchObject({ verified: true, faults: [] });
    expect(await readdir(join(instance.folder, 'tile', 'entries'))).not.toContain('000');
    expect((await ports.audit.entries({ after: 0, limit: 5 })).length).toBe(0);
    await rawRecords(instance.folder, 'UPDATE audit_entries SET body = NULL WHERE seq = 550');
    expect((await ports.audit.verify()).faults).toEqual([{ seq: 550, kind: 'changed' }]);
  });
});

describe('exports', () => {
  test.each(['ocsf', 'csv', 'syslog'] as const)('%s: whole, in stretches, signed', async (format) => {
    await instance.realJob('SELECT 1');
    const trust = await trustOf();
    const first = value(await instance.operations.exportAudit(who('auditor-1'), { format, after: 0, limit: 5 }));
    const next = value(await instance.operations.exportAudit(who('auditor-1'), { format, after: first.last, limit: 5 }));
    expect([first.first, first.last, next.first]).toEqual([1, 5, 6]);
    const note = readNote(first.note);
    expect(note?.text).toBe(exportNoteText(format, 1, 5, first.text));
    expect(note && knownSignatures(note, trust.logKeys)).toHaveLength(1);
    const lines = first.text.trim().split(/\r?\n/);
    if (format === 'ocsf') {
      const event = JSON.parse(lines[0] ?? '');
      expect(event).toMatchObject({
        class_uid: expect.any(Number),
        type_uid: event.class_uid * 100 + event.activity_id,
        metadata: { uid: '1' },
      });
      expect(first.text).not.toContain('query_info.data');
    }
    if (format === 'syslog')
      for (const line of lines)
        expect(line).toMatch(
          /^<10[4-9]|<11[0-1]>1 \d{4}-\d\d-\d\dT[\d:.]+Z - sluice - [a-z_.]+ \[audit@32473 seq="\d+" leaf="[0-9a-f]{64}"/,
        );
    if (format === 'csv') expect(lines).toHaveLength(6);
  });
});
