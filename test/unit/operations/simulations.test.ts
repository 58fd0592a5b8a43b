import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../src/catalog/dataset.ts';
import type { OperationsPorts } from '../../../src/operations/data-ports.ts';
import { SIMULATION_STATES, SIMULATION_TRANSITIONS, simulationSourcesOf } from '../../../src/operations/simulation-states.ts';
import { CITY, codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
let schema: Dataset;
let removed: string[];

const otherSchema = (): Dataset => {
  const [table, ...more] = CITY.tables;
  if (table === undefined) throw new Error('The city has a table');
  return { ...CITY, tables: [{ ...table, standingFilters: ['district is not null'] }, ...more] };
};

const change =
  (access: OperationsPorts['simulationAccess']) =>
  (usual: OperationsPorts): Partial<OperationsPorts> => ({
    simulationAccess: access,
    loader: { ...usual.loader, read: () => ({ ok: true, value: schema }) },
    simulator: {
      ...usual.simulator,
      remove: async (_dataset, id) => {
        removed.push(id);
      },
    },
  });

const open = async (access: OperationsPorts['simulationAccess'] = 'open') => {
  instance = await seededInstance(change(access));
};

beforeEach(() => {
  schema = CITY;
  removed = [];
});
afterEach(() => dispose(instance));

const who = (id: string) => instance.actor(id);
const make = async (by: string, seed = 'x') => value(await instance.operations.simulate(who(by), { dataset: 'city', rows: 5, seed }));
const reload = async () => {
  const task = value(await instance.operations.startLoad(who('source-1'), { declaration: {}, baseFolder: '.' }));
  return value(await instance.operations.awaitLoad(who('source-1'), task.id));
};
const events = async (): Promise<readonly string[]> => {
  const entries = value(await instance.operations.auditEntries(who('auditor-1'), { after: 0, limit: 1000 }));
  return entries.map((entry) => entry.operation);
};

describe('the states of a set', () => {
  test('every arrow leads somewhere known and nothing leaves WITHDRAWN', async () => {
    await open();
    for (const { from, to } of SIMULATION_TRANSITIONS) expect(SIMULATION_STATES).toEqual(expect.arrayContaining([from, to]));
    expect(SIMULATION_TRANSITIONS.filter((item) => item.from === 'WITHDRAWN')).toEqual([]);
    expect(SIMULATION_TRANSITIONS.filter((item) => item.from === 'STALE').map((item) => item.to)).toEqual(['WITHDRAWN']);
    expect(simulationSourcesOf('PUBLISHED')).toEqual(['CHECKED']);
  });

  test('while one is being made its owner and those of the house see how far it is, other merchants do not', async () => {
    instance = await seededInstance((usual) => ({
      ...change('open')(usual),
      simulator: {
        ...usual.simulator,
        simulate: async (input) => {
          if (input.seed !== 'slow') return usual.simulator.simulate(input);
          const seen: number[] = [];
          for (const percent of [10, 70]) {
            input.onProgress?.(percent);
            seen.push(...value(await instance.operations.simulationsUnderWay(who('merchant-a'), 'city')).map((item) => item.percent));
          }
          const of = async (by: string) => value(await instance.operations.simulationsUnderWay(who(by), 'city')).length;
          told = [seen, [await of('operator-1'), await of('merchant-b')]];
          return usual.simulator.simulate(input);
        },
      },
    }));
    let told: unknown = null;
    await make('merchant-a', 'slow');
    expect(told).toEqual([
      [10, 70],
      [1, 0],
    ]);
    expect(value(await instance.operations.simulationsUnderWay(who('merchant-a'), 'city'))).toEqual([]);
  });

  test('generated, checked, published by operators, each on record; never twice', async () => {
    await open();
    const { id, state, datasetVersion } = await make('operator-1');
    expect([state, datasetVersion]).toEqual(['GENERATED', 'v1']);
    expect(codes(await instance.operations.checkSimulation(who('merchant-a'), id))).toEqual(['access.forbidden']);
    expect(value(await instance.operations.checkSimulation(who('operator-1'), id))).toMatchObject({
      state: 'CHECKED',
      checkedBy: 'operator-1',
    });
    expect(codes(await instance.operations.checkSimulation(who('operator-1'), id))).toEqual(['access.state_conflict']);
    const published = value(await instance.operations.publishSimulation(who('operator-2'), id));
    expect(published).toMatchObject({ state: 'PUBLISHED', checkedBy: 'operator-1', publishedBy: 'operator-2' });
    expect(codes(await instance.operations.publishSimulation(who('operator-2'), id))).toEqual(['access.state_conflict']);
    expect((await events()).filter((name) => name.startsWith('simulation.')).slice(-3)).toEqual([
      'simulation.create',
      'simulation.check',
      'simulation.publish',
    ]);
  });

  test('publishing checks what nobody has checked, and refuses a set that is not what its seed gives', async () => {
    await open();
    const good = await make('operator-1');
    expect(value(await instance.operations.publishSimulation(who('operator-1'), good.id)).checkedBy).toBe('operator-1');
    const bad = await make('operator-1', 'tampered');
    expect(codes(await instance.operations.publishSimulation(who('operator-1'), bad.id))).toEqual(['simulation.differs']);
    expect(value(await instance.operations.showSimulation(who('operator-1'), bad.id)).state).toBe('GENERATED');
    expect((await events()).at(-2)).toBe('simulation.check');
  });

  test('a load with the same schema keeps the sets, one with another makes every one stale for good', async () => {
    await open();
    const { id } = await make('operator-1');
    value(await instance.operations.publishSimulation(who('operator-1'), id));
    await reload();
    expect(value(await instance.operations.showSimulation(who('merchant-a'), id)).state).toBe('PUBLISHED');
    schema = otherSchema();
    await reload();
    const states = value(await instance.operations.listSimulations(who('operator-1'), 'city')).map((item) => item.state);
    expect(states).toEqual(['STALE', 'STALE']);
    expect((await events()).filter((name) => name === 'simulation.stale')).toHaveLength(2);
    for (const [by, result] of [
      ['merchant-a', await instance.operations.simulationFile(who('merchant-a'), { id, table: 'residents', format: 'csv' })],
      ['merchant-a', await instance.operations.previewSimulation(who('merchant-a'), { id, table: 'residents', rows: 1 })],
      ['merchant-a', await instance.operations.simulationKit(who('merchant-a'), id)],
    ] as const)
      expect(codes(result), by).toEqual(['simulation.not_in_use']);
    const job = value(await instance.operations.submitJob(who('merchant-a'), { dataset: 'city', sql: 'select 1', target: 'sim' }));
    expect(job.problems?.map((item) => item.code)).toEqual(['job.no_simulation']);
    expect(codes(await instance.operations.publishSimulation(who('operator-1'), id))).toEqual(['simulation.schema_changed']);
  });

  test('withdrawn with a reason: the files go, jobs find it no more', async () => {
    await open();
    const { id } = await make('operator-1');
    expect(codes(await instance.operations.withdrawSimulation(who('operator-1'), { id, reason: ' ' }))).toEqual(['egress.reason_missing']);
    expect(codes(await instance.operations.withdrawSimulation(who('merchant-a'), { id, reason: 'x' }))).toEqual(['access.forbidden']);
    expect(value(await instance.operations.withdrawSimulation(who('operator-1'), { id, reason: 'wrong rows' })).state).toBe('WITHDRAWN');
    expect(removed).toEqual([id]);
    expect(codes(await instance.operations.showSimulation(who('merchant-a'), id))).toEqual(['access.not_found']);
    expect(codes(await instance.operations.withdrawSimulation(who('operator-1'), { id, reason: 'again' }))).toEqual([
      'access.state_conflict',
    ]);
  });
});

describe('how far merchants reach', () => {
  test('open: every set in use', async () => {
    await open('open');
    const { id } = await make('operator-1');
    expect(value(await instance.operations.showSimulation(who('merchant-b'), id)).id).toBe(id);
  });

  test('published: sets of others only once they are published', async () => {
    await open('published');
    const mine = await make('merchant-a');
    const official = await make('operator-1');
    const listed = async (by: string) => value(await instance.operations.listSimulations(who(by), 'city')).map((item) => item.id);
    expect(await listed('merchant-b')).toEqual([]);
    expect(await listed('merchant-a')).toContain(mine.id);
    expect(codes(await instance.operations.showSimulation(who('merchant-b'), official.id))).toEqual(['access.not_found']);
    expect(await instance.operations.showSimulation(who('merchant-b'), official.id)).toEqual(
      await instance.operations.showSimulation(who('merchant-b'), 'sim_none'),
    );
    const before = value(await instance.operations.submitJob(who('merchant-b'), { dataset: 'city', sql: 'select 1', target: 'sim' }));
    expect(before.problems?.map((item) => item.code)).toEqual(['job.no_simulation']);
    value(await instance.operations.publishSimulation(who('operator-1'), official.id));
    expect(await listed('merchant-b')).toEqual([official.id]);
    const after = value(await instance.operations.submitJob(who('merchant-b'), { dataset: 'city', sql: 'select 1', target: 'sim' }));
    expect(value(await instance.operations.awaitJob(who('merchant-b'), after.id)).state).toBe('SIM_PASSED');
  });

  test('granted: looking is free, taking away needs a live grant', async () => {
    await open('granted');
    const { id } = await make('operator-1');
    value(await instance.operations.publishSimulation(who('operator-1'), id));
    instance.clock.set('2027-06-01T00:00:00.000Z');
    expect(value(await instance.operations.previewSimulation(who('merchant-a'), { id, table: 'residents', rows: 5 })).rows).toEqual([
      ['越秀'],
    ]);
    const take = (by: string) => instance.operations.simulationFile(who(by), { id, table: 'residents', format: 'parquet' });
    expect(codes(await take('merchant-a'))).toEqual(['simulation.needs_grant']);
    expect(codes(await instance.operations.simulationKit(who('merchant-a'), id))).toEqual(['simulation.needs_grant']);
    expect((await take('operator-1')).ok).toBe(true);
    instance.clock.set('2026-06-01T00:00:00.000Z');
    expect((await take('merchant-a')).ok).toBe(true);
    expect(codes(await take('auditor-1'))).toEqual(['access.forbidden']);
  });

  const look = async (id: string) =>
    codes(await instance.operations.previewSimulation(who('merchant-a'), { id, table: 'residents', rows: 5 }));
  const published = async () => {
    const { id } = await make('operator-1');
    value(await instance.operations.publishSimulation(who('operator-1'), id));
    return id;
  };

  test('agreed: looking needs a live grant, too; a preview of the supervisor does not help', async () => {
    await open('agreed');
    const id = await published();
    expect(await look(id)).toEqual([]);
    instance.clock.set('2027-06-01T00:00:00.000Z');
    expect(await look(id)).toEqual(['simulation.needs_grant']);
    expect((await instance.operations.previewSimulation(who('operator-1'), { id, table: 'residents', rows: 5 })).ok).toBe(true);
  });
});
