import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AuditEvent, SYSTEM_ACTOR } from '../../src/audit/event.ts';
import { readTrust } from '../../src/audit/log-trust.ts';
import { auditUpkeep } from '../../src/instance/audit-upkeep.ts';
import { serveWitness } from '../../src/instance/witness-server.ts';
import { openStore } from '../../src/store/store.ts';
import { storePaths, systemClock, type TemporaryStore, temporaryStore } from '../support/temporary-store.ts';

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

test('a round leaves a heartbeat, and an incident once for an intent whose outcome never came', async () => {
  const intent: AuditEvent = { operation: 'job.intent', actor: SYSTEM_ACTOR, object: 'job_1', outcome: 'done', facts: { dataset: 'city' } };
  await opened.audit.append(intent);
  let now = new Date();
  const later = await openStore({ ...storePaths(opened.folder), keys: opened.keys, clock: { now: () => now } });
  const faults: unknown[] = [];
  const upkeep = await auditUpkeep(later.audit, opened.folder, (fault) => faults.push(fault));
  await upkeep.round();
  now = new Date(now.getTime() + 25 * 3_600_000);
  await upkeep.round();
  await upkeep.round();
  const entries = await later.audit.entries({ after: 1, limit: 100 });
  expect(entries.map(({ operation, object }) => [operation, object.id])).toEqual([
    ['instance.heartbeat', 'instance'],
    ['instance.heartbeat', 'instance'],
    ['incident.outcome_missing', 'job_1'],
    ['instance.heartbeat', 'instance'],
  ]);
  expect((await later.audit.verify()).verified).toBe(true);
  expect(faults).toEqual([]);
  await later.store.close();
});

test('the keys lie beside the data, and a file of witnesses that does not read stops the start', async () => {
  await auditUpkeep(opened.audit, opened.folder, () => undefined);
  expect(readTrust(await readFile(join(opened.folder, 'audit-trust'), 'utf8'))).toMatchObject({ witnesses: [], quorum: 0 });
  await mkdir(join(opened.folder, 'audit'), { recursive: true });
  await writeFile(join(opened.folder, 'audit', 'witnesses'), 'witness nonsense\n');
  await expect(auditUpkeep(opened.audit, opened.folder, () => undefined)).rejects.toThrow('witnesses');
});

test('a witness that cannot be reached is told of, and the log goes on; once it is there it is asked', async () => {
  const options = {
    folder: join(opened.folder, 'witness'),
    name: 'w.example/w',
    logs: await opened.audit.keys(),
    host: '127.0.0.1',
    clock: systemClock,
  };
  const first = await serveWitness({ ...options, port: 0 });
  await first.close();
  await writeFile(join(opened.folder, 'audit', 'witnesses'), `witness ${first.key} ${first.address}\nquorum 1\n`);
  const faults: unknown[] = [];
  const upkeep = await auditUpkeep(opened.audit, opened.folder, (fault) => faults.push(fault));
  await upkeep.round();
  expect(faults).toHaveLength(1);
  const again = await serveWitness({ ...options, port: Number(new URL(first.address).port) });
  await upkeep.round();
  await again.close();
  expect(faults).toHaveLength(1);
  expect(await readFile(join(opened.folder, 'audit', 'checkpoint'), 'utf8')).toContain('— w.example/w ');
});
