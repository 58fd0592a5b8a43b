import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
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

test('after kill -9 at any time the chain verifies and nothing acknowledged is lost', async () => {
  const acknowledged: string[] = [];
  for (const round of [0, 1, 2, 3]) {
    const writer = appendingProcess(`round${round}`, 0);
    while (writer.acknowledged().length < 20) await sleep(5);
    await sleep(round * 7);
    writer.child.kill('SIGKILL');
    await once(writer.child, 'close');
    acknowledged.push(...writer.acknowledged());
    expect(await opened.audit.verify()).toMatchObject({ verified: true, faults: [] });
  }
  const logged = new Set(await loggedObjects());
  expect(acknowledged.filter((object) => !logged.has(object))).toEqual([]);
  await opened.audit.append(someEvent('afterwards'));
  expect((await opened.audit.verify()).verified).toBe(true);
});
