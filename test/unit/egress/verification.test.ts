import { describe, expect, test } from 'vitest';
import type { Grant } from '../../../src/catalog/grant.ts';
import {
  answerOf,
  checkVerification,
  enumerationRules,
  isGuessing,
  neighbourhoodOf,
  normalKey,
  type VerificationDefinition,
} from '../../../src/egress/verification.ts';
import { CITY, codes } from '../../support/operations-instance.ts';

const DEFINITION: VerificationDefinition = {
  format: 'sluice-verification-1',
  table: 'residents',
  keyColumn: 'id',
  compareColumn: 'district',
  basis: { kind: 'law', reference: '某条例第十条' },
  batchMinimum: 20,
  keysPerDay: 100,
};
const GRANT: Grant = { id: 'g', merchant: 'm', dataset: 'city', scenario: 's', tables: { residents: '*' }, endsOn: '2026-12-31' };
const labelled = (label: 'sensitivePersonal' | 'stateSecret') => ({
  ...CITY,
  tables: CITY.tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => (column.name === 'district' ? { ...column, label } : column)),
  })),
});
const check = (change: Partial<VerificationDefinition> = {}, dataset = CITY as typeof CITY, grant = GRANT) =>
  codes(checkVerification({ ...DEFINITION, ...change }, dataset, grant));

describe('a verification service', () => {
  test('names a unit’s key, a column it may compare, a basis and limits', () => {
    expect(check()).toEqual([]);
    expect(check({ compareColumn: null })).toEqual([]);
    const faults: readonly Partial<VerificationDefinition>[] = [
      { table: 'none' },
      { keyColumn: 'district' },
      { compareColumn: 'id' },
      { compareColumn: 'none' },
      { basis: { kind: 'law', reference: ' ' } },
      { batchMinimum: 19 },
      { batchMinimum: 1001, keysPerDay: 2000 },
      { keysPerDay: 10 },
    ];
    for (const change of faults) expect(check(change), JSON.stringify(change)).toEqual(['product.definition_invalid']);
  });

  test('keeps to grant, labels and standing filters', () => {
    const narrow = { ...GRANT, tables: { residents: ['id'] } };
    expect(check({}, CITY, narrow)).toEqual(['product.definition_invalid']);
    expect(check({ compareColumn: null }, CITY, narrow)).toEqual([]);
    expect(check({}, labelled('stateSecret'))).toEqual(['product.definition_invalid']);
    expect(check({}, labelled('sensitivePersonal'))).toEqual(['product.definition_invalid']);
    expect(check({ basis: { kind: 'consent', reference: 'C-1' } }, labelled('sensitivePersonal'))).toEqual([]);
    const filtered = { ...CITY, tables: CITY.tables.map((table) => ({ ...table, standingFilters: ["status = 'active'"] })) };
    expect(check({}, filtered)).toEqual(['product.definition_invalid']);
  });
});

describe('a batch', () => {
  const person = (at: number): string => `4401${String(10 + at)}19${String(60 + (at % 30))}0101001X`;
  const keys = Array.from({ length: 20 }, (_unused, at) => person(at));
  const none = { times: new Map<string, number>(), keysIn: new Map<string, number>() };
  const rules = (asked: readonly string[], history: Partial<typeof none> = {}) =>
    enumerationRules(DEFINITION, asked, { ...none, ...history });

  test('of twenty different people is answered', () => {
    expect(rules(keys)).toEqual([]);
  });

  test.each<[string, readonly string[], Partial<typeof none>, string]>([
    ['too small', keys.slice(1), {}, 'batch-size'],
    ['one key twice', [...keys, keys[0] ?? ''], {}, 'key-twice'],
    ['an empty key', [...keys, ''], {}, 'key-form'],
    ['a key asked three times before', keys, { times: new Map([[keys[3] ?? '', 3]]) }, 'repeated-key'],
    [
      'a run of neighbours',
      [...keys, ...[1, 2, 3, 4, 5, 6].map((at) => `44019919900101${String(at).padStart(3, '0')}X`)],
      {},
      'neighbours',
    ],
    ['neighbours of earlier batches', keys, { keysIn: new Map([[neighbourhoodOf(keys[5] ?? ''), 5]]) }, 'neighbours'],
    ['short keys', Array.from({ length: 20 }, (_unused, at) => String(at)), {}, 'neighbours'],
  ])('with %s is refused whole', (_name, asked, history, rule) => {
    expect(rules(asked, history)).toContain(rule);
  });

  test('may ask for people again whose neighbourhood is full', () => {
    const history = { times: new Map([[keys[5] ?? '', 1]]), keysIn: new Map([[neighbourhoodOf(keys[5] ?? ''), 5]]) };
    expect(rules(keys, history)).toEqual([]);
  });

  test('reads keys in one spelling', () => {
    expect(normalKey(' ４４０１１９００４x ')).toBe('440119004X');
  });
});

test('answers are yes, no or unknown', () => {
  expect([answerOf('a', ['a']), answerOf('a', ['b']), answerOf('a', undefined), answerOf('a', [])]).toEqual([
    'yes',
    'no',
    'unknown',
    'unknown',
  ]);
  expect([answerOf('a', ['a', 'b']), answerOf('a', [null]), answerOf('a', ['a', 'a'])]).toEqual(['unknown', 'unknown', 'yes']);
  expect([answerOf(null, [null, null]), answerOf(null, undefined)]).toEqual(['yes', 'unknown']);
  expect([isGuessing(['yes', 'unknown']), isGuessing(['no', 'unknown', 'unknown'])]).toEqual([false, true]);
});
