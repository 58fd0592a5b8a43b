import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const who = (id: string) => instance.actor(id);

async function load(by: string, baseFolder = '.') {
  const task = value(await instance.operations.startLoad(who(by), { declaration: {}, baseFolder }));
  return value(await instance.operations.awaitLoad(who(by), task.id));
}

describe('loads and versions', () => {
  test('a load makes the next version and puts it in force', async () => {
    expect(await load('source-1')).toMatchObject({ state: 'done', percent: 100, version: { version: 'v2', state: 'queryable' } });
    expect(value(await instance.operations.showDataset(who('merchant-a'), 'city')).currentVersion).toBe('v2');
  });

  test('two loads at once make two versions', async () => {
    const done = await Promise.all([load('source-1'), load('operator-1')]);
    expect(done.map((item) => item.version?.version).sort()).toEqual(['v2', 'v3']);
  });

  test('refused and faulty loads leave the version in force and say so', async () => {
    expect(await load('source-1', 'bad-files')).toMatchObject({ state: 'refused', problems: [{ code: 'load.version_exists' }] });
    expect(await load('source-1', 'fault')).toMatchObject({ state: 'failed' });
    expect(instance.faults).toHaveLength(1);
    expect(value(await instance.operations.showDataset(who('operator-1'), 'city')).versions?.map((item) => item.version)).toEqual(['v1']);
    expect(codes(await instance.operations.startLoad(who('source-1'), { declaration: 'bad', baseFolder: '.' }))).toEqual([
      'request.malformed',
    ]);
  });

  test('only those who may, and a source never into the dataset of another', async () => {
    const input = { declaration: {}, baseFolder: '.' };
    for (const by of ['merchant-a', 'supervisor-1', 'auditor-1'])
      expect(codes(await instance.operations.startLoad(who(by), input)), by).toEqual(['access.forbidden']);
    const foreign = { id: 'source-9', organisation: 'other-department', roles: ['source'] as const };
    expect(codes(await instance.operations.startLoad(foreign, input))).toEqual(['access.forbidden']);
    const task = value(await instance.operations.startLoad(who('source-1'), input));
    expect(await instance.operations.showLoad(foreign, task.id)).toEqual(await instance.operations.showLoad(foreign, 'load_none'));
  });

  test('merchants see the declaration, never sizes, digests or counts', async () => {
    const seen = value(await instance.operations.showDataset(who('merchant-a'), 'city'));
    expect(seen.versions).toBeUndefined();
    expect(JSON.stringify(seen)).not.toContain('1234');
    expect(value(await instance.operations.listDatasets(who('operator-1')))[0]?.versions).toHaveLength(1);
  });

  test('withdrawn, then erased for good; numbers are not used again', async () => {
    const change = (by: string, erase: boolean) =>
      instance.operations.withdrawVersion(who(by), { dataset: 'city', version: 'v1', reason: 'consent revoked', erase });
    expect(codes(await change('merchant-a', false))).toEqual(['access.forbidden']);
    expect(codes(await change('supervisor-1', false))).toEqual(['access.forbidden']);
    expect(value(await change('source-1', false)).state).toBe('withdrawn');
    expect(codes(await change('source-1', false))).toEqual(['access.state_conflict']);
    expect(value(await change('operator-1', true)).state).toBe('erased');
    expect(codes(await change('operator-1', true))).toEqual(['access.state_conflict']);
    expect(value(await instance.operations.showDataset(who('merchant-a'), 'city')).currentVersion).toBeNull();
    expect((await load('source-1')).version?.version).toBe('v2');
  });

  test('a load of a dead process has failed after the restart', async () => {
    const at = '2026-03-02T01:00:00.000Z';
    const owner = { id: 'source-1', organisation: 'source-department' };
    const record = {
      id: 'load_dead',
      dataset: 'city',
      state: 'running',
      step: 'read',
      percent: 3,
      owner,
      createdAt: at,
      updatedAt: at,
    } as const;
    const actor = who('source-1');
    await instance.ports.store.write(async (tx) => {
      await tx.loads.add(record, { operation: 'load.start', actor, object: record.id, outcome: 'done', facts: {} });
      return { ok: true, value: null };
    });
    await instance.ports.packages.put('rel_orphan', [{ name: 'data.csv', bytes: new Uint8Array(1) }]);
    const recovery = await instance.operations.recover();
    expect(recovery).toMatchObject({ failedLoads: ['load_dead'], removedPackages: ['rel_orphan'] });
    expect(value(await instance.operations.showLoad(actor, 'load_dead')).state).toBe('failed');
    expect(await readdir(join(instance.folder, 'releases'))).toEqual([]);
  });
});

