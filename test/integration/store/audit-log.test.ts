import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuditUnavailable } from '../../../src/audit/audit-unavailable.ts';
import { exitCodeOf } from '../../../src/audit/log-fault.ts';
import { readTrust } from '../../../src/audit/log-trust.ts';
import { leafHash } from '../../../src/audit/merkle-hash.ts';
import { verifyReceipt } from '../../../src/audit/tlog-proof.ts';
import { err } from '../../../src/kernel/result.ts';
import { verifyTiles } from '../../../src/store/audit-verification.ts';
import { openFileKeyStore } from '../../../src/store/file-key-store.ts';
import { openStore } from '../../../src/store/store.ts';
import { isOnPostgres, rawRecords, recordPlace } from '../../support/kept-records.ts';
import {
  openStoreIn,
  someEvent,
  storePaths,
  systemClock,
  systemRng,
  type TemporaryStore,
  temporaryStore,
} from '../../support/temporary-store.ts';

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

async function append(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await opened.audit.append(someEvent(`object-${index}`));
}

/** Appends and has it signed, as a minute or the closing of the instance does. */
async function appendCovered(count: number): Promise<string> {
  await append(count);
  return opened.audit.checkpoint();
}

/** Changes the records from outside, as an administrator with a database tool could. */
/** Statements one after another. */
async function tamper(sql: string): Promise<void> {
  for (const statement of sql.split(';')) await rawRecords(opened.folder, statement);
}

