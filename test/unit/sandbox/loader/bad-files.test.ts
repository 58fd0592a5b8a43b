import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Problem, problemDocument } from '../../../../src/problems/problem.ts';
import { CITY_FILES, cityDeclaration } from '../../../support/city-declaration.ts';
import { type LoadingBench, loadingBench, TEST_LIMITS } from '../../../support/loading.ts';

let bench: LoadingBench;
beforeAll(async () => {
  bench = await loadingBench();
});
afterAll(() => bench.close());
beforeEach(() => rm(join(bench.folder, 'enclave'), { recursive: true, force: true }));

const HEAD = 'resident_id,name,district,birth,income\n';
/** The city with other residents. */
function residents(content: string | Uint8Array): Readonly<Record<string, string | Uint8Array>> {
  return { ...CITY_FILES, 'visits.csv': 'visit_id,resident,hospital,cost\n1,,1,1\n', 'residents.csv': content };
}

type Expected = readonly (readonly [code: string, facts: Readonly<Record<string, unknown>>])[];

async function refusal(
  files: Readonly<Record<string, string | Uint8Array>>,
  declaration: unknown = cityDeclaration(),
): Promise<readonly Problem[]> {
  const outcome = await bench.load(declaration, files);
  expect(await bench.written(), 'a refusal leaves nothing behind').toEqual([]);
  if (outcome.ok) throw new Error('This load should have been refused');
  return outcome.error;
}

function expectProblems(problems: readonly Problem[], expected: Expected): void {
  expect(problems.map((item) => [item.code, item.facts])).toEqual(expected.map(([code, facts]) => [code, expect.objectContaining(facts)]));
}

const rowsAt = (column: string | undefined, ...rows: readonly number[]) => ({
  file: 'residents.csv',
  ...(column === undefined ? {} : { column }),
  rows: rows.map(String),
  total: '1-20',
});

