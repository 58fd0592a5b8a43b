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
    { row: 2, column: '#2', kind: 'mobile', evidence: 'format', disguise: 'base64' },
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

test('a file that is none is refused, and a missing one is a wrong command', async () => {
  const file = join(folder, 'broken.parquet');
  await writeFile(file, 'no parquet');
  expect((await cli(['detect', file, '--json'])).status).toBe(1);
  expect((await cli(['detect', join(folder, 'none.csv')])).status).toBe(2);
});
