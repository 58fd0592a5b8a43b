import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetVersion } from '../../../../../src/catalog/dataset.ts';
import { readDeclaration } from '../../../../../src/catalog/declaration.ts';
import type { Grant } from '../../../../../src/catalog/grant.ts';
import type { JobContext } from '../../../../../src/pipeline/job.ts';
import { nearestTo } from '../../../../../src/pipeline/propose.ts';
import type { Problem } from '../../../../../src/problems/problem.ts';
import { compile } from '../../../../../src/sandbox/sql/compile/compile.ts';
import { mergedChanges } from '../../../../../src/sandbox/sql/propose/changes.ts';
import { DECLARED_HEAD } from '../../../../support/declared-head.ts';
import { type ParseEngine, parseEngine } from '../../../../support/sql-text/parse-engine.ts';

/** Patients with everything that a role can be, their stays, and a public table of wards. */
const DECLARATION = {
  dataset: 'ward',
  ...DECLARED_HEAD,
  tables: {
    patients: {
      file: 'patients.csv',
      visibility: 'protected',
      primaryKey: ['patient_id'],
      units: { person: ['patient_id'] },
      columns: {
        patient_id: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
        full_name: { type: 'VARCHAR', label: 'personal', role: 'directId' },
        age: { type: 'INTEGER', label: 'personal', role: 'quasiId', bounds: [0, 120] },
        diagnosis: { type: 'VARCHAR', label: 'sensitivePersonal', role: 'sensitive' },
        smoker: { type: 'BOOLEAN', label: 'personal', role: 'dimension' },
        weight: { type: 'DOUBLE', label: 'personal', role: 'measure' },
        salary: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', bounds: [0, 100000] },
      },
    },
    stays: {
      file: 'stays.csv',
      visibility: 'protected',
      primaryKey: ['stay_id'],
      foreignKeys: [
        { columns: ['patient'], references: 'patients.patient_id' },
        { columns: ['ward'], references: 'wards.ward_id' },
      ],
      units: { person: ['patient -> patients.patient_id', 'patient_id'] },
      columns: {
        stay_id: { type: 'INTEGER', label: 'personal', role: 'directId' },
        patient: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
        ward: { type: 'INTEGER', label: 'none', role: 'dimension' },
        begun: { type: 'TIMESTAMP', label: 'personal', role: 'quasiId', bounds: ['2020-01-01', '2026-12-31'] },
        costs: { type: 'DOUBLE', label: 'personal', role: 'measure' },
      },
    },
    wards: {
      file: 'wards.csv',
      visibility: 'public',
      primaryKey: ['ward_id'],
      columns: {
        ward_id: { type: 'INTEGER', label: 'none', role: 'dimension' },
        title: { type: 'VARCHAR', label: 'none', role: 'dimension' },
      },
    },
  },
};

let engine: ParseEngine;

beforeAll(async () => {
  engine = await parseEngine();
});

afterAll(() => engine.close());

function contextWith(tables: Grant['tables']): JobContext {
  const read = readDeclaration(DECLARATION);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { dataset } = read.value;
  const grant: Grant = { id: 'g', merchant: 'm', dataset: dataset.name, scenario: 's', tables, endsOn: '2099-12-31' };
  const measured: DatasetVersion['profile'] = { tables: [], units: [] };
  const version: DatasetVersion = {
    ...{ dataset: dataset.name, version: 'v1', digest: '', bytes: 0, loadedAt: '', profile: measured },
    state: 'queryable',
    origin: 'simulation',
  };
  return { dataset, version, sealedPath: '', grant, policy: { k: 10, dominance: { units: 2, share: 0.9 }, pShare: 0.1 } };
}

const ALL: Grant['tables'] = { patients: '*', stays: '*', wards: '*' };

async function problemsOf(sql: string, context: JobContext): Promise<readonly Problem[]> {
  const parsed = await engine.read(sql);
  const compiled = parsed.ok ? compile(parsed.value, context.dataset, context.grant, context.version.profile) : parsed;
  return compiled.ok ? [] : compiled.error;
}