describe('simulations and grants', () => {
  test('made by those who may, read by all of the catalogue', async () => {
    const made = value(await instance.operations.simulate(who('merchant-b'), { dataset: 'city', rows: 5, seed: 'x' }));
    expect(made).toMatchObject({ rows: 5, seed: 'x', label: 'SIMULATED-L0' });
    expect(made).not.toHaveProperty('version');
    expect(codes(await instance.operations.simulate(who('auditor-1'), { dataset: 'city', rows: 5, seed: 'x' }))).toEqual([
      'access.forbidden',
    ]);
    expect(codes(await instance.operations.simulate(who('merchant-a'), { dataset: 'none', rows: 5, seed: 'x' }))).toEqual([
      'access.not_found',
    ]);
    expect(value(await instance.operations.listSimulations(who('merchant-a'), 'city'))[0]?.id).toBe(made.id);
    const csv = value(await instance.operations.simulationFile(who('merchant-a'), { id: made.id, table: 'residents', format: 'csv' }));
    let text = '';
    for await (const chunk of csv) text += Buffer.from(chunk).toString('utf8');
    expect(text).toBe('id,district\r\n');
    expect(codes(await instance.operations.simulationFile(who('merchant-a'), { id: made.id, table: 'other', format: 'csv' }))).toEqual([
      'access.not_found',
    ]);
  });

  test('grants name what is declared and end in the future; merchants see their own', async () => {
    const grant = { merchant: 'merchant-a', dataset: 'city', scenario: 's', tables: { residents: ['district'] }, endsOn: '2026-06-30' };
    const create = (change: Partial<typeof grant>) => instance.operations.createGrant(who('operator-1'), { ...grant, ...change });
    expect(codes(await instance.operations.createGrant(who('merchant-a'), grant))).toEqual(['access.forbidden']);
    for (const endsOn of ['2026-03-01', '2026-02-30', 'soon']) expect(codes(await create({ endsOn }))).toEqual(['request.invalid']);
    expect(codes(await create({ tables: {} as typeof grant.tables }))).toEqual(['request.invalid']);
    for (const merchant of ['operator-1', 'nobody', '']) expect(codes(await create({ merchant }))).toEqual(['request.invalid']);
    expect(codes(await create({ tables: { residents: ['name'] } }))).toEqual(['request.invalid']);
    const made = value(await create({}));
    expect(value(await instance.operations.listGrants(who('merchant-a'), {})).map((item) => item.id)).toContain(made.id);
    expect(value(await instance.operations.listGrants(who('merchant-b'), {})).map((item) => item.merchant)).toEqual(['merchant-b']);
  });
});

describe('the log', () => {
  test('reading it is on record; who may not read may not verify', async () => {
    const entries = value(await instance.operations.auditEntries(who('auditor-1'), { after: 0, limit: 1000 }));
    expect(entries.at(-1)?.operation).toBe('audit.read');
    expect(value(await instance.operations.verifyAudit(who('auditor-1'))).verified).toBe(true);
    for (const by of ['merchant-a', 'source-1']) {
      expect(codes(await instance.operations.auditEntries(who(by), { after: 0, limit: 10 }))).toEqual(['access.forbidden']);
      expect(codes(await instance.operations.verifyAudit(who(by)))).toEqual(['access.forbidden']);
    }
  });
});
