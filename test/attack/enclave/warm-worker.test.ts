import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEnclave } from '../../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, SessionMounts } from '../../../src/sandbox/enclave/port.ts';
import { IN_MEMORY, LIMITS, makeFolder, openSession, sealFile, workersBelow } from '../../support/enclave/enclave-fixture.ts';

/** Everything in which a session could find what was there before it. */
const STATE: readonly string[] = [
  'SELECT database_name, schema_name, table_name FROM duckdb_tables()',
  'SELECT view_name FROM duckdb_views() WHERE NOT internal',
  'SELECT schema_name FROM duckdb_schemas() WHERE NOT internal',
  'SELECT type_name FROM duckdb_types() WHERE NOT internal',
  'SELECT function_name FROM duckdb_functions() WHERE NOT internal',
  'SELECT sequence_name FROM duckdb_sequences()',
  'SELECT name FROM duckdb_prepared_statements()',
  'SELECT name FROM duckdb_variables()',
  'SELECT name, value FROM duckdb_settings() ORDER BY ALL',
  'SELECT database_name, readonly FROM duckdb_databases() ORDER BY ALL',
  'SELECT count(*) FROM duckdb_temporary_files()',
];

async function stateOf(enclave: Enclave): Promise<readonly unknown[]> {
  const session = await openSession(enclave, IN_MEMORY);
  const found: unknown[] = [];
  for (const sql of STATE) found.push([sql, await session.query(sql)]);
  // No transaction is left open, and none that was broken.
  found.push(await session.query('BEGIN'), await session.query('CREATE TABLE mine AS SELECT 1 AS a'), await session.query('COMMIT'));
  await session.close();
  return found;
}

const folder = makeFolder();
let enclave: Enclave;

beforeAll(async () => {
  enclave = await createEnclave({ isolation: 'process', allowProcessFallback: false, tempRoot: folder.tempRoot, poolSize: 0 });
});
afterAll(async () => {
  await enclave.close();
  expect(workersBelow(process.pid)).toEqual([]);
  expect(readdirSync(folder.tempRoot)).toEqual([]);
  folder.remove();
});

describe('a worker that was opened and rehearsed before anybody needed it', () => {
  test('shows a session nothing that one made for it would not show', async () => {
    const cold = await stateOf(enclave);
    await enclave.warm(IN_MEMORY, LIMITS);
    expect(await stateOf(enclave)).toEqual(cold);
  });

  test('is as locked as any', async () => {
    await enclave.warm(IN_MEMORY, LIMITS);
    const session = await openSession(enclave, IN_MEMORY);
    for (const sql of ["FROM read_text('/etc/passwd')", `COPY (SELECT 1) TO '${folder.root}/x.csv'`, 'INSTALL httpfs'])
      expect(await session.query(sql)).toEqual({ ok: false, error: 'file' });
    for (const sql of ['SET enable_external_access = true', 'SET lock_configuration = false', "SET memory_limit = '8GiB'"])
      expect(await session.query(sql)).toEqual({ ok: false, error: 'other' });
    await session.close();
  });

  test('serves one session, and what that one left reaches nobody', async () => {
    await enclave.warm(IN_MEMORY, LIMITS);
    const first = await openSession(enclave, IN_MEMORY);
    await first.query("CREATE TABLE secret AS SELECT 'of one merchant' AS a");
    await first.query("SET VARIABLE kept = 'of one merchant'");
    await first.close();
    await enclave.warm(IN_MEMORY, LIMITS);
    const second = await openSession(enclave, IN_MEMORY);
    expect(await second.query('SELECT a FROM secret')).toEqual({ ok: false, error: 'binder' });
    expect(await second.query("SELECT getvariable('kept') AS a")).toMatchObject({ ok: true, value: { rows: [[null]] } });
    await second.close();
  });
});

/** The sealed files that workers have open, by their names. */
function openedFiles(): readonly string[] {
  return workersBelow(process.pid).flatMap((pid) =>
    readdirSync(`/proc/${pid}/fd`)
      .map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
      .filter((path) => path.startsWith(folder.root) && path.endsWith('.duckdb')),
  );
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}

describe('a worker that waits for a sealed file', () => {
  let sealed: SessionMounts;

  beforeAll(async () => {
    sealed = await sealFile(enclave, join(folder.root, 'v1.duckdb'), ['CREATE TABLE t AS SELECT 1 AS a']);
  });

  test('has not opened it: that is for after its digest was checked', async () => {
    await enclave.warm(sealed, LIMITS);
    expect(workersBelow(process.pid).length).toBeGreaterThan(0);
    expect(openedFiles()).toEqual([]);
    const session = await openSession(enclave, sealed);
    expect(openedFiles()).toEqual([join(folder.root, 'v1.duckdb')]);
    await session.close();
  });

  test('does not push out the one that everybody needs', async () => {
    const pool = await createEnclave({ isolation: 'process', allowProcessFallback: false, tempRoot: folder.tempRoot, poolSize: 2 });
    const before = new Set(workersBelow(process.pid));
    const files = await Promise.all(
      ['v2', 'v3'].map((name) => sealFile(enclave, join(folder.root, `${name}.duckdb`), ['CREATE TABLE t AS SELECT 1 AS a'])),
    );
    await pool.warm(IN_MEMORY, LIMITS);
    const everybodys = workersBelow(process.pid).filter((pid) => !before.has(pid));
    for (const file of files) await pool.warm(file, LIMITS);
    expect(everybodys.length).toBeGreaterThan(0);
    expect(workersBelow(process.pid)).toEqual(expect.arrayContaining([...everybodys]));
    await pool.close();
  });
});
