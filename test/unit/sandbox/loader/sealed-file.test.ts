import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetVersion } from '../../../../src/catalog/dataset.ts';
import { readDeclaration } from '../../../../src/catalog/declaration.ts';
import { readSealedSchema } from '../../../../src/catalog/sealed-layout.ts';
import type { QueryRows } from '../../../../src/sandbox/enclave/port.ts';
import { CITY_FILES, cityDeclaration } from '../../../support/city-declaration.ts';
import { answerSealed, type LoadingBench, loadingBench, querySealed, TEST_LIMITS } from '../../../support/loading.ts';

const RESIDENTS = 400;
const VISITS = 3000;
const districts = ['east', 'west', 'north'] as const;

/** A city with skew: resident i has about i % 17 visits, some visits have no resident. */
const residents = Array.from({ length: RESIDENTS }, (_, index) => ({
  id: `R${index}`,
  district: districts[index % 3] ?? 'east',
  income: (index * 37) % 5000,
}));
const visits = Array.from({ length: VISITS }, (_, index) => ({
  id: index,
  resident: index % 50 === 0 ? null : `R${((index * index) % 397) % RESIDENTS}`,
  cost: ((index * 7919) % 1000) / 4 - 20,
}));
const FILES = {
  ...CITY_FILES,
  'residents.csv': `resident_id,name,district,birth,income\n${residents.map((row) => `${row.id},N,${row.district},,${row.income}\n`).join('')}`,
  'visits.csv': `visit_id,resident,hospital,cost\n${visits.map((row) => `${row.id},${row.resident ?? ''},${1 + (row.id % 2)},${row.cost}\n`).join('')}`,
};

let bench: LoadingBench;
let first: DatasetVersion;
beforeAll(async () => {
  bench = await loadingBench();
  first = await loaded('v1');
});
afterAll(() => bench.close());

