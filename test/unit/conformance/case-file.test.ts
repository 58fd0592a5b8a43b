import { describe, expect, test } from 'vitest';
import { readCases } from '../../conformance/case-file.ts';

const CATALOG = { t: { visibility: 'protected', units: { person: ['pid'] }, columns: { pid: 'unitId' } } };
const CASE = { id: 'X1', sql: ['SELECT count(*) AS n FROM t'], expect: 'ACCEPT' };
const FILE = {
  catalog: CATALOG,
  setup: ['CREATE TABLE t(pid INTEGER)'],
  k: 7,
  victim: { pid: 1 },
  policy: { nk: [2, 0.8] },
  cases: [CASE],
};

describe('a file of cases', () => {
  test('gives its frame to its cases', () => {
    const [item] = readCases(FILE);
    expect(item).toMatchObject({ id: 'X1', data: { setup: FILE.setup, tpch: null }, victim: { pid: 1 }, cells: null });
    expect(item?.policy).toEqual({ k: 7, dominance: { units: 2, share: 0.8 }, pShare: 0.1 });
  });

  test('a case brings its own data, and then neither the tables of TPC-H nor the victim of the file', () => {
    const [item] = readCases({
      ...FILE,
      tpch: 0.01,
      cases: [{ ...CASE, setup: ['CREATE TABLE t AS SELECT 1 AS pid'], policy: { k: 3, p: 0.2 } }],
    });
    expect(item).toMatchObject({
      data: { setup: ['CREATE TABLE t AS SELECT 1 AS pid'], tpch: null },
      victim: {},
      policy: { k: 3, pShare: 0.2 },
    });
  });

  test('says who runs a statement', () => {
    const sql = [
      'SELECT 1',
      '/* merchant 2 */ SELECT 1',
      { sql: 'INSERT INTO t VALUES (1)', as: 'source' },
      { sql: 'SELECT 1', as: 'merchant-3' },
    ];
    expect(readCases({ ...FILE, cases: [{ ...CASE, sql }] })[0]?.statements.map((one) => one.by)).toEqual([
      'merchant-1',
      'merchant-2',
      'source',
      'merchant-3',
    ]);
  });

  test('any n of (n, k) dominance', () => {
    const [item] = readCases({ ...FILE, cases: [{ ...CASE, policy: { nk: [3, 0.8] } }] });
    expect(item?.policy.dominance).toEqual({ units: 3, share: 0.8 });
  });

  test.each([
    ['an expectation that nobody knows', { ...CASE, expect: 'PROBABLY' }],
    ['no expectation', { id: 'X', sql: ['SELECT 1'] }],
    ['no statement', { ...CASE, sql: [] }],
    ['an unknown field', { ...CASE, skip: true }],
    ['an unknown speaker', { ...CASE, sql: [{ sql: 'SELECT 1', as: 'operator' }] }],
    ['dominance of nobody', { ...CASE, policy: { nk: [0, 0.9] } }],
  ])('%s is refused', (_name, item) => {
    expect(() => readCases({ ...FILE, cases: [item] })).toThrow();
  });

  test('a case without any catalog is refused', () => {
    expect(() => readCases({ cases: [CASE] })).toThrow('X1');
  });
});
