import { describe, expect, test } from 'vitest';
import type { ColumnLineage } from '../../src/catalog/column-lineage.ts';
import type { Dataset } from '../../src/catalog/dataset.ts';
import { readDeclaration } from '../../src/catalog/declaration.ts';
import type { Grant } from '../../src/catalog/grant.ts';
import { checkResult } from '../../src/egress/check-result.ts';
import { hardStops, rulesToWaive } from '../../src/egress/finding.ts';
import type { ReleaseCell, ReleaseTable } from '../../src/egress/release-content.ts';
import { DECLARED_HEAD } from '../support/declared-head.ts';

const read = readDeclaration({
  ...DECLARED_HEAD,
  dataset: 'people',
  tables: {
    people: {
      visibility: 'protected',
      file: 'people.csv',
      primaryKey: ['pid'],
      units: { person: ['pid'] },
      columns: {
        pid: { type: 'VARCHAR', label: 'personal', role: 'unitId', semantic: 'residentId' },
        phone: { type: 'VARCHAR', label: 'personal', role: 'directId', semantic: 'mobile' },
        district: { type: 'VARCHAR', label: 'none', role: 'dimension', domain: ['海淀区', '王小明区', '方正'], publicDomain: true },
        income: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', bounds: [0, 1_000_000] },
      },
    },
  },
});
if (!read.ok) throw new Error(JSON.stringify(read.error));
const dataset: Dataset = read.value.dataset;
const grant: Grant = { id: 'g1', merchant: 'm', dataset: dataset.name, scenario: 's', tables: { people: '*' }, endsOn: '2099-12-31' };

const table = (cells: readonly (readonly ReleaseCell[])[], name = 'label'): ReleaseTable => ({
  columns: [
    { name, type: 'VARCHAR' },
    { name: 'n', type: 'BIGINT' },
  ],
  rows: cells,
});
/** Every column behind every column, as figures. */
const lineageOf = (result: ReleaseTable, columnsRead: readonly string[]): readonly ColumnLineage[] =>
  result.columns.map(({ name }) => ({ column: name, sources: columnsRead.map((column) => ({ column, how: 'figure' as const })) }));
const check = (result: ReleaseTable, columnsRead: readonly string[] = ['people.district', 'people.income'], granted = grant) =>
  checkResult({ table: result, columnsRead, dataset, lineage: lineageOf(result, columnsRead), grant: granted, gateFindings: [] });
const labels = (...texts: readonly string[]) => table(texts.map((text, at) => [text, String(20 + at)]));

test('an honest result has no findings', () => {
  expect(check(labels('海淀区', '王小明区', '方正'))).toEqual([]);
  expect(
    check(
      table([
        ['海淀区', '13812345678'],
        ['方正', '15987654321'],
      ]),
    ),
  ).toEqual([]);
});

describe('hard stops', () => {
  test.each([
    ['masking.residentId', '440524188001010014'],
    ['masking.residentId', Buffer.from('11010519491231002X').toString('base64')],
    ['masking.mobile', '１３８００１３８０００'],
    ['masking.mobile', Buffer.from('13800138000').toString('hex')],
    ['masking.uscc', '91350100M000100Y43'],
    ['masking.email', 'a@example.com'],
    ['masking.plate', '京A12345'],
    ['format.active', '<script>alert(1)</script>'],
    ['format.active', '=cmd|calc'],
    ['format.hidden', '海\u202e淀'],
    ['format.length', '长'.repeat(500)],
  ])('%s', (rule, text) => {
    const findings = check(labels('海淀区', text));
    expect(hardStops(findings)).toContain(rule);
    expect(JSON.stringify(findings)).not.toContain(text);
  });

  test('masking.mobile in the name of a column, which is not repeated', () => {
    const findings = check(table([['海淀区', '20']], 'n13800138000'));
    expect(hardStops(findings)).toEqual(['masking.mobile']);
    expect(JSON.stringify(findings)).not.toContain('13800138000');
  });
  test('masking.residentId among figures', () =>
    expect(hardStops(check(table([['海淀区', '440524188001010014']])))).toEqual(['masking.residentId']));
  test('format.rows', () => expect(hardStops(check(table(Array.from({ length: 5001 }, () => ['海淀区', '20']))))).toEqual(['format.rows']));
  test('format.shape', () => expect(hardStops(check(table([['海淀区']])))).toEqual(['format.shape']));
  test('scope.columns: not declared, and not granted', () => {
    expect(hardStops(check(labels('海淀区'), ['people.unknown']))).toEqual(['masking.lineage-unknown', 'scope.columns']);
    expect(hardStops(check(labels('海淀区'), ['people.income'], { ...grant, tables: { people: ['district'] } }))).toEqual([
      'scope.columns',
    ]);
  });
  test('masking.lineage: a column that names somebody', () =>
    expect(hardStops(check(labels('海淀区'), ['people.phone']))).toEqual(['masking.lineage']));
});

test('a name is put before people, not stopped', () => {
  const findings = check(labels('李小明'));
  expect(hardStops(findings)).toEqual([]);
  expect(rulesToWaive(findings)).toEqual(['masking.name']);
});

test('findings stand in the order of the gate', () => {
  const findings = checkResult({
    table: labels('<script>', '13800138000'),
    columnsRead: ['people.unknown'],
    dataset,
    grant,
    lineage: null,
    gateFindings: [{ rule: 'units', severity: 'soft', text: 'withheld' }],
  });
  expect(findings.map((finding) => finding.check ?? '-')).toEqual(['P', 'S', 'M', '-']);
});
