import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SMALL_CITY_DECLARATION, smallCity } from '../support/small-city.ts';
import { cli } from './process.ts';

let root: string;
let kit: string;
const data = (): string => join(root, 'data');

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-kit-'));
  kit = join(root, 'kit');
  const declaration = join(root, 'declaration.json');
  await writeFile(declaration, JSON.stringify(SMALL_CITY_DECLARATION));
  for (const [name, content] of Object.entries(smallCity(3, 200).files)) await writeFile(join(root, name), content);
  const load = await cli(['dataset', 'load', declaration, '--data', data(), '--as', 'operator-1', '--json']);
  expect([load.status, load.stderr]).toEqual([0, expect.anything()]);
  const made = await cli(['kit', 'small-city', '--out', kit, '--rows', '400', '--data', data(), '--as', 'merchant-a', '--json']);
  expect([made.status, made.lines[0]]).toEqual([0, expect.objectContaining({ label: 'SIMULATED-L0', out: kit })]);
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a kit', () => {
  test('has data, database, schema, query and a readme that says how to check', async () => {
    expect((await readdir(kit)).toSorted()).toEqual([
      'README.md',
      'data',
      'kit.json',
      'query.sql',
      'schema.json',
      'schema.sql',
      'small-city.duckdb',
    ]);
    expect((await readdir(join(kit, 'data'))).toSorted()).toEqual(['persons.csv', 'visits.csv']);
    expect(await readFile(join(kit, 'README.md'), 'utf8')).toContain('sluice kit check .');
    expect(await readFile(join(kit, 'schema.sql'), 'utf8')).toContain('CREATE TABLE "persons" (');
  });

  test('checks and runs without the instance that it came from, without users or keys', async () => {
    const away = join(root, 'away');
    await cp(kit, away, { recursive: true });
    await rm(data(), { recursive: true });
    const ready = await cli(['kit', 'check', away, '--run', '--json']);
    expect(ready.status).toBe(0);
    expect(ready.lines[0]).toMatchObject({ admitted: { tables: ['persons'] }, verdict: 'releasable' });
    await expect(readdir(data())).rejects.toThrow('ENOENT');
  });

  test.each([
    ['SELECT person_id, income FROM persons', 'sql.'],
    ['SELEKT', 'sql.'],
    ['SELECT nothing FROM persons', 'sql.'],
  ])('refuses %s as the server does, with what to do', async (sql, code) => {
    const run = await cli(['kit', 'check', kit, '--sql', '-', '--json'], { stdin: sql });
    expect(run.status).toBe(1);
    expect(run.lines[0]).toMatchObject({ code: expect.stringContaining(code) });
  });

  test('refuses a folder whose schema was changed, and one that is no kit', async () => {
    const changed = join(root, 'changed');
    await cp(kit, changed, { recursive: true });
    const file = join(changed, 'schema.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"role": "measure"', '"role": "dimension"'));
    expect((await cli(['kit', 'check', changed, '--json'])).lines[0]).toMatchObject({ code: 'kit.unusable' });
    const empty = await cli(['kit', 'check', join(kit, 'data'), '--sql', join(kit, 'query.sql'), '--json']);
    expect([empty.status, empty.lines[0]?.code]).toEqual([1, 'kit.unusable']);
  });
});
