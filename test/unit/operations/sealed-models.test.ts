import { createHash } from 'node:crypto';
import { chmod, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuditUnavailable } from '../../../src/audit/audit-unavailable.ts';
import { err } from '../../../src/kernel/result.ts';
import type { OperationsPorts } from '../../../src/operations/data-ports.ts';
import type { JobView } from '../../../src/operations/operations.ts';
import { rawRecords, recordText } from '../../support/kept-records.ts';
import { makeOlder } from '../../support/older-store.ts';
import { codes, dispose, scriptedPipeline, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

/** The bytes of a merchant's model stand sealed beside the records, which hold digest and length. */
let instance: TestInstance;
let asked: string[];
beforeEach(async () => {
  asked = [];
  instance = await seededInstance({ pipeline: listening() });
});
afterEach(() => dispose(instance));

/** The scripted pipeline, which also tells what model a job came with. */
function listening(): OperationsPorts['pipeline'] {
  const usual = scriptedPipeline();
  return {
    ...usual,
    answer: (sql, context, around, signal) => {
      asked.push(Buffer.from(context.scoring?.bytes ?? []).toString('utf8'));
      return usual.answer(sql, context, around, signal);
    },
  };
}

const MODEL = 'a model that says CANARY';
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const names = () => instance.ports.models.names();
const pathOf = (name: string): string => join(instance.folder, 'artefacts', `${name}.sealed`);

function hand(text: string, { merchant = 'merchant-a', sql = 'SELECT score', target = 'sim' as 'sim' | 'real' } = {}) {
  const model = { format: 'onnx', base64: Buffer.from(text).toString('base64') } as const;
  return instance.operations.scoreModel(instance.actor(merchant), { dataset: 'city', sql, target, model });
}
async function score(text: string, how: Parameters<typeof hand>[1] = {}): Promise<JobView> {
  const { id } = value(await hand(text, how));
  return value(await instance.operations.awaitJob(instance.actor(how.merchant ?? 'merchant-a'), id));
}

/** A job that waits: its model is on disk and nothing has read it yet. */
async function waiting(target: 'sim' | 'real'): Promise<{ readonly job: string; readonly name: string }> {
  if (target === 'real') await score(MODEL);
  instance = await instance.reopen({ pipeline: listening(), runsJobs: false });
  const { id } = value(await hand(MODEL, { target }));
  const [name = ''] = await names();
  return { job: id, name };
}
async function run(job: string): Promise<{ readonly merchant: JobView; readonly operator: JobView }> {
  asked = [];
  instance = await instance.reopen({ pipeline: listening() });
  await instance.operations.recover();
  await instance.operations.awaitJob(instance.actor('merchant-a'), job);
  const [merchant, operator] = await Promise.all(
    ['merchant-a', 'operator-1'].map(async (who) => value(await instance.operations.showJob(instance.actor(who), job))),
  );
  return { merchant: merchant as JobView, operator: operator as JobView };
}
const told = ({ problems = [] }: JobView): readonly string[] => problems.map(({ code }) => code);

test('a record holds digest and length, the file is sealed, and the job is given the bytes', async () => {
  const { id, state } = await score(MODEL);
  expect([state, asked]).toEqual(['SIM_PASSED', [MODEL]]);
  const [name = '', ...others] = await names();
  const record = await instance.ports.store.view.jobs.get(id);
  expect(record?.scoring).toEqual({ format: 'onnx', sha256: digestOf(MODEL), bytes: MODEL.length });
  expect([name, others]).toEqual([`${record?.grantId}_${digestOf(MODEL)}`, []]);
  expect((await readFile(pathOf(name))).includes('CANARY')).toBe(false);
  const text = await recordText(instance.folder);
  for (const trace of ['CANARY', Buffer.from(MODEL).toString('base64').slice(4, 20)]) expect(text).not.toContain(trace);
});

test('the same file of one grant stands once, that of another grant is another’s', async () => {
  await score(MODEL);
  const [first = ''] = await names();
  const before = await readFile(pathOf(first));
  expect((await score(MODEL, { target: 'real' })).state).toBe('EGRESS_REQUESTED');
  expect(await names()).toEqual([first]);
  expect((await readFile(pathOf(first))).equals(before)).toBe(true);
  await score(MODEL, { merchant: 'merchant-b' });
  expect((await names()).map((name) => name.slice(-64))).toEqual([digestOf(MODEL), digestOf(MODEL)]);
  expect(asked).toEqual([MODEL, MODEL, MODEL]);
});

test('of a model that is refused no byte is kept', async () => {
  expect((await score(MODEL, { sql: 'SELECT refuse' })).state).toBe('REFUSED');
  expect(await names()).toEqual([]);
  expect(codes(await hand(MODEL, { target: 'real', sql: 'SELECT other' }))).toEqual([]);
  expect(await names()).toEqual([]);
  const tooLong = 'A'.repeat(5_592_412);
  const input = { dataset: 'city', sql: 'SELECT score', target: 'sim', model: { format: 'onnx', base64: tooLong } } as const;
  expect(codes(await instance.operations.scoreModel(instance.actor('merchant-a'), input))).toEqual(['model.file_refused']);
});

describe.each(['sim', 'real'] as const)('before a job on %s data runs', (target) => {
  const constant = target === 'sim' ? 'job.simulation_failed' : 'job.not_released';

  test('its model is flipped in one byte: nothing is asked, the merchant sees the constant, operators the fault', async () => {
    const { job, name } = await waiting(target);
    const bytes = await readFile(pathOf(name));
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await chmod(pathOf(name), 0o600);
    await writeFile(pathOf(name), bytes);
    const { merchant, operator } = await run(job);
    expect([asked, told(merchant), told(operator)]).toEqual([[], [constant], ['audit.sealed_model_changed']]);
  });

  test('its model is taken away: the same', async () => {
    const { job, name } = await waiting(target);
    await rm(pathOf(name));
    const { merchant, operator } = await run(job);
    expect([asked, told(merchant), told(operator)]).toEqual([[], [constant], ['audit.sealed_model_missing']]);
  });

  test('another sealed model is put in its place: the same', async () => {
    const { job, name } = await waiting(target);
    const other = value(await hand('another', { merchant: 'merchant-b' }));
    const grant = (await instance.ports.store.view.jobs.get(other.id))?.grantId;
    value(await instance.operations.cancelJob(instance.actor('merchant-b'), other.id));
    await rm(pathOf(name));
    await copyFile(pathOf(`${grant}_${digestOf('another')}`), pathOf(name));
    const { merchant, operator } = await run(job);
    expect([asked, told(merchant), told(operator)]).toEqual([[], [constant], ['audit.sealed_model_changed']]);
  });

  test('a record that names another length or digest is not believed', async () => {
    const { job } = await waiting(target);
    await rawRecords(instance.folder, `UPDATE jobs SET body = replace(body, '"bytes":${MODEL.length}', '"bytes":1') WHERE id = ?`, job);
    const { operator } = await run(job);
    expect([asked, told(operator)]).toEqual([[], ['audit.sealed_model_changed']]);
  });
});

test('a damaged file is written anew when the same model is handed in again', async () => {
  await score(MODEL);
  const [name = ''] = await names();
  await rm(pathOf(name));
  await writeFile(pathOf(name), 'damaged', { mode: 0o400 });
  expect((await score(MODEL)).state).toBe('SIM_PASSED');
  expect(asked).toEqual([MODEL, MODEL]);
});

test('where the disk takes no model there is no job either', async () => {
  await writeFile(join(instance.folder, 'artefacts'), 'no folder');
  await expect(hand(MODEL)).rejects.toThrow(AuditUnavailable);
  expect(await instance.ports.store.view.jobs.list({})).toEqual([]);
});

test('a file whose transaction did not come is removed at the next start, those of jobs are not', async () => {
  await score(MODEL);
  const kept = await names();
  const failing = (ports: OperationsPorts) => ({ store: { ...ports.store, write: async () => err([]) as never } });
  instance = await instance.reopen(failing);
  expect((await hand('never on record')).ok).toBe(false);
  expect(await names()).toHaveLength(2);
  instance = await instance.reopen({ pipeline: listening() });
  expect((await instance.operations.recover()).removedModels).toHaveLength(1);
  expect(await names()).toEqual(kept);
});

/** Files as versions before 0101 kept them: in base64, in the record. */
async function asBefore(job: string, field: string, old: string): Promise<void> {
  const [row] = await rawRecords(instance.folder, 'SELECT body FROM jobs WHERE id = ?', job);
  const body = JSON.parse(String(row?.['body'])) as Record<string, unknown>;
  await rawRecords(instance.folder, 'UPDATE jobs SET body = ? WHERE id = ?', JSON.stringify({ ...body, [field]: JSON.parse(old) }), job);
}

test('models that an older version left in records are moved into sealed files, once, and jobs find them', async () => {
  const scored = await score(MODEL);
  const refused = await score('refused', { sql: 'SELECT refuse' });
  const plain = value(
    await instance.operations.submitJob(instance.actor('merchant-a'), { dataset: 'city', sql: 'SELECT 1', target: 'sim' }),
  );
  await instance.operations.awaitJob(instance.actor('merchant-a'), plain.id);
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  await asBefore(scored.id, 'scoring', JSON.stringify({ format: 'onnx', base64: encode(MODEL) }));
  await asBefore(refused.id, 'scoring', JSON.stringify({ format: 'wasm', base64: encode('refused') }));
  const files = [{ name: 'model.onnx', base64: encode('learnt') }];
  await asBefore(plain.id, 'training', JSON.stringify({ specification: '{"algorithm":"kmeans"}', files }));
  await rm(join(instance.folder, 'artefacts'), { recursive: true });
  const { folder } = instance;
  await instance.close();
  await makeOlder(folder, '0100-list-pages');
  for (const _ of [1, 2]) {
    instance = await instance.reopen({ pipeline: listening() });
    await instance.operations.recover();
    const jobs = instance.ports.store.view.jobs;
    expect((await jobs.get(scored.id))?.scoring).toEqual({ format: 'onnx', sha256: digestOf(MODEL), bytes: MODEL.length });
    expect((await jobs.get(refused.id))?.scoring).toEqual({ format: 'wasm', sha256: digestOf('refused'), bytes: 7 });
    expect((await jobs.get(plain.id))?.training?.files).toEqual([{ name: 'model.onnx', sha256: digestOf('learnt'), bytes: 6 }]);
    expect((await names()).map((name) => name.slice(-64)).sort()).toEqual([digestOf(MODEL), digestOf('learnt')].sort());
    expect(await recordText(folder, ['jobs'])).not.toContain('base64');
    expect((await instance.ports.audit.verify()).verified).toBe(true);
  }
});
