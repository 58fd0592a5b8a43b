import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { err, ok } from '../../../src/kernel/result.ts';
import { problem } from '../../../src/problems/problem.ts';
import { JOB } from '../http/fake-operations.ts';
import { testApp } from '../http/test-app.ts';
import { cli } from './test-cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  const api = { dataset: 'town', template: 'SELECT 1', parameters: [], callsPerDay: 1, callsPerMinute: 1 };
  const basis = { kind: 'law', reference: 'art. 1' };
  const service = { dataset: 'town', table: 'people', keyColumn: 'id', compareColumn: null, basis, batchMinimum: 20, keysPerDay: 100 };
  await writeFile(join(folder, 'verification.json'), JSON.stringify(service));
  await writeFile(join(folder, 'keys.json'), JSON.stringify({ reference: 'art. 1', items: [] }));
  await writeFile(join(folder, 'api.json'), JSON.stringify(api));
  await writeFile(join(folder, 'copy.csv'), 'a,b\n1,2\n');
  await writeFile(
    join(folder, 'data.json'),
    JSON.stringify({ provenance: {}, table: { columns: [{ name: 'a', type: 'VARCHAR' }], rows: [['1']] } }),
  );
  await writeFile(join(folder, 'query.sql'), 'SELECT count(*) FROM people');
  await writeFile(join(folder, 'town.json'), JSON.stringify({ dataset: 'town', tables: { people: { file: 'people.csv' } } }));
  await writeFile(join(folder, 'people.csv'), 'id\n1\n');
  await writeFile(join(folder, 'policy.json'), JSON.stringify({ k: 20, dominance: { units: 2, share: 0.8 }, pShare: 0.2 }));
  await writeFile(join(folder, 'broken.json'), '{');
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const AS = ['--as', 'merchant-a'];

const COMMANDS: readonly (readonly [string, string, () => readonly string[]])[] = [
  ['dataset list', 'listDatasets', () => ['dataset', 'list']],
  ['dataset show', 'showDataset', () => ['dataset', 'show', 'town']],
  ['dataset withdraw', 'withdrawVersion', () => ['dataset', 'withdraw', 'town', 'v1', '--reason', 'old', '--erase']],
  ['dataset load', 'startLoad awaitLoad', () => ['dataset', 'load', at('town.json')]],
  ['simulate', 'simulate', () => ['simulate', 'town', '--rows', '5', '--seed', '7']],
  ['simulation list', 'listSimulations', () => ['simulation', 'list', 'town']],
  ['simulation show', 'showSimulation', () => ['simulation', 'show', 'sim_1']],
  ['simulation check', 'checkSimulation', () => ['simulation', 'check', 'sim_1']],
  ['simulation publish', 'publishSimulation', () => ['simulation', 'publish', 'sim_1']],
  ['simulation withdraw', 'withdrawSimulation', () => ['simulation', 'withdraw', 'sim_1', '--reason', 'old']],
  ['simulation preview', 'previewSimulation', () => ['simulation', 'preview', 'sim_1', 'people', '--rows', '3']],
  ['simulation fit', 'fitModel', () => ['simulation', 'fit', 'town', '--epsilon', '1']],
  ['simulation compare', 'measureFidelity', () => ['simulation', 'compare', 'sim_1']],
  ['simulation budget', 'showFitBudget', () => ['simulation', 'budget', 'town']],
  [
    'simulation download',
    'showSimulation simulationFile',
    () => ['simulation', 'download', 'sim_1', '--format', 'duckdb', '--out', at('simulation')],
  ],
  [
    'grant create',
    'createGrant',
    () =>
      'grant create --merchant merchant-a --dataset town --scenario credit --table people --table homes=area,size --ends-on 2027-01-01'.split(
        ' ',
      ),
  ],
  ['grant list', 'listGrants', () => ['grant', 'list']],
  ['job submit', 'submitJob', () => ['job', 'submit', '--dataset', 'town', '--sql', at('query.sql'), '--target', 'sim']],
  ['job list', 'listJobs', () => ['job', 'list', '--state', 'REFUSED']],
  ['job show', 'showJob', () => ['job', 'show', 'job_1']],
  ['job cancel', 'cancelJob', () => ['job', 'cancel', 'job_1']],
  ['egress list', 'listEgress', () => ['egress', 'list']],
  ['egress show', 'showEgress', () => ['egress', 'show', 'egr_1']],
  ['egress approve', 'approve', () => ['egress', 'approve', 'egr_1']],
  ['egress reject', 'reject', () => ['egress', 'reject', 'egr_1', '--reason', 'no']],
  ['egress return', 'returnToMerchant', () => ['egress', 'return', 'egr_1', '--reason', 'no']],
  ['egress withdraw', 'withdraw', () => ['egress', 'withdraw', 'egr_1']],
  ['egress recall', 'recall', () => ['egress', 'recall', 'egr_1', '--reason', 'no']],
  ['egress file', 'file', () => ['egress', 'file', 'egr_1', '--receipt', '2026-17']],
  ['egress resubmit', 'resubmit', () => ['egress', 'resubmit', 'egr_1', '--answer', 'yes']],
  ['egress comment', 'comment', () => ['egress', 'comment', 'egr_1', '--text', 'hm', '--private']],
  ['egress clear', 'clear', () => ['egress', 'clear', 'egr_1', '--reason', 'looked at']],
  ['egress assess', 'assess', () => ['egress', 'assess', 'egr_1', '--reference', 'RA-2026-1']],
  ['egress appeal', 'appeal', () => ['egress', 'appeal', 'egr_1', '--reason', 'mistaken']],
  ['egress decide-appeal', 'decideAppeal', () => ['egress', 'decide-appeal', 'egr_1', '--dismiss', '--reason', 'right']],
  ['egress affiliate', 'declareAffiliation', () => ['egress', 'affiliate', 'a', 'b', '--reason', 'same owner']],
  ['egress affiliate --end', 'endAffiliation', () => ['egress', 'affiliate', 'a', 'b', '--end', '--to', '2026-12-31', '--reason', 'sold']],
  ['egress affiliates', 'listAffiliations', () => ['egress', 'affiliates', 'a']],
  ['release trace', 'traceCopy', () => ['release', 'trace', at('copy.csv'), '--dataset', 'town']],
  ['release trace of JSON', 'traceCopy', () => ['release', 'trace', at('data.json'), '--dataset', 'town']],
  ['release notices', 'listNotices', () => ['release', 'notices']],
  ['product api', 'createApi', () => ['product', 'api', at('api.json')]],
  ['product call', 'callApi', () => ['product', 'call', 'rel_1', '--value', 'x=1']],
  ['product verification', 'createVerification', () => ['product', 'verification', at('verification.json')]],
  ['product verify', 'verifyKeys', () => ['product', 'verify', 'rel_1', at('keys.json')]],
  ['product stop', 'stopProduct', () => ['product', 'stop', 'rel_1', '--reason', 'leak']],
  ['product start', 'stopProduct', () => ['product', 'start', 'rel_1', '--reason', 'mended']],
  ['egress release', 'release', () => ['egress', 'release', 'egr_1']],
  ['release show', 'showRelease', () => ['release', 'show', 'rel_1']],
  ['release download', 'showRelease issueDownloadToken releaseFile', () => ['release', 'download', 'rel_1', '--out', at('release')]],
  ['ledger replay', 'listDatasets replayLedger', () => ['ledger', 'replay', '--policy', at('policy.json')]],
  ['audit verify', 'verifyAudit', () => ['audit', 'verify']],
];

