import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { runSimulation } from '../../../src/sandbox/loader/simulate.ts';
import { planSimulation } from '../../../src/synthetic/plan-simulation.ts';
import { DECLARED_HEAD } from '../../support/declared-head.ts';
import { type LoadingBench, loadingBench } from '../../support/loading.ts';

let bench: LoadingBench;
beforeAll(async () => {
  bench = await loadingBench();
});
afterAll(() => bench.close());

const column = (type: string, role: string, more: object = {}): object => ({ type, label: 'personal', role, nullable: false, ...more });
const BOUNDS = { bounds: ['1930-01-01', '2020-12-31'] };

/** Rows of a table of people with these names for birth date and sex. */
async function people(birth: string, sex: string, folder: string): Promise<readonly (readonly string[])[]> {
  const columns = {
    pid: column('VARCHAR', 'unitId', { semantic: 'residentId' }),
    [birth]: column('DATE', 'quasiId', BOUNDS),
    [sex]: column('VARCHAR', 'dimension', { domain: ['女', '男'] }),
    home: column('VARCHAR', 'quasiId', { semantic: 'region' }),
    mother_birth_date: column('DATE', 'quasiId', BOUNDS),
  };
  const table = { visibility: 'protected', primaryKey: ['pid'], units: { person: ['pid'] }, columns };
  const read = readDeclaration({ dataset: 'named', ...DECLARED_HEAD, tables: { people: table } });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const plan = planSimulation(read.value.dataset, { rows: 300, seed: 'named' });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  const made = await runSimulation(plan.value, { enclave: bench.enclave }, folder);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const text = await readFile(join(folder, 'people.csv'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

test.each([
  ['born', 'sex'],
  ['born_on', 'gender'],
  ['birthdate', 'person_sex'],
  ['patient_birth_date', 'patient_gender'],
  ['出生年月', '性别'],
])('birth date and sex agree with the resident ID where their columns are named %s and %s, and so does the region', async (birth, sex) => {
  const rows = await people(birth, sex, join(bench.folder, `named-${birth}`));
  expect(rows).toHaveLength(300);
  const told = rows.map(([id = '']) => [
    `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`,
    Number(id[16]) % 2 === 1 ? '男' : '女',
    id.slice(0, 6),
  ]);
  expect(rows.map((row) => row.slice(1, 4))).toEqual(told);
  // Whose mother was born then is another person.
  expect(rows.filter((row, index) => row[4] === told[index]?.[0]).length).toBeLessThan(30);
});
