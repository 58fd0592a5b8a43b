import { generateKeyPairSync, sign } from 'node:crypto';
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeFile, keyIdOf, type Manifest, signedBytes } from '../../src/egress/manifest.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { cli, type Run } from '../e2e/process.ts';
import { type Clinic, filedRequest, HONEST_SQL, makeClinic, type Served } from '../support/served-clinic.ts';

/**
 * What somebody with the data folder in hand may do to it, found by the real instance: one request is filed, one
 * released; each test changes a copy of the folder.
 */
const OTHER_SQL = 'SELECT village, count(*) AS n FROM residents GROUP BY village';
let clinic: Clinic;
let filed = '';
let released = '';
let releaseId = '';
let dir = '';

beforeAll(async () => {
  clinic = await makeClinic();
  const server: Served = await clinic.serve();
  filed = await filedRequest(server, HONEST_SQL);
  released = await filedRequest(server, OTHER_SQL);
  const release = await server.ask('operator-1', 'POST', `/v1/egress-requests/${released}/releases`);
  releaseId = String(release.body['id']);
  await server.stop();
});
afterAll(() => clinic.remove());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-tampered-'));
  await cp(clinic.dir, dir, { recursive: true });
  await chmod(join(dir, 'keys'), 0o700);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const as = (who: string, ...argv: string[]): Promise<Run> => cli([...argv, '--data', dir, '--as', who, '--json']);
const codesOf = (run: Run): readonly unknown[] =>
  run.lines.flatMap((line) => (line['problems'] as readonly { readonly code: string }[] | undefined) ?? []).map((item) => item.code);

async function flipByte(path: string, at: 'middle' | number = 'middle'): Promise<void> {
  const bytes = await readFile(path);
  const index = at === 'middle' ? Math.floor(bytes.length / 2) : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  await chmod(path, 0o600);
  await writeFile(path, bytes);
  await chmod(path, 0o400);
}

