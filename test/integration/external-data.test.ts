import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableOfCsv } from '../../src/cli/table-of-csv.ts';
import { openWard, WARD_RULES, type Ward, wardRows } from '../support/masked-ward.ts';
import { done, person } from '../support/real-people.ts';

let ward: Ward;
const codes = (result: { readonly ok: boolean; readonly error?: readonly { readonly code: string }[] }) =>
  result.ok ? [] : (result.error ?? []).map(({ code }) => code);

/** Everybody of the ward by some of the columns, as a neighbour's list would have them. */
const listOf = (columns: readonly string[]): string => {
  const [header = '', ...lines] = wardRows(0, 400).trimEnd().split('\n');
  const places = columns.map((name) => header.split(',').indexOf(name));
  return [columns.join(','), ...lines.map((line) => places.map((at) => line.split(',')[at]).join(','))].join('\n');
};
const register = (text: string, by = 'operator-1', table = 'patients') =>
  ward.instance.operations.registerExternalData(person(by), {
    dataset: 'ward',
    table,
    name: 'voters',
    source: 'register of voters, kept for this check',
    people: tableOfCsv(text),
  });
const rulesOf = async (id: string | undefined) =>
  done(await ward.instance.operations.showEgress(person('operator-1'), String(id))).findings?.map(
    ({ rule, severity }) => `${rule} ${severity}`,
  );

beforeAll(async () => {
  ward = await openWard(wardRows(0, 400));
  await ward.agree([...WARD_RULES.slice(0, 2), { label: 'personal', role: 'measure', operator: { operator: 'keep' } }]);
}, 120_000);
afterAll(() => ward.close());

test('what is no list of people in columns of the table is refused, and only operators register', async () => {
  expect(codes(await register('born,sex\n', 'operator-1'))).toEqual(['masking.external']);
  expect(codes(await register('pid,sex\np1,f'))).toEqual(['masking.external']);
  expect(codes(await register('sex,sex\nf,f'))).toEqual(['masking.external']);
  expect(codes(await register('shoe\n44'))).toEqual(['masking.external']);
  expect(codes(await register('sex\nf', 'operator-1', 'nothing'))).toEqual(['masking.external']);
  for (const other of ['merchant-a', 'source-1', 'supervisor-1', 'secrecy-1'])
    expect(codes(await register('sex\nf', other))).toEqual(['access.forbidden']);
  expect(codes(await ward.instance.operations.listExternalData(person('merchant-a'), {}))).toEqual(['access.forbidden']);
});

test('a list stops what it can be joined with below k, and one that came later stops the release', async () => {
  const { operations } = ward.instance;
  const before = await ward.mask({ carry: ['diag', 'cost'] });
  expect(await rulesOf(before.egressId)).not.toContain('linkage.external hard');

  const voters = done(await register(listOf(['born', 'home', 'sex'])));
  expect(voters).toMatchObject({ state: 'REGISTERED', people: 400, columns: ['born', 'home', 'sex'] });
  expect(JSON.stringify(done(await operations.listExternalData(person('supervisor-1'), { dataset: 'ward' })))).not.toContain('110105');

  // Made before the list: has to be made again.
  const id = String(before.egressId);
  const waivers = (done(await operations.showEgress(person('operator-1'), id)).toWaive ?? []).map((rule) => ({
    rule,
    reason: 'looked at',
  }));
  for (const operator of ['operator-1', 'operator-2']) done(await operations.approve(person(operator), { id, reason: 'x', waivers }));
  done(await operations.file(person('supervisor-1'), { id, receipt: 'FILING-2026-0003' }));
  expect(codes(await operations.release(person('operator-1'), id))).toEqual(['masking.external_newer']);

  // k people stand behind every join on quasi-identifiers, by the lattice and by Mondrian.
  for (const algorithm of ['lattice', 'mondrian']) {
    const made = await ward.mask({ carry: ['diag'], algorithm, suppress: 0 });
    expect(await rulesOf(made.egressId)).not.toContain('linkage.external hard');
  }

  // An insurer that knows what each of them cost finds them one by one.
  const insurer = done(await register(listOf(['born', 'sex', 'cost'])));
  const stopped = await ward.mask({ carry: ['diag', 'cost'] });
  expect(await rulesOf(stopped.egressId)).toContain('linkage.external hard');
  expect(done(await operations.showEgress(person('operator-1'), String(stopped.egressId))).state).toBe('BLOCKED');

  const withdrawn = await operations.withdrawExternalData(person('operator-1'), { id: insurer.id, reason: 'kept for too long' });
  expect(done(withdrawn).state).toBe('WITHDRAWN');
  expect(codes(await operations.withdrawExternalData(person('operator-1'), { id: insurer.id, reason: 'again' }))).toEqual([
    'access.state_conflict',
  ]);
  const free = await ward.mask({ carry: ['diag', 'cost'] });
  expect(await rulesOf(free.egressId)).not.toContain('linkage.external hard');
}, 120_000);
