import type { Transaction } from 'kysely';
import { RECORDS } from './migrations/0001-records.ts';
import { PROBES } from './migrations/0002-probes.ts';
import { LEDGER } from './migrations/0003-ledger.ts';
import { PRIVACY } from './migrations/0004-privacy.ts';
import { STANDARD_TABLES } from './migrations/0005-standard-tables.ts';
import { LEDGER_SUMS } from './migrations/0006-ledger-sums.ts';
import { REVIEW } from './migrations/0010-review.ts';
import { DOWNLOADS } from './migrations/0011-downloads.ts';
import { PRODUCTS } from './migrations/0012-products.ts';
import { MERKLE_LOG } from './migrations/0020-merkle-log.ts';
import { AUDIT_SEARCH } from './migrations/0021-audit-search.ts';
import { AUDIT_BLOCKS } from './migrations/0022-audit-blocks.ts';
import { SIMULATION_STATES } from './migrations/0030-simulation-states.ts';
import { FIT_BUDGET } from './migrations/0031-fit-budget.ts';
import { MATTERS } from './migrations/0050-matters.ts';
import { ORGANISATION_SIDES } from './migrations/0051-organisation-sides.ts';
import { WEBHOOKS } from './migrations/0052-webhooks.ts';
import { KEY_TERMS } from './migrations/0060-key-terms.ts';
import { IDEMPOTENT_ANSWERS } from './migrations/0061-idempotent-answers.ts';
import { JOB_EVENTS } from './migrations/0062-job-events.ts';
import { ACCOUNTS } from './migrations/0063-accounts.ts';
import { LEASES } from './migrations/0065-leases.ts';
import { LEDGER_SHUT } from './migrations/0066-ledger-shut.ts';
import { DUTIES } from './migrations/0067-duties.ts';
import { MASK_POLICIES } from './migrations/0070-mask-policies.ts';
import { EXTERNAL_DATA } from './migrations/0071-external-data.ts';
import { AFFILIATION_TERMS } from './migrations/0076-affiliation-terms.ts';
import { AFFILIATION_DUTIES } from './migrations/0077-affiliation-duties.ts';
import { REPORT_SCHEDULES } from './migrations/0080-report-schedules.ts';
import { REGISTRATION_DUTIES } from './migrations/0081-registration-duties.ts';
import { LIST_PAGES } from './migrations/0100-list-pages.ts';
import { MODEL_FILES } from './migrations/0101-model-files.ts';
import { columnType, type Migration } from './migrations/migration.ts';
import type { Database } from './schema.ts';

/** Every migration, in order. */
export const MIGRATIONS: readonly Migration[] = [
  RECORDS,
  PROBES,
  LEDGER,
  PRIVACY,
  STANDARD_TABLES,
  LEDGER_SUMS,
  REVIEW,
  DOWNLOADS,
  PRODUCTS,
  MERKLE_LOG,
  AUDIT_SEARCH,
  AUDIT_BLOCKS,
  SIMULATION_STATES,
  FIT_BUDGET,
  MATTERS,
  ORGANISATION_SIDES,
  WEBHOOKS,
  KEY_TERMS,
  IDEMPOTENT_ANSWERS,
  JOB_EVENTS,
  ACCOUNTS,
  LEASES,
  LEDGER_SHUT,
  MASK_POLICIES,
  DUTIES,
  EXTERNAL_DATA,
  AFFILIATION_TERMS,
  AFFILIATION_DUTIES,
  REPORT_SCHEDULES,
  REGISTRATION_DUTIES,
  LIST_PAGES,
  MODEL_FILES,
];

/**
 * Applies, inside the given transaction, what is not applied yet, in order, and gives its names. One that came later may stand before one
 * that is there: each makes tables or indexes of its own. Throws when the store holds a migration this version does not know: it was written by a
 * newer one.
 */
export async function migrate(
  db: Transaction<Database>,
  at: Date,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<readonly string[]> {
  await db.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('name', columnType(db, 'text'), (column) => column.primaryKey())
    .addColumn('applied_at', 'text', (column) => column.notNull())
    .execute();
  const rows = await db.selectFrom('schema_migrations').select('name').orderBy('name').execute();
  // Numbers are given out in ranges: one that was added may come before some that were applied long ago.
  const applied = new Set(rows.map((row) => row.name));
  const pending = migrations.filter((migration) => !applied.has(migration.name));
  if (pending.length + applied.size !== migrations.length) throw new Error('The store was written by another version of the product');
  for (const migration of pending) {
    await migration.up(db);
    await db.insertInto('schema_migrations').values({ name: migration.name, applied_at: at.toISOString() }).execute();
  }
  return pending.map((migration) => migration.name);
}
