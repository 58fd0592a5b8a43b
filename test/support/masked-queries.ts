import { csv } from './gate-bench.ts';

/** Patients of four wards, of whom three columns are masked. */
export const WARD_DECLARATION = {
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
        pid: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        ward: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
        diag: { type: 'VARCHAR', label: 'personal', role: 'dimension', nullable: false, masking: 'withheld' },
        born: { type: 'DATE', label: 'personal', role: 'quasiId', nullable: false, masking: 'year' },
        cost: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: false, bounds: [0, 10000], masking: 'withheld' },
        days: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: false, bounds: [0, 100] },
      },
    },
    codes: {
      file: 'codes.csv',
      visibility: 'public',
      primaryKey: ['code'],
      columns: {
        code: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        title: { type: 'VARCHAR', label: 'none', role: 'dimension' },
      },
    },
  },
};

/** 400 people, three or four facts each. */
export function wardFiles(): Readonly<Record<string, string>> {
  const rows = Array.from({ length: 400 }, (_, index) => [
    index + 1,
    `w${index % 4}`,
    ['flu', 'cold'][index % 2] ?? '',
    `${1950 + (index % 20)}-0${1 + (index % 9)}-11`,
    (index * 37) % 5000,
    index % 30,
  ]);
  return {
    'patients.csv': csv(['pid', 'ward', 'diag', 'born', 'cost', 'days'], rows),
    'codes.csv': 'code,title\nflu,Influenza\ncold,Cold\n',
  };
}

/** Ways to write a value that goes on, of text, date and number. Source: ShardingSphere#30367 (lower), Submarine#313 (substring), Archery#1047 (inner queries). */
const SPELLINGS: readonly ((column: string) => string)[] = [
  (c) => c,
  (c) => `"${c.toUpperCase()}"`,
  (c) => `p.${c}`,
  (c) => `lower(${c}::VARCHAR)`,
  (c) => `upper(${c}::VARCHAR)`,
  (c) => `substring(${c}::VARCHAR, 1, 3)`,
  (c) => `left(${c}::VARCHAR, 2)`,
  (c) => `reverse(${c}::VARCHAR)`,
  (c) => `${c}::VARCHAR || 'x'`,
  (c) => `concat('a', ${c})`,
  (c) => `md5(${c}::VARCHAR)`,
  (c) => `hash(${c})`,
  (c) => `length(${c}::VARCHAR)`,
  (c) => `coalesce(${c}::VARCHAR, 'none')`,
  (c) => `nullif(${c}::VARCHAR, 'x')`,
  (c) => `CAST(${c} AS VARCHAR)`,
  (c) => `CASE WHEN ${c}::VARCHAR > 'd' THEN 1 ELSE 0 END`,
  (c) => `CASE WHEN ward = 'w1' THEN ${c}::VARCHAR ELSE '' END`,
  (c) => `${c} IS NULL`,
  (c) => `${c} = ${c}`,
  (c) => `greatest(${c}, ${c})`,
  (c) => `date_trunc('month', ${c})`,
  (c) => `month(${c})`,
  (c) => `strftime(${c}, '%d')`,
  (c) => `date_diff('day', ${c}, DATE '2026-01-01')`,
  (c) => `[${c}]`,
  (c) => `{'a': ${c}}`,
];

/** Places where it would leave. */
const PLACES: readonly ((value: string) => string)[] = [
  (v) => `SELECT ${v} AS k, count(*) FROM patients p GROUP BY 1`,
  (v) => `SELECT count(*) FROM patients p GROUP BY ${v}`,
  (v) => `SELECT max(${v}) FROM patients p`,
  (v) => `SELECT count(DISTINCT ${v}) FROM patients p`,
  (v) => `SELECT k, count(*) FROM (SELECT pid, ${v} AS k FROM patients p) q GROUP BY k`,
  (v) => `WITH q AS (SELECT pid, ${v} AS k FROM patients p) SELECT k, count(*) FROM q GROUP BY k`,
  (v) => `SELECT ward, count(*) FROM patients p GROUP BY ward HAVING max(${v}) IS NOT NULL`,
  (v) => `SELECT k, count(*) FROM (SELECT pid, max(${v}) AS k FROM patients p GROUP BY pid) q GROUP BY k`,
  (v) => `SELECT ward, count(*) FROM patients p GROUP BY ward ORDER BY min(${v})`,
  (v) => `SELECT k, count(*) FROM (SELECT pid, first_value(${v}) OVER (PARTITION BY pid ORDER BY days) AS k FROM patients p) q GROUP BY k`,
];

/** Each on its own. Source: issue "Masking" ("no function, CASE, subquery, alias, aggregate, window or join"). */
export const SINGLE_MASKED_QUERIES = [
  'SELECT title, count(*) FROM patients p JOIN codes c ON p.diag = c.code GROUP BY title',
  'SELECT title, count(*) FROM patients p, codes c WHERE p.diag = c.code GROUP BY title',
  'SELECT title, (SELECT count(*) FROM patients p WHERE p.diag = c.code) FROM codes c',
  'SELECT count(*) FROM patients p WHERE diag IN (SELECT code FROM codes)',
  'SELECT count(*) FROM patients p WHERE diag = (SELECT max(code) FROM codes)',
  "SELECT t.b, count(*) FROM patients p JOIN (VALUES ('flu', 'F')) t(a, b) ON p.diag = t.a GROUP BY t.b",
  'SELECT code, count(*) FROM (SELECT pid, diag AS code FROM patients) p JOIN codes c USING (code) GROUP BY code',
  'SELECT d, count(*) FROM (SELECT * FROM patients) AS q(a, b, d, e, f, g) GROUP BY d',
  'SELECT d, count(*) FROM patients AS q(a, b, d, e, f, g) GROUP BY d',
  'WITH q(a, b, d, e, f, g) AS (SELECT * FROM patients) SELECT d, count(*) FROM q GROUP BY d',
  'SELECT * FROM patients',
  'SELECT b, count(*) FROM (SELECT pid AS a, ward AS b FROM patients UNION ALL SELECT pid, diag FROM patients) q GROUP BY b',
  'SELECT count(*) FROM patients a JOIN patients b USING (pid, diag)',
  'SELECT mode(diag) FROM patients',
  'SELECT arg_max(ward, diag) FROM patients',
  "SELECT string_agg(diag, ',') FROM patients",
  "SELECT sum(CASE WHEN diag = 'flu' THEN 1 ELSE 0 END) FROM patients",
  'SELECT sum(cost), avg(cost), median(cost) FROM patients',
  'SELECT sum(days) FILTER (WHERE days > cost) FROM patients',
  "SELECT count(*) FROM patients WHERE CASE WHEN diag = 'flu' THEN days ELSE 0 END > 5",
  'SELECT ward, count(*) FROM patients GROUP BY ROLLUP (ward, diag)',
  'SELECT ward, count(*) FROM patients GROUP BY GROUPING SETS ((ward), (diag))',
  'SELECT ward, count(*) FROM patients QUALIFY row_number() OVER (PARTITION BY diag ORDER BY days) = 1',
  'SELECT DISTINCT diag FROM patients',
  'SELECT ward, count(*) FROM patients GROUP BY ALL ORDER BY max(diag)',
];

/** Some hundred queries in which a masked column goes on. */
export const SPELLED_MASKED_QUERIES = ['diag', 'cost', 'born'].flatMap((column) =>
  SPELLINGS.flatMap((spell, index) =>
    PLACES.filter((_, place) => place < 2 || (place + index) % 4 === 0).map((place) => place(spell(column))),
  ),
);