async function propose(sql: string, tables = ALL): Promise<unknown> {
  const context = contextWith(tables);
  const refused = await problemsOf(sql, context);
  expect(refused, 'it is not refused').not.toEqual([]);
  const [nearest] = await nearestTo(
    sql,
    await engine.tree(sql),
    refused,
    context,
    async (text) => (await problemsOf(text, context)).length === 0,
  );
  return nearest?.facts.sql;
}

describe('proposals by role', () => {
  test.each([
    ['SELECT age, count(*) FROM patients GROUP BY age', 'SELECT floor(age / 5) * 5 AS age_bin, count(*)\nFROM patients\nGROUP BY age_bin'],
    [
      'SELECT weight, count(*) FROM patients GROUP BY 1',
      'SELECT floor(weight / 1000) * 1000 AS weight_bin, count(*)\nFROM patients\nGROUP BY 1',
    ],
    ['SELECT full_name, smoker FROM patients', 'SELECT smoker, count(*) AS n\nFROM patients\nGROUP BY ALL'],
    ['SELECT smoker, max(age) FROM patients GROUP BY smoker', 'SELECT smoker\nFROM patients\nGROUP BY smoker'],
    ['SELECT avg(age) FROM patients', 'SELECT count(DISTINCT age)\nFROM patients'],
    ['SELECT arg_max(diagnosis, salary), avg(salary) FROM patients', 'SELECT avg(salary)\nFROM patients'],
    ["SELECT count(*) FROM patients WHERE diagnosis < 'flu' AND smoker", 'SELECT count(*)\nFROM patients\nWHERE smoker'],
    [
      'SELECT date_trunc(\'day\', begun) AS "day of", patient, sum(costs) FROM stays GROUP BY ALL',
      'SELECT date_trunc(\'day\', begun) AS "day of", sum(costs)\nFROM stays\nGROUP BY ALL',
    ],
    [
      'SELECT w.title, max(s.begun) FROM stays s JOIN wards w ON s.ward = w.ward_id GROUP BY w.title',
      'SELECT w.title\nFROM stays AS s JOIN wards AS w ON s.ward = w.ward_id\nGROUP BY w.title',
    ],
    [
      'SELECT p.smoker, sum(p.salary), count(*) FROM patients p JOIN stays s ON s.patient = p.patient_id GROUP BY p.smoker',
      'SELECT p.smoker, sum(p.salary), sum(s.n)\nFROM patients AS p JOIN (SELECT patient, count(*) AS n FROM stays AS s GROUP BY patient) AS s ON s.patient = p.patient_id\nGROUP BY p.smoker',
    ],
  ])('%s', async (sql, expected) => {
    expect(await propose(sql)).toBe(expected);
  });
});

describe('a proposal names nothing beyond the grant', () => {
  test('no column', async () => {
    expect(await propose('SELECT sum(cost) FROM stays', { stays: ['patient', 'costs'] })).toBe('SELECT sum(costs)\nFROM stays');
    expect(await propose('SELECT sum(cost) FROM stays', { stays: ['patient', 'ward'] })).toBe('SELECT count(*) AS n\nFROM stays');
  });

  test('no table', async () => {
    expect(await propose('SELECT count(*) FROM stay', { stays: '*' })).toBe('SELECT count(*)\nFROM stays AS stay');
    expect(await propose('SELECT count(*) FROM stay', { patients: '*' })).toBeUndefined();
  });
});

describe('changes of several rewrites', () => {
  test.each([
    [['replaced: f(a) → a', 'replaced: a → g(a)'], 'SELECT g(a)', ['replaced: f(a) → g(a)']],
    [['replaced: a → b', 'replaced: b → a'], 'SELECT a', []],
    [['replaced: f(a) → a', 'dropped column: a'], 'SELECT 1', ['dropped column: f(a)']],
    [['added key: a', 'dropped column: a'], 'SELECT 1', ['dropped column: a']],
    [['added: count(*)', 'dropped column: count(*)'], 'SELECT 1', []],
    [['replaced: a → f(a)', 'dropped condition: f(a) > 1'], 'SELECT 1', ['dropped condition: a > 1']],
    [['replaced: a → f(a)', 'dropped condition: b > 1'], 'SELECT f(a)', ['replaced: a → f(a)', 'dropped condition: b > 1']],
  ])('%j', (changes, sql, merged) => {
    expect(mergedChanges(changes, sql)).toEqual(merged);
  });
});
