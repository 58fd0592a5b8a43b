import { chmodSync, closeSync, copyFileSync, openSync, readdirSync, renameSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEnclave } from '../../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, EnclaveSession, SessionMounts } from '../../../src/sandbox/enclave/port.ts';
import { hasBubblewrap, IN_MEMORY, LIMITS, makeFolder, openSession, sealFile } from '../../support/enclave/enclave-fixture.ts';

const CANARY = '张三丰-CANARY-7781';

for (const isolation of ['bubblewrap', 'process'] as const) {
  describe.skipIf(isolation === 'bubblewrap' && !hasBubblewrap)(`a sealed session at level ${isolation}`, () => {
    const folder = makeFolder();
    let enclave: Enclave;
    let sealed: SessionMounts;
    let session: EnclaveSession;

    beforeAll(async () => {
      enclave = await createEnclave({ isolation, allowProcessFallback: false, tempRoot: folder.tempRoot, poolSize: 0 });
      sealed = await sealFile(enclave, join(folder.root, 'v1.duckdb'), [`CREATE TABLE persons AS SELECT 1 AS id, '${CANARY}' AS name`]);
      session = await openSession(enclave, sealed);
    });
    afterAll(async () => {
      await enclave.close();
      folder.remove();
    });

    test.each([
      [`SELECT * FROM read_blob('/data/sealed.duckdb')`],
      [`SELECT * FROM read_csv('/etc/passwd')`],
      [`SELECT * FROM read_text('/spill/x')`],
      [`SELECT * FROM glob('/*')`],
      [`SELECT * FROM '/data/sealed.duckdb'`],
      [`SELECT * FROM 'persons.csv'`],
      [`COPY persons TO '/spill/x.csv'`],
      [`COPY (SELECT 1) TO '/tmp/x.csv'`],
      [`EXPORT DATABASE '/spill'`],
      [`ATTACH ':memory:' AS m`],
      [`ATTACH '/spill/x.db'`],
      ['INSTALL httpfs'],
      ['LOAD httpfs'],
      ['SET threads = 8'],
      ['RESET lock_configuration'],
      ['SET VARIABLE leak = (SELECT name FROM persons)'],
      ['PRAGMA enable_profiling'],
      ['CALL enable_logging()'],
      ['SELECT * FROM duckdb_logs'],
      ['SELECT * FROM duckdb_settings()'],
      ['SELECT * FROM duckdb_tables'],
      ['SELECT * FROM sqlite_master'],
      ['SELECT * FROM information_schema.tables'],
      ['SELECT * FROM pg_catalog.pg_class'],
      ['WITH duckdb_tables AS (SELECT 1) SELECT * FROM duckdb_tables'],
      [`WITH "x.csv" AS (SELECT 1) SELECT * FROM (SELECT * FROM "x.csv")`],
      [`SELECT * FROM query('SELECT * FROM persons')`],
      [`SELECT * FROM query_table('persons')`],
      [`SELECT (SELECT count(*) FROM pragma_storage_info('persons'))`],
      [`SELECT * FROM json_execute_serialized_sql('{}')`],
      ['EXPLAIN ANALYZE SELECT * FROM persons'],
      ['DESCRIBE persons'],
      ['SUMMARIZE persons'],
      ['SHOW TABLES'],
      ['CREATE TEMP TABLE t AS SELECT 1'],
      [`CREATE TEMP TABLE IF NOT EXISTS "__m0123456789abcdef" AS SELECT * FROM read_blob('/data/sealed.duckdb')`],
      ['CREATE TEMP TABLE IF NOT EXISTS "__m0123456789abcdef" AS SELECT 1; SELECT 2'],
      ['CREATE TEMP TABLE IF NOT EXISTS "__m0123456789abcdef" AS SELECT * FROM duckdb_logs'],
      ['CREATE TEMP TABLE IF NOT EXISTS "persons" AS SELECT 1'],
      ['CREATE TABLE IF NOT EXISTS "__m0123456789abcdef" AS SELECT 1'],
      ['SELECT * FROM __mfedcba9876543210'],
      ['DROP TABLE IF EXISTS temp.main."persons"'],
      ['DROP TABLE persons'],
      ['DROP TABLE IF EXISTS temp.main."__m0123456789abcdef"; SELECT 1'],
      ['CREATE TEMP MACRO sum(x) AS max(x)'],
      [`UPDATE persons SET name = 'x'`],
      ['DETACH sealed'],
      ['SELECT 1; SELECT 2'],
    ])('refuses %s', async (sql) => {
      expect(await session.query(sql)).toEqual({ ok: false, error: 'syntax' });
      expect(await session.queryBeside?.(sql)).toEqual({ ok: false, error: 'syntax' });
    });

    test('keeps rows of a SELECT under one form of name, in memory alone', async () => {
      const kept = '"__m00000000000000aa"';
      const made = `CREATE TEMP TABLE IF NOT EXISTS ${kept} AS SELECT * FROM persons`;
      expect(await session.query(made)).toMatchObject({ ok: true });
      expect(await session.query(made)).toMatchObject({ ok: true });
      expect(await session.query(`SELECT count(*) FROM ${kept}`)).toMatchObject({ ok: true, value: { rows: [['1']] } });
      for (const sql of [made, `SELECT count(*) FROM ${kept}`, `DROP TABLE IF EXISTS temp.main.${kept}`])
        expect(await session.queryBeside?.(sql)).toEqual({ ok: false, error: 'syntax' });
      expect(await session.query(`SELECT count(*) FROM sealed.main.${kept}`)).toEqual({ ok: false, error: 'syntax' });
      expect(await session.query(`DROP TABLE IF EXISTS temp.main.${kept}`)).toMatchObject({ ok: true });
      expect(await session.query(`SELECT count(*) FROM ${kept}`)).toMatchObject({ ok: false });
    });

    test.each([
      ['SELECT count(*) FROM persons'],
      ['SELECT count(*) FROM sealed.main.PERSONS AS p'],
      ['WITH c AS MATERIALIZED (SELECT * FROM persons), d AS (SELECT * FROM c) SELECT count(*) FROM d JOIN c USING (id)'],
      ['WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 1) SELECT count(*) FROM r'],
      ['SELECT count(*) FROM (VALUES (1)) v(a), range(1), unnest([1]) WHERE EXISTS (SELECT 1 FROM persons)'],
      ['SELECT count(*) FROM (SELECT 1 UNION SELECT 1)'],
    ])('still answers %s', async (sql) => {
      expect(await session.query(sql)).toMatchObject({ ok: true, value: { rows: [['1']] } });
    });

    test.each([
      ['SELECT CAST(name AS INTEGER) FROM persons', 'conversion'],
      ['SELECT CAST(name AS DATE) FROM persons', 'conversion'],
      ['SELECT error(name) FROM persons', 'other'],
      ['SELECT name.x FROM persons', 'binder'],
      [`SELECT * FROM persons WHERE ${CANARY}`, 'binder'],
    ])('tells the kind of an error and no word of the engine: %s', async (sql, failure) => {
      expect(await session.query(sql)).toEqual({ ok: false, error: failure });
    });
  });
}

