import { expect, test } from 'vitest';
import type { Column, Dataset } from '../../../src/catalog/dataset.ts';
import { planMaskedDataset } from '../../../src/masking/dataset/plan-masked-dataset.ts';
import type { DatasetPolicy } from '../../../src/masking/policy/dataset-policy.ts';

const column = (name: string, role: Column['role']): Column => ({
  name,
  type: 'VARCHAR',
  role,
  label: 'personal',
  nullable: false,
  publicDomain: false,
  factFamily: `t.${name}`,
});
const table = {
  name: 't',
  visibility: 'protected',
  primaryKey: ['id'],
  foreignKeys: [],
  units: { person: { column: 'id', hops: [] } },
  standingFilters: [],
  columns: [
    column('id', 'unitId'),
    column('born', 'quasiId'),
    column('village', 'dimension'),
    column('sex', 'dimension'),
    column('ill', 'sensitive'),
  ],
};
const dataset = { name: 'd', tables: [table] } as unknown as Dataset;
const policy: DatasetPolicy = {
  policy: 'p',
  dataset: 'd',
  rules: [{ label: 'personal', role: '*', purpose: '*', operator: { operator: 'keep' } }],
};
const plan = (carry: readonly string[] | undefined, wishes: readonly string[] = []) => {
  const spec = {
    table: 't',
    k: 10,
    wishes: wishes.map((name) => ({ column: name, diversity: { kind: 'distinct', l: 2 } }) as const),
    suppress: 0,
    algorithm: 'lattice',
    basis: 'mask',
    ...(carry === undefined ? {} : { carry }),
  } as const;
  const made = planMaskedDataset(dataset, policy, spec, { purpose: 'x', granted: { t: '*' }, leastK: 10 });
  if (!made.ok) return made.error.map(({ code }) => code);
  return [made.value.quasi, made.value.carried].map((some) => some.map((item) => item.column.name));
};

test('what others know of a person is generalised, also where it was asked to be passed on', () => {
  expect(plan(undefined)).toEqual([['born'], ['ill']]);
  expect(plan(['village', 'sex', 'ill'])).toEqual([['born', 'village', 'sex'], ['ill']]);
  expect(plan(['sex', 'ill'], ['sex'])).toEqual([['born'], ['sex', 'ill']]);
  expect(plan(['id'])).toEqual(['masking.not_carried']);
  expect(plan(['born'])).toEqual(['masking.not_carried']);
});
