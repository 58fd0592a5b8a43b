import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEnclave } from '../../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, IsolationLevel, SessionMounts } from '../../../src/sandbox/enclave/port.ts';
import {
  hasBubblewrap,
  hasNamespaces,
  IN_MEMORY,
  LIMITS,
  makeFolder,
  openSession,
  sealFile,
  workersBelow,
} from '../../support/enclave/enclave-fixture.ts';

const LEVELS: readonly (readonly [IsolationLevel, boolean])[] = [
  ['bubblewrap', hasBubblewrap],
  ['namespaces', hasNamespaces],
  ['process', true],
];
const HUGE_JOIN = 'SELECT count(*) FROM range(3000000) a(i), range(3000000) b(j) WHERE (a.i * b.j) % 7 = 3';

for (const [isolation, available] of LEVELS) {
  describe.skipIf(!available)(`sessions at level ${isolation}`, () => {
    const folder = makeFolder();
    let enclave: Enclave;
    let sealed: SessionMounts;

    beforeAll(async () => {
      enclave = await createEnclave({ isolation, allowProcessFallback: false, tempRoot: folder.tempRoot, poolSize: 0 });
      sealed = await sealFile(enclave, join(folder.root, 'v1.duckdb'), [
        `CREATE TABLE visits AS SELECT i AS id, 'city' || i % 3 AS city FROM range(1000) t(i)`,
      ]);
    });
    afterAll(async () => {
      await enclave.close();
      expect(workersBelow(process.pid)).toEqual([]);
      expect(readdirSync(folder.tempRoot)).toEqual([]);
      folder.remove();
    });

    test('a sealed file is read, and the level stands on the session', async () => {
      const session = await openSession(enclave, sealed);
      expect(session.isolation).toBe(isolation);
      expect(await session.query('SELECT city, count(*) AS n FROM visits GROUP BY city ORDER BY city')).toEqual({
        ok: true,
        value: {
          columns: [
            { name: 'city', type: 'VARCHAR' },
            { name: 'n', type: 'BIGINT' },
          ],
          rows: [
            ['city0', '334'],
            ['city1', '333'],
            ['city2', '333'],
          ],
        },
      });
      await session.close();
    });

    test('a statement beside another is answered first, under the same rules', async () => {
      const session = await openSession(enclave, sealed);
      const beside = (sql: string): Promise<unknown> => session.queryBeside?.(sql) ?? Promise.resolve('no such line');
      const order: string[] = [];
      const slow = session.query(HUGE_JOIN).then((answer) => order.push(answer.ok ? 'answered' : answer.error));
      const count = await beside('SELECT count(*) AS n FROM visits');
      order.push('beside');
      expect(count).toMatchObject({ ok: true, value: { rows: [['1000']] } });
      const keeps = `CREATE TEMP TABLE IF NOT EXISTS "__m0123456789abcdef" AS SELECT id FROM visits`;
      for (const sql of [
        "SELECT * FROM read_text('/etc/passwd')",
        'FROM duckdb_logs()',
        'CREATE TABLE t AS SELECT 1',
        'SELECT 1; SELECT 2',
      ])
        expect(await beside(sql)).toMatchObject({ ok: false });
      expect(await beside('SET perfect_ht_threshold = 1')).toMatchObject({ ok: false });
      const settings = `SELECT current_setting('TimeZone') AS zone, current_setting('perfect_ht_threshold') AS bits, current_setting('lock_configuration') AS locked`;
      expect(await beside(settings)).toMatchObject({ ok: true, value: { rows: [['UTC', '20', true]] } });
      await session.close();
      await slow;
      expect(order).toEqual(['beside', 'cancelled']);
      expect(await beside('SELECT 1')).toEqual({ ok: false, error: 'cancelled' });
      const other = await openSession(enclave, sealed);
      expect(await other.query(keeps)).toMatchObject({ ok: true });
      expect(await other.queryBeside?.('SELECT count(*) FROM "__m0123456789abcdef"')).toMatchObject({ ok: false });
      await other.close();
    });

    test('a database is built from a file of another encoding, and appears when the session is closed', async () => {
      const input = join(folder.root, 'in.csv');
      const staging = join(folder.root, `staging-${isolation}`);
      const path = join(folder.root, 'built.duckdb');
      mkdirSync(staging);
      writeFileSync(input, Buffer.from([...Buffer.from('city\n'), 0xc4, 0xfe, 0xb2, 0xa8, 10]));
      const session = await openSession(enclave, { database: { kind: 'create', path }, readable: [input], writable: [staging] });
      const utf8 = join(staging, 'utf8.csv');
      expect(await session.transcode(input, utf8, 'gb18030')).toEqual({ ok: true, value: { badLine: null } });
      expect(await session.transcode(input, join(staging, 'bad.csv'), 'utf-8')).toEqual({ ok: true, value: { badLine: 2 } });
      expect((await session.query(`CREATE TABLE t AS FROM read_csv('${utf8}', header = true)`)).ok).toBe(true);
      expect((await session.query(`COPY t TO '${join(staging, 'out.csv')}'`)).ok).toBe(true);
      expect(await session.query(`SELECT count(*) FROM read_text('/etc/passwd')`)).toEqual({ ok: false, error: 'file' });
      expect(existsSync(path)).toBe(false);
      await session.close();
      expect(existsSync(path)).toBe(true);
      expect(readFileSync(join(staging, 'out.csv'), 'utf8')).toBe('city\n宁波\n');
      expect(readdirSync(folder.root).filter((name) => name.startsWith('.building'))).toEqual([]);
    });

    test('a build that does not end leaves no file', async () => {
      const path = join(folder.root, 'unfinished.duckdb');
      const session = await openSession(
        enclave,
        { database: { kind: 'create', path }, readable: [], writable: [] },
        { ...LIMITS, timeoutMs: 3000 },
      );
      expect((await session.query('CREATE TABLE t AS SELECT 1 AS a')).ok).toBe(true);
      expect(await session.query(HUGE_JOIN)).toEqual({ ok: false, error: 'timeout' });
      await session.close();
      expect(readdirSync(folder.root).filter((name) => /unfinished|building/.test(name))).toEqual([]);
    });

    test('a statement without end is stopped in bounded time', async () => {
      const session = await openSession(enclave, IN_MEMORY, { ...LIMITS, timeoutMs: 500 });
      const start = performance.now();
      expect(await session.query(HUGE_JOIN)).toEqual({ ok: false, error: 'timeout' });
      await session.close();
      expect(performance.now() - start).toBeLessThan(20_000);
    });

    test('kill -9 in the middle of a statement: that session is lost, another completes', async () => {
      const doomed = await openSession(enclave, IN_MEMORY);
      const [pid] = workersBelow(process.pid);
      const other = await openSession(enclave, sealed);
      const lost = doomed.query(HUGE_JOIN);
      const kept = other.query('SELECT count(DISTINCT a.id + b.id * 1000) AS n FROM visits a, visits b');
      await new Promise((resolve) => setTimeout(resolve, 100));
      process.kill(pid ?? Number.NaN, 'SIGKILL');
      expect(await lost).toEqual({ ok: false, error: 'worker_lost' });
      expect(await kept).toMatchObject({ ok: true, value: { rows: [['1000000']] } });
      await Promise.all([doomed.close(), other.close()]);
    });

    test('memory of the engine is capped, and the session survives', async () => {
      const session = await openSession(enclave, sealed, { ...LIMITS, memoryMiB: 48, tempMiB: 1 });
      const answer = await session.query(`SELECT length(string_agg(repeat(a.city, 100) || b.id, ',')) FROM visits a, visits b`);
      expect(answer.ok).toBe(false);
      if (!answer.ok) expect(['out_of_memory', 'out_of_disk']).toContain(answer.error);
      await session.close();
    });

    test('an abort ends the session', async () => {
      const controller = new AbortController();
      const opened = await enclave.open(IN_MEMORY, LIMITS, controller.signal);
      if (!opened.ok) throw new Error(opened.error);
      const pending = opened.value.query(HUGE_JOIN);
      controller.abort();
      expect(await pending).toEqual({ ok: false, error: 'cancelled' });
      await opened.value.close();
      expect(await enclave.open(IN_MEMORY, LIMITS, controller.signal)).toEqual({ ok: false, error: 'cancelled' });
    });
  });
}
