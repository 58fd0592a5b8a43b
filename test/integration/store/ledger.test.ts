import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AuditEvent, SYSTEM_ACTOR } from '../../../src/audit/event.ts';
import { DEFAULT_POLICY } from '../../../src/catalog/disclosure-policy.ts';
import { encodeSketch } from '../../../src/egress/ledger/sketch-bytes.ts';
import { err, ok } from '../../../src/kernel/result.ts';
import type { LedgerEntry } from '../../../src/operations/ledger-store.ts';
import type { StorePort } from '../../../src/operations/ports.ts';
import { isOnPostgres, rawRecords, recordText } from '../../support/kept-records.ts';
import { makeOlder } from '../../support/older-store.ts';
import { openStoreIn, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../support/unit-totals.ts';

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
  for (const job of ['job_1', 'job_2']) await addJob(opened.store, job);
});
afterEach(() => opened.remove());

const UNITS = keyedUnits(40, numbers(3));
const CANARY = { label: '哨兵坳-Z9Q4', figure: '987654321', answered: "SELECT sum(income) WHERE village = 'QX7'" };
type NewEntry = Omit<LedgerEntry, 'seq' | 'state' | 'at'>;

function event(object: string, operation: 'ledger.reserve' | 'job.submit' | 'job.done' = 'ledger.reserve'): AuditEvent {
  return { operation, actor: SYSTEM_ACTOR, object, outcome: 'done', facts: {} };
}

async function addJob(store: StorePort, id: string): Promise<void> {
  const job = { id, dataset: 'city', target: 'real', state: 'REAL_RUNNING', merchant: 'm', organisation: 'm-co' } as const;
  await store.write(async (tx) =>
    ok(await tx.jobs.add({ ...job, grantId: 'g', sql: 'SELECT 1', artefactHash: null }, event(id, 'job.submit'))),
  );
}

function entryOf(job: string, ordinal: number, dataset = 'city'): NewEntry {
  const sketch = encodeSketch(sketchOfUnits(UNITS, (unit) => BigInt(unit * 1000 + ordinal), 'fine'));
  const { label, figure, answered } = CANARY;
  const shape = { isTotal: true, isMagnitude: true, isOneSigned: true, units: 40, policy: DEFAULT_POLICY };
  const body = { gate: 'g', key: [label], term: 'sum(income)', ...shape, figure, answered };
  return { dataset, version: 'v1', job, ordinal, cell: 0, unitType: 'person', namespace: 'linear', family: 'income', sketch, body };
}

async function reserve(store: StorePort, entries: readonly NewEntry[]): Promise<void> {
  await store.write(async (tx) => ok(await tx.ledger.reserve(entries, event(entries[0]?.job ?? ''))));
}

async function settle(store: StorePort, job: string, to: 'released' | 'dropped'): Promise<void> {
  await store.write(async (tx) => ok(await tx.ledger.settle(job, to, event(job, 'job.done'))));
}

/** Changes the records as somebody with access to them would. */
async function tamper(sql: string): Promise<void> {
  await rawRecords(opened.folder, sql);
}

