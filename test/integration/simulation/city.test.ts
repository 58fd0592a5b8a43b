import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GeneratedCity, generateCity } from '../../../datasets/city-health/generate.ts';
import { isSafeResidentId } from '../../../src/identifiers/resident-id.ts';
import { isUscc } from '../../../src/identifiers/uscc.ts';
import { type LoadingBench, loadingBench } from '../../support/loading.ts';

let bench: LoadingBench;
let city: GeneratedCity;

beforeAll(async () => {
  bench = await loadingBench();
  city = await generateCity(join(bench.folder, 'city'), { enclave: bench.enclave, scale: 0.01 });
});
afterAll(() => bench.close());

const read = (name: string, encoding = 'utf-8'): Promise<string> =>
  readFile(join(bench.folder, 'city', name)).then((bytes) => new TextDecoder(encoding, { fatal: true }).decode(bytes));

describe('the demonstration city', () => {
  test('has the rows that its size asks for', () => {
    expect(city.rows).toMatchObject({ residents: 2000, visits: 20_000, enterprises: 100, hospitals: 24 });
  });

  test('names nobody: every ID checks and lies in a region that was never assigned', async () => {
    const people = (await read('residents.csv'))
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(people.filter((row) => !isSafeResidentId(row[0] ?? ''))).toEqual([]);
    expect(new Set(people.map((row) => row[0])).size).toBe(2000);
    expect(people.filter((row) => row[5] === '云顶村').length).toBe(3);
    const firms = (await read('enterprises.csv', 'gb18030')).trimEnd().split('\n').slice(1);
    expect(firms.filter((line) => !isUscc(line.slice(0, 18)))).toEqual([]);
  });

  test('loads without a problem', async () => {
    const declaration: unknown = JSON.parse(await readFile(city.declaration, 'utf8'));
    const loaded = await bench.load(declaration, {}, { baseFolder: join(bench.folder, 'city') });
    expect(loaded.ok ? [] : loaded.error).toEqual([]);
  });
});
