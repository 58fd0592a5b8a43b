import { createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableOfCsv } from '../../src/cli/table-of-csv.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import type { ReleaseView } from '../../src/operations/operations.ts';
import { openWard, type Ward, wardRows } from '../support/masked-ward.ts';
import { done, person } from '../support/real-people.ts';

const codes = (result: { readonly ok: boolean; readonly error?: readonly { readonly code: string }[] }) =>
  result.ok ? [] : (result.error ?? []).map(({ code }) => code);

let ward: Ward;

const release = async (id: string): Promise<ReleaseView> => {
  const { operations } = ward.instance;
  const seen = done(await operations.showEgress(person('operator-1'), id));
  const waivers = (seen.toWaive ?? []).map((rule) => ({ rule, reason: 'looked at, rows stay in groups of k' }));
  for (const operator of ['operator-1', 'operator-2'])
    done(await operations.approve(person(operator), { id, reason: 'k people in every group', waivers }));
  done(await operations.file(person('supervisor-1'), { id, receipt: 'FILING-2026-0001' }));
  return done(await operations.release(person('operator-1'), id));
};
const fileOf = async (id: string, name: string, merchant = 'merchant-a'): Promise<string> => {
  const { operations } = ward.instance;
  const { token } = done(await operations.issueDownloadToken(person(merchant), { id, name }));
  return Buffer.from(done(await operations.releaseFile(person(merchant), { id, name, token }))).toString('utf8');
};

