import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SeededRandom } from '../../src/synthetic/fit/seeded-random.ts';
import { fixedRng } from '../support/fixed-rng.ts';
import { cli } from '../unit/cli/test-cli.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

const SCHEMA = {
  tables: {
    people: {
      primaryKey: ['id'],
      units: { person: ['id'] },
      visibility: 'protected',
      columns: {
        id: { type: 'VARCHAR', role: 'unitId', semantic: 'residentId' },
        gender: { type: 'VARCHAR', domain: ['男', '女'], nullable: false },
        'age-group': { type: 'INTEGER', bounds: [0, 9], nullable: false },
        city: { type: 'VARCHAR', domain: ['a', 'b', 'c'], nullable: false },
      },
    },
    visits: {
      primaryKey: ['no'],
      foreignKeys: [{ columns: ['id'], references: 'people.id' }],
      units: { person: ['id'] },
      visibility: 'protected',
      columns: {
        no: { type: 'VARCHAR', role: 'directId' },
        id: { type: 'VARCHAR', role: 'unitId' },
        kind: { type: 'VARCHAR', domain: ['x', 'y'], nullable: false },
      },
    },
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-synth-e2e-'));
  const random = new SeededRandom('e2e');
  const people = ['id,gender,age-group,city'];
  const visits = ['no,id,kind'];
  for (let row = 0; row < 4000; row += 1) {
    const city = random.below(3);
    people.push(`p${row},${random.below(2) === 0 ? '男' : '女'},${Math.min(9, random.below(5) + city * 2)},${'abc'.charAt(city)}`);
    for (let visit = random.below(1 + random.below(8)); visit > 0; visit -= 1)
      visits.push(`v${visits.length},p${row},${city === 2 ? 'y' : 'x'}`);
  }
  await writeFile(at('people.csv'), `${people.join('\n')}\n`);
  await writeFile(at('visits.csv'), `${visits.join('\n')}\n`);
  await writeFile(at('schema.json'), JSON.stringify(SCHEMA));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeFile(at('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(at('public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async (...argv: readonly string[]) => {
  const done = await cli([...argv, '--json'], { rng: fixedRng(argv.slice(0, 2).join(' ')) });
  const lines = done.stdout.trim().split('\n');
  return { ...done, json: JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> };
};

describe('synth over files', () => {
  test('fits two tables, signs, samples whole linked rows, and scores them', async () => {
    const fitted = await run(
      'synth',
      'fit',
      '--data',
      folder,
      '--schema',
      at('schema.json'),
      '--epsilon',
      '4',
      '--sign',
      at('key.pem'),
      '--out',
      at('model.json'),
    );
    expect(fitted).toMatchObject({ status: 0, json: { label: 'SIMULATED-L1', privacy: { unit: 'person' } } });
    const model = JSON.parse(await readFile(at('model.json'), 'utf8')) as {
      readonly privacy: { readonly rho: number; readonly ledger: readonly { readonly rho: number }[] };
    };
    expect(model.privacy.ledger.reduce((sum, entry) => sum + entry.rho, 0)).toBeCloseTo(model.privacy.rho, 6);

    const sampled = await run(
      'synth',
      'sample',
      '--artefact',
      at('model.json'),
      '--verify',
      at('public.pem'),
      '--rows',
      '4000',
      '--seed',
      '1',
      '--out',
      at('sampled'),
    );
    expect(sampled).toMatchObject({ status: 0, json: { tables: [{ table: 'people', rows: 4000 }, { table: 'visits' }] } });
    const people = (await readFile(at('sampled/people.csv'), 'utf8'))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(people.filter((row) => (row[1] === '男') !== (Number(row[0]?.charAt(16)) % 2 === 1))).toEqual([]);
    expect(new Set(people.map((row) => row[0])).size).toBe(4000);

    const score = await run('synth', 'score', '--real', folder, '--synthetic', at('sampled'), '--schema', at('schema.json'));
    expect(score.status).toBe(0);
    expect(score.json['oneWayTvd']).toBeLessThan(0.03);
    expect(score.json['twoWayTvd']).toBeLessThan(0.08);
    expect(score.json['cardinality']).toBeGreaterThan(0.97);
    expect(score.json['links']).toMatchObject([{ integrity: 1 }]);
    expect(score.json['keyUniqueness']).toEqual([1, 1]);
  });

  test('a changed model, or one that somebody else signed, is refused', async () => {
    const text = await readFile(at('model.json'), 'utf8');
    await writeFile(at('changed.json'), text.replace(/"slices":\[(\d)/, '"slices":[9$1'));
    const sample = (model: string, ...more: readonly string[]) =>
      run('synth', 'sample', '--artefact', at(model), '--rows', '10', '--seed', '1', '--out', at('none'), ...more);
    expect(await sample('changed.json')).toMatchObject({ status: 1, json: { facts: { reason: 'digest' } } });
    const { publicKey } = generateKeyPairSync('ed25519');
    await writeFile(at('other.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    expect(await sample('model.json', '--verify', at('other.pem'))).toMatchObject({ status: 1, json: { facts: { reason: 'signature' } } });
  });

  test('budgets that protect nobody and tables that are too small are refused', async () => {
    const tryFit = (...more: readonly string[]) =>
      run('synth', 'fit', '--data', folder, '--schema', at('schema.json'), '--out', at('none.json'), ...more);
    expect(await tryFit('--epsilon', '100')).toMatchObject({ status: 1, json: { code: 'synth.privacy' } });
    expect(await tryFit('--epsilon', '1', '--delta', '0.1')).toMatchObject({ status: 1, json: { code: 'synth.privacy' } });
    await writeFile(at('few.csv'), 'a\n1\n2\n');
    await writeFile(
      at('few.json'),
      JSON.stringify({ columns: { a: { type: 'INTEGER', bounds: [1, 5] }, b: { type: 'INTEGER', bounds: [1, 5] } } }),
    );
    expect(
      await run('synth', 'fit', '--data', at('few.csv'), '--schema', at('few.json'), '--epsilon', '1', '--out', at('none.json')),
    ).toMatchObject({
      status: 1,
      json: { code: 'synth.columns_missing', facts: { missing: ['b'] } },
    });
    await writeFile(at('few.json'), JSON.stringify({ columns: { a: { type: 'INTEGER', bounds: [1, 5] } } }));
    expect(
      await run('synth', 'fit', '--data', at('few.csv'), '--schema', at('few.json'), '--epsilon', '1', '--out', at('none.json')),
    ).toMatchObject({
      status: 1,
      json: { code: 'synth.too_small' },
    });
  });

  test('a generated folder proves itself, and a changed one does not', async () => {
    const generate = (...more: readonly string[]) => run('synth', 'generate', '--schema', at('schema.json'), '--out', at('made'), ...more);
    expect(await generate('--rows', '200', '--seed', 's')).toMatchObject({ status: 0, json: { label: 'SIMULATED-L0', mode: 'safe' } });
    expect(await generate('--check')).toMatchObject({ status: 0, json: { verified: true } });
    const manifest = await readFile(at('made/manifest.json'), 'utf8');
    await writeFile(at('made/manifest.json'), manifest.replace('"seed": "s"', '"seed": "t"'));
    expect(await generate('--check')).toMatchObject({ status: 1, json: { verified: false } });
  });

  test('rows that leaked are recognised by their seed alone', async () => {
    const schema = {
      tables: {
        people: {
          primaryKey: ['pid'],
          units: { person: ['pid'] },
          columns: { pid: { type: 'VARCHAR', role: 'unitId', semantic: 'residentId' } },
        },
      },
    };
    await writeFile(at('people.json'), JSON.stringify(schema));
    const made = await run('synth', 'generate', '--schema', at('people.json'), '--rows', '40', '--seed', 'mine', '--out', at('people'));
    expect(made).toMatchObject({ status: 0 });
    const ids = (await readFile(at('people/people.csv'), 'utf8')).trimEnd().split('\n').slice(1, 12);
    await writeFile(at('mail.txt'), `Look what I found: ${ids.join('; ')}. And 11010519491231002X.`);
    const recognise = (seed: string) => run('synth', 'recognise', at('mail.txt'), '--seed', seed);
    expect(await recognise('mine')).toMatchObject({ status: 0, json: { seed: 'mine', examined: 12, marked: 11, recognised: true } });
    expect(await recognise('yours')).toMatchObject({ status: 1, json: { recognised: false } });
  });
});