describe('every command', () => {
  test.each(COMMANDS)('%s calls %s and prints JSON lines or text', async (_name, operations, argv) => {
    const json = await cli([...argv(), ...AS, '--json']);
    expect([json.status, json.calls.map((call) => call.operation).join(' '), json.stderr.includes('rror')]).toEqual([0, operations, false]);
    const lines = json.stdout.trimEnd().split('\n');
    for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object');
    const text = await cli([...AS, ...argv()]);
    expect(text.status).toBe(0);
    expect(text.stdout.length).toBeGreaterThan(5);
    expect(text.stdout).not.toMatch(/undefined|\[object/);
  });

  test.each(COMMANDS)('%s wants to know who asks', async (_name, _operations, argv) => {
    const run = await cli([...argv(), '--json']);
    expect([run.status, run.stdout, run.calls]).toEqual([2, '', []]);
    expect(run.stderr).toContain('--as');
  });
});

describe('exit status', () => {
  const refused = { showJob: async () => err([problem('access.not_found', { kind: 'job' })]) };

  test('1 with the problem on standard output', async () => {
    const json = await cli(['job', 'show', 'x', ...AS, '--json'], { changes: refused });
    expect([json.status, json.stderr]).toEqual([1, '']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      type: 'urn:sluice:problem:access.not_found',
      status: 404,
      problems: [{ code: 'access.not_found' }],
    });
    const text = await cli(['job', 'show', 'x', ...AS, '--language', 'zh'], { changes: refused });
    expect([text.status, text.stdout]).toEqual([1, expect.stringContaining('✗ 未找到 [access.not_found]\n')]);
  });

  test('1 when a job or a load ends refused, after its record', async () => {
    const problems = [problem('access.not_found', { kind: 'dataset' })];
    const job = await cli(['job', 'submit', '--dataset', 'town', '--sql', '-', '--target', 'real', ...AS, '--json'], {
      stdin: 'SELECT 1',
      changes: { submitJob: async () => ok({ ...JOB, state: 'REFUSED', problems }) },
    });
    const lines = job.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([job.status, lines]).toEqual([
      1,
      [expect.objectContaining({ state: 'REFUSED' }), expect.objectContaining({ code: 'access.not_found', instance: '/v1/jobs/job_1' })],
    ]);
    const load = await cli(['dataset', 'load', at('town.json'), ...AS], {
      changes: { startLoad: async () => ok({ id: 'load_1', dataset: 'town', state: 'refused', step: 'read', percent: 0, problems }) },
    });
    expect([load.status, load.stdout]).toEqual([1, expect.stringContaining('[access.not_found]')]);
  });

  test('10 when an entry of the audit log was changed', async () => {
    const verification = {
      verified: false,
      entries: 3,
      checkpoint: null,
      faults: [{ seq: 2, kind: 'changed' as const }],
      root: '',
      lastRight: null,
    };
    const run = await cli(['audit', 'verify', ...AS], { changes: { verifyAudit: async () => ok(verification) } });
    expect([run.status, run.stdout]).toEqual([10, expect.stringContaining('entry 2: changed')]);
  });

  test.each([
    [['job', 'submit', ...AS]],
    [['job', 'submit', '--dataset', 'town', '--sql', 'nowhere.sql', '--target', 'sim', ...AS]],
    [['job', 'submit', '--dataset', 'town', '--sql', '-', '--target', 'elsewhere', ...AS]],
    [['job', 'submit', '--dataset', 'town', '--sql', '-', '--target', 'sim', '--language', 'mysql', ...AS]],
    [['job', 'frobnicate', ...AS]],
    [['frobnicate']],
    [['dataset', 'list', '--surprise', ...AS]],
    [['dataset', 'list', '--as', 'nobody']],
    [['dataset', 'list', '--server', 'http://sluice.example']],
    [['simulate', 'town', '--rows', 'many', '--seed', '1', ...AS]],
    [['release', 'verify', 'nowhere', '--key', 'nowhere.pem']],
  ])('2 for %j, and nothing on standard output', async (argv) => {
    const run = await cli([...argv, '--json']);
    expect([run.status, run.stdout, run.calls]).toEqual([2, '', []]);
    expect(run.stderr.length).toBeGreaterThan(10);
  });

  test('2 for a declaration that is no JSON object', async () => {
    expect((await cli(['dataset', 'load', at('broken.json'), ...AS])).status).toBe(2);
  });

  test('3 for a fault, without its text', async () => {
    const fault = async (): Promise<never> => {
      throw new Error('canary');
    };
    const run = await cli(['job', 'show', 'x', ...AS, '--json'], { changes: { showJob: fault } });
    expect([run.status, run.stdout]).toEqual([3, '']);
    expect(run.stderr).toMatch(/inc_/);
    expect(run.stderr).not.toContain('canary');
  });

  test('3 when no server answers', async () => {
    const environment = { SLUICE_API_KEY: 'x'.repeat(40) };
    const run = await cli(['dataset', 'list', '--server', 'http://127.0.0.1:9', '--json'], { environment });
    expect([run.status, run.stdout]).toEqual([3, '']);
  });

  test('0 for help', async () => {
    const run = await cli(['--help']);
    expect([run.status, run.stdout]).toEqual([0, expect.stringContaining('Usage: sluice')]);
  });
});

describe('over the network', () => {
  test('dataset load uploads the files first, and the key of the environment is used', async () => {
    await using server = await testApp();
    const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
    const load = ['dataset', 'load', at('town.json'), '--server', address, '--json'];
    const unknown = await cli(load, { environment: { SLUICE_API_KEY: 'x'.repeat(40) } });
    expect([unknown.status, JSON.parse(unknown.stdout).code]).toEqual([1, 'access.unauthenticated']);
    const loaded = await cli(load, { environment: { SLUICE_API_KEY: 'source-key-for-the-network-0000000000' } });
    expect([loaded.status, JSON.parse(loaded.stdout).state]).toEqual([0, 'done']);
    const started = server.calls[0]?.input as { readonly baseFolder: string };
    expect(started.baseFolder.startsWith(server.inboxFolder)).toBe(true);
    expect(await readFile(join(started.baseFolder, 'people.csv'), 'utf8')).toBe('id\n1\n');
  });
});

test('a download is written byte for byte', async () => {
  await mkdir(at('again'), { recursive: true });
  const run = await cli(['release', 'download', 'rel_1', '--out', at('again'), ...AS]);
  expect(run.status).toBe(0);
  expect(await readFile(at('again/data.csv'), 'utf8')).toBe('a,b');
});
