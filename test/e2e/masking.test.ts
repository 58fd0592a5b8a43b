import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSignedReport } from '../../src/masking/risk/sign-report.ts';
import { SeededRandom } from '../../src/synthetic/fit/seeded-random.ts';
import { fixedRng } from '../support/fixed-rng.ts';
import { cli } from '../unit/cli/test-cli.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

const SCHEMA = {
  tables: {
    visits: {
      visibility: 'protected',
      primaryKey: ['no'],
      units: { person: ['id'] },
      columns: {
        no: { type: 'VARCHAR', role: 'directId', label: 'personal' },
        id: { type: 'VARCHAR', role: 'unitId', label: 'personal', semantic: 'residentId' },
        born: { type: 'DATE', role: 'quasiId', label: 'personal' },
        'home-area': { type: 'VARCHAR', role: 'quasiId', label: 'personal', hierarchy: 'area.csv' },
        income: { type: 'INTEGER', role: 'measure', label: 'personal' },
        disease: { type: 'VARCHAR', role: 'sensitive', label: 'sensitivePersonal' },
      },
    },
  },
};
const POLICY = {
  policy: 'visits-out',
  version: 1,
  unit: 'id',
  columns: {
    no: { operator: 'drop' },
    id: { operator: 'pseudonym', hash: 'hmac-sm3' },
    born: { operator: 'dateShift', days: 90 },
    'home-area': { operator: 'generalise', hierarchy: 'area.csv', level: 1 },
    income: { operator: 'generalise', number: { width: 1000, top: 9000 } },
    disease: { operator: 'keep' },
  },
};