function inStore(sql: string): void {
  const store = new DatabaseSync(join(dir, 'store.sqlite'));
  // What forbids changes of the log stands in the same file: who holds the file can take it out.
  for (const row of store.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
    store.exec(`DROP TRIGGER "${String(row['name'])}"`);
  store.exec(sql);
  store.close();
}

test('unchanged, everything goes on', async () => {
  const run = await as('operator-1', 'egress', 'release', filed);
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect((await as('auditor-1', 'audit', 'verify')).status).toBe(0);
});

describe('the sealed result', () => {
  test.each(['middle', 0] as const)('a byte changed (%s): no release, on record, the merchant sees nothing of it', async (at) => {
    const shown = await as('merchant-a', 'egress', 'show', filed);
    const { job } = shown.lines[0] as { readonly job: string };
    await flipByte(join(dir, 'results', `${job}.sealed`), at);
    const run = await as('operator-1', 'egress', 'release', filed);
    expect([run.status, codesOf(run)]).toEqual([1, ['audit.sealed_result_changed']]);
    expect(await readdir(join(dir, 'releases'))).toEqual([releaseId]);
    expect((await as('merchant-a', 'egress', 'show', filed)).stdout).toBe(shown.stdout);
    const log = (await as('auditor-1', 'audit', 'list', '--limit', '1000')).lines;
    expect(log).toContainEqual(
      expect.objectContaining({ operation: 'egress.check', facts: expect.objectContaining({ rules: ['audit.sealed_result_changed'] }) }),
    );
  });

  test('that of another job in its place: no release', async () => {
    const jobs = await Promise.all(
      [filed, released].map(async (id) => String((await as('operator-1', 'egress', 'show', id)).lines[0]?.['job'])),
    );
    await rm(join(dir, 'results', `${jobs[0]}.sealed`), { force: true });
    await cp(join(dir, 'results', `${jobs[1]}.sealed`), join(dir, 'results', `${jobs[0]}.sealed`));
    const run = await as('operator-1', 'egress', 'release', filed);
    expect([run.status, codesOf(run)]).toEqual([1, ['audit.sealed_result_changed']]);
  });

  test('gone: no release', async () => {
    const { job } = (await as('merchant-a', 'egress', 'show', filed)).lines[0] as { readonly job: string };
    await rm(join(dir, 'results', `${job}.sealed`), { force: true });
    const run = await as('operator-1', 'egress', 'release', filed);
    expect([run.status, codesOf(run)]).toEqual([1, ['audit.sealed_result_missing']]);
  });
});

describe('the sealed data file', () => {
  test.each(['middle', 100] as const)('a byte changed (%s): no job reads it, and the merchant is told the constant', async (at) => {
    await flipByte(join(dir, 'enclave', 'clinic', 'v1.duckdb'), at);
    const sql = join(dir, 'query.sql');
    await writeFile(sql, HONEST_SQL);
    const run = await as('merchant-a', 'job', 'submit', '--dataset', 'clinic', '--sql', sql, '--target', 'real');
    expect([run.status, codesOf(run).at(-1)]).toEqual([1, 'job.not_released']);
    expect(run.stdout).not.toMatch(/digest_mismatch|changed/);
    const seen = await as('operator-1', 'job', 'show', String(run.lines[0]?.['id']));
    expect(codesOf(seen)).toEqual(['enclave.digest_mismatch']);
  });
});

describe('the audit log', () => {
  const changes = [
    [
      'a row changed',
      'changed',
      10,
      `UPDATE audit_entries SET body = replace(body, 'operator-1', 'operator-2') WHERE seq = (SELECT max(seq) FROM audit_entries WHERE body LIKE '%operator-1%')`,
    ],
    ['a row left out', 'missing', 15, 'DELETE FROM audit_entries WHERE seq = 5'],
    ['its tail cut off', 'tail-cut', 12, 'DELETE FROM audit_entries WHERE seq > (SELECT max(seq) - 3 FROM audit_entries)'],
    ['emptied', 'tail-cut', 12, 'DELETE FROM audit_entries'],
  ] as const;

  test.each(changes)('%s: found, with a status of its own', async (_name, kind, status, sql) => {
    inStore(sql);
    const run = await as('auditor-1', 'audit', 'verify');
    expect(run.status).toBe(status);
    expect(run.lines[0]?.['faults']).toContainEqual(expect.objectContaining({ kind }));
    const spoken = await cli(['audit', 'verify', '--data', dir, '--as', 'auditor-1']);
    expect([spoken.status, spoken.stdout]).toEqual([status, expect.stringContaining('THE AUDIT LOG HAS BEEN CHANGED')]);
  });

  test.each(['changed by hand', 'gone'])('its checkpoint %s: found, and nothing is written any more', async (how) => {
    const path = join(dir, 'audit', 'checkpoint');
    if (how === 'gone') await rm(path);
    else
      await writeFile(
        path,
        (await readFile(path, 'utf8')).replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
      );
    const run = await as('auditor-1', 'audit', 'verify');
    expect([run.status, run.lines[0]?.['faults']]).toEqual([
      14,
      [{ seq: null, kind: how === 'gone' ? 'checkpoint-missing' : 'checkpoint-invalid' }],
    ]);
    const release = await as('operator-1', 'egress', 'release', filed);
    expect([release.status, release.stdout]).toEqual([3, '']);
    expect(release.stderr).toContain('audit verify');
    expect(await readdir(join(dir, 'releases'))).toEqual([releaseId]);
    // A merchant reads what is its own as before.
    expect((await as('merchant-a', 'job', 'list')).status).toBe(0);
  });
});

describe('the released package', () => {
  test('a byte changed: not handed out, and the offline check finds it', async () => {
    const folder = join(dir, 'releases', releaseId);
    await flipByte(join(folder, 'data.csv'));
    const run = await as('merchant-a', 'release', 'download', releaseId, '--out', join(dir, 'out'));
    expect([run.status, codesOf(run)]).toEqual([1, ['egress.package_damaged']]);
    const offline = await cli(['release', 'verify', folder, '--data', dir, '--json']);
    expect([offline.status, offline.lines[0]?.['faults']]).toEqual([1, [{ file: 'data.csv', fault: 'changed' }]]);
  });

  test('the approvals in it are proved by the log, also after the instance is gone; a changed receipt is found', async () => {
    const folder = join(dir, 'releases', releaseId);
    const trust = join(dir, 'audit-trust');
    const good = await cli(['release', 'verify', folder, '--data', dir, '--trust', trust, '--json']);
    expect([good.status, ((good.lines[0]?.['approvals'] ?? []) as readonly { readonly by: string }[]).map(({ by }) => by)]).toEqual([
      0,
      ['operator-1', 'operator-2'],
    ]);
    await writeFile(trust, `${await readFile(trust, 'utf8')}quorum 1\n`.replace('quorum 0\n', ''));
    expect((await cli(['release', 'verify', folder, '--data', dir, '--json'])).status).toBe(2);
    await rm(trust);
    expect((await cli(['release', 'verify', folder, '--data', dir, '--json'])).status).toBe(2);
  });

  test.each([
    ['a receipt left out', ['approval-2.tlog-proof'], 'operator-2'],
    ['all receipts left out', ['approval-1.tlog-proof', 'approval-2.tlog-proof'], 'operator-2'],
    ['another person named in the chain', [], 'operator-9'],
  ])('signed anew with a stolen release key, %s: too-few-approvals', async (_name, left, second) => {
    const folder = join(dir, 'releases', releaseId);
    await chmod(folder, 0o700);
    for (const name of left) await rm(join(folder, name));
    const criteria = join(folder, 'criteria.json');
    await chmod(criteria, 0o600);
    await writeFile(criteria, (await readFile(criteria, 'utf8')).replace('operator-2', second));
    const { signature, files, ...body } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
    const kept = files.map(({ name }) => name).filter((name) => !left.includes(name));
    const described = await Promise.all(kept.map(async (name) => describeFile(name, await readFile(join(folder, name)))));
    const stolen = generateKeyPairSync('ed25519');
    const value = sign(null, signedBytes({ ...body, files: described }), stolen.privateKey).toString('base64');
    await chmod(join(folder, 'manifest.json'), 0o600);
    const forged = { ...body, files: described, signature: { ...signature, keyId: keyIdOf(stolen.publicKey), value } };
    await writeFile(join(folder, 'manifest.json'), canonicalJson(forged));
    await writeFile(join(dir, 'release-public-key.pem'), stolen.publicKey.export({ format: 'pem', type: 'spki' }));
    const run = await cli(['release', 'verify', folder, '--data', dir, '--json']);
    expect([run.status, run.lines[0]?.['faults']]).toEqual([1, [{ file: 'criteria.json', fault: 'too-few-approvals' }]]);
  });

  test('the log verifies from its files alone, and a changed file is found', async () => {
    const log = join(dir, 'audit');
    const whole = await cli(['audit', 'verify', '--tiles', log, '--json']);
    expect([whole.status, whole.lines[0]?.['verified']]).toEqual([0, true]);
    const bundles = join(log, 'tile', 'entries', '000.p');
    const [bundle = ''] = await readdir(bundles);
    await flipByte(join(bundles, bundle), 60);
    expect((await cli(['audit', 'verify', '--tiles', log, '--json'])).status).toBe(10);
    expect((await cli(['audit', 'verify', '--tiles', join(dir, 'nowhere'), '--trust', join(dir, 'audit-trust')])).status).toBe(2);
  });

  test('another key than the instance’s does not verify', async () => {
    const key = join(dir, 'release-public-key.pem');
    await writeFile(key, generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }));
    const offline = await cli(['release', 'verify', join(dir, 'releases', releaseId), '--data', dir, '--json']);
    expect([offline.status, offline.lines[0]?.['faults']]).toEqual([1, [expect.objectContaining({ fault: 'signature' })]]);
  });
});