const BAD_CSV: readonly (readonly [name: string, content: string | Uint8Array, expected: Expected])[] = [
  ['an empty file', '', [['load.columns', { missing: ['resident_id', 'name', 'district', 'birth', 'income'] }]]],
  ['only line breaks', '\n\n', [['load.columns', { missing: ['resident_id', 'name', 'district', 'birth', 'income'] }]]],
  ['no header', 'A1,Ann,east,1990-01-02,1\n', [['load.columns', { undeclared: ['1', '2', '3', '4', '5'] }]]],
  [
    'a missing column',
    'resident_id,name,district,birth\nA1,Ann,east,1990-01-02\n',
    [['load.columns', { missing: ['income'], undeclared: [] }]],
  ],
  [
    'an undeclared column',
    `resident_id,name,extra,district,birth,income\nA1,Ann,x,east,,1\n`,
    [['load.columns', { missing: [], undeclared: ['3'] }]],
  ],
  ['a column named twice', `resident_id,name,district,birth,income,name\nA1,Ann,east,,1,Ann\n`, [['load.columns', { repeated: ['name'] }]]],
  [
    'a header in other case',
    `Resident_ID,name,district,birth,income\nA1,Ann,east,,1\n`,
    [['load.columns', { missing: ['resident_id'], undeclared: ['1'] }]],
  ],
  ['semicolons', 'resident_id;name;district;birth;income\nA1;Ann;east;;1\n', [['load.columns', { undeclared: ['1'] }]]],
  ['too few fields', `${HEAD}A1,Ann,east,,1\nB2,Bob,west\nC3,Cy,east,,1\n`, [['load.row_fields', rowsAt(undefined, 2)]]],
  ['too many fields', `${HEAD}A1,Ann,east,,1,7\nB2,Bob,west,,1\n`, [['load.row_fields', rowsAt(undefined, 1)]]],
  ['an unclosed quote', `${HEAD}A1,Ann,east,,1\nB2,"Bob,west,,1\n`, [['load.row_quotes', rowsAt(undefined, 2)]]],
  ['text after a quote', `${HEAD}A1,"Ann"x,east,,1\nB2,Bob,west,,1\n`, [['load.row_quotes', rowsAt(undefined, 1)]]],
  ['mixed line endings', `${HEAD}A1,Ann,east,,1\r\nB2,Bob,west,,1\n`, [['load.file_unreadable', { file: 'residents.csv', format: 'CSV' }]]],
  [
    'bytes that are not UTF-8',
    Buffer.concat([Buffer.from(`${HEAD}A1,Ann,east,,1\nB2,`), Buffer.from([0xd6, 0xd0]), Buffer.from(',west,,1\n')]),
    [['load.row_encoding', rowsAt(undefined, 2)]],
  ],
  ['a date of another form', `${HEAD}A1,Ann,east,1990-1-2,1\n`, [['load.value_type', rowsAt('birth', 1)]]],
  ['a day that does not exist', `${HEAD}A1,Ann,east,2020-02-30,1\n`, [['load.value_type', rowsAt('birth', 1)]]],
  ['a date in words', `${HEAD}A1,Ann,east,infinity,1\nB2,Bob,west,epoch,1\n`, [['load.value_type', rowsAt('birth', 1, 2)]]],
  ['a time for a date', `${HEAD}A1,Ann,east,1990-01-02 10:00:00,1\n`, [['load.value_type', rowsAt('birth', 1)]]],
  ['decimals beyond the scale', `${HEAD}A1,Ann,east,,1.005\n`, [['load.value_type', rowsAt('income', 1)]]],
  ['a number with spaces', `${HEAD}A1,Ann,east,, 12\n`, [['load.value_type', rowsAt('income', 1)]]],
  ['a number with an exponent', `${HEAD}A1,Ann,east,,1e3\n`, [['load.value_type', rowsAt('income', 1)]]],
  ['a number with thousands', `${HEAD}A1,Ann,east,,"1,000"\n`, [['load.value_type', rowsAt('income', 1)]]],
  ['leading zeros', `${HEAD}A1,Ann,east,,007\n`, [['load.value_type', rowsAt('income', 1)]]],
  ['a plus sign', `${HEAD}A1,Ann,east,,+7\n`, [['load.value_type', rowsAt('income', 1)]]],
  ['full-width digits', `${HEAD}A1,Ann,east,,１２\n`, [['load.value_type', rowsAt('income', 1)]]],
  ['a number too large for its type', `${HEAD}A1,Ann,east,,99999999999.00\n`, [['load.value_type', rowsAt('income', 1)]]],
  ['an empty text for a number', `${HEAD}A1,Ann,east,,""\n`, [['load.value_type', rowsAt('income', 1)]]],
  ['a number below the bounds', `${HEAD}A1,Ann,east,,-0.01\n`, [['load.value_bounds', rowsAt('income', 1)]]],
  ['a number above the bounds', `${HEAD}A1,Ann,east,,5000000.01\n`, [['load.value_bounds', rowsAt('income', 1)]]],
  [
    'a date outside the bounds',
    `${HEAD}A1,Ann,east,1899-12-31,1\nB2,Bob,west,2027-01-01,1\n`,
    [['load.value_bounds', rowsAt('birth', 1, 2)]],
  ],
  ['a value outside the domain', `${HEAD}A1,Ann,East,,1\nB2,Bob,,,1\n`, [['load.value_domain', rowsAt('district', 1)]]],
  ['an empty primary key', `${HEAD},Ann,east,,1\n`, [['load.value_null', rowsAt('resident_id', 1)]]],
  [
    'a primary key twice',
    `${HEAD}A1,Ann,east,,1\nB2,Bob,west,,1\nA1,Ann,east,,1\nA1,Ann,east,,1\n`,
    [['load.key_duplicate', rowsAt('resident_id', 3, 4)]],
  ],
];

/** One dataset with a table of the same form per case, so that one load tries them all: problems are told apart by file. */
async function tryTogether(
  form: object,
  ending: string,
  contents: readonly (string | Uint8Array)[],
): Promise<(index: number) => readonly Problem[]> {
  await rm(join(bench.folder, 'enclave'), { recursive: true, force: true });
  const names = contents.map((_, index) => `case${index}.${ending}`);
  const tables = Object.fromEntries(names.map((file, index) => [`case${index}`, { ...form, file }]));
  const files = Object.fromEntries(names.map((file, index) => [file, contents[index] ?? '']));
  const outcome = await bench.load({ ...cityDeclaration(), tables }, files);
  if (!outcome.ok) expect(await bench.written(), 'a refusal leaves nothing behind').toEqual([]);
  return (index) => (outcome.ok ? [] : outcome.error.filter((item) => item.facts['file'] === names[index]));
}

