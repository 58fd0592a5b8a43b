import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from './test-cli.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-files-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lines = (text: string): readonly Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('detect gives a line per find and never a value', async () => {
  const file = join(folder, 'people.csv');
  await writeFile(file, 'name,n13800138000,amount\n王小明,x,12.5\n,MTM4MDAxMzgwMDA=,7\n');
  const run = await cli(['detect', file, '--json']);
  expect(run.status).toBe(0);
  expect(lines(run.stdout)).toEqual([
    { row: 0, column: '#2', kind: 'mobile', evidence: 'format' },
    { row: 1, column: 'name', kind: 'name', evidence: 'context' },
    { row: 2, column: '#2', kind: 'mobile', evidence: 'format' },
  ]);
  expect(run.stdout).not.toMatch(/13800138000|王小明/);
});

test('reversibility gives one report', async () => {
  const [original, released, schema] = ['o.csv', 'r.csv', 's.json'].map((name) => join(folder, name)) as [string, string, string];
  await writeFile(original, 'id,area\n11010519491231002X,a\n');
  await writeFile(released, 'id,birth_year\n110105********002X,1949\n');
  await writeFile(
    schema,
    JSON.stringify({
      tables: {
        p: { columns: { id: { type: 'VARCHAR', label: 'personal', semantic: 'residentId' }, area: { type: 'VARCHAR', label: 'none' } } },
      },
    }),
  );
  const run = await cli(['reversibility', '--original', original, '--released', released, '--schema', schema, '--json']);
  expect(run.status).toBe(0);
  const [report] = lines(run.stdout);
  expect(report?.['verdict']).toBe('partly');
  expect(report?.['findings']).toContainEqual({ column: 'id', original: 'id', test: 'partial mask', result: 'partly', value: 34 });
});

/** Whatever an engine would read a part of is read whole or not at all: what is left out might be what is looked for. */
const HOSTILE: Readonly<Record<string, string>> = {
  'broken-off.json': '[{"tel":"1"},{"tel":"13812345678"',
  'closed-wrongly.json': '[{"tel":"1"}}',
  'nested.json': `${'['.repeat(5000)}${']'.repeat(5000)}`,
  'no-lines.jsonl': '{"tel":"13812345678"}\nno json\n',
  'long-row.csv': `a,b\n${'x,y\n'.repeat(3000)}1\n1,2,13812345678\n`,
  'long-row-quoted.csv': `a,b\n${'x,y\n'.repeat(3000)}1\n"1\n","2""",13812345678\n`,
  'open-quote.csv': 'a,b\n"1,13812345678\n',
};
test.each(Object.entries(HOSTILE))('%s is refused whole', { timeout: 20_000 }, async (name, content) => {
  const file = join(folder, name);
  await writeFile(file, content);
  const run = await cli(['detect', file, '--json']);
  expect(run.status).toBe(1);
  expect(lines(run.stdout).map((line) => String(line['type']))).toEqual(['urn:sluice:problem:files.unreadable']);
  expect(run.stdout + run.stderr).not.toContain('13812345678');
});

test('a file that is none is refused, and a missing one is a wrong command', async () => {
  const file = join(folder, 'broken.parquet');
  await writeFile(file, 'no parquet');
  expect((await cli(['detect', file, '--json'])).status).toBe(1);
  expect((await cli(['detect', join(folder, 'none.csv')])).status).toBe(2);
});

const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
const PEOPLE = 'area,note\n海淀区,"一\n13812345678"\n朝阳区,无\n';
/** The resident's number stands in row 1 of `note`, or of the only column. */
const WRITTEN: Readonly<Record<string, string | Buffer>> = {
  'bom.csv': `\ufeff${PEOPLE}`,
  'crlf.csv': PEOPLE.replaceAll('\n', '\r\n'),
  'little.csv': Buffer.from(`\ufeff${PEOPLE}`, 'utf16le'),
  'big.csv': utf16be(PEOPLE),
  'gb.csv': Buffer.concat([Buffer.from('area,note\n'), Buffer.from([0xba, 0xa3, 0xb5, 0xed]), Buffer.from(',13812345678\n')]),
  'tabs.tsv': 'area\tnote\nx\t13812345678\n',
  'tabs-inside.csv': 'note\n"13812345678\tx"\n',
  'comment.csv': 'note,more\n#13812345678,x\n1,2\n',
  'uneven.csv': 'note,more\n13812345678\n1,2\n3,4,5\n',
  'one.csv': 'note\n13812345678\n',
  'rows.json': '[{"area":"x","note":"13812345678"}]',
  'wide.json': Buffer.from('\ufeff[{"area":"x","note":"13812345678"}]', 'utf16le'),
  'lines.jsonl': '{"area":"x","note":"13812345678"}\n{"area":"y","note":null}\n',
  'deep.json': '[{"note":{"b":[{"c":"13812345678"}]}}]',
};

test.each(Object.entries(WRITTEN))('detect reads %s', async (name, content) => {
  const file = join(folder, name);
  await writeFile(file, content);
  const run = await cli(['detect', file, '--json']);
  expect(run.status).toBe(0);
  expect(lines(run.stdout)).toMatchObject([{ row: 1, column: 'note', kind: 'mobile' }]);
  expect(run.stdout + run.stderr).not.toContain('138123');
});

test.each<readonly [string, string | Buffer]>([
  ['quote.csv', 'a,b\n"13812345678,2\n3,4\n'],
  ['odd.csv', Buffer.concat([Buffer.from('\ufeffa,b\n', 'utf16le'), Buffer.from([0x00, 0xd8, 0x41])])],
  ['bytes.csv', Buffer.from(Array.from({ length: 2560 }, (_, at) => at % 256))],
  ['half.json', '[{"a":"13812345678"'],
  ['none.parquet', 'PAR1 13812345678 PAR1'],
])('detect refuses %s whole', async (name, content) => {
  const file = join(folder, name);
  await writeFile(file, content);
  const run = await cli(['detect', file, '--json']);
  expect(run.status).toBe(1);
  expect(lines(run.stdout)).toMatchObject([{ code: 'files.unreadable' }]);
  expect(run.stdout + run.stderr).not.toContain('138123');
});
