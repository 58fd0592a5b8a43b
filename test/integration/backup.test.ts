import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli } from '../e2e/process.ts';
import { recordsOnPostgres, recordsOnSqlite } from '../support/record-places.ts';
import { type Clinic, filedRequest, HONEST_SQL, makeClinic } from '../support/served-clinic.ts';

/** Counts everybody, the canary too: beside the released counts of those below a million it tells of one person. */
const DIFFERENCING_SQL = 'SELECT district, count(*) AS n FROM residents GROUP BY district';

// Many commands, each with an instance and an enclave of its own.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

describe.each([recordsOnSqlite(), recordsOnPostgres()].filter((place) => place !== null))('records on $name', (records) => {
  let clinic: Clinic;
  const at = (...parts: readonly string[]): string => join(clinic.root, ...parts);
  const older = () => backups.older;
  const backups = { older: '', newer: '' };

  const settingsOf = (data: string) => records.of(data === clinic.dir ? 'first' : data);
  async function run(data: string, ...argv: readonly string[]) {
    return cli([...argv, '--json', '--data', data], { environment: await settingsOf(data) });
  }

  async function backup(name: string): Promise<string> {
    const made = await run(clinic.dir, 'backup', '--out', at(name), '--second', at(`${name}-second`), '--key', at('key'));
    expect([made.stderr, made.status]).toEqual(['', 0]);
    const [file] = (made.lines[0]?.['files'] ?? []) as readonly string[];
    return file ?? '';
  }

  /** State and problem codes of the query as merchant-a would see them, on simulation and then on real data. */
  async function attempt(data: string, sql: string): Promise<string> {
    const environment = await settingsOf(data);
    const submit = (target: string) =>
      cli(['job', 'submit', '--dataset', 'clinic', '--target', target, '--sql', '-', '--as', 'merchant-a', '--json', '--data', data], {
        stdin: sql,
        environment,
      });
    await submit('sim');
    const real = await submit('real');
    return real.stdout;
  }

  beforeAll(async () => {
    await records.start();
    clinic = await makeClinic(400, await records.of('first'));
    expect((await run(clinic.dir, 'backup', 'new-key', at('key'))).status).toBe(0);
    backups.older = await backup('older');
    const server = await clinic.serve(await records.of('first'));
    const id = await filedRequest(server, HONEST_SQL);
    expect((await server.ask('operator-1', 'POST', `/v1/egress-requests/${id}/releases`)).status).toBe(201);
    await server.stop();
    backups.newer = await backup('newer');
    await cp(join(clinic.dir, 'audit'), at('audit-copy'), { recursive: true });
  });
  afterAll(async () => {
    await clinic.remove();
    await records.remove();
  });

  test('a backup is one private file, twice, and holds nothing in clear (QY-44a)', async () => {
    const [name = ''] = await readdir(at('newer'));
    expect(await readdir(at('newer-second'))).toEqual([name]);
    expect((await stat(at('newer', name))).mode & 0o777).toBe(0o600);
    const bytes = await readFile(at('newer', name));
    expect(bytes.equals(await readFile(at('newer-second', name)))).toBe(true);
    for (const text of ['merchant-a', 'clinic', 'BEGIN PRIVATE KEY', 'egress.release'])
      expect(bytes.includes(Buffer.from(text))).toBe(false);
  });

  test('a damaged backup, another key and a folder that holds something restore nothing', async () => {
    const bytes = await readFile(older());
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(at('damaged'), bytes);
    await run(clinic.dir, 'backup', 'new-key', at('other-key'));
    const damaged = await run(at('none'), 'restore', at('damaged'), '--key', at('key'));
    const foreign = await run(at('none'), 'restore', older(), '--key', at('other-key'));
    const taken = await run(clinic.dir, 'restore', older(), '--key', at('key'));
    expect([damaged.status, foreign.status, taken.status]).toEqual([3, 3, 3]);
    expect(await stat(at('none')).catch(() => null)).toBeNull();
  });

  test('an old backup restored forgets the release: the differencing query is refused, and stays so after reconciling', async () => {
    const data = at('restored-old');
    expect((await run(data, 'restore', older(), '--key', at('key'))).status).toBe(0);
    expect((await run(data, 'audit', 'verify', '--as', 'auditor-1')).status).toBe(0);
    expect(await attempt(data, DIFFERENCING_SQL)).toContain('ledger.unreconciled');
    const own = await run(data, 'ledger', 'reconcile', '--tiles', join(data, 'audit'), '--reason', 'a lie');
    expect([own.status, own.stdout.includes('own-log')]).toEqual([1, true]);
    const stale = await run(data, 'ledger', 'reconcile', '--tiles', at('nothing'), '--reason', 'none');
    expect(stale.status).toBe(1);
    const found = await run(data, 'ledger', 'reconcile', '--tiles', at('audit-copy'), '--reason', 'folder of the lost machine');
    expect([found.stderr, found.lines[0]?.['shut']]).toEqual(['', ['clinic']]);
    expect(await attempt(data, DIFFERENCING_SQL)).toContain('ledger.unreconciled');
  });

  test('a backup made after the release remembers it: reconciled, it answers as the instance itself does (QZ-3.1.8a)', async () => {
    const data = at('restored-new');
    expect((await run(data, 'restore', backups.newer, '--key', at('key'))).status).toBe(0);
    expect(await attempt(data, DIFFERENCING_SQL)).toContain('ledger.unreconciled');
    const found = await run(data, 'ledger', 'reconcile', '--tiles', at('audit-copy'), '--reason', 'folder of the lost machine');
    expect([found.stderr, found.lines[0]?.['shut'], found.lines[0]?.['forgotten']]).toEqual(['', [], []]);
    const told = await attempt(data, DIFFERENCING_SQL);
    expect(told).not.toContain('ledger.unreconciled');
    expect(told).toMatch(/EGRESS_REQUESTED|DONE/);
  });

  test('log files that were changed open nothing', async () => {
    const data = at('restored-last');
    expect((await run(data, 'restore', backups.newer, '--key', at('key'))).status).toBe(0);
    const reconcile = (tiles: string) => run(data, 'ledger', 'reconcile', '--tiles', tiles, '--reason', 'as asked');
    const bundles = (await readdir(at('audit-copy', 'tile', 'entries'), { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    const [bundle] = bundles;
    const path = join(bundle?.parentPath ?? '', bundle?.name ?? '');
    const bytes = await readFile(path);
    await writeFile(path, Buffer.concat([bytes.subarray(0, -20), Buffer.from(bytes.subarray(-20)).reverse()]));
    expect((await reconcile(at('audit-copy'))).status).toBe(1);
  });
});
