import type { Kysely } from 'kysely';
import type { NoticeRecord, StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import type { Writing } from './writing.ts';

/** A person has to look at so many, not at more. */
const MOST_NOTICES = 200;

export function readNotices(db: Kysely<Database>): StoreView['notices'] {
  return {
    async of(recipient) {
      const rows = await db
        .selectFrom('notices')
        .selectAll()
        .where('recipient', '=', recipient)
        .orderBy('ordinal', 'desc')
        .limit(MOST_NOTICES)
        .execute();
      return rows.map(({ id, kind, object, at }) => ({ id, recipient, kind: kind as NoticeRecord['kind'], object, at }));
    },
  };
}

export function writeNotices(writing: Writing): StoreTransaction['notices'] {
  const { tx, at } = writing;
  return {
    ...readNotices(tx),
    async add(notice, event) {
      const ordinal = await writing.record(event);
      await tx
        .insertInto('notices')
        .values({ ...notice, ordinal, at })
        .execute();
    },
  };
}
