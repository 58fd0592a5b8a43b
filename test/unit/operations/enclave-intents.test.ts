import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuditUnavailable } from '../../../src/audit/audit-unavailable.ts';
import { err, ok } from '../../../src/kernel/result.ts';
import type { OperationsPorts } from '../../../src/operations/data-ports.ts';
import { ENCLAVE_CALLS, withEnclaveIntents } from '../../../src/operations/enclave-intents.ts';
import { problem } from '../../../src/problems/problem.ts';
import { CITY, dispose, seededInstance, type TestInstance, value, versionOf } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

type Port = keyof typeof ENCLAVE_CALLS;
type Call = (...input: readonly unknown[]) => Promise<{ readonly ok: boolean }>;
const PORTS = Object.keys(ENCLAVE_CALLS) as readonly Port[];
const TOUCHES = PORTS.flatMap((port) =>
  Object.entries(ENCLAVE_CALLS[port]).flatMap(([name, how]) => (how === 'touch' ? [[port, name] as const] : [])),
);

const SIMULATION = { id: 'sim_1', dataset: CITY };
const CONTEXT = { dataset: CITY, version: versionOf('v1', 'real'), grant: { id: 'grant_1' } };
/** What each is called with, and what it is about. A call that is not here fails its test. */
const INPUTS: Readonly<Record<string, readonly [readonly unknown[], string]>> = {
  'simulator.simulate': [[SIMULATION], 'sim_1'],
  'simulator.differing': [[SIMULATION], 'sim_1'],
  'simulator.preview': [[SIMULATION], 'sim_1'],
  'simulator.file': [[SIMULATION], 'sim_1'],
  'pipeline.verifyKeys': [[{}, CONTEXT], 'grant_1'],
  'vault.open': [['job_1'], 'job_1'],
};

/** The ports, with `work` in the place of one call. */
function portsWith(port: Port, name: string, work: () => Promise<unknown>): Call {
  const changed = { ...instance.ports, [port]: { ...instance.ports[port], [name]: work } } as OperationsPorts;
  return (withEnclaveIntents(changed)[port] as unknown as Readonly<Record<string, Call>>)[name] as Call;
}
const touches = async () => {
  const entries = await instance.ports.audit.entries({ after: 0, limit: 1000 });
  return entries.filter(({ operation }) => operation.startsWith('enclave.'));
};
const told = async (after: number) => (await touches()).slice(after).map(({ operation, outcome }) => [operation, outcome]);

test.each(PORTS)('every call of the %s is in the table', (port) => {
  const listed = Object.keys(ENCLAVE_CALLS[port]).sort();
  expect(Object.keys(instance.ports[port]).filter((name) => !listed.includes(name))).toEqual([]);
});

describe.each(TOUCHES)('%s.%s', (port, name) => {
  const call = `${port}.${name}`;
  const [input, about] = INPUTS[call] ?? [[], 'missing'];

  test('begins once its intent is on record, and answers once its outcome is', async () => {
    const before = (await touches()).length;
    let during: readonly (readonly string[])[] = [];
    const work = portsWith(port, name, async () => {
      during = await told(before);
      return ok('x');
    });
    expect(await work(...input)).toEqual(ok('x'));
    expect(during).toEqual([['enclave.intent', 'done']]);
    const entries = (await touches()).slice(before);
    expect(entries.map((entry) => [entry.operation, entry.facts['call'], entry.facts['about'], entry.trace])).toEqual([
      ['enclave.intent', call, about, about],
      ['enclave.outcome', call, about, about],
    ]);
    expect(new Set(entries.map(({ object }) => object.id)).size).toBe(1);
    expect(await instance.ports.audit.overdueIntents(-1)).toEqual([]);
  });

  test('says that it was refused or went wrong', async () => {
    const before = (await touches()).length;
    await portsWith(port, name, async () => err([problem('enclave.failed', {})]))(...input);
    const fault = portsWith(port, name, () => Promise.reject(new Error('CANARY')));
    await expect(fault(...input)).rejects.toThrow('CANARY');
    expect(await told(before)).toEqual([
      ['enclave.intent', 'done'],
      ['enclave.outcome', 'refused'],
      ['enclave.intent', 'done'],
      ['enclave.outcome', 'failed'],
    ]);
    expect(JSON.stringify(await touches())).not.toContain('CANARY');
  });

  test('touches nothing where the log takes no entries, and tells nothing where its outcome cannot be written', async () => {
    let calls = 0;
    const audit = { ...instance.ports.audit };
    const append = audit.append;
    const work = async () => {
      calls += 1;
      return ok('x');
    };
    const failing = (from: string) =>
      ({
        ...instance.ports,
        audit: {
          ...audit,
          append: (event: Parameters<typeof append>[0]) =>
            event.operation === from ? Promise.reject(new AuditUnavailable('checkpoint-not-written')) : append(event),
        },
        [port]: { ...instance.ports[port], [name]: work },
      }) as OperationsPorts;
    for (const [from, touched] of [
      ['enclave.intent', 0],
      ['enclave.outcome', 1],
    ] as const) {
      const wrapped = withEnclaveIntents(failing(from))[port] as unknown as Readonly<Record<string, Call>>;
      await expect(wrapped[name]?.(...input)).rejects.toThrow(AuditUnavailable);
      expect(calls).toBe(touched);
    }
    // The second has an intent without an outcome: an incident once its time is up.
    expect((await instance.ports.audit.overdueIntents(-1)).map(({ operation }) => operation)).toEqual(['enclave.intent']);
  });
});

test('the use cases go through it: previews, downloads, checks, approvals and releases leave their touches', async () => {
  const { operations, actor } = instance;
  const simulation = value(await operations.listSimulations(actor('merchant-a'), 'city'))[0]?.id ?? '';
  value(await operations.checkSimulation(actor('operator-1'), simulation));
  value(await operations.previewSimulation(actor('merchant-a'), { id: simulation, table: 'residents', rows: 1 }));
  value(await operations.simulationFile(actor('merchant-a'), { id: simulation, table: 'residents', format: 'csv' }));
  const { id } = await instance.requestFiled('SELECT 1');
  value(await operations.release(actor('operator-1'), id));
  const calls = new Set((await touches()).map(({ facts }) => facts['call']));
  expect([...calls].sort()).toEqual(['simulator.differing', 'simulator.file', 'simulator.preview', 'simulator.simulate', 'vault.open']);
});
