import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Column } from '../../../src/catalog/dataset.ts';
import { maskedByPolicy, readDatasetPolicy } from '../../../src/masking/policy/dataset-policy.ts';
import type { Actor } from '../../../src/operations/actor.ts';
import { CITY, codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const POLICY = {
  policy: 'city-out',
  dataset: 'city',
  rules: [
    { label: 'personal', operator: { operator: 'redact' } },
    { label: 'personal', role: 'dimension', purpose: 'study', operator: { operator: 'keep' } },
  ],
};
const REASON = 'read and agreed';
const propose = async (rules: readonly object[] = POLICY.rules) =>
  value(await instance.operations.proposeMaskPolicy(instance.actor('operator-1'), { ...POLICY, rules }));
const decide = (by: string | Actor, id: string, decision: 'approve' | 'reject' = 'approve') =>
  instance.operations.decideMaskPolicy(typeof by === 'string' ? instance.actor(by) : by, { id, decision, reason: REASON });

test('a version holds once data authority and secrecy side agreed, and supersedes the one before', async () => {
  const first = await propose();
  expect(first).toMatchObject({ version: 1, state: 'PROPOSED', decisions: [] });
  expect(value(await decide('authority-1', first.id)).state).toBe('PROPOSED');
  expect(value(await decide('secrecy-1', first.id)).state).toBe('IN_FORCE');
  const second = await propose();
  expect(second.version).toBe(2);
  value(await decide('secrecy-1', second.id));
  expect((await instance.ports.store.view.maskPolicies.inForce('city'))?.id).toBe(first.id);
  value(await decide('authority-1', second.id));
  const listed = value(await instance.operations.listMaskPolicies(instance.actor('merchant-a'), { dataset: 'city' }));
  expect(listed.map(({ version, state }) => [version, state])).toEqual([
    [2, 'IN_FORCE'],
    [1, 'SUPERSEDED'],
  ]);
});

test('one owner twice, the proposer, his office, both roles in one person: never enough', async () => {
  const { id } = await propose();
  value(await decide('authority-1', id));
  expect(codes(await decide('authority-1', id))).toEqual(['masking.policy_owner']);
  const both: Actor = { id: 'authority-1', organisation: 'data-authority', roles: ['authority', 'secrecy'] };
  expect(codes(await decide(both, id))).toEqual(['masking.policy_owner']);
  const colleague: Actor = { id: 'other', organisation: 'data-authority', roles: ['secrecy'] };
  expect(codes(await decide(colleague, id))).toEqual(['masking.policy_owner']);
  for (const by of ['operator-1', 'merchant-a', 'supervisor-1']) expect(codes(await decide(by, id))).toEqual(['access.forbidden']);
  const own = value(await instance.operations.proposeMaskPolicy(instance.actor('authority-1'), POLICY));
  expect(codes(await decide('authority-1', own.id))).toEqual(['masking.policy_owner']);
  expect(await instance.ports.store.view.maskPolicies.inForce('city')).toBeNull();
});

test('a rejection ends a version, and what is decided stays so', async () => {
  const { id } = await propose();
  expect(value(await decide('secrecy-1', id, 'reject')).state).toBe('REJECTED');
  expect(codes(await decide('authority-1', id))).toEqual(['masking.policy_state']);
  expect(codes(await decide('authority-1', 'pol_none'))).toEqual(['access.not_found']);
});

test('two approvals in the same instant make one version in force, and every step is in the log', async () => {
  const { id } = await propose();
  const before = (await instance.ports.audit.entries({ after: 0, limit: 1000 })).length;
  const both = await Promise.all([decide('authority-1', id), decide('secrecy-1', id)]);
  expect(both.map((item) => value(item).state).sort()).toEqual(['IN_FORCE', 'PROPOSED']);
  const log = await instance.ports.audit.entries({ after: before, limit: 1000 });
  expect(log.map(({ operation }) => operation)).toEqual(['policy.decide', 'policy.decide']);
  expect(JSON.stringify(log)).not.toContain(REASON);
});

test('a policy that says a thing twice, goes back with a key, needs a file or is not read is refused', async () => {
  const wrong = [
    [...POLICY.rules, { label: 'personal', operator: { operator: 'keep' } }],
    [{ label: 'personal', operator: { operator: 'ff1', kind: 'digits' } }],
    [{ label: 'personal', operator: { operator: 'generalise', hierarchy: 'a.csv', level: 1 } }],
    [{ label: 'none', operator: { operator: 'keep' } }],
    [{ label: 'personal', operator: { operator: 'md5' } }],
    [{ label: 'personal', role: 'boss', operator: { operator: 'keep' } }],
    [],
  ];
  for (const rules of wrong)
    expect(codes(await instance.operations.proposeMaskPolicy(instance.actor('operator-1'), { ...POLICY, rules }))[0]).toBe(
      'masking.policy',
    );
  const elsewhere = { ...POLICY, dataset: 'nowhere' };
  expect(codes(await instance.operations.proposeMaskPolicy(instance.actor('operator-1'), elsewhere))).toEqual(['access.not_found']);
});

test('the rule that names purpose and role wins; a label without a rule does not leave; a declared masking is never loosened', () => {
  const read = readDatasetPolicy({
    policy: 'p',
    dataset: 'city',
    rules: [
      { label: 'personal', role: 'measure', operator: { operator: 'redact' } },
      { label: 'personal', role: 'measure', purpose: 'study', operator: { operator: 'keep' } },
      { label: 'personal', purpose: 'study', operator: { operator: 'generalise', date: 'month' } },
      { label: 'sensitivePersonal', operator: { operator: 'generalise', region: 'county' } },
    ],
  });
  const [table] = CITY.tables;
  const base = { type: 'DATE', nullable: false, publicDomain: false, factFamily: 'x' } as const;
  const columns = [
    { ...base, name: 'a', label: 'personal', role: 'measure' },
    { ...base, name: 'b', label: 'personal', role: 'quasiId' },
    { ...base, name: 'c', label: 'personal', role: 'quasiId', masking: 'year' },
    { ...base, name: 'd', label: 'tradeSecret', role: 'measure' },
    { ...base, name: 'e', label: 'none', role: 'dimension' },
    { ...base, name: 'f', label: 'sensitivePersonal', role: 'dimension', masking: 'province' },
    { ...base, name: 'g', label: 'sensitivePersonal', role: 'dimension', masking: 'year' },
  ] satisfies readonly Column[];
  const dataset = { ...CITY, tables: table === undefined ? [] : [{ ...table, columns }] };
  const masked = (purpose: string) =>
    (read.ok ? maskedByPolicy(dataset, read.value, purpose) : dataset).tables[0]?.columns.map((column: Column) => column.masking);
  expect(masked('study')).toEqual([undefined, 'month', 'year', 'withheld', undefined, 'province', 'withheld']);
  expect(masked('marketing')).toEqual(['withheld', 'withheld', 'withheld', 'withheld', undefined, 'province', 'withheld']);
});
