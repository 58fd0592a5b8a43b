import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPORT_NAMES, type Report, withoutSmallCounts } from '../../../src/governance/report/report.ts';
import { reportCsv, reportPage } from '../../../src/governance/report/report-texts.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

/** Reports over a real store. Requirements: GZ-22b, GZ-14d, GZ-11b, NB-9b, GZ-13, GZ-16c, GZ-33, CQ-OP-25, CQ-OP-28. */
let instance: TestInstance;
beforeAll(async () => {
  instance = await seededInstance();
  const { operations, actor } = instance;
  const filed = await instance.requestFiled('SELECT 7');
  value(await operations.release(actor('operator-1'), filed.id));
  const fields = { legalName: '示例', creditCode: '91350100M000100Y43' };
  value(await operations.openMatter(actor('merchant-b'), { noun: 'onboarding', city: 'GZ', fields }));
}, 60_000);
afterAll(() => dispose(instance));

const PERIOD = { from: '2026-03-01', to: '2026-03-31' };
const made = async (name: string, period = PERIOD, who = 'supervisor-1'): Promise<Report> =>
  value(await instance.operations.makeReport(instance.actor(who), { name, ...period }));
const records = ({ columns, rows }: Report) => rows.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at]])));

describe('periodic reports', () => {
  test('what left in the period, and nothing of another one', async () => {
    expect(records(await made('egress'))).toEqual([
      { dataset: 'city', organisation: 'merchant-a-co', product_kind: 'indicator', state: 'RELEASED', count: 1 },
    ]);
    expect((await made('egress', { from: '2026-04-01', to: '2026-04-30' })).rows).toEqual([]);
  });

  test('proceedings by step; contribution by provider; public disclosure', async () => {
    expect(records(await made('onboarding'))).toMatchObject([
      { kind: 'onboarding', organisation: 'merchant-b-co', step: 'opened', count: 1 },
    ]);
    expect(records(await made('contribution'))).toMatchObject([{ provider: 'source-department', dataset: 'city', jobs: 1, releases: 1 }]);
    expect(records(await made('disclosure'))).toMatchObject([{ kind: 'product', organisation: 'merchant-a-co', state: 'RELEASED' }]);
  });

  test('computing is metered with its price line', async () => {
    const rows = records(await made('use'));
    expect(rows.map((row) => [row['organisation'], row['target'], row['jobs']])).toEqual([
      ['merchant-a-co', 'real', 1],
      ['merchant-a-co', 'sim', 1],
    ]);
    for (const row of rows) {
      expect(row['fee_line']).toBe('compute');
      expect(row['fee_fen']).toBe(Math.ceil((Number(row['compute_seconds']) * 360) / 3600));
    }
  });

  test.each(REPORT_NAMES)('%s: in every form, and for nobody who does not supervise', async (name) => {
    const report = await made(name);
    expect(reportCsv(report).split('\r\n').length).toBe(report.rows.length + 2);
    expect(reportPage(report)).not.toMatch(/<script|http/);
    for (const who of ['merchant-a', 'source-1']) {
      expect(codes(await instance.operations.makeReport(instance.actor(who), { name, ...PERIOD }))).toEqual(['access.forbidden']);
    }
  });

  test('unknown names and periods that are none', async () => {
    const { operations, actor } = instance;
    const ask = async (name: string, from: string, to: string) =>
      codes(await operations.makeReport(actor('operator-1'), { name, from, to }));
    expect(await ask('salaries', '2026-01-01', '2026-01-31')).toEqual(['report.name']);
    expect(await ask('constructor', '2026-01-01', '2026-01-31')).toEqual(['report.name']);
    for (const [from, to] of [
      ['2026-02-30', '2026-03-01'],
      ['2026-03-02', '2026-03-01'],
      ['2024-01-01', '2026-01-01'],
      ['x', 'y'],
    ] as const)
      expect(await ask('use', from, to)).toEqual(['report.period']);
  });

  test('small counts of people are not told; nought is', () => {
    const report = {
      columns: [{ name: 'state' }, { name: 'people', people: true }],
      rows: [
        ['a', 0],
        ['b', 1],
        ['c', 9],
        ['d', 10],
      ],
    };
    expect(withoutSmallCounts(report as unknown as Report).rows).toEqual([
      ['a', 0],
      ['b', '<10'],
      ['c', '<10'],
      ['d', 10],
    ]);
  });

  test('texts that would be formulas or markup are neither', () => {
    const report = {
      title: { zh: '<b>', en: '' },
      meets: [],
      from: '2026-01-01',
      to: '2026-01-02',
      madeAt: '',
      columns: [{ name: 'a', zh: '', en: '' }],
      rows: [['=HYPERLINK("x")'], ['<img src=x onerror=1>'], ['a,"b"']],
    } as unknown as Report;
    expect(reportCsv(report)).toBe('a\r\n"\'=HYPERLINK(""x"")"\r\n<img src=x onerror=1>\r\n"a,""b"""\r\n');
    expect(reportPage(report)).not.toMatch(/<img|<b>/);
  });
});
