import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { releaseKey, verifyPackage } from '../../../src/egress/manifest.ts';
import { dropDuties, rawRecords } from '../../support/kept-records.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const who = (id: string) => instance.actor(id);
const release = (id: string, by = 'operator-1') => instance.operations.release(who(by), id);
/** As a person fetches a file: a token first, then the file for it. */
async function fetched(id: string, name: string, by = 'merchant-a') {
  const issued = await instance.operations.issueDownloadToken(who(by), { id, name });
  return issued.ok ? instance.operations.releaseFile(who(by), { id, name, token: issued.value.token }) : issued;
}

async function flipByte(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await chmod(path, 0o600);
  await writeFile(path, bytes);
}

/** Past the rules of the store as well: who can write there can take them away. */
async function changeStore(statement: string, ...parameters: string[]): Promise<void> {
  await dropDuties(instance.folder);
  await rawRecords(instance.folder, statement, ...parameters);
}

describe('releases', () => {
  test('only a filed request is released; what comes out verifies', async () => {
    const { id } = await instance.requestInReview();
    expect(codes(await release(id))).toEqual(['access.state_conflict']);
    const filed = await instance.requestFiled('SELECT 2');
    const released = value(await release(filed.id));
    expect(released).toMatchObject({ recipient: 'merchant-a', state: 'available', egress: filed.id });
    const files = new Map<string, Uint8Array>();
    for (const file of released.files) files.set(file.name, value(await fetched(released.id, file.name)));
    const key = releaseKey(await instance.ports.keys.publicKey('release'));
    expect(verifyPackage(files, key)).toEqual({ verified: true, release: released.id, faults: [] });
    expect(Buffer.from(files.get('data.csv') ?? []).toString('utf8')).toBe(`district,n\r\n越秀,120\r\n"'=天河",42\r\n`);
    const mine = value(await instance.operations.showEgress(who('merchant-a'), filed.id));
    expect(mine).toMatchObject({ state: 'RELEASED', releaseId: released.id });
    expect((await instance.ports.audit.verify()).verified).toBe(true);
  });

  test('two releases at once give one', async () => {
    const { id } = await instance.requestFiled();
    const results = await Promise.all([release(id), release(id, 'operator-2'), release(id)]);
    expect(results.filter((item) => item.ok)).toHaveLength(1);
    expect(results.flatMap(codes)).toEqual(['access.state_conflict', 'access.state_conflict']);
    expect(await readdir(join(instance.folder, 'releases'))).toHaveLength(1);
  });

  test('only the recipient downloads; to other merchants it does not exist; staff see what there is', async () => {
    const { id } = value(await release((await instance.requestFiled()).id));
    expect(await fetched(id, 'data.csv', 'merchant-b')).toEqual(await fetched('rel_none', 'data.csv', 'merchant-b'));
    expect(await instance.operations.showRelease(who('merchant-b'), id)).toEqual(
      await instance.operations.showRelease(who('merchant-b'), 'rel_none'),
    );
    for (const by of ['operator-1', 'auditor-1']) {
      expect(codes(await fetched(id, 'data.csv', by))).toEqual(['access.forbidden']);
      expect(value(await instance.operations.showRelease(who(by), id)).files).toHaveLength(8);
    }
    for (const name of ['../keys/master.key', 'none.csv', '']) expect(codes(await fetched(id, name))).toEqual(['access.not_found']);
    const downloads = async () =>
      (await instance.ports.audit.entries({ after: 0, limit: 1000 })).filter((entry) => entry.operation === 'release.download');
    expect(await downloads()).toHaveLength(0);
    value(await fetched(id, 'data.csv'));
    expect(await downloads()).toHaveLength(1);
  });

  test('a recall ends downloads at once', async () => {
    const filed = await instance.requestFiled();
    const { id } = value(await release(filed.id));
    value(await fetched(id, 'data.csv'));
    expect(codes(await instance.operations.recall(who('merchant-a'), { id: filed.id, reason: 'x' }))).toEqual(['access.forbidden']);
    expect(value(await instance.operations.recall(who('supervisor-1'), { id: filed.id, reason: 'late finding' })).state).toBe('RECALLED');
    expect(codes(await fetched(id, 'data.csv'))).toEqual(['egress.recalled']);
    expect(value(await instance.operations.showRelease(who('merchant-a'), id)).state).toBe('recalled');
    expect(codes(await release(filed.id))).toEqual(['access.state_conflict']);
  });

  test('any changed byte of the sealed result stops votes, filing and release', async () => {
    const filed = await instance.requestFiled();
    const review = await instance.requestInReview('SELECT 2');
    for (const request of [filed, review]) {
      const path = join(instance.folder, 'results', `${request.job}.sealed`);
      const { length } = await readFile(path);
      await flipByte(path, length - 20);
    }
    expect(codes(await release(filed.id))).toEqual(['audit.sealed_result_changed']);
    expect(codes(await instance.operations.approve(who('operator-1'), { id: review.id, reason: 'x' }))).toEqual([
      'audit.sealed_result_changed',
    ]);
    const seen = value(await instance.operations.showEgress(who('operator-1'), filed.id));
    expect(seen.state).toBe('FILED');
    expect(seen.findings?.map((item) => item.rule)).toContain('sealed-content');
    expect(await readdir(join(instance.folder, 'releases')).catch(() => [])).toEqual([]);
    const tampering = (await instance.ports.audit.entries({ after: 0, limit: 1000 })).filter((entry) =>
      JSON.stringify(entry.facts).includes('sealed_result_changed'),
    );
    expect(tampering).toHaveLength(1);
  });

  test('sealed bytes of another job do not stand in', async () => {
    const filed = await instance.requestFiled();
    const other = await instance.requestInReview('SELECT 2');
    const opened = value(await instance.ports.vault.open(other.job));
    await instance.ports.vault.destroy(filed.job);
    await instance.ports.vault.seal(filed.job, opened);
    await changeStore('UPDATE egress_requests SET content_digest = ? WHERE id = ?', other.contentDigest, filed.id);
    await changeStore('UPDATE votes SET content_digest = ? WHERE egress = ?', other.contentDigest, filed.id);
    expect(codes(await release(filed.id))).toEqual(['egress.content_changed']);
  });

  test('a digest changed in the store voids the votes and releases nothing', async () => {
    const { id } = await instance.requestFiled();
    await changeStore('UPDATE egress_requests SET content_digest = ? WHERE id = ?', 'a'.repeat(64), id);
    expect(codes(await release(id))).toEqual(['egress.not_approved']);
    expect(value(await instance.operations.showEgress(who('operator-1'), id)).state).toBe('REVIEW');
    expect(codes(await instance.operations.approve(who('operator-1'), { id, reason: 'x' }))).toEqual(['egress.content_changed']);
  });

  test('votes changed in the store do not release', async () => {
    const { id } = await instance.requestFiled();
    await changeStore(`UPDATE votes SET vote = 'reject' WHERE egress = ? AND voter = 'operator-2'`, id);
    expect(codes(await release(id))).toEqual(['egress.not_approved']);
  });

  test('a state set by hand does not release', async () => {
    const { id } = await instance.requestInReview();
    await changeStore(`UPDATE egress_requests SET state = 'FILED' WHERE id = ?`, id);
    expect(codes(await release(id))).toEqual(['egress.receipt_missing', 'egress.not_approved']);
  });

  test('a result whose version was withdrawn meanwhile does not leave, one whose version was replaced does', async () => {
    const [first, second] = [await instance.requestFiled('SELECT 1'), await instance.requestFiled('SELECT 2')];
    const load = value(await instance.operations.startLoad(who('source-1'), { declaration: {}, baseFolder: '.' }));
    await instance.operations.awaitLoad(who('source-1'), load.id);
    value(await release(first.id));
    value(
      await instance.operations.withdrawVersion(who('operator-1'), {
        dataset: 'city',
        version: 'v1',
        reason: 'consent revoked',
        erase: false,
      }),
    );
    expect(codes(await release(second.id))).toEqual(['egress.version_withdrawn']);
    expect(await readdir(join(instance.folder, 'releases'))).toHaveLength(1);
  });

  test('a package changed on disk is not handed out', async () => {
    const { id } = value(await release((await instance.requestFiled()).id));
    await flipByte(join(instance.folder, 'releases', id, 'data.csv'), 3);
    expect(codes(await fetched(id, 'data.csv'))).toEqual(['egress.package_damaged']);
    value(await fetched(id, 'data.json'));
  });
});

test('a release that cannot be put on record leaves no package behind', async () => {
  const { id } = await instance.requestFiled();
  const path = join(instance.folder, 'checkpoint');
  const checkpoint = await readFile(path, 'utf8');
  await writeFile(path, 'changed by hand');
  await expect(release(id)).rejects.toThrow('Audit log unavailable');
  expect(await instance.ports.packages.list()).toEqual([]);
  await writeFile(path, checkpoint);
  value(await release(id));
  expect(await instance.ports.packages.list()).toHaveLength(1);
});
