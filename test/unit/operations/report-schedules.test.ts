import { verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { releaseKey } from '../../../src/egress/manifest.ts';
import { makeDueReports, signedText } from '../../../src/operations/report-making.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

/** Reports that are made by themselves. Clock, store, keys and permissions are those of the product. */
let instance: TestInstance;
const as = (id: string) => instance.actor(id);
const kept = async (who = 'operator-1') => value(await instance.operations.listKeptReports(as(who)));

beforeEach(async () => {
  instance = await seededInstance();
}, 60_000);
afterEach(() => dispose(instance));

describe('reports on schedule', () => {
  test('a month is made once after it is over, whoever looks and however the clock jumps', async () => {
    const { operations, clock } = instance;
    const { id: schedule } = value(await operations.scheduleReport(as('operator-1'), { report: 'use', rhythm: 'month' }));
    expect(codes(await operations.scheduleReport(as('supervisor-1'), { report: 'use', rhythm: 'month' }))).toEqual([
      'access.state_conflict',
    ]);
    await operations.sweep();
    expect(await kept()).toEqual([]);
    clock.set('2026-03-31T15:59:59.000Z'); // still March in Shanghai
    await operations.sweep();
    expect(await kept()).toEqual([]);
    clock.set('2026-03-31T16:00:00.000Z');
    await Promise.all([operations.sweep(), makeDueReports(instance.ports, new Set()), makeDueReports(instance.ports, new Set())]);
    expect(await kept()).toMatchObject([{ schedule, report: 'use', from: '2026-03-01', to: '2026-03-31' }]);
    clock.set('2026-03-30T00:00:00.000Z');
    await operations.sweep();
    clock.set('2027-03-31T16:00:00.000Z');
    await operations.sweep();
    instance = await instance.reopen();
    await instance.operations.sweep();
    const all = (await kept()).filter((item) => item.schedule === schedule);
    expect(all.map(({ from }) => from).toSorted()).toEqual(
      Array.from(
        { length: 13 },
        (_, month) => `${2026 + Math.floor((month + 2) / 12)}-${String(((month + 2) % 12) + 1).padStart(2, '0')}-01`,
      ),
    );
    value(await instance.operations.endReportSchedule(as('operator-1'), schedule));
    expect(codes(await instance.operations.endReportSchedule(as('operator-1'), schedule))).toEqual(['access.state_conflict']);
    instance.clock.set('2027-09-01T00:00:00.000Z');
    await instance.operations.sweep();
    expect((await kept()).filter((item) => item.schedule === schedule)).toHaveLength(13);
  });

  test('its readers are told, fetch it, and can check who signed it; nothing of it stands in the store in clear', async () => {
    const { operations, clock, ports } = instance;
    value(await operations.scheduleReport(as('supervisor-1'), { report: 'onboarding', rhythm: 'year' }));
    const fields = { legalName: '示例', creditCode: '91350100M000100Y43' };
    value(await operations.openMatter(as('merchant-b'), { noun: 'onboarding', city: 'GZ', fields }));
    clock.set('2027-01-02T00:00:00.000Z');
    await operations.sweep();
    const [made] = await kept('auditor-1');
    const id = made?.id ?? '';
    expect(value(await operations.listNotices(as('auditor-1')))).toMatchObject([{ kind: 'report.made', object: id }]);
    expect(value(await operations.listNotices(as('merchant-a'))).filter(({ kind }) => kind === 'report.made')).toEqual([]);
    const found = value(await operations.fetchKeptReport(as('authority-1'), id));
    expect(found.content.rows).toContainEqual(['onboarding', 'merchant-b-co', 'opened', expect.any(String), 1]);
    const key = releaseKey(await ports.keys.publicKey('release'));
    expect(verify(null, signedText(found.content), key, Buffer.from(found.signature, 'base64'))).toBe(true);
    expect(verify(null, signedText({ ...found.content, to: '2027-01-01' }), key, Buffer.from(found.signature, 'base64'))).toBe(false);
    for (const who of ['merchant-a', 'source-1']) expect((await operations.fetchKeptReport(as(who), id)).ok).toBe(false);
  });

  test('what cannot be scheduled, and by whom', async () => {
    const { operations } = instance;
    const ask = (who: string, report: string, dataset?: string) =>
      operations.scheduleReport(as(who), { report, rhythm: 'month', ...(dataset === undefined ? {} : { dataset }) });
    expect(codes(await ask('operator-1', 'nothing'))).toEqual(['report.schedule']);
    expect(codes(await ask('operator-1', 'usage-log'))).toEqual(['report.schedule']);
    expect(codes(await ask('operator-1', 'use', 'city'))).toEqual(['report.schedule']);
    expect(codes(await ask('operator-1', 'usage-log', 'nowhere'))).toEqual(['access.not_found']);
    for (const who of ['merchant-a', 'auditor-1', 'source-1']) expect(codes(await ask(who, 'use'))).toEqual(['access.forbidden']);
  });
});

describe('logs of usage for source departments', () => {
  test('QZ-3.1.8c: each month in which its data were used, pushed to the department alone, signed; people and texts are not in it', async () => {
    const { operations, clock, ports } = instance;
    await instance.realJob('SELECT 4711');
    await operations.sweep();
    clock.set('2026-04-02T00:00:00.000Z');
    await operations.sweep();
    await makeDueReports(ports, new Set());
    const [log, ...others] = await kept('source-1');
    expect([log?.report, log?.dataset, log?.organisation, log?.from, others]).toEqual([
      'usage-log',
      'city',
      'source-department',
      '2026-03-01',
      [],
    ]);
    const { content } = value(await operations.fetchKeptReport(as('source-1'), log?.id ?? ''));
    expect(content.rows).toEqual([[expect.stringMatching(/^2026-03-/), 'merchant-a-co', expect.any(String), 'job', 'indicator', 1, '']]);
    expect(JSON.stringify(content)).not.toMatch(/4711|merchant-a"|SELECT/);
    expect(value(await operations.listNotices(as('source-1')))).toMatchObject([{ kind: 'report.made', object: log?.id }]);
    expect(value(await operations.listNotices(as('operator-1'))).filter(({ kind }) => kind === 'report.made')).toEqual([]);
    clock.set('2027-04-02T00:00:00.000Z'); // months without any use make none
    await operations.sweep();
    expect(await kept('source-1')).toHaveLength(1);
  });

  test('another department sees none of it, schedules none of it, and is not told that it is there', async () => {
    const { operations, clock, ports } = instance;
    await instance.realJob('SELECT 1');
    const event = { operation: 'principal.register', actor: as('operator-1'), object: 'source-9', outcome: 'done', facts: {} } as const;
    const person = { id: 'source-9', organisation: 'other-department', roles: ['source'] as const };
    value(await ports.store.write((tx) => tx.principals.add(person, event as never)));
    clock.set('2026-04-02T00:00:00.000Z');
    await operations.sweep();
    const [log] = await kept('source-1');
    expect(value(await operations.listKeptReports(person))).toEqual([]);
    expect(value(await operations.listNotices(person))).toEqual([]);
    const [theirs, missing] = [
      await operations.fetchKeptReport(person, log?.id ?? ''),
      await operations.fetchKeptReport(person, 'rpt_nothing'),
    ];
    expect(codes(theirs)).toEqual(['access.not_found']);
    expect(theirs).toEqual(missing);
    const ask = (dataset: string) => operations.scheduleReport(person, { report: 'usage-log', rhythm: 'quarter', dataset });
    expect(codes(await ask('city'))).toEqual(['access.not_found']);
    expect(await ask('city')).toEqual(await ask('nowhere'));
    value(await operations.scheduleReport(as('source-1'), { report: 'usage-log', rhythm: 'quarter', dataset: 'city' }));
    clock.set('2026-07-02T00:00:00.000Z');
    await operations.sweep();
    expect((await kept('source-1')).map(({ from, to }) => [from, to])).toEqual([
      ['2026-04-01', '2026-06-30'],
      ['2026-03-01', '2026-03-31'],
    ]);
  });
});
