import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuditUnavailable } from '../../../src/audit/audit-unavailable.ts';
import { rawRecords } from '../../support/kept-records.ts';
import { makeOlder } from '../../support/older-store.ts';
import { openStoreIn, someEvent, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

/** A store as the version before wrote it: a linear chain, and a checkpoint in JSON. */
let opened: TemporaryStore;
let folder = '';
beforeEach(async () => {
  opened = await temporaryStore();
  folder = join(opened.folder, 'old');
});
afterEach(() => opened.remove());

async function writeOld(entries: number, covered = entries): Promise<void> {
  const first = await openStoreIn(folder);
  for (let seq = 1; seq <= entries; seq += 1) await first.audit.append(someEvent(`old-${seq}`));
  await first.store.close();
  await makeOlder(folder, '0003-ledger', covered);
}

test.each([
  [12, 12],
  [12, 9],
  [300, 300],
])('an old chain of %i entries, %i of them signed, becomes a tree over the same texts, and an entry says so', async (entries, covered) => {
  await writeOld(entries, covered);
  const upgraded = await openStoreIn(folder);
  const read = await upgraded.audit.entries({ after: entries - 1, limit: 10 });
  expect(read.map(({ seq, operation, object, facts }) => [seq, operation, object.id, facts['entries']])).toEqual([
    [entries, 'audit.read', `old-${entries}`, undefined],
    [entries + 1, 'audit.rebuild', 'log', entries],
  ]);
  await upgraded.audit.append(someEvent('new'));
  await upgraded.audit.checkpoint();
  expect(await upgraded.audit.verify()).toMatchObject({ verified: true, entries: entries + 2, checkpoint: { size: entries + 2 } });
  await upgraded.store.close();
  const again = await openStoreIn(folder);
  expect(await again.audit.verify()).toMatchObject({ verified: true, entries: entries + 2 });
  await again.store.close();
});

test('an old chain that was changed is not taken over as right: it can be read and takes no entries', async () => {
  await writeOld(5);
  await rawRecords(folder, `UPDATE audit_entries SET body = replace(body, 'old-3', 'old-4') WHERE seq = 3`);
  for (const _ of [1, 2]) {
    const upgraded = await openStoreIn(folder);
    expect(await upgraded.audit.entries({ after: 0, limit: 10 })).toHaveLength(5);
    expect((await upgraded.audit.verify()).faults).toContainEqual({ seq: null, kind: 'checkpoint-invalid' });
    await expect(upgraded.audit.append(someEvent('x'))).rejects.toThrow(AuditUnavailable);
    await upgraded.store.close();
  }
});

test('an old chain that lost its end is not taken over', async () => {
  await writeOld(5);
  await rawRecords(folder, 'DELETE FROM audit_entries WHERE seq = 5');
  const upgraded = await openStoreIn(folder);
  await expect(upgraded.audit.append(someEvent('x'))).rejects.toThrow(AuditUnavailable);
  await upgraded.store.close();
});