describe('entries of the ledger', () => {
  test('come back as they were given, in order of registration', async () => {
    await reserve(opened.store, [entryOf('job_1', 0), entryOf('job_1', 1)]);
    await reserve(opened.store, [entryOf('job_2', 0)]);
    const found = await opened.store.view.ledger.entries('city', [3, 1, 2, 99]);
    expect(found.map(({ seq, job, ordinal, state }) => [seq, job, ordinal, state])).toEqual([
      [1, 'job_1', 0, 'reserved'],
      [2, 'job_1', 1, 'reserved'],
      [3, 'job_2', 0, 'reserved'],
    ]);
    const { sketch, body, ...rest } = entryOf('job_1', 1);
    expect(found[1]).toMatchObject({ ...rest, body });
    expect(Buffer.from(found[1]?.sketch ?? [])).toEqual(Buffer.from(sketch));
    expect(await opened.store.view.ledger.entries('town', [1, 2, 3])).toEqual([]);
  });

  test('hold no totals, labels, figures or queries in clear', async () => {
    await reserve(opened.store, [entryOf('job_1', 0)]);
    await opened.store.close();
    const bytes = isOnPostgres ? Buffer.from(await recordText(opened.folder)) : await readFile(opened.path);
    for (const text of Object.values(CANARY)) {
      expect(bytes.includes(Buffer.from(text, 'utf8'))).toBe(false);
      expect(bytes.includes(Buffer.from(text, 'utf8').toString('base64').slice(0, -4))).toBe(false);
    }
    expect(bytes.includes(Buffer.from('job_1'))).toBe(true); // what stands in clear is found by the same means
  });

  test('sealed for one dataset cannot be opened with the key of another', async () => {
    await reserve(opened.store, [entryOf('job_1', 0)]);
    await tamper(`UPDATE ledger_entries SET dataset = 'town'`);
    await expect(opened.store.view.ledger.entries('town', [1])).rejects.toThrow();
  });

  test('cannot be moved to another entry, changed or shortened', async () => {
    await reserve(opened.store, [entryOf('job_1', 0), entryOf('job_1', 1)]);
    const read = async (seq: number) => opened.store.view.ledger.entries('city', [seq]);
    await tamper('UPDATE ledger_entries SET sealed = (SELECT sealed FROM ledger_entries WHERE seq = 1) WHERE seq = 2');
    await expect(read(2)).rejects.toThrow();
    expect(await read(1)).toHaveLength(1);
    await tamper(`UPDATE ledger_entries SET job = 'job_2' WHERE seq = 1`);
    await expect(read(1)).rejects.toThrow();
    await tamper(`UPDATE ledger_entries SET job = 'job_1', sealed = substr(sealed, 1, length(sealed) - 8) WHERE seq = 1`);
    await expect(read(1)).rejects.toThrow();
  });

  test('whose part in clear was exchanged are not read at all', async () => {
    await reserve(opened.store, [entryOf('job_1', 0), entryOf('job_1', 1)]);
    await tamper('UPDATE ledger_entries SET coarse = (SELECT coarse FROM ledger_entries WHERE seq = 1) WHERE seq = 2');
    await expect(opened.store.view.ledger.entries('city', [2])).rejects.toThrow('authenticate');
  });

  test('tell of themselves and of what becomes of them by revision', async () => {
    const { ledger } = opened.store.view;
    await reserve(opened.store, [entryOf('job_1', 0), entryOf('job_1', 1)]);
    await reserve(opened.store, [entryOf('job_2', 0)]);
    const before = await ledger.changes('city', 0);
    expect(before.map(({ seq, state, revision }) => [seq, state, revision])).toEqual([
      [1, 'reserved', 1],
      [2, 'reserved', 1],
      [3, 'reserved', 2],
    ]);
    await settle(opened.store, 'job_1', 'released');
    await settle(opened.store, 'job_2', 'dropped');
    expect((await ledger.changes('city', 2)).map(({ seq, state }) => [seq, state])).toEqual([
      [1, 'released'],
      [2, 'released'],
      [3, 'dropped'],
    ]);
    expect(await ledger.changes('city', 4)).toEqual([]);
    expect(await ledger.changes('town', 0)).toEqual([]);
  });

  test('that are released or dropped stay so', async () => {
    await reserve(opened.store, [entryOf('job_1', 0)]);
    await settle(opened.store, 'job_1', 'released');
    await settle(opened.store, 'job_1', 'dropped');
    expect(await opened.store.view.ledger.ofJob('job_1')).toEqual([{ seq: 1, state: 'released' }]);
  });

  test('are written with their event or not at all', async () => {
    const events = async () => (await opened.audit.verify()).entries;
    const count = await events();
    const refused = await opened.store.write(async (tx) => {
      await tx.ledger.reserve([entryOf('job_1', 0)], event('job_1'));
      return err('no');
    });
    expect(refused.ok).toBe(false);
    const forAnother = opened.store.write(async (tx) => ok(await tx.ledger.reserve([entryOf('job_1', 0)], event('job_2'))));
    await expect(forAnother).rejects.toThrow();
    expect([await opened.store.view.ledger.changes('city', 0), await events()]).toEqual([[], count]);
    await reserve(opened.store, [entryOf('job_1', 0)]);
    expect(await events()).toBe(count + 1);
    await expect(reserve(opened.store, [entryOf('job_1', 0)])).rejects.toThrow(); // the ordinal is taken
  });

  test('of two stores on one file are seen by each other, with numbers of one row', async () => {
    const other = await openStoreIn(opened.folder);
    try {
      await reserve(opened.store, [entryOf('job_1', 0)]);
      expect(await other.store.view.ledger.entries('city', [1])).toMatchObject([{ job: 'job_1', body: { figure: CANARY.figure } }]);
      await Promise.all([reserve(other.store, [entryOf('job_2', 0)]), reserve(opened.store, [entryOf('job_1', 1)])]);
      await settle(other.store, 'job_1', 'released');
      const seen = await opened.store.view.ledger.changes('city', 0);
      expect(seen.map((change) => change.seq)).toEqual([1, 2, 3]);
      expect(new Set(seen.map((change) => change.revision)).size).toBe(2); // one of the settlement, one of the other job
      expect(seen.filter((change) => change.job === 'job_1').map((change) => change.state)).toEqual(['released', 'released']);
    } finally {
      await other.store.close();
    }
  });

  test('can be kept in a store of before there was a ledger', async () => {
    await opened.store.close();
    await makeOlder(opened.folder, '0002-probes');
    const again = await openStoreIn(opened.folder);
    try {
      expect((await again.store.view.jobs.get('job_1'))?.state).toBe('REAL_RUNNING');
      await reserve(again.store, [entryOf('job_1', 0)]);
      expect(await again.store.view.ledger.changes('city', 0)).toMatchObject([{ seq: 1, state: 'reserved' }]);
      expect((await again.audit.verify()).verified).toBe(true);
    } finally {
      await again.store.close();
    }
  });
});
