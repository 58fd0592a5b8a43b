import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { auditEntry, entryBody } from '../../../src/audit/entry.ts';
import { readTrust } from '../../../src/audit/log-trust.ts';
import { STRETCH_ENTRIES } from '../../../src/audit/verify-stretch.ts';
import { verifyInThreads } from '../../../src/store/audit-stretches.ts';
import { verifyTiles } from '../../../src/store/audit-verification.ts';
import { openSqlite } from '../../../src/store/sqlite-database.ts';
import { isOnPostgres } from '../../support/kept-records.ts';
import { openStoreIn, someEvent, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

/** Long enough that threads read it. */
const ENTRIES = STRETCH_ENTRIES * 4 + 300;

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

test.skipIf(isOnPostgres)(
  'a long log is read in threads, and one that is wrong is told where, from the store and from its tiles',
  async () => {
    const path = join(opened.folder, 'store.sqlite');
    const folder = join(opened.folder, 'audit');
    const database = openSqlite(path, 'write');
    const insert = database.prepare('INSERT INTO audit_entries VALUES (?, ?, ?, NULL)');
    database.exec('BEGIN IMMEDIATE');
    for (let seq = 1; seq <= ENTRIES; seq += 1) {
      const at = new Date(Date.UTC(2026, 0, 1) + seq * 1000);
      insert.run(seq, entryBody(auditEntry(someEvent(`object-${seq}`), seq, at)), at.toISOString());
    }
    database.exec('COMMIT');
    await opened.audit.checkpoint();
    const right = await opened.audit.verify();
    expect(right).toMatchObject({ verified: true, entries: ENTRIES, checkpoint: { size: ENTRIES }, lastRight: { size: ENTRIES } });
    const trust = readTrust((await opened.audit.keys()).map((key) => `log ${key}`).join('\n'));
    if (trust === null) throw new Error('No trust');
    const options = { witnessed: [], now: new Date() };
    expect(await verifyTiles(folder, trust, options)).toMatchObject({ verified: true, entries: ENTRIES, root: right.root });
    const root = Buffer.from(right.root, 'hex');
    const log = { algorithm: 'sha256', folder, entries: ENTRIES, tiled: ENTRIES, now: new Date(), deadlineMs: 0 } as const;
    const anchors = [{ size: ENTRIES, root, by: 'log' }] as const;
    for (const place of [path, null])
      expect(await verifyInThreads({ ...log, path: place, anchors })).toMatchObject({ verified: true, root: right.root });

    const wrong = STRETCH_ENTRIES * 3 + 257;
    database.prepare("UPDATE audit_entries SET body = replace(body, 'object-', 'objects-') WHERE seq = ?").run(wrong);
    database.close();
    expect((await opened.audit.verify()).faults).toEqual([{ seq: wrong, kind: 'changed' }]);
    const bundle = join(folder, 'tile', 'entries', '097');
    await writeFile(bundle, (await readFile(bundle, 'latin1')).replace('object-24834', 'object-24843'), 'latin1');
    expect((await verifyTiles(folder, trust, options)).faults).toEqual([{ seq: 24_834, kind: 'changed' }]);
    for (const place of [path, null]) expect(await verifyInThreads({ ...log, path: place, anchors })).toBeNull();
    await opened.store.close();
    opened = { ...opened, ...(await openStoreIn(opened.folder)) };
  },
  120_000,
);
