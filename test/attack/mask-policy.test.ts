import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DatasetPolicy, maskedByPolicy, readDatasetPolicy } from '../../src/masking/policy/dataset-policy.ts';
import { admit, answer } from '../../src/pipeline.ts';
import { csv, type GateBench, gateBench } from '../support/gate-bench.ts';

const column = (type: string, label: string, role: string, more: object = {}) => ({ type, label, role, nullable: false, ...more });
const DECLARATION = {
  dataset: 'ward',
  title: { zh: '病区', en: 'Ward' },
  provider: 'test',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
  tables: {
    patients: {
      file: 'patients.csv',
      visibility: 'protected',
      primaryKey: ['pid'],
      units: { person: ['pid'] },
      columns: {
        pid: column('INTEGER', 'personal', 'unitId'),
        ward: column('VARCHAR', 'none', 'dimension'),
        diag: column('VARCHAR', 'tradeSecret', 'dimension'),
        home: column('VARCHAR', 'personal', 'dimension'),
        born: column('DATE', 'personal', 'quasiId'),
        cost: column('INTEGER', 'tradeSecret', 'measure', { bounds: [0, 10000] }),
        days: column('INTEGER', 'none', 'measure', { bounds: [0, 100] }),
      },
    },
    codes: {
      file: 'codes.csv',
      visibility: 'public',
      primaryKey: ['code'],
      columns: { code: column('VARCHAR', 'none', 'dimension'), title: column('VARCHAR', 'none', 'dimension') },
    },
  },
};

const RULES = [
  { label: 'tradeSecret', role: 'dimension', operator: { operator: 'partial', kind: 'name' } },
  { label: 'personal', role: 'dimension', operator: { operator: 'generalise', region: 'province' } },
  { label: 'personal', role: 'quasiId', operator: { operator: 'generalise', date: 'year' } },
  { label: 'tradeSecret', purpose: 'pricing', operator: { operator: 'keep' } },
];

let bench: GateBench;
let policy: DatasetPolicy;

beforeAll(async () => {
  const read = readDatasetPolicy({ policy: 'ward-out', dataset: 'ward', rules: RULES });
  if (!read.ok) throw new Error('The policy cannot be read');
  policy = read.value;
  const rows = Array.from({ length: 400 }, (_, index) => [
    index + 1,
    `w${index % 4}`,
    ['flu', 'cold'][index % 2] ?? '',
    ['110105', '310115', '440106', '440104'][(index >> 1) % 4] ?? '',
    `${1950 + (index % 20)}-0${1 + (index % 9)}-11`,
    (index * 37) % 5000,
    index % 30,
  ]);
  bench = await gateBench(DECLARATION, {
    'patients.csv': csv(['pid', 'ward', 'diag', 'home', 'born', 'cost', 'days'], rows),
    'codes.csv': 'code,title\nflu,Influenza\ncold,Cold\n',
  });
}, 60_000);
afterAll(() => bench.close());

const under = (purpose: string) => {
  const { context } = bench;
  return { ...context, dataset: maskedByPolicy(context.dataset, policy, purpose) };
};
const codesOf = async (sql: string, purpose = 'research'): Promise<readonly string[]> => {
  const admitted = await admit(sql, under(purpose), { enclave: bench.enclave });
  return admitted.ok ? [] : admitted.error.map((item) => item.code);
};

/** Ways to write a value that goes on. Source: ShardingSphere#30367 (lower), Submarine#313 (substring), Archery#1047, Trino#17694. */
const FUNCTIONS = [
  'lower',
  'upper',
  'trim',
  'reverse',
  'md5',
  'sha256',
  'length',
  'hash',
  'ascii',
  'hex',
  'base64',
  'ltrim',
  'rtrim',
  'initcap',
  'unicode',
];
const SPELLINGS: readonly ((c: string) => string)[] = [
  (c) => c,
  (c) => `"${c}"`,
  (c) => `p.${c}`,
  ...FUNCTIONS.map((name) => (c: string) => `${name}(${c}::VARCHAR)`),
  (c) => `substring(${c}::VARCHAR, 1, 9)`,
  (c) => `substr(${c}, 2, 4)`,
  (c) => `left(${c}, 6)`,
  (c) => `right(${c}, 4)`,
  (c) => `left(lower(${c}), 2)`,
  (c) => `left(${c} || '', 2)`,
  (c) => `${c} || 'x'`,
  (c) => `replace(${c}::VARCHAR, 'f', 'g')`,
  (c) => `translate(${c}::VARCHAR, 'abc', 'def')`,
  (c) => `regexp_replace(${c}::VARCHAR, 'a', 'b')`,
  (c) => `concat_ws('-', ward, ${c})`,
  (c) => `coalesce(${c}, ${c})`,
  (c) => `CASE ${c} WHEN 'flu' THEN 'F' ELSE 'C' END`,
  (c) => `CASE WHEN days > 3 THEN ${c}::VARCHAR END`,
  (c) => `if(ward = 'w1', ${c}::VARCHAR, '')`,
  (c) => `CAST(${c} AS VARCHAR)`,
  (c) => `try_cast(${c} AS VARCHAR)`,
  (c) => `(SELECT ${c})`,
  (c) => `least(${c}, ${c})`,
  (c) => `${c} IN ('flu')`,
  (c) => `${c} LIKE 'f%'`,
  (c) => `struct_pack(a := ${c})`,
  (c) => `list_value(${c})`,
];
const PLACES: readonly ((v: string) => string)[] = [
  (v) => `SELECT ${v} AS k, count(*) FROM patients p GROUP BY 1`,
  (v) => `SELECT max(${v}) FROM patients p`,
  (v) => `SELECT count(DISTINCT ${v}) FROM patients p`,
  (v) => `SELECT a, count(*) FROM (SELECT pid, ${v} AS a FROM patients p) q GROUP BY a`,
  (v) => `WITH q AS (SELECT pid, ${v} AS a FROM patients p) SELECT a, count(*) FROM q GROUP BY a`,
  (v) => `SELECT a, count(*) FROM (SELECT pid, min(${v}) OVER (PARTITION BY pid) AS a FROM patients p) q GROUP BY a`,
  (v) => `SELECT ward, count(*) FROM patients p GROUP BY ward HAVING min(${v}) IS NOT NULL`,
  (v) => `SELECT ward FROM patients p GROUP BY ward, ${v}`,
];

