import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNarrator } from '../../src/cli/demo/narrator.ts';
import { type DemoSummary, playDemo } from '../../src/cli/demo/story.ts';
import { readConfig } from '../../src/config.ts';
import { openInstance } from '../../src/instance.ts';
import { CLOCK, cli, RNG, startCli } from './process.ts';

/** The day of the demonstration on a hundredth of the city, and then a look around with the command. */
let dir: string;
let summary: DemoSummary;
let story = '';
const on = (...argv: string[]): string[] => [...argv, '--data', dir, '--json'];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
  const instance = await openInstance({ dataDir: dir, config: readConfig({}), clock: CLOCK, rng: RNG, embedded: true });
  const out = new PassThrough().on('data', (chunk) => (story += String(chunk)));
  try {
    const narrator = makeNarrator(out, () => 0);
    summary = await playDemo({
      instance,
      cityFolder: join(dir, 'city-health'),
      narrator,
      elapsedMs: () => 0,
      today: CLOCK.now(),
      scale: 0.01,
    });
  } finally {
    await instance.close();
  }
}, 240_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

test('the day: three honest queries, two attacks, one release, a whole chain', () => {
  expect(summary).toMatchObject({ jobs: 9, released: 1, refused: 3, auditVerified: true });
  expect(summary.withheldCells).toBeGreaterThan(0);
  expect(['bubblewrap', 'namespaces', 'process']).toContain(summary.isolation);
  expect(story).toContain('merchant-a downloads data.csv');
});

describe('a look around afterwards', () => {
  test('everyone sees what is theirs; a foreign job and a missing one look the same', async () => {
    const mine = await cli(on('job', 'list', '--as', 'merchant-a'));
    expect([mine.status, mine.lines.length]).toEqual([0, 9]);
    const others = await cli(on('job', 'list', '--as', 'merchant-b'));
    expect([others.status, others.stdout]).toEqual([0, '']);
    const foreign = await cli(on('job', 'show', String(mine.lines[0]?.['id']), '--as', 'merchant-b'));
    const missing = await cli(on('job', 'show', 'job_00000000000000000000000000', '--as', 'merchant-b'));
    expect([foreign.status, foreign.stdout]).toEqual([1, missing.stdout]);
  });

  test('the released package can be checked offline, and a changed byte is found', async () => {
    const [released] = (await cli(on('egress', 'list', '--state', 'RELEASED', '--as', 'merchant-a'))).lines;
    const out = join(dir, 'package');
    const downloaded = await cli(on('release', 'download', String(released?.['releaseId']), '--out', out, '--as', 'merchant-a'));
    expect(downloaded.status).toBe(0);
    expect(await readFile(join(out, 'data.csv'), 'utf8')).toMatch(/^department,insurance,visits,people,average_cost/);
    expect((await cli(on('release', 'verify', out))).lines).toEqual([expect.objectContaining({ verified: true })]);
    await appendFile(join(out, 'data.csv'), ' ');
    const changed = await cli(on('release', 'verify', join(out, 'data.csv')));
    expect([changed.status, changed.lines[0]?.['faults']]).toEqual([1, [{ file: 'data.csv', fault: 'changed' }]]);
  });

  test('only who may verifies the log, and it is whole', async () => {
    expect((await cli(on('audit', 'verify', '--as', 'merchant-a'))).status).toBe(1);
    const verified = await cli(on('audit', 'verify', '--as', 'auditor-1'));
    expect([verified.status, verified.lines[0]?.['verified']]).toEqual([0, true]);
  });

  test('a withdrawn version answers no more jobs', async () => {
    const sql = 'SELECT district, count(DISTINCT resident_id) AS people FROM residents GROUP BY district';
    const submit = (target: string) =>
      cli(on('job', 'submit', '--dataset', 'city-health', '--sql', '-', '--target', target, '--as', 'merchant-a'), { stdin: sql });
    const unproven = await submit('real');
    expect([unproven.status, unproven.lines.at(-1)?.['code']]).toEqual([1, 'job.not_simulated']);
    expect((await submit('sim')).status).toBe(0);
    const withdrawn = await cli(on('dataset', 'withdraw', 'city-health', 'v1', '--reason', 'test', '--erase', '--as', 'source-1'));
    expect([withdrawn.status, withdrawn.lines[0]?.['state']]).toEqual([0, 'erased']);
    const after = await submit('real');
    expect([after.status, after.lines.at(-1)?.['code']]).toEqual([1, 'job.no_version']);
  });
});

describe('over the network', () => {
  test('a source department loads through the inbox, and the server stops when asked', async () => {
    const key = await cli(on('key', 'issue', 'source-1'));
    const server = startCli(on('serve', '--port', '0'));
    const address = await new Promise<string>((resolve) => {
      server.stdout.once('data', (chunk) => resolve((JSON.parse(String(chunk)) as { address: string }).address));
    });
    const environment = { SLUICE_API_KEY: String(key.lines[0]?.['key']) };
    const loaded = await cli(['dataset', 'load', join(dir, 'city-health', 'declaration.json'), '--server', address, '--json'], {
      environment,
    });
    expect([loaded.status, loaded.lines.at(-1)?.['state']]).toEqual([0, 'done']);
    const demonstration = await fetch(`${address}/v1/datasets`, { headers: { authorization: 'Bearer merchant-a-merchant-a' } });
    expect(demonstration.status).toBe(401);
    server.stop();
    const ended = await server.ended;
    expect(ended.status).toBe(0);
    expect(ended.stderr).not.toContain(environment.SLUICE_API_KEY);
    await expect(fetch(`${address}/health/live`)).rejects.toThrow();
  });
});
