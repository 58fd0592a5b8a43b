import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuditUnavailable } from '../../../src/audit/audit-unavailable.ts';
import { checkpointOf, printCheckpoint, signedBytes } from '../../../src/audit/checkpoint.ts';
import { err } from '../../../src/kernel/result.ts';
import { openStoreIn, someEvent, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

async function append(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await opened.audit.append(someEvent(`object-${index}`));
}

/** Changes the store's file from outside, as an administrator with a database tool could. */
function tamper(sql: string): void {
  const database = new DatabaseSync(opened.path);
  database.exec(sql);
  database.close();
}

describe('the audit log on disk', () => {
  test('grows in order, is read in pages, and verifies', async () => {
    await append(5);
    const first = await opened.audit.entries({ after: 0, limit: 3 });
    const rest = await opened.audit.entries({ after: 3, limit: 1000 });
    expect([...first, ...rest].map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(rest[0]?.previousHash).toBe(first[2]?.hash);
    expect(first[0]).toMatchObject({
      actor: 'system',
      operation: 'audit.read',
      object: { kind: 'audit', id: 'object-0' },
      facts: { after: 0 },
    });
    expect(await opened.audit.verify()).toEqual({
      verified: true,
      entries: 5,
      faults: [],
      checkpoint: { size: 5, hash: rest[1]?.hash },
    });
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
    ],
    [
      'a changed hash',
      `UPDATE audit_entries SET hash = '${'0'.repeat(64)}' WHERE seq = 3`,
      [
        { seq: 3, kind: 'changed' },
        { seq: 4, kind: 'unlinked' },
      ],
    ],
    ['a removed entry', `DELETE FROM audit_entries WHERE seq = 3`, [{ seq: 3, kind: 'missing' }]],
    ['a cut-off tail', `DELETE FROM audit_entries WHERE seq > 4`, [{ seq: 5, kind: 'tail-cut' }]],
    ['an emptied log', `DELETE FROM audit_entries`, [{ seq: 1, kind: 'tail-cut' }]],
    [
      'an entry before the first',
      `INSERT INTO audit_entries SELECT 0, body, previous_hash, hash FROM audit_entries WHERE seq = 1`,
      [{ seq: 0, kind: 'inserted' }],
    ],
  ])('%s is found and told where', async (_, sql, faults) => {
    await append(6);
    tamper(sql);
    expect(await opened.audit.verify()).toMatchObject({ verified: false, faults });
  });

  test('two swapped entries are found', async () => {
    await append(6);
    tamper(
      'UPDATE audit_entries SET seq = -1 WHERE seq = 2; UPDATE audit_entries SET seq = 2 WHERE seq = 5; UPDATE audit_entries SET seq = 5 WHERE seq = -1',
    );
    const { verified, faults } = await opened.audit.verify();
    expect(verified).toBe(false);
    expect(faults[0]).toEqual({ seq: 2, kind: 'unlinked' });
  });

  test('every changed byte of the checkpoint is found, and stops writing', async () => {
    await append(2);
    const good = await readFile(opened.checkpointPath);
    for (const place of [0, 20, 60, 120, good.length - 10, good.length - 1]) {
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
    await append(2);
    await rm(opened.checkpointPath);
    const again = await openStoreIn(opened.folder);
    expect((await again.audit.verify()).faults).toEqual([{ seq: null, kind: 'checkpoint-missing' }]);
    await expect(again.audit.append(someEvent('x'))).rejects.toThrow(AuditUnavailable);
    await again.store.close();
  });

  test('a cut log is not extended, so that the cut stays visible', async () => {
    await append(4);
    tamper('DELETE FROM audit_entries WHERE seq = 4');
    await expect(append(1)).rejects.toMatchObject({ kind: 'log-contradicts-checkpoint' });
    expect(await opened.audit.verify()).toMatchObject({ entries: 3, faults: [{ seq: 4, kind: 'tail-cut' }] });
  });

  test('an older copy of the whole store is found', async () => {
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

  test('a store put in place of the old one is found', async () => {
    await append(2);
    await opened.store.close();
    for (const suffix of ['', '-wal', '-shm']) await rm(opened.path + suffix, { force: true });
    const replaced = await openStoreIn(opened.folder);
    await expect(replaced.audit.append(someEvent('x'))).rejects.toThrow(AuditUnavailable);
    expect((await replaced.audit.verify()).faults).toEqual([{ seq: 1, kind: 'tail-cut' }]);
    await replaced.store.close();
  });

  test('a crash between commit and checkpoint is no fault: the log extends the checkpoint, and goes on', async () => {
    await append(3);
    const [first] = await opened.audit.entries({ after: 0, limit: 1 });
    const earlier = checkpointOf({ size: 1, hash: first?.hash ?? '' }, await opened.keys.publicKey('audit'), new Date());
    await writeFile(opened.checkpointPath, printCheckpoint(earlier, await opened.keys.sign('audit', signedBytes(earlier))));
    expect(await opened.audit.verify()).toMatchObject({ verified: true, entries: 3, checkpoint: { size: 1 } });
    await append(1);
    expect(await opened.audit.verify()).toMatchObject({ verified: true, entries: 4, checkpoint: { size: 4 } });
  });

  test('entries forged behind an old checkpoint are never signed', async () => {
    await append(1);
    const checkpoint = await readFile(opened.checkpointPath);
    await append(2);
    await writeFile(opened.checkpointPath, checkpoint);
    tamper(`UPDATE audit_entries SET body = replace(body, 'object-0', 'object-9') WHERE seq = 2`);
    await expect(append(1)).rejects.toThrow(AuditUnavailable);
    expect(await readFile(opened.checkpointPath)).toEqual(checkpoint);
    expect((await opened.audit.verify()).faults).toEqual([{ seq: 2, kind: 'changed' }]);
  });
});