describe('the audit log on disk', () => {
  test('grows in order, is read in pages, and verifies', async () => {
    await append(5);
    const first = await opened.audit.entries({ after: 0, limit: 3 });
    const rest = await opened.audit.entries({ after: 3, limit: 1000 });
    expect([...first, ...rest].map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(first[0]).toMatchObject({
      actor: 'system',
      operation: 'audit.read',
      object: { kind: 'audit', id: 'object-0' },
      facts: { after: 0 },
    });
    await opened.audit.checkpoint();
    const verification = await opened.audit.verify();
    expect(verification).toMatchObject({ verified: true, entries: 5, faults: [], checkpoint: { size: 5, hash: verification.root } });
    expect(verification.lastRight).toEqual({ size: 5, at: rest[1]?.at });
  });

  test('a new store has a checkpoint over nothing before anything is written', async () => {
    expect(await opened.audit.verify()).toMatchObject({ verified: true, entries: 0, checkpoint: { size: 0 } });
  });

  test('a refused and a failed transaction leave no entry', async () => {
    const refused = await opened.store.write(async (tx) => {
      await tx.audit.append(someEvent('refused'));
      return err('no');
    });
    expect(refused).toEqual({ ok: false, error: 'no' });
    const failed = opened.store.write(async (tx) => {
      await tx.audit.append(someEvent('failed'));
      throw new Error('fault');
    });
    await expect(failed).rejects.toThrow('fault');
    expect(await opened.audit.entries({ after: 0, limit: 10 })).toEqual([]);
  });

  test('a write inside a write is refused instead of waiting for itself', async () => {
    const nested = opened.store.write(async () => opened.store.write(async () => err('inner')));
    await expect(nested).rejects.toThrow('inside');
  });

  test.each([
    [
      'a changed body',
      `UPDATE audit_entries SET body = replace(body, 'object-2', 'object-7') WHERE seq = 3`,
      [{ seq: 3, kind: 'changed' }],
      10,
    ],
    ['a changed leaf', `UPDATE audit_entries SET leaf = '${'0'.repeat(64)}' WHERE seq = 3`, [{ seq: 3, kind: 'changed' }], 10],
    ['a text taken out', 'UPDATE audit_entries SET body = NULL WHERE seq = 3', [{ seq: 3, kind: 'changed' }], 10],
    ['a removed entry', `DELETE FROM audit_entries WHERE seq = 3`, [{ seq: 3, kind: 'missing' }], 15],
    ['a cut-off tail', `DELETE FROM audit_entries WHERE seq > 4`, [{ seq: 5, kind: 'tail-cut' }], 12],
    ['an emptied log', `DELETE FROM audit_entries`, [{ seq: 1, kind: 'tail-cut' }], 12],
    [
      'an entry before the first',
      `INSERT INTO audit_entries SELECT 0, body, at, leaf FROM audit_entries WHERE seq = 1`,
      [{ seq: 0, kind: 'inserted' }],
      15,
    ],
  ] as const)('%s is found and told where', async (_, sql, faults, status) => {
    await appendCovered(6);
    await tamper(sql);
    const found = await opened.audit.verify();
    expect(found.verified).toBe(false);
    expect(found.faults).toEqual(expect.arrayContaining([...faults]));
    expect(exitCodeOf(found.faults)).toBe(status);
  });

  test('a text changed together with its leaf is found, with the last size that was right', async () => {
    await appendCovered(2);
    await appendCovered(4);
    const body = (await opened.audit.entries({ after: 3, limit: 1 })).length;
    expect(body).toBe(1);
    const [row] = await rawRecords(opened.folder, 'SELECT body FROM audit_entries WHERE seq = 4');
    const changed = String(row?.['body']).replace('object-1', 'object-9');
    const leaf = Buffer.from(leafHash('sha256', Buffer.from(changed))).toString('hex');
    await rawRecords(opened.folder, 'UPDATE audit_entries SET body = ?, leaf = ? WHERE seq = 4', changed, leaf);
    const found = await opened.audit.verify();
    expect(found.faults).toEqual([
      { seq: 4, kind: 'tile-changed' },
      { seq: 6, kind: 'rewritten' },
    ]);
    expect(found.lastRight).toMatchObject({ size: 2 });
  });

  test('two swapped entries are found', async () => {
    await appendCovered(6);
    await tamper(
      'UPDATE audit_entries SET seq = -1 WHERE seq = 2; UPDATE audit_entries SET seq = 2 WHERE seq = 5; UPDATE audit_entries SET seq = 5 WHERE seq = -1',
    );
    const { verified, faults } = await opened.audit.verify();
    expect(verified).toBe(false);
    expect(faults[0]).toMatchObject({ seq: 2, kind: 'changed' });
  });

  test('entries changed before they were signed are found by the process that wrote them', async () => {
    await append(6);
    await opened.audit.checkpoint();
    await append(3);
    await tamper('DELETE FROM audit_entries WHERE seq = 9');
    expect((await opened.audit.verify()).faults).toEqual([{ seq: 9, kind: 'tail-cut' }]);
    await expect(append(1)).rejects.toThrow(AuditUnavailable);
  });

  test('every changed byte of the checkpoint is found, and stops writing', async () => {
    await appendCovered(2);
    const good = await readFile(opened.checkpointPath);
    for (const place of [0, 20, 48, 60, 120, good.length - 10, good.length - 1]) {
      const changed = Buffer.from(good);
      changed[place] = (changed[place] as number) ^ 1;
      await writeFile(opened.checkpointPath, changed);
      expect((await opened.audit.verify()).faults).toEqual([{ seq: null, kind: 'checkpoint-invalid' }]);
      await expect(append(1)).rejects.toThrow(AuditUnavailable);
    }
    await writeFile(opened.checkpointPath, good);
    expect((await opened.audit.verify()).verified).toBe(true);
  });

  test('a removed checkpoint is found, also after opening again, and is not made anew', async () => {
    await appendCovered(2);
    await rm(opened.checkpointPath);
    const again = await openStoreIn(opened.folder);
    expect((await again.audit.verify()).faults).toEqual([{ seq: null, kind: 'checkpoint-missing' }]);
    await expect(again.audit.append(someEvent('x'))).rejects.toThrow(AuditUnavailable);
    await again.store.close();
  });

  test('a cut log is not extended, so that the cut stays visible', async () => {
    await appendCovered(4);
    await tamper('DELETE FROM audit_entries WHERE seq = 4');
    await expect(append(1)).rejects.toMatchObject({ kind: 'log-contradicts-checkpoint' });
    expect(await opened.audit.verify()).toMatchObject({ entries: 3, faults: [{ seq: 4, kind: 'tail-cut' }] });
  });

  test.skipIf(isOnPostgres)('an older copy of the whole store is found', async () => {
    await append(2);
    await opened.store.close();
    await mkdir(`${opened.folder}/backup`);
    await copyFile(opened.path, `${opened.folder}/backup/store.sqlite`);
    const later = await openStoreIn(opened.folder);
    await later.audit.append(someEvent('later'));
    await later.store.close();
    await copyFile(`${opened.folder}/backup/store.sqlite`, opened.path);
    const restored = await openStoreIn(opened.folder);
    expect((await restored.audit.verify()).faults).toEqual([{ seq: 3, kind: 'tail-cut' }]);
    await expect(restored.audit.append(someEvent('x'))).rejects.toThrow(AuditUnavailable);
    await restored.store.close();
  });

  test.skipIf(isOnPostgres)('a store put in place of the old one is found', async () => {
    await append(2);
    await opened.store.close();
    for (const suffix of ['', '-wal', '-shm']) await rm(opened.path + suffix, { force: true });
    const replaced = await openStoreIn(opened.folder);
    await expect(replaced.audit.append(someEvent('x'))).rejects.toThrow(AuditUnavailable);
    expect((await replaced.audit.verify()).faults).toEqual([{ seq: 1, kind: 'tail-cut' }]);
    await replaced.store.close();
  });

  test('a crash before the checkpoint is no fault: the log extends the earlier one, and goes on', async () => {
    const earlier = await appendCovered(1);
    await appendCovered(2);
    await writeFile(opened.checkpointPath, earlier);
    const again = await openStoreIn(opened.folder);
    expect(await again.audit.verify()).toMatchObject({ verified: true, entries: 3, checkpoint: { size: 1 } });
    await again.audit.append(someEvent('later'));
    await again.audit.checkpoint();
    expect(await again.audit.verify()).toMatchObject({ verified: true, entries: 4, checkpoint: { size: 4 } });
    await again.store.close();
  });

  test('entries forged behind an old checkpoint are never signed', async () => {
    const earlier = await appendCovered(1);
    await appendCovered(2);
    await opened.store.close();
    await writeFile(opened.checkpointPath, earlier);
    await tamper(`UPDATE audit_entries SET body = replace(body, 'object-0', 'object-9'), leaf = '${'1'.repeat(64)}' WHERE seq = 2`);
    opened = { ...opened, ...(await openStoreIn(opened.folder)) };
    await expect(append(1)).rejects.toThrow(AuditUnavailable);
    await expect(opened.audit.checkpoint()).rejects.toThrow(AuditUnavailable);
    expect(await readFile(opened.checkpointPath, 'utf8')).toBe(earlier);
  });

  test('a changed tile is found and stops signing', async () => {
    await appendCovered(300);
    const tile = join(opened.folder, 'audit', 'tile', '0', '000');
    const bytes = await readFile(tile);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(tile, bytes);
    expect((await opened.audit.verify()).faults).toEqual([{ seq: 2, kind: 'tile-changed' }]);
    const above = join(opened.folder, 'audit', 'tile', '1', '000.p', '1');
    await writeFile(above, Buffer.alloc(32, 1));
    const again = await openStoreIn(opened.folder);
    await expect(again.audit.append(someEvent('x'))).rejects.toMatchObject({ kind: 'log-contradicts-tiles' });
    await again.store.close();
  });

  test('a clock set back does not set the log back', async () => {
    await append(1);
    const paths = storePaths(opened.folder);
    const past = await openStore({
      ...paths,
      ...(await recordPlace(opened.folder)),
      keys: opened.keys,
      clock: { now: () => new Date('1999-01-01T00:00:00Z') },
    });
    await past.audit.append(someEvent('past'));
    const [first, second] = await past.audit.entries({ after: 0, limit: 2 });
    expect(second?.at).toBe(first?.at);
    expect((await past.audit.verify()).verified).toBe(true);
    await past.store.close();
  });

  test('a receipt proves an entry to who has the keys alone', async () => {
    await append(5);
    const receipt = await opened.audit.receipt(3);
    const trust = readTrust((await opened.audit.keys()).map((key) => `log ${key}`).join('\n'));
    const read = trust && verifyReceipt(receipt ?? '', trust);
    expect(read?.ok && JSON.parse(Buffer.from(read.value.proof.entry).toString())).toMatchObject({ seq: 3, object: { id: 'object-2' } });
    expect(await opened.audit.receipt(6)).toBeNull();
    const other = (receipt ?? '').replace('index 2', 'index 1');
    expect(trust && verifyReceipt(other, trust)).toEqual({ ok: false, error: 'not-included' });
  });

  test('verifies from its tiles alone', async () => {
    await appendCovered(600);
    const trust = readTrust((await opened.audit.keys()).map((key) => `log ${key}`).join('\n'));
    if (trust === null) throw new Error('No trust');
    const options = { witnessed: [], now: new Date() };
    const folder = join(opened.folder, 'audit');
    expect(await verifyTiles(folder, trust, options)).toMatchObject({ verified: true, entries: 600, checkpoint: { size: 600 } });
    const bundle = join(folder, 'tile', 'entries', '001');
    const text = await readFile(bundle, 'latin1');
    await writeFile(bundle, text.replace('object-300', 'object-301'), 'latin1');
    expect((await verifyTiles(folder, trust, options)).faults).toEqual([{ seq: 301, kind: 'changed' }]);
  });
});

describe('the profile gm', () => {
  test('hashes with SM3 and signs with SM2 beside Ed25519', async () => {
    const paths = storePaths(join(opened.folder, 'gm'));
    const keys = await openFileKeyStore(paths.keysFolder, systemRng);
    await mkdir(join(opened.folder, 'gm'), { recursive: true });
    const gm = await openStore({
      ...paths,
      ...(await recordPlace(join(opened.folder, 'gm'))),
      keys,
      clock: systemClock,
      auditProfile: 'gm',
    });
    for (let index = 0; index < 3; index += 1) await gm.audit.append(someEvent(`object-${index}`));
    const note = await gm.audit.checkpoint();
    expect(note).toMatch(/^sluice\/audit\/sm3\/[0-9a-f]{16}\n3\n/);
    expect(note.match(/^— /gm)).toHaveLength(2);
    expect(await gm.audit.verify()).toMatchObject({ verified: true, entries: 3 });
    await gm.store.close();
    const intl = await openStore({ ...paths, ...(await recordPlace(join(opened.folder, 'gm'))), keys, clock: systemClock });
    await expect(intl.audit.append(someEvent('x'))).rejects.toThrow(AuditUnavailable);
    await intl.store.close();
  });
});