describe('a CSV file is refused whole, with file, row and column', () => {
  let problemsOf: (index: number) => readonly Problem[];
  beforeAll(async () => {
    problemsOf = await tryTogether(
      cityDeclaration().tables.residents,
      'csv',
      BAD_CSV.map(([, content]) => content),
    );
  });

  test.each(BAD_CSV.map(([name, , expected], index) => [name, index, expected] as const))('%s', (_name, index, expected) => {
    const renamed = expected.map(([code, facts]) => [code, { ...facts, file: `case${index}.csv` }] as const);
    expectProblems(problemsOf(index), renamed);
  });

  test('row numbers count faulty and multi-line records', async () => {
    const content = `${HEAD}A1,"Ann\nLee",east,,1\nB2,Bob\nC3,Cy,east,,x\nD4\nE5,Eve,east,,y\n`;
    expectProblems(await refusal(residents(content)), [
      ['load.row_fields', rowsAt(undefined, 2, 4)],
      ['load.value_type', rowsAt('income', 3, 5)],
    ]);
  });

  test('a long list of rows is cut and its length told in a band', async () => {
    const rows = Array.from({ length: 150 }, (_, index) => `R${index},N,nowhere,,1\n`).join('');
    const [item] = await refusal(residents(HEAD + rows));
    expect(item?.facts).toMatchObject({ total: '101-1000', rows: Array.from({ length: 20 }, (_, index) => String(index + 1)) });
  });

  test('more faulty records than the engine keeps are refused by their structure alone', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => `R${index},N\n`).join('');
    const problems = await refusal(residents(`${HEAD}A1,Ann,mars,,1\n${rows}`));
    expect(problems.map((item) => item.code)).toEqual(['load.row_fields']);
  });

  test('every problem of every table comes at once', async () => {
    const problems = await refusal({
      'residents.csv': `${HEAD}A1,Ann,mars,1990-13-01,-1\nA1,Bob,west,,1\n`,
      'visits.csv': 'visit_id,resident,hospital,cost\n1,A1,9,ten\n1,A1,1,1\n',
      'hospitals.csv': 'hospital_id,title\n1,North\n',
    });
    expect(problems.map((item) => `${item.code} ${item.facts['file']} ${item.facts['column']}`)).toEqual([
      'load.value_domain residents.csv district',
      'load.value_type residents.csv birth',
      'load.value_bounds residents.csv income',
      'load.key_duplicate residents.csv resident_id',
      'load.value_type visits.csv cost',
      'load.key_duplicate visits.csv visit_id',
      'load.key_dangling visits.csv hospital',
    ]);
  });

  test('keys that lead nowhere', async () => {
    const visits = 'visit_id,resident,hospital,cost\n1,A1,1,1\n2,ZZ,1,1\n3,B2,7,1\n4,,,1\n';
    const problems = await refusal({ ...CITY_FILES, 'visits.csv': visits });
    expectProblems(problems, [
      ['load.key_dangling', { file: 'visits.csv', column: 'hospital', rows: ['3'], total: '1-20' }],
      ['load.unit_dangling', { file: 'visits.csv', column: 'resident', rows: ['2'], total: '1-20' }],
    ]);
  });
});

