import { type Kysely, sql } from 'kysely';
import type { CountedScope, ProductReads, ProductWrites } from '../operations/product-store.ts';
import type { Database } from './schema.ts';
import type { Writing } from './writing.ts';

/** Parameters per statement: SQLite takes 32,766. */
const KEYS_AT_ONCE = 1000;

export function readProducts(db: Kysely<Database>): ProductReads {
  return {
    async isStopped(release) {
      const row = await db.selectFrom('product_stops').select('state').where('release', '=', release).executeTakeFirst();
      return row?.state === 'stopped';
    },
    async callsSince(release, since) {
      const row = await db
        .selectFrom('product_calls')
        .select((each) => each.fn.sum<number>('weight').as('calls'))
        .where('release', '=', release)
        .where('at', '>=', since)
        .executeTakeFirst();
      return Number(row?.calls ?? 0);
    },
    async callsBetween(release, from, before) {
      const row = await db
        .selectFrom('product_calls')
        .select((each) => [each.fn.countAll<number>().as('calls'), each.fn.sum<number>('weight').as('weight')])
        .where('release', '=', release)
        .where('at', '>=', from)
        .where('at', '<', before)
        .executeTakeFirst();
      return [Number(row?.calls ?? 0), Number(row?.weight ?? 0)];
    },
    async timesVerified(scope, digests) {
      const found = new Map<string, number>();
      for (let from = 0; from < digests.length; from += KEYS_AT_ONCE) {
        const some = digests.slice(from, from + KEYS_AT_ONCE);
        const rows = await ofScope(db, scope)
          .select((each) => ['digest', each.fn.sum<number>('times').as('times')])
          .where('digest', 'in', some)
          .groupBy('digest')
          .execute();
        for (const row of rows) found.set(row.digest, Number(row.times));
      }
      return found;
    },
    async keysIn(scope, neighbourhoods) {
      const found = new Map<string, number>();
      for (let from = 0; from < neighbourhoods.length; from += KEYS_AT_ONCE) {
        const some = neighbourhoods.slice(from, from + KEYS_AT_ONCE);
        const rows = await ofScope(db, scope)
          .select((each) => ['neighbourhood', each.fn.count<number>('digest').distinct().as('keys')])
          .where('neighbourhood', 'in', some)
          .groupBy('neighbourhood')
          .execute();
        for (const row of rows) found.set(row.neighbourhood, Number(row.keys));
      }
      return found;
    },
  };
}

function ofScope(db: Kysely<Database>, { organisations, dataset, period, scope }: CountedScope) {
  return db
    .selectFrom('verified_keys')
    .where('organisation', 'in', organisations)
    .where('dataset', '=', dataset)
    .where('period', '=', period)
    .where('scope', '=', scope);
}

export function writeProducts(writing: Writing): ProductReads & ProductWrites {
  const { tx, at } = writing;
  return {
    ...readProducts(tx),
    async setStopped(release, isStopped, event) {
      await writing.record(event);
      const state = isStopped ? 'stopped' : 'running';
      await tx
        .insertInto('product_stops')
        .values({ release, state, at })
        .onConflict((conflict) => conflict.column('release').doUpdateSet({ state, at }))
        .execute();
    },
    async addCall(release, weight, event) {
      const ordinal = await writing.record(event);
      await tx.insertInto('product_calls').values({ ordinal, release, at, weight }).execute();
    },
    async addKeys(scope, keys, event) {
      await writing.record(event);
      for (const { digest, neighbourhood } of keys) {
        await tx
          .insertInto('verified_keys')
          .values({ ...scope, digest, neighbourhood, times: 1 })
          .onConflict((conflict) =>
            conflict.columns(['organisation', 'dataset', 'period', 'scope', 'digest']).doUpdateSet({ times: sql`verified_keys.times + 1` }),
          )
          .execute();
      }
    },
  };
}