describe('a labelled column leaves by its policy or not at all', () => {
  const COLUMNS = ['diag', 'home', 'cost'];
  const spelled = COLUMNS.flatMap((name) =>
    SPELLINGS.flatMap((spell, index) => PLACES.filter((_, at) => at < 3 || (at + index) % 2 === 0).map((place) => place(spell(name)))),
  );

  test('the table has hundreds of expressions', () => {
    expect(spelled.length).toBeGreaterThan(600);
  });

  test.each(Array.from({ length: 8 }, (_, part) => part))(
    'part %i: never admitted',
    async (part) => {
      const admitted: string[] = [];
      let masked = 0;
      for (const sql of spelled.filter((_, index) => index % 8 === part)) {
        const codes = await codesOf(sql);
        if (codes.length === 0) admitted.push(sql);
        if (codes.includes('masking.column_masked')) masked += 1;
      }
      expect(admitted).toEqual([]);
      expect(masked).toBeGreaterThan(40);
    },
    120_000,
  );

  test.each([
    'SELECT title, count(*) FROM patients p JOIN codes c ON p.diag = c.code GROUP BY title',
    'SELECT count(*) FROM patients a JOIN patients b USING (pid, diag)',
    'SELECT count(*) FROM patients p WHERE diag IN (SELECT code FROM codes)',
    'SELECT d, count(*) FROM (SELECT * FROM patients) AS q(a, b, d, e, f, g, h) GROUP BY d',
    'SELECT b, count(*) FROM (SELECT pid AS a, ward AS b FROM patients UNION ALL SELECT pid, diag FROM patients) q GROUP BY b',
    'SELECT count(*) FROM patients WHERE diag = ward',
    'SELECT count(*) FROM patients WHERE left(home, 2) = ward',
    "SELECT date_trunc('month', born) AS m, count(*) FROM patients GROUP BY 1",
    'SELECT ward, sum(cost) FROM patients GROUP BY ward',
  ])('%s', async (sql) => {
    expect(await codesOf(sql)).not.toEqual([]);
  });
});

describe('and what the policy lets be seen is seen', () => {
  test.each([
    ['SELECT left(home, 2) AS province, count(*) AS n FROM patients GROUP BY 1', 'research'],
    ['SELECT year(born) AS y, count(*) AS n FROM patients GROUP BY 1', 'research'],
    ["SELECT ward, count(*) AS n FROM patients WHERE diag = 'flu' GROUP BY ward", 'research'],
    ["SELECT count(*) AS n FROM patients WHERE home LIKE '44%'", 'research'],
    ['SELECT ward, sum(cost) AS s FROM patients GROUP BY ward', 'pricing'],
  ])('%s for %s', async (sql, purpose) => {
    expect(await codesOf(sql, purpose)).toEqual([]);
  });

  // Source: Kyuubi#5041 (the filter ran on the masked value and found nothing).
  test('filters see true values', async () => {
    const answered = await answer("SELECT count(*) AS n FROM patients WHERE diag = 'flu'", under('research'), { enclave: bench.enclave });
    expect(answered.ok ? answered.value.table.rows : answered.error).toEqual([[expect.anything()]]);
    expect(JSON.stringify(answered.ok ? answered.value.table.rows : null)).toContain('200');
  }, 60_000);

  test('a label that no rule names does not leave for that purpose', async () => {
    expect(await codesOf('SELECT ward, avg(cost) FROM patients GROUP BY ward', 'research')).toContain('masking.column_masked');
  });
});
