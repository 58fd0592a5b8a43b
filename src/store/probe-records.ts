import type { Kysely } from 'kysely';
import type { StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import { requireAbout, type Writing } from './writing.ts';

/** Rows per statement: SQLite takes 32,766 parameters. */
const ROWS_AT_ONCE = 2000;

export function readProbes(db: Kysely<Database>): StoreView['probes'] {
  return {
    async counted(scope, columns) {
      if (columns.length === 0) return [];
      return db
        .selectFrom('probes')
        .select(['column_name as column', 'literal_digest as digest'])
        .where('organisation', '=', scope.organisation)
        .where('dataset', '=', scope.dataset)
        .where('period', '=', scope.period)
        .where('column_name', 'in', columns)
        .execute();
    },
  };
}

export function writeProbes(writing: Writing): StoreTransaction['probes'] {
  const { tx } = writing;
  return {
    ...readProbes(tx),
    async add({ scope, job, probes }, event) {
      requireAbout(event, job);
      await writing.record(event);
      const rows = probes.map(({ column, digest }) => ({ ...scope, column_name: column, literal_digest: digest, job }));
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
        const some = rows.slice(from, from + ROWS_AT_ONCE);
        await tx
          .insertInto('probes')
          .values(some)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    },
  };
}
