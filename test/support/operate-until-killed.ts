import type { OperationsPorts } from '../../src/operations/data-ports.ts';
import { openInstance, value } from './operations-instance.ts';

/**
 * A process of its own on an instance's folder that dies by SIGKILL at a named point:
 * `node operate-until-killed.ts FOLDER POINT EGRESS`. Reaching the end without dying prints `survived`.
 */
const [folder = '', point = '', egress = ''] = process.argv.slice(2);
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('Unreachable');
};
const KILLERS: Readonly<Record<string, (ports: OperationsPorts) => Partial<OperationsPorts>>> = {
  'before package': (ports) => ({ packages: { ...ports.packages, put: async () => die() } }),
  // As long as no rename has happened the folder is in tmp: a name that cannot be written stops `put` half way.
  'inside package': (ports) => ({
    packages: {
      ...ports.packages,
      put: async (release, files) => {
        const dying = new Proxy({ name: 'zz', bytes: new Uint8Array() }, { get: (_target, key) => (key === 'name' ? die() : undefined) });
        await ports.packages.put(release, [...files.slice(0, 2), dying]);
      },
    },
  }),
  'after package': (ports) => ({
    packages: {
      ...ports.packages,
      put: async (release, files) => {
        await ports.packages.put(release, files);
        die();
      },
    },
  }),
  'inside transaction': (ports) => ({
    store: {
      ...ports.store,
      write: (work) =>
        ports.store.write(async (tx) => {
          const result = await work(tx);
          die();
          return result;
        }),
    },
  }),
  'after commit': (ports) => ({
    store: {
      ...ports.store,
      write: async (work) => {
        await ports.store.write(work);
        return die();
      },
    },
  }),
  'after seal': (ports) => ({
    vault: {
      ...ports.vault,
      seal: async (job, content) => {
        await ports.vault.seal(job, content);
        return die();
      },
    },
  }),
  'after model': (ports) => ({
    models: {
      ...ports.models,
      keep: async (grant, content) => {
        await ports.models.keep(grant, content);
        return die();
      },
    },
  }),
  'job running': () => ({}),
  'job running again': () => ({}),
  'any time': () => ({}),
};

const change = KILLERS[point];
if (change === undefined) throw new Error(`No such point: ${point}`);
const instance = await openInstance(folder, change);
process.stdout.write('ready\n');
if (point === 'after seal') {
  await instance.realJob('SELECT 77');
} else if (point === 'after model') {
  const model = { format: 'onnx', base64: Buffer.from('half handed in').toString('base64') } as const;
  await instance.operations.scoreModel(instance.actor('merchant-a'), { dataset: 'city', sql: 'SELECT score', target: 'sim', model });
} else if (point === 'job running') {
  const merchant = instance.actor('merchant-a');
  for (const sql of ['SELECT hang', 'SELECT later']) {
    const job = value(await instance.operations.submitJob(merchant, { dataset: 'city', sql, target: 'sim' }));
    await instance.operations.awaitJob(merchant, job.id);
  }
  const hanging = value(await instance.operations.submitJob(merchant, { dataset: 'city', sql: 'SELECT hang', target: 'real' }));
  value(await instance.operations.submitJob(merchant, { dataset: 'city', sql: 'SELECT later', target: 'real' }));
  while (value(await instance.operations.showJob(merchant, hanging.id)).state !== 'REAL_RUNNING')
    await new Promise((resolve) => setTimeout(resolve, 5));
  die();
} else if (point === 'job running again') {
  await instance.operations.recover();
  const isRunning = async () => (await instance.ports.store.view.jobs.list({ states: ['REAL_RUNNING'] })).some((job) => job.attempt === 2);
  while (!(await isRunning())) await new Promise((resolve) => setTimeout(resolve, 5));
  die();
} else {
  value(await instance.operations.release(instance.actor('operator-1'), egress));
}
process.stdout.write('survived\n');
await instance.close();