async function loaded(
  version: string,
  files: Readonly<Record<string, string | Uint8Array>> = FILES,
  declaration: unknown = cityDeclaration(),
  changes = {},
): Promise<DatasetVersion> {
  const outcome = await bench.load(declaration, files, { version, ...changes });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

const ask = (version: DatasetVersion, sql: string) =>
  querySealed(bench.enclave, bench.sealedPath(version.dataset, version.version), version.digest, sql);

describe('the sealed file', () => {
  test('is read-only, and digest and size are its own', async () => {
    const path = bench.sealedPath('city', 'v1');
    const about = await stat(path);
    expect(about.mode & 0o777).toBe(0o400);
    expect(about.size).toBe(first.bytes);
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(first.digest);
    expect(first).toMatchObject({
      dataset: 'city',
      version: 'v1',
      state: 'queryable',
      origin: 'real',
      loadedAt: '2026-01-02T03:04:05.000Z',
    });
  });

  test('holds the declared columns without direct identifiers, and what the loader adds', async () => {
    const named = (answer: QueryRows) => answer.columns.map(({ name, type }) => `${name} ${type}`);
    const columnsOf = async (table: string) =>
      named(await answerSealed(bench.enclave, bench.sealedPath('city', 'v1'), first.digest, `SELECT * FROM ${table} LIMIT 0`));
    const added = ['__u_person INTEGER', '__b_person USMALLINT', '__h_person INTEGER', '__rk INTEGER'];
    expect(await columnsOf('hospitals')).toEqual(['hospital_id INTEGER', 'title VARCHAR']);
    expect(await columnsOf('residents')).toEqual([
      'resident_id VARCHAR',
      'district VARCHAR',
      'birth DATE',
      'income DECIMAL(12,2)',
      ...added,
    ]);
    expect(await columnsOf('visits')).toEqual(['resident VARCHAR', 'hospital INTEGER', 'cost DOUBLE', ...added]);
    const clone = await bench.enclave.open({ database: { kind: 'memory' }, readable: [], writable: [] }, TEST_LIMITS);
    const declaration = readDeclaration(cityDeclaration());
    if (!clone.ok || !declaration.ok) throw new Error('No clone');
    for (const sql of readSealedSchema(declaration.value.dataset)) expect(await clone.value.query(sql)).toMatchObject({ ok: true });
    const described = await clone.value.query('SELECT * FROM visits');
    await clone.value.close();
    expect(described.ok && named(described.value)).toEqual(await columnsOf('visits'));
  });

  test('numbers units densely from 0, the same in every table, with buckets below 256', async () => {
    const [figures] = await ask(
      first,
      `SELECT count(DISTINCT __u_person), min(__u_person), max(__u_person), max(__b_person), count(DISTINCT __b_person) FROM residents`,
    );
    expect(figures?.slice(0, 3)).toEqual([String(RESIDENTS), 0, RESIDENTS - 1]);
    expect(Number(figures?.[3])).toBeLessThan(256);
    expect(Number(figures?.[4])).toBeGreaterThan(150);
    expect(
      await ask(
        first,
        `SELECT count(*) FROM visits v JOIN residents r ON v.resident = r.resident_id WHERE v.__u_person <> r.__u_person OR v.__b_person <> r.__b_person OR v.__h_person <> r.__h_person`,
      ),
    ).toEqual([['0']]);
    expect(
      await ask(
        first,
        `SELECT count(*) FROM visits WHERE (resident IS NULL) <> (__u_person IS NULL) OR (resident IS NULL) <> (__b_person IS NULL) OR (resident IS NULL) <> (__h_person IS NULL)`,
      ),
    ).toEqual([['0']]);
  });

  test('is sorted by unit and row key; row keys are 31 bits and differ', async () => {
    for (const table of ['residents', 'visits']) {
      const unsorted = `SELECT count(*) FROM (SELECT coalesce(__u_person, 2000000000) AS u, __rk AS k, lag(u) OVER (ORDER BY rowid) AS pu, lag(k) OVER (ORDER BY rowid) AS pk FROM ${table}) WHERE pu > u OR (pu = u AND pk > k)`;
      expect(await ask(first, unsorted)).toEqual([['0']]);
    }
    const [keys] = await ask(first, `SELECT count(DISTINCT __rk), min(__rk) >= 0 FROM visits`);
    expect(Number(keys?.[0])).toBeGreaterThan(VISITS - 5);
    expect(keys?.[1]).toBe(true);
    expect(await ask(first, `SELECT list(hospital_id ORDER BY rowid) FROM hospitals`)).toEqual([[[1, 2]]]);
  });

  test('keeps buckets and row keys from version to version, and changes them with the key', async () => {
    const extra = { ...FILES, 'residents.csv': `${FILES['residents.csv']}NEW,N,east,,1\n` };
    const second = await loaded('v2', extra);
    const other = await loaded('v3', FILES, cityDeclaration(), {
      bucketKey: new Uint8Array(32).fill(9),
      rowKeyKey: new Uint8Array(32).fill(8),
    });
    const list = `SELECT list(resident_id || ' ' || __b_person || ' ' || __h_person || ' ' || __rk ORDER BY resident_id) FROM residents WHERE resident_id <> 'NEW'`;
    const [before, after, rekeyed] = [await ask(first, list), await ask(second, list), await ask(other, list)].map((rows) => rows[0]?.[0]);
    expect(after).toEqual(before);
    expect(rekeyed).not.toEqual(before);
    expect(await bench.written()).toEqual(['enclave/city/v1.duckdb', 'enclave/city/v2.duckdb', 'enclave/city/v3.duckdb']);
  });
});

describe('the profile', () => {
  test('equals figures counted by hand', () => {
    const ofUnits = new Map<string, number[]>();
    for (const visit of visits)
      if (visit.resident !== null) ofUnits.set(visit.resident, [...(ofUnits.get(visit.resident) ?? []), visit.cost]);
    const costs = visits.map((visit) => visit.cost);
    const profile = first.profile.units.find((unit) => unit.table === 'visits');
    expect(profile).toMatchObject({
      unitType: 'person',
      units: ofUnits.size,
      rows: VISITS,
      rowsWithoutUnit: visits.filter((visit) => visit.resident === null).length,
      maxRowsPerUnit: Math.max(...[...ofUnits.values()].map((list) => list.length)),
    });
    const cost = profile?.columns['cost'];
    expect(Number(cost?.min)).toBe(Math.min(...costs));
    expect(Number(cost?.max)).toBe(Math.max(...costs));
    const largest = Math.max(...[...ofUnits.values()].map((list) => list.reduce((sum, value) => sum + Math.abs(value), 0)));
    expect(Number(cost?.maxUnitAbsSum)).toBeCloseTo(largest, 6);
    expect(cost?.nulls).toBe(0);
  });

  test('of tables: unique columns, NULLs, least units of a domain value', () => {
    const table = first.profile.tables.find((item) => item.table === 'residents');
    const perDistrict = districts.map((district) => residents.filter((row) => row.district === district).length);
    expect(table).toEqual({
      table: 'residents',
      rows: RESIDENTS,
      uniqueColumns: ['resident_id', 'income'].filter(
        (name) => name !== 'income' || new Set(residents.map((row) => row.income)).size === RESIDENTS,
      ),
      leastUnitsPerValue: { district: { person: Math.min(...perDistrict) } },
      nulls: { resident_id: 0, district: 0, birth: RESIDENTS, income: 0 },
    });
  });
});

describe('ways to write a good file', () => {
  const gb18030 = Buffer.concat([Buffer.from('编号,名称\n1,'), Buffer.from([0xd6, 0xd0, 0xce, 0xc4]), Buffer.from('\n')]);
  const chinese = (encoding: string) => ({
    ...cityDeclaration(),
    dataset: 'zh',
    tables: {
      登记: {
        file: 'zh.csv',
        encoding,
        visibility: 'public',
        primaryKey: ['编号'],
        columns: {
          编号: { type: 'INTEGER', label: 'none', role: 'dimension' },
          名称: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        },
      },
    },
  });
  const header = Buffer.from([0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6, 0x0a]); // 编号,名称 in GB18030

  test.each([
    ['byte order mark and CRLF', 'utf-8', Buffer.from('\uFEFF编号,名称\r\n1,中文\r\n')],
    ['other order, quotes, no line break at the end', 'utf-8', Buffer.from('"名称","编号"\n"中文",1')],
    ['GB18030', 'gb18030', Buffer.concat([header, Buffer.from([0x31, 0x2c, 0xd6, 0xd0, 0xce, 0xc4, 0x0a])])],
  ])('%s', async (name, encoding, content) => {
    const version = await loaded(`zh-${name.length}`, { 'zh.csv': content }, chinese(encoding));
    expect(await ask(version, 'SELECT * FROM "登记"')).toEqual([[1, '中文']]);
  });

  test('GB18030 that does not decode is refused with its line', async () => {
    const outcome = await bench.load(
      chinese('gb18030'),
      { 'zh.csv': Buffer.concat([header, Buffer.from([0x31, 0x2c, 0xff, 0xff, 0x0a])]) },
      { version: 'bad' },
    );
    expect(outcome).toMatchObject({ ok: false, error: [{ code: 'load.encoding_line', facts: { file: 'zh.csv', line: 2 } }] });
    const mixed = await bench.load(chinese('utf-8'), { 'zh.csv': gb18030 }, { version: 'bad' });
    expect(mixed).toMatchObject({ ok: false, error: [{ code: 'load.row_encoding', facts: { rows: ['1'] } }] });
  });

  test('an unquoted empty field is NULL, a quoted one the empty text; quotes and line breaks stay', async () => {
    const content = '编号,名称\n1,\n2,""\n3,"a ""b""\n, c"\n4, d \n';
    const version = await loaded('empty', { 'zh.csv': content }, chinese('utf-8'));
    expect(await ask(version, 'SELECT * FROM "登记"')).toEqual([
      [1, null],
      [2, ''],
      [3, 'a "b"\n, c'],
      [4, ' d '],
    ]);
  });

  test('a file with a header only makes an empty table', async () => {
    const version = await loaded('header', { 'zh.csv': '编号,名称\n' }, chinese('utf-8'));
    expect(version.profile.tables[0]).toMatchObject({ rows: 0, uniqueColumns: ['编号'] });
  });
});

describe('standing filters', () => {
  const filtered = (...standingFilters: readonly string[]) => {
    const declaration = cityDeclaration();
    return { ...declaration, tables: { ...declaration.tables, residents: { ...declaration.tables.residents, standingFilters } } };
  };

  test('rows that fail them are not in the sealed file', async () => {
    const version = await loaded(
      'filtered',
      CITY_FILES,
      filtered(`district IN ('east', 'north') OR name LIKE 'Z%'`, 'income IS NOT NULL -- known'),
    );
    expect(await ask(version, 'SELECT resident_id, __u_person FROM residents')).toEqual([['A1', expect.any(Number)]]);
  });

  test.each([
    ['no condition', 'income'],
    ['a column of nowhere', 'age > 3'],
    ['a subquery', 'income > (SELECT avg(income) FROM residents)'],
    ['a function outside the list', `regexp_matches(name, 'a')`],
    ['a file', `name IN (SELECT content FROM read_text('/etc/hostname'))`],
    ['more than a condition', `true) UNION SELECT (1`],
    ['a second clause', `income > 1) LIMIT (3`],
    ['a comment that swallows', `income > 1) -- `],
    ['a second statement', `income > 1); DROP TABLE residents; SELECT (1`],
    ['the wrong type', `birth > 'soon'`],
    ['the wrong type behind another test', `district = 'east' AND birth > 'soon'`],
  ])('%s is refused', async (_name, filter) => {
    const outcome = await bench.load(filtered(filter), CITY_FILES, { version: 'refused' });
    expect(outcome).toMatchObject({
      ok: false,
      error: [{ code: 'declaration.invalid', facts: { pointer: '/tables/residents/standingFilters/0', reason: 'filter' } }],
    });
  });
});
