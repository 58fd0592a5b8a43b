import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SYSTEM_ACTOR } from '../../../src/audit/event.ts';
import { readConfig } from '../../../src/config.ts';
import { backupInstance } from '../../../src/instance/backup.ts';
import { turnKey } from '../../../src/instance/key-rotation.ts';
import { restoreInstance } from '../../../src/instance/restore.ts';
import { openInstance } from '../../../src/instance.ts';
import { ok } from '../../../src/kernel/result.ts';
import type { SealedModel } from '../../../src/operations/model-vault.ts';
import type { KeyStore } from '../../../src/operations/ports.ts';
import { openFileKeyStore } from '../../../src/store/file-key-store.ts';
import { openFileModelVault } from '../../../src/store/file-model-vault.ts';
import { openFileResultVault } from '../../../src/store/file-result-vault.ts';
import { fillRecords, type RowPage } from '../../../src/store/record-snapshot.ts';
import { rawRecords, recordPlace, removeRecords } from '../../support/kept-records.ts';
import { openStoreIn, systemClock, systemRng, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

/** Sealed models go where their instance goes: into backups and out of them, and from one master key to the next. */
let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

const MODEL = Buffer.from('a model that says CANARY');
const vaultIn = (folder: string, keys: KeyStore) => openFileModelVault(join(folder, 'artefacts'), keys, systemRng);
const keysIn = (folder: string): Promise<KeyStore> => openFileKeyStore(join(folder, 'keys'), systemRng);

/** A job that a model was handed in with. */
async function addJob(model: SealedModel): Promise<void> {
  const job = { id: 'job_1', dataset: 'city', merchant: 'm-1', organisation: 'o-1', grantId: 'grt_1', sql: 'SELECT 1' } as const;
  const record = { ...job, target: 'sim', state: 'SIM_PASSED', artefactHash: null, scoring: { format: 'onnx', ...model } } as const;
  const event = { operation: 'job.submit', actor: SYSTEM_ACTOR, object: job.id, outcome: 'done', facts: {} } as const;
  await opened.store.write(async (tx) => ok(await tx.jobs.add(record, event)));
}

test('the same file handed in many times at once by one grant stands once, whole', async () => {
  const vault = vaultIn(opened.folder, opened.keys);
  const kept = await Promise.all(Array.from({ length: 12 }, () => vault.keep('grt_1', MODEL)));
  expect(await readdir(join(opened.folder, 'artefacts'))).toEqual([`grt_1_${kept[0]?.sha256}.sealed`]);
  for (const model of kept) expect(await vault.open('grt_1', model)).toEqual(MODEL);
  expect(await vault.open('grt_2', kept[0] as SealedModel)).toBe('missing');
  expect((await stat(join(opened.folder, 'artefacts'))).mode & 0o777).toBe(0o700);
});

test('several who destroy the same file at once all find it gone', async () => {
  const vault = vaultIn(opened.folder, opened.keys);
  for (let round = 0; round < 20; round += 1) {
    const model = await vault.keep('grt_1', MODEL);
    await Promise.all(Array.from({ length: 4 }, () => vault.destroy(`grt_1_${model.sha256}`)));
    expect(await vault.open('grt_1', model)).toBe('missing');
  }
});

test.each(['../keys/x', 'a/b', '', 'grt\0', 'GRT_1'])('the grant %j names no file', async (grant) => {
  await expect(vaultIn(opened.folder, opened.keys).keep(grant, MODEL)).rejects.toThrow(TypeError);
});

test('a sealed result cannot stand in for a model, nor a model for a result', async () => {
  const vault = vaultIn(opened.folder, opened.keys);
  const { sha256, bytes } = await vault.keep('grt_1', MODEL);
  const name = `grt_1_${sha256}`;
  await openFileResultVault(join(opened.folder, 'artefacts'), opened.keys, systemRng).seal('job_1', MODEL);
  await rename(join(opened.folder, 'artefacts', 'job_1.sealed'), join(opened.folder, 'artefacts', `${name}.sealed`));
  expect(await vault.open('grt_1', { sha256, bytes })).toBe('changed');
});

test('a new master key closes models too: they open under it, and no longer under the old one', async () => {
  const before = await keysIn(opened.folder);
  const model = await vaultIn(opened.folder, before).keep('grt_1', MODEL);
  await openFileResultVault(join(opened.folder, 'results'), before, systemRng).seal('job_1', MODEL);
  const turned = await turnKey('master', { dir: opened.folder, rng: systemRng, audit: opened.audit, isAlone: true });
  expect(turned).toMatchObject({ ok: true, value: { rewrapped: 2 } });
  expect(await vaultIn(opened.folder, before).open('grt_1', model)).toBe('changed');
  expect(await vaultIn(opened.folder, await keysIn(opened.folder)).open('grt_1', model)).toEqual(MODEL);
});

test('a backup holds the model in no clear byte, and what is restored of it opens and is referred to', async () => {
  const model = await vaultIn(opened.folder, opened.keys).keep('grt_1', MODEL);
  await addJob(model);
  const key = randomBytes(32);
  const parts = { dir: opened.folder, opened, auditProfile: 'intl', clock: systemClock } as const;
  const made = await backupInstance(parts, key, [join(opened.folder, 'backups')]);
  const dir = `${opened.folder}-restored`;
  try {
    const { url: databaseUrl } = await recordPlace(dir);
    await restoreInstance({ file: made.files[0] ?? '', dir, key, databaseUrl, clock: systemClock, rng: systemRng });
    const restored = await openStoreIn(dir);
    const vault = vaultIn(dir, restored.keys);
    expect(await vault.open('grt_1', model)).toEqual(MODEL);
    expect(await restored.store.view.jobs.modelNames()).toEqual(new Set(await vault.names()));
    expect((await stat(join(dir, 'artefacts', `grt_1_${model.sha256}.sealed`))).mode & 0o777).toBe(0o400);
    await restored.store.close();
  } finally {
    await removeRecords(dir);
    await rm(dir, { recursive: true, force: true });
  }
});

test('records of a backup from before 0101 lose their bytes to sealed files when they are opened', async () => {
  await addJob({ sha256: 'f'.repeat(64), bytes: 1 });
  const dir = join(opened.folder, 'older');
  await mkdir(dir);
  await opened.withSnapshot(async (snapshot) => {
    const migrations = snapshot.migrations.filter((name) => name !== '0101-model-files');
    await fillRecords(await recordPlace(dir), migrations, new Date(0), olderPages(snapshot.pages()));
  });
  const restored = await openStoreIn(dir);
  const vault = vaultIn(dir, opened.keys);
  expect(await restored.moveModels(vault)).toBe(1);
  expect(await restored.moveModels(vault)).toBe(0);
  const job = await restored.store.view.jobs.get('job_1');
  expect(job?.scoring?.bytes).toBe(MODEL.length);
  expect(await vault.open('grt_1', job?.scoring as SealedModel)).toEqual(MODEL);
  await restored.store.close();
  await removeRecords(dir);
});

test('an instance whose records hold a model of before seals it before it answers, and takes it for used', async () => {
  await addJob({ sha256: 'f'.repeat(64), bytes: 1 });
  const scoring = { format: 'onnx', base64: MODEL.toString('base64') };
  await rawRecords(opened.folder, 'UPDATE jobs SET body = ?', JSON.stringify({ scoring }));
  await rawRecords(opened.folder, `UPDATE job_models SET name = ''`);
  const { url } = await recordPlace(opened.folder);
  const config = readConfig(url === undefined ? {} : { SLUICE_DATABASE_URL: url });
  const options = { dataDir: opened.folder, config, clock: systemClock, rng: systemRng, embedded: true };
  for (const _ of [1, 2]) await (await openInstance(options)).close();
  const job = await opened.store.view.jobs.get('job_1');
  expect(await vaultIn(opened.folder, opened.keys).open('grt_1', job?.scoring as SealedModel)).toEqual(MODEL);
});

async function* olderPages(pages: AsyncGenerator<RowPage>): AsyncGenerator<RowPage> {
  const scoring = { format: 'onnx', base64: MODEL.toString('base64') };
  for await (const { table, rows } of pages) {
    if (table === 'job_models') continue;
    const older = (row: RowPage['rows'][number]) => ({
      ...row,
      body: JSON.stringify({ ...JSON.parse(String(row['body'])), scoring }),
    });
    yield { table, rows: table === 'jobs' ? rows.map(older) : rows };
  }
}