describe('other types', () => {
  const typed = (types: readonly string[]) => ({
    ...cityDeclaration(),
    tables: Object.fromEntries(
      types.map((type, index) => [
        `t${index}`,
        {
          file: `typed${index}.csv`,
          visibility: 'public',
          primaryKey: ['id'],
          columns: { id: { type: 'INTEGER', label: 'none', role: 'dimension' }, x: { type, label: 'none', role: 'dimension' } },
        },
      ]),
    ),
  });
  const typedFiles = (values: readonly (readonly string[])[]) =>
    Object.fromEntries(
      values.map((list, index) => [`typed${index}.csv`, `id,x\n${list.map((value, row) => `${row},"${value}"\n`).join('')}`]),
    );

  const REFUSED: readonly (readonly [type: string, values: readonly string[]])[] = [
    ['INTEGER', ['1.7', ' 12', '1e3', '007', '+7', '-0', '1_000', '0x10', '2147483648', '']],
    ['UTINYINT', ['-1', '256']],
    ['BOOLEAN', ['yes', 't', '1', 'TRUE']],
    ['DOUBLE', ['nan', 'inf', '1e400', '.5', '5.', '1_0.5', '0x1p3', '1,5']],
    [
      'TIMESTAMP',
      [
        '2020-01-01',
        '2020-01-01T00:00:00Z',
        '2020-01-01 10:00:00+08',
        '2020-01-01 24:00:00',
        '2020-01-01 10:00:60',
        '2020-01-01 10:00:00.1234567',
        'infinity',
        '0000-01-01 00:00:00',
      ],
    ],
    ['DATE', ['20200101', '01/02/2020', '0044-03-15 (BC)', '0000-01-01', '10000-01-01']],
    ['DECIMAL(4,0)', ['1.0', '12345']],
  ];
  test('take no other form', async () => {
    const problems = await refusal(typedFiles(REFUSED.map(([, values]) => values)), typed(REFUSED.map(([type]) => type)));
    expectProblems(
      problems,
      REFUSED.map(([, values], index) => [
        'load.value_type',
        { file: `typed${index}.csv`, column: 'x', rows: values.map((_, row) => String(row + 1)) },
      ]),
    );
  });

  test('load in their own form', async () => {
    const good = {
      INTEGER: ['0', '-7', '2147483647'],
      BOOLEAN: ['true', 'false'],
      DOUBLE: ['1', '-0.5', '1e3', '2.50', '1E-7'],
      TIMESTAMP: ['2020-01-01 10:00', '2020-01-01T10:00:00', '2020-02-29 23:59:59.123456'],
      'DECIMAL(5,2)': ['1', '-1.5', '999.99'],
      DATE: ['0001-01-01', '9999-12-31', '2020-02-29'],
    };
    const outcome = await bench.load(typed(Object.keys(good)), typedFiles(Object.values(good)));
    expect(outcome).toMatchObject({ ok: true });
  });
});

