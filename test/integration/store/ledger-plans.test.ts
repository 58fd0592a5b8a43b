import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AuditEvent, SYSTEM_ACTOR } from '../../../src/audit/event.ts';
import { DEFAULT_POLICY } from '../../../src/catalog/disclosure-policy.ts';
import { encodeSketch } from '../../../src/egress/ledger/sketch-bytes.ts';
import { ok } from '../../../src/kernel/result.ts';
import { writeLedger } from '../../../src/store/ledger-records.ts';
import type { Database } from '../../../src/store/schema.ts';
import { NodeSqliteDialect } from '../../../src/store/sqlite-database.ts';
import { isOnPostgres } from '../../support/kept-records.ts';
import { type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../support/unit-totals.ts';

const SKETCH = encodeSketch(sketchOfUnits(keyedUnits(40, numbers(3)), (unit) => BigInt(unit), 'fine'));

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
  await opened.store.write(async (tx) => ok(await tx.jobs.add({ ...JOB, grantId: 'g', sql: '', artefactHash: null }, event('job.submit'))));
});
afterEach(() => opened.remove());

const JOB = { id: 'job_1', dataset: 'city', target: 'real', state: 'REAL_RUNNING', merchant: 'm', organisation: 'o' } as const;

function event(operation: 'job.submit' | 'ledger.reserve' | 'ledger.expire'): AuditEvent {
  return { operation, actor: SYSTEM_ACTOR, object: 'job_1', outcome: 'done', facts: {} } as AuditEvent;
}

type Ledger = ReturnType<typeof writeLedger>;

function entryOf(ordinal: number): Parameters<Ledger['reserve']>[0][number] {
  const shape = { isTotal: true, isMagnitude: true, isOneSigned: true, units: 40, policy: DEFAULT_POLICY };
  const body = { gate: 'g', key: [], term: 'sum(income)', ...shape, figure: '1', answered: 'SELECT 1' };
  const who = { dataset: 'city', version: 'v1', job: 'job_1', ordinal, cell: 0 };
  return { ...who, unitType: 'person', namespace: 'linear', family: 'income', sketch: SKETCH, body };
}

/** What SQLite would read for every statement about the entries that the work makes. */
async function plansOf(work: (ledger: Ledger) => Promise<unknown>): Promise<readonly string[]> {
  const file = new DatabaseSync(opened.path);
  const plans: string[] = [];
  const db = new Kysely<Database>({
    dialect: new NodeSqliteDialect(file),
    log: ({ query: { sql, parameters } }) => {
      if (!sql.includes('"ledger_entries"')) return;
      const rows = file.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...(parameters as string[]));
      for (const { detail } of rows) plans.push(String(detail));
    },
  });
  try {
    await db.transaction().execute((tx) => {
      const writing = { tx, at: '2026-01-01T00:00:00.000Z', fields: {} as never, record: async () => 1 };
      return work(writeLedger(writing, opened.keys));
    });
    return plans;
  } finally {
    await db.destroy();
  }
}

/** One that reads all entries: no condition on an index, or on the dataset alone. The last revision of a dataset is one step. */
function isOfAll(plan: string): boolean {
  return (
    /^SCAN ledger_entries/.test(plan) ||
    /^SEARCH [^(]*INDEX [^(]*$/.test(plan) ||
    (/\(dataset=\?\)$/.test(plan) && !plan.includes('COVERING'))
  );
}

describe.skipIf(isOnPostgres)('beside a ledger of a million entries', () => {
  test('no statement of a settlement reads them all', async () => {
    const plans = await plansOf(async (ledger) => {
      await ledger.undecided('2026-01-01');
      await ledger.changes('city', 3);
      await ledger.ofJob('job_1');
      await ledger.reserve([entryOf(0), entryOf(1)], event('ledger.reserve'));
      // As many as combinations are looked for among.
      const asked = Array.from({ length: 80 }, (_, at) => at + 1);
      expect((await ledger.entries('city', asked)).map(({ seq }) => seq)).toEqual([1, 2]);
      await ledger.settle('job_1', 'released', event('ledger.expire'));
    });
    expect(plans.length).toBeGreaterThan(5);
    expect(plans.filter(isOfAll)).toEqual([]);
  });

  test('a start goes through them once, in order', async () => {
    const plans = await plansOf(async (ledger) => {
      await ledger.reserve([entryOf(0), entryOf(1), { ...entryOf(2), dataset: 'other' }, entryOf(3)], event('ledger.reserve'));
      const first = await ledger.page('city', 0, 2);
      const second = await ledger.page('city', first.at(-1)?.seq ?? 0, 2);
      expect([...first, ...second].map(({ seq }) => seq)).toEqual([1, 2, 4]);
    });
    const paged = plans.slice(-2);
    expect(paged).toEqual(Array.from({ length: 2 }, () => 'SEARCH ledger_entries USING INTEGER PRIMARY KEY (rowid>?)'));
  });

  test('a statement that does is found', async () => {
    expect(isOfAll('SCAN ledger_entries')).toBe(true);
    expect(isOfAll('SEARCH ledger_entries USING COVERING INDEX ledger_by_state_of_revision')).toBe(true);
    expect(isOfAll('SEARCH ledger_entries USING INDEX ledger_by_state_of_revision (dataset=?)')).toBe(true);
    expect(isOfAll('SEARCH ledger_entries USING INTEGER PRIMARY KEY (rowid=?)')).toBe(false);
  });
});
