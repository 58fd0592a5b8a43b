import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuditUnavailable } from '../../../src/audit/audit-unavailable.ts';
import { isOnPostgres } from '../../support/kept-records.ts';
import { openStoreIn, someEvent, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

const CHILD = new URL('../../support/append-until-killed.ts', import.meta.url).pathname;

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

/** A process of its own that appends; `acknowledged` are the objects it was told are safe. */
function appendingProcess(label: string, count: number): { readonly child: ChildProcess; readonly acknowledged: () => readonly string[] } {
  const child = spawn(process.execPath, [CHILD, opened.folder, label, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return { child, acknowledged: () => text.split('\n').slice(0, -1) };
}

async function loggedObjects(): Promise<readonly string[]> {
  const objects: string[] = [];
  for (;;) {
    const page = await opened.audit.entries({ after: objects.length, limit: 1000 });
    objects.push(...page.map((entry) => entry.object.id));
    if (page.length < 1000) return objects;
  }
}

test('three processes at once write one chain without a fork, and every append is in it once', async () => {
  const others = [appendingProcess('a', 60), appendingProcess('b', 60)];
  const own = Array.from({ length: 60 }, (_, index) => `c-${index}`);
  await Promise.all([...others.map(({ child }) => once(child, 'close')), ...own.map((object) => opened.audit.append(someEvent(object)))]);
  await opened.audit.checkpoint();
  expect(await opened.audit.verify()).toMatchObject({ verified: true, entries: 180, checkpoint: { size: 180 } });
  const acknowledged = [...others.flatMap((other) => other.acknowledged()), ...own];
  expect([...(await loggedObjects())].sort()).toEqual(acknowledged.sort());
});

test('two stores open in one process do not hinder each other', async () => {
  const other = await openStoreIn(opened.folder);
  const appends = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? opened : other).audit.append(someEvent(`x-${index}`)));
  await Promise.all(appends);
  await opened.audit.checkpoint();
  expect(await other.audit.verify()).toMatchObject({ verified: true, entries: 40, checkpoint: { size: 40 } });
  await other.store.close();
});

/** How many writers are killed; `SLUICE_KILLS=500` for the long run. */
const KILLS = Number(process.env['SLUICE_KILLS'] ?? 6);

test(
  'after kill -9 at any time the log verifies and nothing acknowledged is lost',
  async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      const writer = appendingProcess(`round${round}`, 0);
      while (writer.acknowledged().length < 20) await sleep(5);
      await sleep((round * 7) % 60);
      writer.child.kill('SIGKILL');
      await once(writer.child, 'close');
      acknowledged.push(...writer.acknowledged());
      if (round % 10 === 0 || round === KILLS - 1) expect(await opened.audit.verify()).toMatchObject({ verified: true, faults: [] });
      if (round % 3 === 2) await opened.audit.checkpoint();
    }
    const logged = new Set(await loggedObjects());
    expect(acknowledged.filter((object) => !logged.has(object))).toEqual([]);
    await opened.audit.append(someEvent('afterwards'));
    await opened.audit.checkpoint();
    expect((await opened.audit.verify()).verified).toBe(true);
  },
  30_000 + KILLS * 5000,
);

/** Blocks of 512 bytes a file may have; the store grows past it. */
const FULL_AT = [3000, 4000, 7000] as const;

test.skipIf(isOnPostgres).each(FULL_AT)(
  'a disk that is full at %i blocks stops the writer; nothing acknowledged is lost, and it goes on once there is room',
  async (blocks) => {
    await opened.store.close();
    const command = `trap '' XFSZ; ulimit -f ${Math.ceil(blocks / 2)}; exec "$0" "$@"`;
    const child = spawn('bash', ['-c', command, process.execPath, CHILD, opened.folder, 'full', '20000'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
    const [status] = await once(child, 'close');
    expect([status === 0, text.err.includes('AuditUnavailable')]).toEqual([false, true]);
    const acknowledged = text.out.split('\n').slice(0, -1);
    expect(acknowledged.length).toBeGreaterThan(20);
    opened = { ...opened, ...(await openStoreIn(opened.folder)) };
    const logged = new Set(await loggedObjects());
    expect(acknowledged.filter((object) => !logged.has(object))).toEqual([]);
    await opened.audit.append(someEvent('afterwards'));
    await opened.audit.checkpoint();
    expect((await opened.audit.verify()).verified).toBe(true);
  },
  120_000,
);

test('files that cannot be written stop the log, and it goes on once they can', async () => {
  await opened.audit.append(someEvent('before'));
  const tiles = `${opened.folder}/audit/tile`;
  await rm(tiles, { recursive: true, force: true });
  await writeFile(tiles, 'in the way');
  await expect(opened.audit.checkpoint()).rejects.toThrow(AuditUnavailable);
  await expect(opened.audit.append(someEvent('refused'))).rejects.toThrow(AuditUnavailable);
  await rm(tiles);
  await opened.audit.append(someEvent('after'));
  await opened.audit.checkpoint();
  expect(await loggedObjects()).toEqual(['before', 'after']);
  expect((await opened.audit.verify()).verified).toBe(true);
});
