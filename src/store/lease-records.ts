import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { LeaseStore } from '../operations/lease-store.ts';
import { isPostgres } from './migrations/migration.ts';
import type { Database } from './schema.ts';

const WAITING = ['SIM_QUEUED', 'REAL_QUEUED'];

/**
 * Leases over both databases. On PostgreSQL a claim stands in no line: rows that another claim has locked are passed over
 * (`for update skip locked`), and the lease of one that slipped through between is kept by its earlier holder. On SQLite the
 * write lock does the same. Source: ADR 0024; PostgreSQL 15, SELECT, "The Locking Clause".
 */
export function leaseStore(writer: Kysely<Database>, reader: Kysely<Database>): LeaseStore {
  const isShared = isPostgres(writer);
  const run = <T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T> => (isShared ? work(writer) : writer.transaction().execute(work));
  return {
    async claim({ holder, now, until, most, only }) {
      if (most < 1 || only?.length === 0) return [];
      const allowed: RawBuilder<unknown> = only === null ? sql`j.bound = 0` : sql`j.id in (${sql.join(only)})`;
      const free = sql`j.state in (${sql.join(WAITING)}) and ${allowed}
        and not exists (select 1 from leases l where l.object = j.id and l.until > ${now})`;
      const someone = await sql`select j.id from jobs j where ${free} limit 1`.execute(reader);
      if (someone.rows.length === 0) return [];
      const { rows } = await run((db) =>
        sql<{ readonly object: string }>`
          insert into leases (object, holder, until)
          select j.id, ${holder}, ${until} from jobs j where ${free} order by j.ordinal limit ${most}
          ${isShared ? sql`for update of j skip locked` : sql``}
          on conflict (object) do update set holder = excluded.holder, until = excluded.until where leases.until <= ${now}
          returning object`.execute(db),
      );
      return rows.map(({ object }) => object);
    },
    async hold(lease) {
      await run((db) => db.insertInto('leases').values(lease).execute());
    },
    async extend(holder, objects, until) {
      if (objects.length === 0) return [];
      const update = (db: Kysely<Database>) =>
        db.updateTable('leases').set({ until }).where('holder', '=', holder).where('object', 'in', objects).returning('object').execute();
      return (await run(update)).map(({ object }) => object);
    },
    async seize({ object, holder }, by) {
      const update = (db: Kysely<Database>) =>
        db
          .updateTable('leases')
          .set({ holder: by.holder, until: by.until })
          .where('object', '=', object)
          .where('holder', '=', holder)
          .where('until', '<=', by.now)
          .executeTakeFirstOrThrow();
      return (await run(update)).numUpdatedRows === 1n;
    },
    async drop(holder, objects) {
      if (objects.length === 0) return;
      await run((db) => db.deleteFrom('leases').where('holder', '=', holder).where('object', 'in', objects).execute());
    },
    list: () => reader.selectFrom('leases').selectAll().orderBy('object').execute(),
    async clear() {
      await run((db) => db.deleteFrom('leases').execute());
    },
  };
}
