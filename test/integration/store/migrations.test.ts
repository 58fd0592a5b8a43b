import { stat } from 'node:fs/promises';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MIGRATIONS, migrate } from '../../../src/store/migrations.ts';
import { openRecordDatabase } from '../../../src/store/record-database.ts';
import type { Database } from '../../../src/store/schema.ts';
import { isOnPostgres, rawRecords, recordPlace, recordTables } from '../../support/kept-records.ts';
import { makeOlder } from '../../support/older-store.ts';
import { openStoreIn, someEvent, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

const AT = new Date('2026-01-01T00:00:00Z');

/** The records as the product opens them, without looking at them. */
async function withRecords<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  const database = await openRecordDatabase(await recordPlace(opened.folder));
  return work(database.writer).finally(() => database.close());
}

test('an empty store gets every table', async () => {
  expect(await recordTables(opened.folder)).toEqual([
    'accounts',
    'affiliation_terms',
    'api_keys',
    'audit_blocks',
    'audit_checkpoints',
    'audit_entries',
    'audit_holds',
    'audit_indexed',
    'audit_month_keys',
    'audit_openings',
    'audit_queries',
    'audit_searches',
    'audit_terms',
    'audit_tree',
    'client_certificates',
    'dataset_versions',
    'datasets',
    'download_tokens',
    'egress_requests',
    'enrolments',
    'external_data',
    'fit_spending',
    'grants',
    'idempotent_answers',
    'job_events',
    'job_models',
    'jobs',
    'kept_reports',
    'leases',
    'ledger_entries',
    'ledger_shut',
    'loads',
    'mask_policies',
    'matter_keys',
    'matter_notices',
    'matters',
    'notices',
    'organisation_sides',
    'principals',
    'privacy_spending',
    'probes',
    'product_calls',
    'product_stops',
    'recovery_codes',
    'releases',
    'report_schedules',
    'schema_migrations',
    'sessions',
    'simulations',
    'standard_tables',
    'verified_keys',
    'votes',
    'webhook_deliveries',
    'webhooks',
  ]);
});

test('opening again applies nothing and keeps what is there', async () => {
  await opened.audit.append(someEvent('kept'));
  const again = await openStoreIn(opened.folder);
  expect(await again.audit.verify()).toMatchObject({ verified: true, entries: 1 });
  await again.store.close();
  expect(await withRecords((db) => db.transaction().execute((tx) => migrate(tx, AT)))).toEqual([]);
});

test.each(MIGRATIONS.slice(0, -1).map((migration) => migration.name))(
  'a store that ended with %s is brought up to date in place',
  async (last) => {
    await opened.audit.append(someEvent('kept'));
    await opened.store.close();
    await makeOlder(opened.folder, last);
    const again = await openStoreIn(opened.folder);
    // A log that was a chain says in an entry of its own that it became a tree.
    expect(await again.audit.verify()).toMatchObject({ verified: true, entries: last < '0020' ? 2 : 1 });
    await again.store.close();
    const applied = await rawRecords(opened.folder, 'SELECT name FROM schema_migrations ORDER BY name');
    expect(applied.map((row) => row['name'])).toEqual(MIGRATIONS.map((migration) => migration.name).sort());
  },
);

test('a migration that fails leaves nothing of itself', async () => {
  const broken = {
    name: '9999-broken',
    up: async (tx: Kysely<Database>) => {
      await tx.schema.createTable('half').addColumn('x', 'text').execute();
      throw new Error('no');
    },
  };
  const attempt = withRecords((db) => db.transaction().execute((tx) => migrate(tx, AT, [...MIGRATIONS, broken])));
  await expect(attempt).rejects.toThrow('no');
  expect(await recordTables(opened.folder)).not.toContain('half');
});

test('a store of a newer version is refused', async () => {
  await rawRecords(opened.folder, `INSERT INTO schema_migrations VALUES ('9999-future', 'then')`);
  await expect(openStoreIn(opened.folder)).rejects.toThrow('another version');
});

test('many processes’ first openings at once agree', async () => {
  const fresh = `${opened.folder}/fresh`;
  const stores = await Promise.all(Array.from({ length: 4 }, () => openStoreIn(fresh)));
  for (const [index, each] of stores.entries()) await each.audit.append(someEvent(`from-${index}`));
  expect(await stores[0]?.audit.verify()).toMatchObject({ verified: true, entries: 4 });
  for (const each of stores) await each.store.close();
});

test.skipIf(isOnPostgres)('the file is private', async () => {
  expect((await stat(opened.path)).mode & 0o777).toBe(0o600);
  expect((await stat(`${opened.path}-wal`)).mode & 0o777).toBe(0o600);
});