describe('a sealed file that is not what was sealed', () => {
  const folder = makeFolder();
  let enclave: Enclave;
  let sealed: SessionMounts & { readonly database: { readonly path: string } };

  beforeAll(async () => {
    enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: folder.tempRoot });
    sealed = (await sealFile(enclave, join(folder.root, 'v1.duckdb'), ['CREATE TABLE t AS SELECT 1 AS a'])) as typeof sealed;
  });
  afterAll(async () => {
    await enclave.close();
    expect(readdirSync(folder.tempRoot)).toEqual([]);
    folder.remove();
  });

  test('is not opened, warm worker or not; one byte is enough', async () => {
    await enclave.warm(sealed, LIMITS);
    const { path } = sealed.database;
    chmodSync(path, 0o600);
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.from([0xff]), 0, 1, 5000);
    closeSync(file);
    chmodSync(path, 0o400);
    expect(await enclave.open(sealed, LIMITS)).toEqual({ ok: false, error: 'digest_mismatch' });
  });

  test('a good file put in place of the one a warm worker sees is opened afresh, a link is not opened', async () => {
    const first = await sealFile(enclave, join(folder.root, 'v2.duckdb'), ['CREATE TABLE t AS SELECT 2 AS a']);
    await enclave.warm(first, LIMITS);
    const path = join(folder.root, 'v2.duckdb');
    copyFileSync(path, `${path}.copy`);
    chmodSync(`${path}.copy`, 0o400);
    renameSync(`${path}.copy`, path);
    const session = await openSession(enclave, first);
    expect(await session.query('SELECT a FROM t')).toMatchObject({ ok: true, value: { rows: [[2]] } });
    await session.close();
    renameSync(path, `${path}.moved`);
    symlinkSync(`${path}.moved`, path);
    expect(await enclave.open(first, LIMITS)).toEqual({ ok: false, error: 'file' });
  });

  test('mounts that make no sense are refused', async () => {
    const { path } = sealed.database;
    const wrong: readonly SessionMounts[] = [
      { ...sealed, readable: [path] },
      { ...sealed, writable: [folder.root] },
      { database: { kind: 'create', path }, readable: [], writable: [] },
      { database: { kind: 'create', path: 'relative.duckdb' }, readable: [], writable: [] },
      { ...IN_MEMORY, readable: [join(folder.root, 'missing.csv')] },
      { ...IN_MEMORY, readable: [folder.root] },
      { ...IN_MEMORY, writable: [''] },
    ];
    for (const mounts of wrong) expect(await enclave.open(mounts, LIMITS)).toEqual({ ok: false, error: 'file' });
  });
});

test('a session without mounts touches no file and downloads no extension', async () => {
  const folder = makeFolder();
  const enclave = await createEnclave({ isolation: 'process', allowProcessFallback: false, tempRoot: folder.tempRoot, poolSize: 0 });
  const session = await openSession(enclave, IN_MEMORY);
  for (const sql of [
    `FROM read_text('/etc/passwd')`,
    `FROM glob('/*')`,
    `COPY (SELECT 1) TO '${folder.root}/x.csv'`,
    `ATTACH '${folder.root}/x.db'`,
    'INSTALL httpfs',
  ]) {
    expect(await session.query(sql)).toEqual({ ok: false, error: 'file' });
  }
  for (const sql of [
    'SET enable_external_access = true',
    'SET lock_configuration = false',
    'RESET disabled_filesystems',
    `SET temp_directory = '/tmp'`,
  ]) {
    expect(await session.query(sql)).toEqual({ ok: false, error: 'other' });
  }
  await enclave.close();
  expect(readdirSync(folder.root)).toEqual(['tmp']);
  folder.remove();
});
