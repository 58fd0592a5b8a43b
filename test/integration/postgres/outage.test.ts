import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditUnavailable } from '../../../src/audit/audit-unavailable.ts';
import { ok } from '../../../src/kernel/result.ts';
import { StoreUnavailable } from '../../../src/operations/store-unavailable.ts';
import { openFileKeyStore } from '../../../src/store/file-key-store.ts';
import { type OpenedStore, openStore } from '../../../src/store/store.ts';
import { isPostgresInstalled, type PrivatePostgres, startPostgres } from '../../support/private-postgres.ts';
import { someEvent, storePaths, systemClock, systemRng } from '../../support/temporary-store.ts';

const isInstalled = isPostgresInstalled();

test.skipIf(isInstalled)('PostgreSQL is not installed: nothing was tested on it', () => undefined);

describe.skipIf(!isInstalled)('records on a PostgreSQL of their own', () => {
  let server: PrivatePostgres;
  let folder = '';
  let opened: OpenedStore;
  const open = async (url = server.url): Promise<OpenedStore> => {
    const paths = storePaths(folder);
    const keys = await openFileKeyStore(paths.keysFolder, systemRng);
    return openStore({ ...paths, url, keys, clock: systemClock });
  };
  beforeAll(async () => {
    server = await startPostgres();
    folder = await mkdtemp(join(tmpdir(), 'sluice-outage-'));
    opened = await open();
  });
  afterAll(async () => {
    await opened.store.close();
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(['fast', 'immediate'] as const)(
    'a server stopped (%s) and started under load: refused while it is away, then everything goes on, nothing acknowledged lost',
    async (mode) => {
      const acknowledged: string[] = [];
      const refused: unknown[] = [];
      let isOver = false;
      const writers = ['a', 'b', 'c'].map(async (label) => {
        for (let index = 0; !isOver; index += 1) {
          const object = `${mode}-${label}-${index}`;
          await opened.audit.append(someEvent(object)).then(
            () => acknowledged.push(object),
            (fault: unknown) => refused.push(fault),
          );
          if (refused.length > 0) await sleep(20);
        }
      });
      while (acknowledged.length < 20) await sleep(5);
      await server.stop(mode);
      while (refused.length < 3) await sleep(5);
      await expect(opened.store.view.datasets.list()).rejects.toThrow(StoreUnavailable);
      await server.start();
      const before = acknowledged.length;
      while (acknowledged.length < before + 20) await sleep(5);
      isOver = true;
      await Promise.all(writers);
      expect(refused.filter((fault) => !(fault instanceof AuditUnavailable))).toEqual([]);
      await opened.audit.checkpoint();
      expect(await opened.audit.verify()).toMatchObject({ verified: true, faults: [] });
      const logged = new Set<string>();
      for (let after = 0; ; ) {
        const page = await opened.audit.entries({ after, limit: 1000 });
        for (const entry of page) logged.add(entry.object.id);
        after = page.at(-1)?.seq ?? after;
        if (page.length < 1000) break;
      }
      expect(acknowledged.filter((object) => !logged.has(object))).toEqual([]);
    },
  );

  test('what one transaction decided over, another cannot have changed meanwhile', async () => {
    const other = await open();
    let inside = 0;
    let most = 0;
    const turns = Array.from({ length: 30 }, (_, turn) =>
      (turn % 2 === 0 ? opened : other).store.write(async (tx) => {
        inside += 1;
        most = Math.max(most, inside);
        await tx.probes.counted({ organisation: 'o', dataset: 'd', period: 'p' }, ['a.x']);
        await tx.audit.append(someEvent(`turn-${turn}`));
        await sleep(2);
        inside -= 1;
        return ok(null);
      }),
    );
    await Promise.all(turns);
    await other.store.close();
    expect(most).toBe(1);
  });

  test('a server that does not keep what it acknowledges is refused', async () => {
    const careless = await startPostgres(['fsync=off']);
    await expect(open(careless.url)).rejects.toThrow('does not keep');
    await careless.remove();
  });

  test('an address that sets synchronous_commit off is overruled', async () => {
    const stubborn = await open(`${server.url}&options=${encodeURIComponent('-c synchronous_commit=off')}`);
    await stubborn.audit.append(someEvent('kept'));
    await stubborn.store.close();
  });
});
