import { spawnSync } from 'node:child_process';
import { appendFile, cp, mkdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Clinic, makeClinic, type Served } from '../support/served-clinic.ts';

const SIZE_MIB = 48;
/** How often the disk is filled; `SLUICE_FILLS=100` for the long run. */
const FILLS = Number(process.env['SLUICE_FILLS'] ?? 4);
const SQL = 'SELECT district, count(*) AS n FROM residents GROUP BY district';

/** Mounting takes root and a kernel that lets it. */
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

let clinic: Clinic;
let server: Served;

/** The instance on a small disk of its own in memory. */
beforeAll(async () => {
  if (!canMount) return;
  clinic = await makeClinic();
  const apart = `${clinic.dir}.apart`;
  await rename(clinic.dir, apart);
  await mkdir(clinic.dir);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MIB}m`, 'none', clinic.dir]).status !== 0) throw new Error('Not mounted');
  await cp(apart, clinic.dir, { recursive: true, preserveTimestamps: true });
  await rm(apart, { recursive: true });
  server = await clinic.serve();
}, 120_000);
afterAll(async () => {
  if (!canMount) return;
  await server.kill();
  spawnSync('umount', ['-l', clinic.dir]);
  await clinic.remove();
});

const filler = (): string => join(clinic.dir, 'filler');

/** Fills the disk but for `free` bytes. */
async function fill(free: number): Promise<void> {
  const bytes = Buffer.alloc(1 << 20);
  // The piece that does not fit is written as far as it goes.
  while (
    await appendFile(filler(), bytes).then(
      () => true,
      () => false,
    )
  );
  const { size } = await stat(filler());
  await truncate(filler(), Math.max(0, size - free));
}

interface Load {
  readonly acknowledged: string[];
  readonly refused: Answer[];
}

/** Work that goes on the record until it is stopped: jobs, and readings of the log. */
function load(): { readonly seen: Load; stop(): Promise<void> } {
  const seen: Load = { acknowledged: [], refused: [] };
  let isOn = true;
  const work = async (): Promise<void> => {
    while (isOn) {
      const answer = await server.ask('merchant-a', 'POST', '/v1/jobs', { dataset: 'clinic', sql: SQL, target: 'sim' });
      if (answer.status === 202) seen.acknowledged.push(String(answer.body['id']));
      else seen.refused.push(answer);
      const read = await server.ask('auditor-1', 'GET', '/v1/audit/entries?limit=1');
      if (read.status !== 200) seen.refused.push(read);
      await sleep(5);
    }
  };
  const running = Promise.all([work(), work()]);
  return {
    seen,
    async stop() {
      isOn = false;
      await running;
    },
  };
}

describe.skipIf(!canMount)('an instance whose disk is full at some moment', () => {
  test.each(Array.from({ length: FILLS }, (_, round) => round))(
    'refuses what it cannot put on record, answers what is public, and goes on once there is room (round %i)',
    async (round) => {
      const { seen, stop } = load();
      await sleep(200 + ((round * 137) % 400));
      await fill(((round * 7919) % 17) * 4096);
      const unrecorded = () => seen.refused.filter(({ body }) => body['code'] === 'audit.unavailable').length;
      for (let wait = 0; unrecorded() < 4 && wait < 400; wait += 1) await sleep(50);
      expect(unrecorded()).toBeGreaterThanOrEqual(4);
      for (const path of ['/health/live', '/openapi.json']) expect((await server.ask('nobody', 'GET', path)).status).toBe(200);
      const codes = new Set(seen.refused.map(({ status, body }) => `${status} ${String(body['code'])}`));
      await rm(filler());
      await stop();
      // A submission over what the merchant may have waiting is refused whatever the disk.
      expect([...codes].filter((code) => !/^(503 (audit|store)\.unavailable|429 .*|409 .*)$/.test(code))).toEqual([]);
      for (let wait = 0; wait < 100; wait += 1) {
        if ((await server.ask('auditor-1', 'GET', '/v1/audit/entries?limit=1')).status === 200) break;
        await sleep(100);
      }
      const verified = await server.ask('auditor-1', 'GET', '/v1/audit/verification');
      expect(verified.body).toMatchObject({ verified: true, faults: [] });
      for (const job of seen.acknowledged) {
        const found = await server.ask('auditor-1', 'GET', `/v1/audit/search?object=${job}&operation=job.submit`);
        expect([job, JSON.stringify(found.body).includes(job)]).toEqual([job, true]);
      }
    },
    180_000,
  );

  test('that is read-only after a restart takes no work, and has lost nothing once it is not', async () => {
    // Jobs of the rounds before may still wait: their merchant is told to come again.
    const submit = async (): Promise<Answer> => {
      for (let wait = 0; ; wait += 1) {
        const answer = await server.ask('merchant-a', 'POST', '/v1/jobs', { dataset: 'clinic', sql: SQL, target: 'sim' });
        if (answer.status !== 429 || wait === 400) return answer;
        await sleep(250);
      }
    };
    const submitted = await submit();
    expect(submitted.status).toBe(202);
    const job = String(submitted.body['id']);
    await server.kill();
    expect(spawnSync('mount', ['-o', 'remount,ro', clinic.dir]).status).toBe(0);
    await expect(clinic.serve()).rejects.toThrow('The server ended with');
    expect(spawnSync('mount', ['-o', 'remount,rw', clinic.dir]).status).toBe(0);
    server = await clinic.serve();
    expect((await server.ask('auditor-1', 'GET', '/v1/audit/verification')).body).toMatchObject({ verified: true, faults: [] });
    const found = await server.ask('auditor-1', 'GET', `/v1/audit/search?object=${job}&operation=job.submit`);
    expect(JSON.stringify(found.body)).toContain(job);
    expect((await submit()).status).toBe(202);
  }, 180_000);
});