let runs = 0;
const run = async (...argv: readonly string[]) => {
  const ran = await cli(['--json', ...argv], { rng: fixedRng(`run ${runs++}`) });
  const [line = '{}'] = ran.stdout.trim().split('\n');
  return { status: ran.status, json: JSON.parse(line === '' ? '{}' : line) as Record<string, unknown> };
};
const rowsOf = async (name: string): Promise<readonly (readonly string[])[]> =>
  (await readFile(at(name), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.match(/(?<=^|,)("[^"]*"|[^,]*)/g) ?? []);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-masking-e2e-'));
  const random = new SeededRandom('masking');
  const lines = ['no;id;born;home-area;income;disease'];
  for (let row = 0; row < 1500; row += 1) {
    const person = random.below(600);
    const area = `a${person % 8}`;
    const born = `${1950 + (person % 50)}-0${1 + (person % 9)}-1${person % 9}`;
    lines.push(`n${row};p${person};${born};${area};${random.below(20) * 500};d${random.below(6)}`);
  }
  await writeFile(at('in.csv'), `${lines.join('\n')}\n`);
  await writeFile(at('area.csv'), Array.from({ length: 8 }, (_, area) => `a${area};${area < 4 ? 'north' : 'south'};*`).join('\n'));
  await writeFile(at('schema.json'), JSON.stringify(SCHEMA));
  await writeFile(at('policy.json'), JSON.stringify(POLICY));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('mask anonymize', () => {
  test.each(['lattice', 'mondrian'])('by %s: k people behind every row, and nothing else leaves', async (algorithm) => {
    const options = ['--schema', at('schema.json'), '--k', '6', '--suppress', '0.05', '--l', '3:disease', '--algorithm', algorithm];
    const { status, json } = await run('mask', 'anonymize', ...options, '--in', at('in.csv'), '--out', at(`${algorithm}.csv`));
    expect(status).toBe(0);
    expect(json).toMatchObject({ k: 6, rows: 1500, columns: { dropped: ['no', 'id', 'income'] } });
    const [header, ...rows] = await rowsOf(`${algorithm}.csv`);
    expect(header).toEqual(['born', 'home-area', 'disease']);
    expect(rows.length).toBe(json['released']);
    expect(rows.length).toBeGreaterThanOrEqual(1425);
    const classes = Map.groupBy(rows, (row) => row.slice(0, 2).join('|'));
    expect(classes.size).toBe(json['classes']);
    for (const members of classes.values()) expect(new Set(members.map((row) => row[2])).size).toBeGreaterThanOrEqual(3);
    const { highest } = (json['risk'] as { after: { highest: number } }).after;
    expect(highest).toBeLessThanOrEqual(1 / 6);
  });

  test('the order of the output says nothing of the order of the input', async () => {
    const [header, ...rows] = (await readFile(at('in.csv'), 'utf8')).trim().split('\n');
    await writeFile(at('reversed.csv'), `${[header, ...rows.reverse()].join('\n')}\n`);
    const options = ['--schema', at('schema.json'), '--k', '6', '--suppress', '0.05'];
    await run('mask', 'anonymize', ...options, '--in', at('in.csv'), '--out', at('one.csv'));
    await run('mask', 'anonymize', ...options, '--in', at('reversed.csv'), '--out', at('two.csv'));
    expect(await readFile(at('one.csv'), 'utf8')).toBe(await readFile(at('two.csv'), 'utf8'));
  });

  test('refuses whole what it cannot do, and writes nothing', async () => {
    const common = ['--schema', at('schema.json'), '--in', at('in.csv'), '--out', at('none.csv')];
    expect(await run('mask', 'anonymize', ...common, '--k', '601')).toMatchObject({ status: 1, json: { code: 'masking.not_reachable' } });
    expect(await run('mask', 'anonymize', ...common, '--k', '1')).toMatchObject({ status: 1, json: { code: 'masking.parameter' } });
    expect((await run('mask', 'anonymize', ...common, '--k', '5', '--keep', 'id')).status).toBe(2);
    expect((await run('mask', 'anonymize', ...common, '--k', '5', '--l', '3:home-area')).status).toBe(2);
    await writeFile(at('bad.csv'), `${await readFile(at('in.csv'), 'utf8')}n;p;2000-13-01;a1;5;d\n`);
    expect(await run('mask', 'anonymize', ...common.with(3, at('bad.csv')), '--k', '5')).toMatchObject({
      status: 1,
      json: { code: 'masking.value_unfit' },
    });
    expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
  });
});

describe('what an outsider tries on mask anonymize', () => {
  const lines = (text: string) => writeFile(at('odd.csv'), text);
  const anonymise = (...more: readonly string[]) =>
    run('mask', 'anonymize', '--schema', at('schema.json'), '--in', at('odd.csv'), '--out', at('none.csv'), '--k', '2', ...more);
  const HEAD = 'no,id,born,home-area,income,disease\n';

  test('a carried column that holds an identifier is refused whole, unless somebody answers for it', async () => {
    await lines(`${HEAD}1,a,2000-01-01,a1,5,call 13812345678\n2,b,2000-01-01,a1,5,flu\n`);
    expect(await anonymise()).toMatchObject({ status: 1, json: { code: 'masking.identifiers' } });
    expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
    expect((await anonymise('--keep', 'disease')).status).toBe(0);
    await rm(at('none.csv'));
  });

  test('two columns of one name are refused', async () => {
    await lines('no,id,born,home-area,income,disease,Disease\n1,a,2000-01-01,a1,5,x,y\n');
    expect((await anonymise()).status).toBe(2);
  });

  test('how likely anybody may be in the file', async () => {
    await lines(`${HEAD}1,a,2000-01-01,a1,5,x\n2,b,2000-01-01,a1,5,y\n`);
    await writeFile(at('everybody.csv'), `born,home-area\n${'2000-01-01,a1\n'.repeat(3)}${'2000-02-01,a2\n'.repeat(3)}`);
    const told = await anonymise('--presence', '0,0.4', '--population-data', at('everybody.csv'));
    expect(told).toMatchObject({ status: 0, json: { levels: { born: 2 } } });
    expect((await anonymise('--presence', '0,0.2', '--population-data', at('everybody.csv'))).json).toMatchObject({
      code: 'masking.not_reachable',
    });
    expect((await anonymise('--presence', '0,0.4')).status).toBe(2);
    expect((await anonymise('--presence', '0.5,0.4', '--population-data', at('everybody.csv'))).status).toBe(2);
    await rm(at('none.csv'));
  });
});

describe('risk report', () => {
  test('grades by what the profile of a city accepts, and never by a city nobody knows', async () => {
    const options = ['risk', 'report', '--schema', at('schema.json'), '--in', at('in.csv')];
    expect((await run(...options, '--profile', '广州市')).json).toMatchObject({ accepted: 0.05 });
    expect((await run(...options, '--profile', 'GZ', '--accepted', '0.02')).json).toMatchObject({ accepted: 0.02 });
    expect((await run(...options, '--profile', 'Atlantis')).status).toBe(1);
  });

  test('has the fields of the reference, counts people and not rows, and grades', async () => {
    const { status, json } = await run(
      'risk',
      'report',
      '--schema',
      at('schema.json'),
      '--in',
      at('in.csv'),
      '--population',
      '100000',
      '--suda',
    );
    expect(status).toBe(0);
    expect(json).toMatchObject({ rows: 1500, highest: 1, grade: 1, population: { size: 100_000, assumed: false } });
    const { pitman, zayatz, snb, dankar } = json['populationUniqueness'] as Record<string, number | null>;
    for (const share of [pitman, zayatz, snb, dankar])
      expect(share === null || (share !== undefined && share >= 0 && share <= 1)).toBe(true);
    expect(json['units']).toBeLessThan(601);
    expect(json['average']).toBeCloseTo(Number(json['classes']) / Number(json['units']), 12);
  });

  test('a signed page in plain words, and a signature that no other report has', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    await writeFile(at('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const options = ['--schema', at('schema.json'), '--in', at('in.csv'), '--report', at('page.html')];
    const { json } = await run('risk', 'report', ...options, '--sign', at('key.pem'));
    const { undeclared, signature, ...report } = json;
    expect(undeclared).toEqual([]);
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(isSignedReport(report, String(signature), pem)).toBe(true);
    expect(isSignedReport({ ...report, highest: 0 }, String(signature), pem)).toBe(false);
    expect(isSignedReport(report, 'AAAA', 'no key')).toBe(false);
    const page = await readFile(at('page.html'), 'utf8');
    for (const part of ['1 级', 'Grade 1', String(signature), '<svg', 'Pitman']) expect(page).toContain(part);
    expect(page).not.toMatch(/<script|https?:/);
    expect(await run('risk', 'report', ...options, '--sign', at('schema.json'))).toMatchObject({
      status: 1,
      json: { code: 'masking.key' },
    });
  });

  test('a masked file has a low risk and a better grade', async () => {
    await run('mask', 'anonymize', '--schema', at('schema.json'), '--k', '25', '--in', at('in.csv'), '--out', at('masked.csv'));
    const columns = {
      born: { type: 'VARCHAR', role: 'quasiId' },
      'home-area': { type: 'VARCHAR', role: 'quasiId' },
      disease: { type: 'VARCHAR', role: 'sensitive' },
    };
    await writeFile(at('masked.json'), JSON.stringify({ tables: { t: { visibility: 'protected', primaryKey: [], columns } } }));
    const { json } = await run('risk', 'report', '--schema', at('masked.json'), '--in', at('masked.csv'));
    expect(json['highest']).toBeLessThanOrEqual(0.04);
    expect(json).toMatchObject({ grade: 3, population: { assumed: true } });
  });
});

describe('mask apply', () => {
  test('masks every column by its operator, row for row', async () => {
    const { status, json } = await run('mask', 'apply', '--policy', at('policy.json'), '--in', at('in.csv'), '--out', at('applied.csv'));
    expect(status).toBe(0);
    expect(json).toMatchObject({ rows: 1500, key: 'singleUse', releasable: true, dropped: ['no'] });
    const [header, ...rows] = await rowsOf('applied.csv');
    expect(header).toEqual(['id', 'born', 'home-area', 'income', 'disease']);
    const original = (await readFile(at('in.csv'), 'utf8'))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(';'));
    for (const [index, row] of rows.entries()) {
      expect(row[0]).toMatch(/^[0-9a-f]{32}$/);
      expect(row[1]).not.toBe(original[index]?.[2]);
      expect(['north', 'south']).toContain(row[2]);
      expect(row[3]).toMatch(/^("\[\d+,\d+\)"|≥9000)$/);
    }
    const pseudonyms = new Map(rows.map((row, index) => [original[index]?.[1], row[0]]));
    expect(rows.every((row, index) => pseudonyms.get(original[index]?.[1]) === row[0])).toBe(true);
  });

  test('the same key gives the same pseudonyms, none gives others each time', async () => {
    await writeFile(at('key'), 'ab'.repeat(32));
    const apply = async (out: string, ...more: readonly string[]) => {
      await run('mask', 'apply', '--policy', at('policy.json'), '--in', at('in.csv'), '--out', at(out), ...more);
      return readFile(at(out), 'utf8');
    };
    expect(await apply('k1.csv', '--key', at('key'))).toBe(await apply('k2.csv', '--key', at('key')));
    expect(await apply('n1.csv')).not.toBe(await apply('n2.csv'));
  });

  test('refuses a column without an operator, an unknown operator and an unkeyed hash', async () => {
    const write = (columns: object) => writeFile(at('other.json'), JSON.stringify({ ...POLICY, columns }));
    const apply = () => run('mask', 'apply', '--policy', at('other.json'), '--in', at('in.csv'), '--out', at('none.csv'));
    await write({ id: { operator: 'redact' } });
    expect(await apply()).toMatchObject({ status: 1, json: { code: 'masking.columns' } });
    for (const operator of ['hash', 'md5', 'none', 'Redact']) {
      await write({ ...POLICY.columns, id: { operator } });
      expect(await apply()).toMatchObject({ status: 1, json: { code: 'masking.policy' } });
    }
    expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
  });
});
