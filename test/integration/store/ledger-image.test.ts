import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AuditEvent, SYSTEM_ACTOR } from '../../../src/audit/event.ts';
import { DEFAULT_POLICY } from '../../../src/catalog/disclosure-policy.ts';
import type { LedgerIndex } from '../../../src/egress/ledger/ledger-index.ts';
import { encodeSketch } from '../../../src/egress/ledger/sketch-bytes.ts';
import { ok } from '../../../src/kernel/result.ts';
import { keepLedgerImages, type LedgerImage } from '../../../src/operations/ledger-images.ts';
import { ledgerIndex, writeWithLedger } from '../../../src/operations/ledger-memory.ts';
import type { StorePort } from '../../../src/operations/ports.ts';
import { fileLedgerImages } from '../../../src/store/ledger-image-file.ts';
import { rawRecords } from '../../support/kept-records.ts';
import { openStoreIn, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../support/unit-totals.ts';

const DATASET = 'city';
const FIGURES = 40;
const UNITS = keyedUnits(60, numbers(7));

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

const folder = (): string => join(opened.folder, 'ledger');
const sketch = (number: number) => sketchOfUnits(UNITS.slice(0, 12 + number), (unit) => BigInt(unit + 3 * number + 1), 'fine');

function event(object: string, operation: 'ledger.reserve' | 'job.submit' | 'job.done'): AuditEvent {
  return { operation, actor: SYSTEM_ACTOR, object, outcome: 'done', facts: {} };
}

async function reserve(store: StorePort, job: string, from: number, count: number): Promise<void> {
  const record = { id: job, dataset: DATASET, target: 'real', state: 'REAL_RUNNING', merchant: 'm', organisation: 'o' } as const;
  const body = {
    ...{ gate: 'g', key: [], term: 'rows', isTotal: true, isMagnitude: true, isOneSigned: true, units: 40 },
    ...{ policy: DEFAULT_POLICY, figure: '1', answered: '' },
  };
  const place = { dataset: DATASET, version: 'v1', job, cell: 0, unitType: 'person', family: 'income' };
  const entries = Array.from({ length: count }, (_, ordinal) => ({
    ...{ ...place, ordinal, namespace: ordinal % 5 === 4 ? 'median' : 'linear' },
    ...{ sketch: encodeSketch(sketch(from + ordinal)), body },
  }));
  await store.write(async (tx) => {
    await tx.jobs.add({ ...record, grantId: 'g', sql: 'SELECT 1', artefactHash: null }, event(job, 'job.submit'));
    await tx.ledger.reserve(entries, event(job, 'ledger.reserve'));
    return ok(null);
  });
}

async function settle(store: StorePort, job: string, to: 'released' | 'dropped'): Promise<void> {
  await store.write(async (tx) => ok(await tx.ledger.settle(job, to, event(job, 'job.done'))));
}

async function indexOf(store: StorePort): Promise<LedgerIndex> {
  const index = await writeWithLedger(store, DATASET, async (tx) => ok(await ledgerIndex(store, tx, DATASET)));
  if (!index.ok) throw new Error('No index');
  return index.value;
}

/** What a process that starts knows, and the image it was offered. */
async function started(): Promise<{ readonly index: LedgerIndex; readonly offered: LedgerImage | null; readonly plain: LedgerIndex }> {
  const [first, second] = [await openStoreIn(opened.folder), await openStoreIn(opened.folder)];
  const files = fileLedgerImages(folder(), first.keys);
  let offered: LedgerImage | null = null;
  keepLedgerImages(first.store, {
    read: async (dataset) => {
      offered = await files.read(dataset);
      return offered;
    },
    write: () => Promise.resolve(),
  });
  const [index, plain] = [await indexOf(first.store), await indexOf(second.store)];
  await Promise.all([first.store.close(), second.store.close()]);
  return { index, offered, plain };
}

function expectAlike(index: LedgerIndex, plain: LedgerIndex): void {
  const seqs = Array.from({ length: 3 * FIGURES }, (_, at) => at + 1);
  expect(seqs.map((seq) => index.get(seq) ?? null)).toEqual(seqs.map((seq) => plain.get(seq) ?? null));
  expect([index.size, index.last]).toEqual([plain.size, plain.last]);
  for (const namespace of ['linear', 'median', 'none'])
    for (const [number, k] of [3, 10, 25].flatMap((k) => seqs.map((seq) => [seq - 1, k] as const)))
      expect(index.near('person', namespace, sketch(number), k)).toEqual(plain.near('person', namespace, sketch(number), k));
  expect(index.family('person', 'income', 20)).toEqual(plain.family('person', 'income', 20));
}

/** Three jobs: one released, one dropped, one waiting; then an image of what is known. */
async function withImage(): Promise<void> {
  for (const [at, job] of ['job_1', 'job_2', 'job_3'].entries()) await reserve(opened.store, job, at * 20, 20);
  await settle(opened.store, 'job_1', 'released');
  await settle(opened.store, 'job_2', 'dropped');
  const index = await indexOf(opened.store);
  const revision = Math.max(...(await opened.store.view.ledger.changes(DATASET, 0)).map((change) => change.revision));
  const mark = await opened.store.view.ledger.mark(DATASET, { seq: index.last, revision });
  if (mark === null) throw new Error('No mark');
  await fileLedgerImages(folder(), opened.keys).write(DATASET, mark, index.image());
}

describe('an image of the index', () => {
  test('is what a process starts with, and finds what the records give', async () => {
    await withImage();
    const { index, offered, plain } = await started();
    expect(index).toBe(offered?.index);
    expectAlike(index, plain);
    expect(index.get(1)?.state).toBe('released');
    expect(index.get(25)).toBeUndefined();
  });

  test('is brought up to date: new entries, releases, drops', async () => {
    await withImage();
    await settle(opened.store, 'job_3', 'dropped');
    await reserve(opened.store, 'job_4', 60, 20);
    await reserve(opened.store, 'job_5', 80, 20);
    await settle(opened.store, 'job_5', 'released');
    const { index, offered, plain } = await started();
    expect(index).toBe(offered?.index);
    expectAlike(index, plain);
    expect([index.get(45), index.get(61)?.state, index.get(85)?.state]).toEqual([undefined, 'reserved', 'released']);
  });

  test.each([
    ['a state that was changed behind its back', `UPDATE ledger_entries SET state = 'dropped' WHERE seq = 3`],
    [
      'two states that changed places',
      `UPDATE ledger_entries SET state = CASE seq WHEN 3 THEN 'reserved' ELSE 'released' END WHERE seq IN (3, 45)`,
    ],
    ['an entry that is gone', 'DELETE FROM ledger_entries WHERE seq = 7'],
    ['the last entry made anew', `UPDATE ledger_entries SET sealed = (SELECT sealed FROM ledger_entries WHERE seq = 1) WHERE seq = 60`],
    ['entries of another ledger', `DELETE FROM ledger_entries WHERE seq > 30`],
  ])('is not taken beside %s', async (_, sql) => {
    await withImage();
    await rawRecords(opened.folder, sql);
    const { index, offered, plain } = await started();
    expect(offered).not.toBeNull();
    expect(index).not.toBe(offered?.index);
    expectAlike(index, plain);
  });

  test('counts as none once a byte of it is another', async () => {
    await withImage();
    const [name = ''] = await readdir(folder());
    const bytes = await readFile(join(folder(), name));
    const states = [0, 10, 60, 900, bytes.length >> 1, bytes.length - 40, bytes.length - 1];
    for (const at of states) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(join(folder(), name), changed);
      expect(await fileLedgerImages(folder(), opened.keys).read(DATASET)).toBeNull();
    }
    await writeFile(join(folder(), name), bytes.subarray(0, bytes.length - 100));
    expect(await fileLedgerImages(folder(), opened.keys).read(DATASET)).toBeNull();
    await writeFile(join(folder(), name), bytes);
    expect(await fileLedgerImages(folder(), opened.keys).read(DATASET)).not.toBeNull();
    expect(await fileLedgerImages(folder(), opened.keys).read('town')).toBeNull();
  });
});