describe('Parquet and JSON', () => {
  const form = {
    visibility: 'public',
    primaryKey: ['id'],
    columns: {
      id: { type: 'INTEGER', label: 'none', role: 'dimension' },
      名称: { type: 'VARCHAR', label: 'none', role: 'dimension' },
      paid: { type: 'DECIMAL(6,2)', label: 'none', role: 'measure', bounds: [0, 100] },
    },
  };

  async function parquet(queries: readonly string[]): Promise<readonly Uint8Array[]> {
    const folder = join(bench.folder, 'made');
    await mkdir(folder, { recursive: true });
    const opened = await bench.enclave.open({ database: { kind: 'memory' }, readable: [], writable: [folder] }, TEST_LIMITS);
    if (!opened.ok) throw new Error(opened.error);
    for (const [index, sql] of queries.entries()) {
      const made = await opened.value.query(`COPY (${sql}) TO '${folder}/${index}.parquet' (FORMAT parquet)`);
      if (!made.ok) throw new Error(made.error);
    }
    await opened.value.close();
    return Promise.all(queries.map((_, index) => readFile(join(folder, `${index}.parquet`))));
  }

  const JSON_CASES: readonly (readonly [name: string, text: string, codes: readonly string[]])[] = [
    ['an array', '[{"id":1,"名称":"甲","paid":1.5},{"id":2,"名称":null,"paid":"99.99"}]', []],
    ['one object per line, other order', '{"paid":1,"id":1,"名称":"甲"}\n{"id":2,"名称":"","paid":2}\n', []],
    ['broken text', '[{"id":1,"名称":"甲","paid":1.5},{"id":', ['load.file_unreadable']],
    ['a missing field', '[{"id":1,"paid":1}]', ['load.row_fields']],
    ['an unknown field', '[{"id":1,"名称":"甲","paid":1,"x":1}]', ['load.row_fields']],
    ['a field twice', '[{"id":1,"id":2,"名称":"甲","paid":1}]', ['load.row_fields']],
    ['things that are no objects', '[1,"x"]', ['load.row_fields']],
    ['a text for a number', '[{"id":"1","名称":"甲","paid":1}]', ['load.value_type']],
    ['a fraction for a whole number', '[{"id":1.0,"名称":"甲","paid":1}]', ['load.value_type']],
    ['a number for a text', '[{"id":1,"名称":7,"paid":1}]', ['load.value_type']],
    ['a number beyond the scale', '[{"id":1,"名称":"甲","paid":1.555}]', ['load.value_type']],
    ['a value outside the bounds', '[{"id":1,"名称":"甲","paid":101}]', ['load.value_bounds']],
    ['a null key', '[{"id":null,"名称":"甲","paid":1}]', ['load.value_null']],
  ];
  const PARQUET_CASES: readonly (readonly [name: string, sql: string, codes: readonly string[]])[] = [
    ['the declared types', `SELECT 1 AS id, '甲' AS "名称", 1.50::DECIMAL(6,2) AS paid`, []],
    ['narrower types in another order', `SELECT 7::SMALLINT AS paid, '甲' AS "名称", 1::BIGINT AS id`, []],
    ['another type', `SELECT 'x' AS id, '甲' AS "名称", 1.50::DECIMAL(6,2) AS paid`, ['load.column_type']],
    ['a floating number for a decimal', `SELECT 1 AS id, '甲' AS "名称", 1.5::DOUBLE AS paid`, ['load.column_type']],
    ['a missing column', `SELECT 1 AS id, 1.50::DECIMAL(6,2) AS paid`, ['load.columns']],
    ['an undeclared column', `SELECT 1 AS id, 2 AS x, '甲' AS "名称", 1.50::DECIMAL(6,2) AS paid`, ['load.columns']],
    ['a value that would be rounded', `SELECT 1 AS id, '甲' AS "名称", 1.555::DECIMAL(8,3) AS paid`, ['load.value_type']],
    ['a value too large', `SELECT 3000000000 AS id, '甲' AS "名称", 1::DECIMAL(6,2) AS paid`, ['load.value_type']],
  ];
  describe.each([
    ['json', JSON_CASES],
    ['parquet', PARQUET_CASES],
  ] as const)('%s', (ending, cases) => {
    let problemsOf: (index: number) => readonly Problem[];
    beforeAll(async () => {
      const contents = cases.map(([, content]) => content);
      problemsOf = await tryTogether(form, ending, ending === 'json' ? contents : await parquet(contents));
    });

    test.each(cases.map(([name, , codes], index) => [name, index, codes] as const))('%s', (_name, index, codes) => {
      expect(problemsOf(index).map((item) => item.code)).toEqual(codes);
    });

    test('the good ones load', async () => {
      const good = cases.filter(([, , codes]) => codes.length === 0).map(([, content]) => content);
      const outcomeOf = await tryTogether(form, ending, ending === 'json' ? good : await parquet(good));
      expect(good.flatMap((_, index) => outcomeOf(index))).toEqual([]);
      expect(await bench.written()).toEqual(['enclave/city/v1.duckdb']);
    });
  });

  test('a file that is no Parquet', async () => {
    expectProblems(await refusal({ 't.parquet': 'not parquet' }, { ...cityDeclaration(), tables: { t: { ...form, file: 't.parquet' } } }), [
      ['load.file_unreadable', { format: 'Parquet' }],
    ]);
  });
});

describe('what never comes out', () => {
  test('no problem, in data or in words, repeats a value', async () => {
    const canary = 'KANARIENVOGEL';
    const files = [
      `${HEAD}${canary},${canary},${canary},${canary},${canary}\n${canary},x,east,,1\n`,
      `${HEAD}A1,${canary}\nB2,"${canary}"x,east,,1\n`,
      `${canary},name\n`,
      `${HEAD}A1,"${canary},east,,1\n`,
      `${HEAD}A1,${canary},east,,1\r\nB2,${canary},east,,1\n`,
    ];
    for (const content of files) {
      const problems = await refusal(residents(content));
      const said = JSON.stringify([problems, problemDocument(problems, 'en'), problemDocument(problems, 'zh')]);
      expect(said).not.toContain(canary);
      expect(said).not.toContain(bench.folder);
    }
  });

  test('a file outside the folder is not read, by path or by link', async () => {
    await writeFile(join(bench.folder, 'outside.csv'), CITY_FILES['residents.csv']);
    await symlink(join(bench.folder, 'outside.csv'), join(bench.folder, 'inbox', 'link.csv'));
    const declaration = cityDeclaration();
    const linked = { ...declaration, tables: { ...declaration.tables, residents: { ...declaration.tables.residents, file: 'link.csv' } } };
    expectProblems(await refusal(CITY_FILES, linked), [['load.file_missing', { file: 'link.csv' }]]);
  });
});