describe('a masked dataset in an instance', () => {
  beforeAll(async () => {
    ward = await openWard(wardRows(0, 800));
  }, 120_000);
  afterAll(() => ward.close());

  test('is refused without a policy in force, and by a policy that does not let a column out', async () => {
    const { operations } = ward.instance;
    const spec = { dataset: 'ward', table: 'patients', k: 10, wishes: [], suppress: 0, algorithm: 'lattice', basis: 'mask' } as const;
    const ask = (more: object, by = 'merchant-a') => operations.maskDataset(person(by), { ...spec, ...more });
    expect(codes(await ask({}))).toEqual(['masking.no_policy']);
    await ward.agree([{ label: 'personal', role: 'quasiId', operator: { operator: 'keep' } }]);
    expect(codes(await ask({ carry: ['diag'] }))).toEqual(['masking.not_carried']);
    await ward.agree();
    expect(codes(await ask({ carry: ['pid'] }))).toEqual(['masking.not_carried']);
    expect(codes(await ask({ carry: ['born'] }))).toEqual(['masking.not_carried']);
    expect(codes(await ask({ k: 5 }))).toEqual(['masking.parameter']);
    expect(codes(await ask({ table: 'nothing' }))).toEqual(['masking.table']);
    expect(codes(await ask({}, 'operator-1'))).toEqual(['access.forbidden']);
  });

  let first: ReleaseView;
  let rows: ReturnType<typeof tableOfCsv>;

  test('leaves as an egress request with its risk page, and only through review', async () => {
    const job = await ward.mask({ carry: ['diag', 'cost'], wishes: [{ column: 'diag', diversity: { kind: 'distinct', l: 2 } }] });
    expect(job.problems).toBeUndefined();
    expect(job.state).toBe('EGRESS_REQUESTED');
    const { operations } = ward.instance;
    const seen = done(await operations.showEgress(person('operator-1'), String(job.egressId)));
    expect(seen).toMatchObject({ productKind: 'masked_dataset', state: 'REVIEW' });
    expect(seen.files?.map(({ name }) => name)).toEqual(['data', 'risk.html', 'risk.json']);
    expect(seen.findings?.filter(({ severity }) => severity === 'hard')).toEqual([]);
    expect(JSON.stringify(seen)).not.toMatch(/"membership"|"keys"/);
    first = await release(String(job.egressId));
  }, 120_000);

  test('k people and two diseases stand behind every row, and nothing that names anybody leaves', async () => {
    const csv = await fileOf(first.id, 'data.csv');
    rows = tableOfCsv(csv);
    expect(rows.columns.map(({ name }) => name)).toEqual(['record', 'born', 'home', 'sex', 'diag', 'cost', 'check_digits']);
    const groups = Object.values(Object.groupBy(rows.rows, (row) => JSON.stringify(row.slice(1, 4))));
    for (const group of groups) {
      expect(group?.length).toBeGreaterThanOrEqual(10);
      expect(new Set(group?.map((row) => row[4])).size).toBeGreaterThanOrEqual(2);
    }
    for (const { name } of first.files) {
      const text = await fileOf(first.id, name);
      expect(text).not.toMatch(/\bp\d{1,3}\b/);
      expect(text).not.toContain('membership');
    }
  });

  test('the risk page is signed with the release key', async () => {
    const { risk, signature } = JSON.parse(await fileOf(first.id, 'risk.json')) as { risk: { highest: number }; signature: string };
    expect(risk.highest).toBeLessThanOrEqual(0.1);
    const page = await fileOf(first.id, 'risk.html');
    for (const part of ['重标识风险报告', signature, '<svg']) expect(page).toContain(part);
    const pem = await readFile(`${ward.folder}/data/release-public-key.pem`, 'utf8');
    expect(verify(null, Buffer.from(canonicalJson(risk)), createPublicKey(pem), Buffer.from(signature, 'base64'))).toBe(true);
  });

  test('a copy that turns up, cut and sorted, tells whose it is', async () => {
    const csv = await fileOf(first.id, 'data.csv');
    const [header = '', ...lines] = csv.trimEnd().split('\r\n');
    const leaked = [header, ...lines.slice(100, 500).sort().reverse()].join('\n');
    const traced = done(await ward.instance.operations.traceCopy(person('operator-1'), { dataset: 'ward', table: tableOfCsv(leaked) }));
    expect(traced).toMatchObject({ suspects: [{ release: first.id, recipient: 'merchant-a' }] });
  });

  test('the same generalisation for somebody else composes; the copies differ', async () => {
    const job = await ward.mask(
      { carry: ['diag', 'cost'], wishes: [{ column: 'diag', diversity: { kind: 'distinct', l: 2 } }] },
      'merchant-b',
    );
    const seen = done(await ward.instance.operations.showEgress(person('operator-1'), String(job.egressId)));
    const rules = seen.findings?.map(({ rule }) => rule);
    expect(rules).not.toContain('composition.intersection');
    // The same people once more: somebody has to answer for it before anybody votes.
    expect(rules).toContain('linkage.rows');
    expect(seen.state).toBe('HELD_LINKAGE');
  }, 60_000);

  // Source: Ganta, Kasiviswanathan and Smith 2008.
  test('an anonymisation that would intersect the first is searched again until it does not', async () => {
    const { operations } = ward.instance;
    const job = await ward.mask({ k: 10, algorithm: 'mondrian', suppress: 0 });
    const seen = done(await operations.showEgress(person('operator-1'), String(job.egressId)));
    expect(seen.findings?.filter(({ severity }) => severity === 'hard')).toEqual([]);
    expect(seen.state).not.toBe('BLOCKED');
  }, 60_000);

  test('a new version with a few people more leaves them out, and where nothing may be taken out it is blocked for good', async () => {
    const { operations } = ward.instance;
    await ward.load(wardRows(0, 803));
    const wishes = [{ column: 'diag', diversity: { kind: 'distinct', l: 2 } }];
    const without = await ward.mask({ carry: ['diag', 'cost'], wishes });
    const shown = done(await operations.showEgress(person('operator-1'), String(without.egressId)));
    expect(shown.findings?.map(({ rule }) => rule)).not.toContain('composition.intersection');
    const job = await ward.mask({ carry: ['diag', 'cost'], wishes, suppress: 0 });
    const id = String(job.egressId);
    const seen = done(await operations.showEgress(person('operator-1'), id));
    expect(seen.findings?.map(({ rule, severity }) => [rule, severity])).toContainEqual(['composition.intersection', 'hard']);
    expect(seen.state).toBe('BLOCKED');
    expect(codes(await operations.approve(person('operator-1'), { id, reason: 'x' }))).toEqual(['access.state_conflict']);
    expect(codes(await operations.showEgress(person('merchant-a'), id))).toEqual(['access.not_found']);
  }, 60_000);
});
