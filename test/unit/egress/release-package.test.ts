import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyIdOf, verifyPackage } from '../../../src/egress/manifest.ts';
import { contentDigest, decodeContent, encodeContent, type ReleaseContent } from '../../../src/egress/release-content.ts';
import { buildPackage, PACKAGE_FILES } from '../../../src/egress/release-package.ts';
import { publicBand, withheldBand } from '../../../src/egress/withheld-band.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = { keyId: keyIdOf(publicKey), sign: async (bytes: Uint8Array) => sign(null, bytes, privateKey) };
const MARK_KEY = Buffer.alloc(32, 7);
const HOSTILE = `</pre><script>alert('x')</script>&"\u202e`;

function content(label = '越秀'): ReleaseContent {
  return {
    salt: '5a'.repeat(32),
    job: 'job_1',
    merchant: 'merchant-a',
    merchantOrganisation: 'org-a',
    dataset: 'city-health',
    datasetVersion: 'v1',
    datasetDigest: 'ab'.repeat(32),
    artefactHash: 'cd'.repeat(32),
    canonicalSql: `SELECT district, count(*) AS n FROM residents WHERE note = '${label}' GROUP BY district`,
    policy: { k: 10, dominance: { units: 2, share: 0.9 }, pShare: 0.1 },
    isolation: 'namespaces',
    criteria: ['units', 'dominance'],
    withheldBand: '1–4',
    table: {
      columns: [
        { name: 'district', type: 'VARCHAR' },
        { name: 'n', type: 'BIGINT' },
      ],
      rows: [
        [label, '120'],
        ['天河', '-3'],
        ['荔湾', null],
      ],
    },
  };
}

const facts = {
  release: 'rel_1',
  egress: 'egr_1',
  contentDigest: 'ef'.repeat(32),
  filingReceipt: '粤备-2026-001',
  releasedAt: '2026-01-05T00:00:00.000Z',
  steps: [{ step: 'operator_check', people: ['operator-1', 'operator-2'] }],
  checklist: [],
  profile: 'strictest@1',
  findingsDigest: '12'.repeat(32),
  productVersion: '0.0.0',
  watermark: 'visible' as const,
  votes: [
    { by: 'operator-1', vote: 'approve' as const, at: '2026-01-04T00:00:00.000Z', reason: 'SECRET-REASON' },
    { by: 'operator-2', vote: 'approve' as const, at: '2026-01-04T01:00:00.000Z', reason: 'SECRET-REASON' },
  ],
};

async function packed(label?: string): Promise<Map<string, Uint8Array>> {
  const built = await buildPackage(content(label), facts, signer, MARK_KEY);
  return new Map(built.files.map((file) => [file.name, file.bytes]));
}

const text = (files: Map<string, Uint8Array>, name: string): string => Buffer.from(files.get(name) ?? []).toString('utf8');

describe('release package', () => {
  test('is the same bytes every time and verifies', async () => {
    const [first, second] = [await packed(), await packed()];
    expect([...first.keys()]).toEqual([...PACKAGE_FILES]);
    for (const [name, bytes] of first) expect(Buffer.compare(bytes, second.get(name) ?? new Uint8Array())).toBe(0);
    expect(verifyPackage(first, publicKey)).toEqual({ verified: true, release: 'rel_1', faults: [] });
  });

  test('any changed byte of any file is found', async () => {
    const files = await packed();
    for (const [name, bytes] of files) {
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const verdict = verifyPackage(new Map(files).set(name, changed), publicKey);
        if (verdict.verified) throw new Error(`${name}: byte ${at} changed unnoticed`);
      }
    }
  });

  test('missing, added, cut and foreign-signed packages are found', async () => {
    const files = await packed();
    const without = new Map(files);
    without.delete('data.csv');
    expect(verifyPackage(without, publicKey).faults).toEqual([{ file: 'data.csv', fault: 'missing' }]);
    expect(verifyPackage(new Map(files).set('more.txt', new Uint8Array(1)), publicKey).faults).toEqual([
      { file: 'more.txt', fault: 'unexpected' },
    ]);
    const cut = files.get('report.html')?.slice(0, -1) ?? new Uint8Array();
    expect(verifyPackage(new Map(files).set('report.html', cut), publicKey).faults).toEqual([{ file: 'report.html', fault: 'changed' }]);
    expect(verifyPackage(files, generateKeyPairSync('ed25519').publicKey).verified).toBe(false);
    expect(verifyPackage(new Map(), publicKey).verified).toBe(false);
  });

  test('the report escapes everything, runs nothing, and says the constant sentence with k', async () => {
    const page = text(await packed(HOSTILE), 'report.html');
    expect(page).not.toMatch(/<script|javascript:|https?:|\son\w+=/i);
    expect(page).not.toContain('\u202e');
    expect(page).toContain('&lt;/pre&gt;&lt;script&gt;');
    expect(page).toContain(
      'Figures are exact up to fewer than 10 units per condition; groups may be missing; cells may rest on an earlier release.',
    );
    expect(page).toContain('because they are empty or were withheld: 1–4.');
    expect(page).toContain('<svg');
  });

  test('the picture names its bars, also where every column is a number', async () => {
    const columns = [
      { name: 'year', type: 'INTEGER' },
      { name: 'n', type: 'BIGINT' },
    ];
    const table = {
      columns,
      rows: [
        [1985, '12'],
        [1986, '-3'],
      ] as const,
    };
    const built = await buildPackage({ ...content(), table }, facts, signer, MARK_KEY);
    const page = Buffer.from(built.files.find((file) => file.name === 'report.html')?.bytes ?? []).toString('utf8');
    expect(page).toMatch(/<svg.*>1985<.*>12<.*>1986<.*>-3<.*<\/svg>/);
    const texts = { columns: [{ name: 'a', type: 'VARCHAR' }], rows: [['x']] };
    const plain = await buildPackage({ ...content(), table: texts }, facts, signer, MARK_KEY);
    expect(Buffer.from(plain.files.find((file) => file.name === 'report.html')?.bytes ?? []).toString('utf8')).not.toContain('<svg');
  });

  test('reasons of votes stay inside', async () => {
    for (const bytes of (await packed()).values()) expect(Buffer.from(bytes).toString('utf8')).not.toContain('SECRET-REASON');
  });

  test('the JSON carries provenance and table', async () => {
    const json = JSON.parse(text(await packed(), 'data.json'));
    expect(json.provenance).toMatchObject({
      datasetVersion: 'v1',
      filingReceipt: '粤备-2026-001',
      isolation: 'namespaces',
      contentDigest: facts.contentDigest,
    });
    expect(json.table.rows[0]).toEqual(['越秀', '120']);
  });

  test('content is read back only under its own digest', () => {
    const bytes = encodeContent(content());
    expect(decodeContent(bytes, contentDigest(bytes))).toEqual(content());
    expect(decodeContent(bytes, '0'.repeat(64))).toBeNull();
    expect(contentDigest(encodeContent({ ...content(), withheldBand: '0' }))).not.toBe(contentDigest(bytes));
  });

  test('bands', () => {
    expect([0, 1, 4, 5, 19, 20, 5000].map(withheldBand)).toEqual(['0', '1–4', '1–4', '5–19', '5–19', '20+', '20+']);
    expect([null, 0, 7].map(publicBand)).toEqual(['untold', '0', '5–19']);
    for (const wrong of [-1, 1.5, Number.NaN]) expect(() => withheldBand(wrong)).toThrow(RangeError);
  });
});
