import { type SelectQueryBuilder, sql } from 'kysely';
import type { Stretch } from '../operations/page-wish.ts';
import type { Database } from './schema.ts';

type Listed = 'jobs' | 'egress_requests' | 'matters';

/**
 * A query for records of a table, newest first, cut to a stretch: those before the ordinal of the record `after`, by its key, so that page n costs
 * what page 1 does. None where `after` is unknown. Source: issue 6 ("pagination by cursor").
 */
export function cutToStretch<T extends Listed, O>(
  query: SelectQueryBuilder<Database, T, O>,
  table: T,
  { after, limit }: Stretch,
): SelectQueryBuilder<Database, T, O> {
  const place = sql<number>`${sql.ref(`${table}.ordinal`)}`;
  const from =
    after === undefined ? query : query.where(sql<boolean>`${place} < (select p.ordinal from ${sql.table(table)} p where p.id = ${after})`);
  const ordered = from.orderBy(place, 'desc');
  return limit === undefined ? ordered : ordered.limit(limit);
}
