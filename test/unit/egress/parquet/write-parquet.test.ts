import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeParquet } from '../../../../src/egress/parquet/write-parquet.ts';
import type { ReleaseCell, ReleaseTable } from '../../../../src/egress/release-content.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-parquet-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What another reader finds: the engine, as names with types, and cells as text. */
async function read(
  table: ReleaseTable,
): Promise<{ readonly types: readonly string[]; readonly rows: readonly unknown[][]; readonly keys: number }> {
  const path = join(folder, 'data.parquet');
  await writeFile(path, writeParquet(table));
  const engine = await DuckDBInstance.create(':memory:');
  const connection = await engine.connect();
  const types = await connection.runAndReadAll(
    `SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM read_parquet('${path}'))`,
  );
  const rows = await connection.runAndReadAll(`SELECT COLUMNS(*)::VARCHAR FROM read_parquet('${path}')`);
  const keys = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM parquet_kv_metadata('${path}')`);
  connection.closeSync();
  return { types: types.getRows().map(([name]) => String(name)), rows: rows.getRows(), keys: Number(keys.getRows()[0]?.[0]) };
}

const one = (type: string, cells: readonly ReleaseCell[], name = 'c'): ReleaseTable => ({
  columns: [{ name, type }],
  rows: cells.map((cell) => [cell]),
});
const cellsOf = async (table: ReleaseTable) => (await read(table)).rows.map(([cell]) => cell);

describe('another reader finds the same cells', () => {
  test.each<readonly [string, string, readonly ReleaseCell[], readonly (string | null)[]]>([
    ['VARCHAR', 'VARCHAR', ['海淀区', null, '', 'a"b,c\n', '😀'], ['海淀区', null, '', 'a"b,c\n', '😀']],
    ['BIGINT', 'BIGINT', ['0', '-5', null, '9223372036854775807'], ['0', '-5', null, '9223372036854775807']],
    ['HUGEINT', 'BIGINT', ['17', '20'], ['17', '20']],
    ['HUGEINT', 'VARCHAR', ['17', '9223372036854775808'], ['17', '9223372036854775808']],
    ['INTEGER', 'BIGINT', [3, -4, null], ['3', '-4', null]],
    ['DECIMAL(38,2)', 'DECIMAL(18,2)', ['1.5', '-0.05', '12', null], ['1.50', '-0.05', '12.00', null]],
    ['DECIMAL(38,2)', 'VARCHAR', ['123456789012345678901.55'], ['123456789012345678901.55']],
    ['DOUBLE', 'DOUBLE', ['1.25', 3, '-1e-3', null], ['1.25', '3.0', '-0.001', null]],
    ['DOUBLE', 'VARCHAR', ['NaN', '1.5'], ['NaN', '1.5']],
    [
      'BOOLEAN',
      'BOOLEAN',
      [true, false, null, true, true, true, true, true, false],
      ['true', 'false', null, 'true', 'true', 'true', 'true', 'true', 'false'],
    ],
    ['DATE', 'VARCHAR', ['2024-02-29'], ['2024-02-29']],
    ['VARCHAR', 'VARCHAR', [null, null], [null, null]],
    ['VARCHAR', 'VARCHAR', [], []],
  ])('%s as %s', async (type, stored, cells, expected) => {
    const found = await read(one(type, cells));
    expect(found.types).toEqual([`c ${stored}`]);
    expect(found.rows.map(([cell]) => cell)).toEqual(expected);
    expect(found.keys).toBe(0);
  });

  test('many rows in several groups, with long runs of nothing', async () => {
    const cells = Array.from({ length: 250_001 }, (_, at) => (at % 70_000 < 30_000 ? null : String(at)));
    const found = await cellsOf(one('BIGINT', cells));
    expect(found).toEqual(cells);
  });

  test('many columns', async () => {
    const columns = Array.from({ length: 64 }, (_, at) => ({ name: `列${at}`, type: at % 2 === 0 ? 'BIGINT' : 'VARCHAR' }));
    const rows = Array.from({ length: 30 }, (_, row) => columns.map((_column, at) => (row % 7 === at % 7 ? null : String(row * at))));
    expect((await read({ columns, rows })).rows).toEqual(rows);
  });
});

describe('nothing runs and nothing is told besides', () => {
  test.each(['=1+1', '+1', '-1', '@x', '＝1', '\tx', '=cmd|calc'])('%s is made harmless in cells and names', async (text) => {
    const found = await read(one('VARCHAR', [text, 'x'], text));
    expect(found.rows[0]?.[0]).toBe(`'${text}`);
    expect(found.types[0]?.startsWith(`'${text}`)).toBe(true);
  });
  test('numbers keep their sign, texts in columns of numbers do not pass as numbers', async () => {
    expect(await cellsOf(one('BIGINT', ['-7']))).toEqual(['-7']);
    expect(await cellsOf(one('BIGINT', ['-7', '=1']))).toEqual(['-7', "'=1"]);
  });
  test('the file holds no statistics: a value stands in it once', () => {
    const bytes = Buffer.from(writeParquet(one('VARCHAR', ['aaaa', 'marker-value', 'zzzz'])));
    expect(bytes.toString('latin1').split('marker-value')).toHaveLength(2);
    expect(bytes.toString('latin1').split('aaaa')).toHaveLength(2);
  });
  test('the same table gives the same bytes', () => {
    const table = one('VARCHAR', ['a', null]);
    expect(Buffer.compare(writeParquet(table), writeParquet(table))).toBe(0);
  });
});
