import { afterEach, beforeEach, expect, test } from 'vitest';
import { SYSTEM_ACTOR } from '../../../src/audit/event.ts';
import { tableOfCsv } from '../../../src/cli/table-of-csv.ts';
import { STRICTEST_EGRESS_PROFILE } from '../../../src/egress/kind-policy.ts';
import { contentDigest, encodeContent, type ReleaseContent } from '../../../src/egress/release-content.ts';
import { openEgress } from '../../../src/operations/open-egress.ts';
import type { JobRecord } from '../../../src/operations/ports.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const CRITERIA = ['grant-scope', 'canonical-writers', 'raw-match', 'masking-lineage', 'reversibility', 'linkage', 'release-ledger'];

function contentOf(job: string, merchant: string, criteria: readonly string[]): ReleaseContent {
  const rows = Array.from({ length: 400 }, (_unused, at) => [
    `p${at}`,
    `区${at % 9}`,
    `${(at * 7919) % 9000}.${String(at % 100).padStart(2, '0')}`,
  ]);
  return {
    salt: '5a'.repeat(32),
    job,
    merchant,
    merchantOrganisation: `${merchant}-co`,
    dataset: 'city',
    datasetVersion: 'v1',
    datasetDigest: 'ab'.repeat(32),
    artefactHash: 'cd'.repeat(32),
    canonicalSql: 'masked by policy 1',
    policy: { k: 10, dominance: { units: 2, share: 0.9 }, pShare: 0.1 },
    isolation: 'process',
    criteria,
    withheldBand: 'untold',
    productKind: 'masked_dataset',
    purpose: 'study',
    watermark: { columns: ['amount'], anchors: ['pseudonym', 'area'] },
    table: {
      columns: [
        { name: 'pseudonym', type: 'VARCHAR' },
        { name: 'area', type: 'VARCHAR' },
        { name: 'amount', type: 'DECIMAL(12,2)' },
      ],
      rows,
    },
  };
}

/** As whoever makes masked data opens a request: job, sealed content, request. */
async function opened(id: string, merchant: string, criteria: readonly string[] = CRITERIA): Promise<string> {
  const { ports } = instance;
  const content = contentOf(`job_${id}`, merchant, criteria);
  const bytes = encodeContent(content);
  await ports.vault.seal(content.job, bytes);
  const event = { operation: 'job.submit', actor: SYSTEM_ACTOR, object: content.job, outcome: 'done', facts: {} } as const;
  const base = { id: content.job, dataset: 'city', sql: '', target: 'real', state: 'RESULT_SEALED', grantId: 'grt' } as const;
  const state = await ports.store.write(async (tx) => {
    const job: JobRecord = await tx.jobs.add({ ...base, merchant, organisation: `${merchant}-co`, artefactHash: null }, event);
    const digest = contentDigest(bytes);
    const common = { profile: STRICTEST_EGRESS_PROFILE, isReleasable: true, rules: [], findings: [], withheldBand: '0' } as const;
    return openEgress(tx, { egress: `egr_${id}`, job, content, digest, fingerprint: id, ...common });
  });
  expect(value(state)).toBe(criteria === CRITERIA ? 'REVIEW' : 'BLOCKED');
  return `egr_${id}`;
}

async function copyOf(id: string, merchant: string): Promise<{ readonly release: string; readonly csv: string }> {
  const { operations, actor } = instance;
  for (const by of ['operator-1', 'operator-2']) value(await operations.approve(actor(by), { id, reason: 'fine' }));
  value(await operations.file(actor('supervisor-1'), { id, receipt: 'R-2026-1' }));
  const release = value(await operations.release(actor('operator-1'), id)).id;
  const { token } = value(await operations.issueDownloadToken(actor(merchant), { id: release, name: 'data.csv' }));
  const bytes = value(await operations.releaseFile(actor(merchant), { id: release, name: 'data.csv', token }));
  return { release, csv: Buffer.from(bytes).toString('utf8') };
}

test('each recipient has a copy of its own, which tells whose it is when it turns up, cut and sorted', async () => {
  const one = await copyOf(await opened('one', 'merchant-a'), 'merchant-a');
  const two = await copyOf(await opened('two', 'merchant-b'), 'merchant-b');
  expect(one.csv).not.toBe(two.csv);
  const trace = async (csv: string, by = 'operator-1') =>
    instance.operations.traceCopy(instance.actor(by), { dataset: 'city', table: tableOfCsv(csv) });
  for (const [copy, recipient] of [
    [one, 'merchant-a'],
    [two, 'merchant-b'],
  ] as const) {
    const [header = '', ...lines] = copy.csv.trimEnd().split('\r\n');
    const leaked = [header, ...lines.slice(50, 350).sort().reverse()].join('\n');
    expect(value(await trace(leaked))).toMatchObject({ compared: 2, suspects: [{ release: copy.release, recipient }] });
  }
  expect(codes(await trace(one.csv, 'merchant-a'))).toEqual(['access.forbidden']);
});

test('without a check that its kind requires it is blocked, and nobody can approve it', async () => {
  const id = await opened('bare', 'merchant-a', ['grant-scope', 'canonical-writers', 'release-ledger']);
  const seen = value(await instance.operations.showEgress(instance.actor('operator-1'), id));
  expect(seen.findings?.map((item) => [item.rule, item.check])).toEqual([
    ['check-not-run', 'X'],
    ['check-not-run', 'M'],
    ['check-not-run', 'R'],
  ]);
  expect(codes(await instance.operations.approve(instance.actor('operator-1'), { id, reason: 'x' }))).toEqual(['access.state_conflict']);
  expect(codes(await instance.operations.showEgress(instance.actor('merchant-a'), id))).toEqual(['access.not_found']);
});
