import type { Kysely } from 'kysely';
import type { AuditEntry } from '../audit/entry.ts';
import { mayPrune, retentionClass } from '../audit/retention.ts';
import { TILE_WIDTH } from '../audit/tile.ts';
import { ok } from '../kernel/result.ts';
import type { AuditWrites, Hold } from '../operations/audit-store.ts';
import type { KeyStore } from '../operations/ports.ts';
import { removeFromBlocks } from './audit-blocks.ts';
import { keepQueryText } from './audit-queries.ts';
import { recordsAfter } from './audit-records.ts';
import type { Database } from './schema.ts';
import { conflict, notFound, type Writing } from './writing.ts';

const PAGE_ROWS = 5000;

/** Holds that stand, oldest first. */
export async function standingHolds(db: Kysely<Database>): Promise<readonly Hold[]> {
  const rows = await db.selectFrom('audit_holds').selectAll().where('released_at', 'is', null).orderBy('at').execute();
  return rows.map(({ id, subject, reason, set_by, at }) => ({ id, subject, reason, setBy: set_by, at }));
}

/**
 * Numbers of entries, from the beginning on, whose text may go now, at most `limit`. Only whole bundles of 256, so that
 * tiles stay whole too: a bundle with one entry that must stay, stays. Changes nothing.
 * Source: C2SP tlog-tiles, "Pruning"; requirements.md §7.6.
 */
export async function prunableEntries(
  db: Kysely<Database>,
  ground: Parameters<typeof mayPrune>[1],
  limit: number,
): Promise<readonly number[]> {
  const found: number[] = [];
  for (let last = 0; found.length < limit; ) {
    const page = await recordsAfter(db, last, PAGE_ROWS - (PAGE_ROWS % TILE_WIDTH));
    for (let at = 0; at + TILE_WIDTH <= page.length; at += TILE_WIDTH) {
      const bundle = page.slice(at, at + TILE_WIDTH).filter(({ body }) => body !== null);
      const entries = bundle.map(({ body }) => JSON.parse(body ?? '') as AuditEntry);
      if (bundle.length > 0 && entries.every((entry) => mayPrune(entry, ground))) found.push(...bundle.map(({ seq }) => seq));
    }
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE_ROWS - (PAGE_ROWS % TILE_WIDTH)) break;
    last = end.seq;
  }
  return found.slice(0, limit - (limit % TILE_WIDTH));
}

/** Writes beside the log: query texts, openings, holds, saved searches, pruning, export marks. Each with its entry. */
export function writeAudit(writing: Writing, keys: KeyStore): AuditWrites {
  const { tx, at } = writing;
  return {
    async append(event) {
      await writing.record(event);
    },
    keepQueryText: (query) => keepQueryText(tx, keys, { ...query, at }),
    async saveSearch(search, event) {
      await writing.record(event);
      const row = { owner: search.owner, name: search.name, filter: JSON.stringify(search.filter), at };
      await tx
        .insertInto('audit_searches')
        .values(row)
        .onConflict((conflictOf) => conflictOf.columns(['owner', 'name']).doUpdateSet({ filter: row.filter, at }))
        .execute();
    },
    async requestOpening(opening, event) {
      await writing.record(event);
      const { id, job, requestedBy, organisation, reason } = opening;
      await tx
        .insertInto('audit_openings')
        .values({ id, job, requested_by: requestedBy, organisation, reason, approved_by: null, at })
        .execute();
    },
    async approveOpening(id, by, event) {
      const { numUpdatedRows } = await tx
        .updateTable('audit_openings')
        .set({ approved_by: by })
        .where('id', '=', id)
        .where('approved_by', 'is', null)
        .where('requested_by', '!=', by)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('opening', 'approved');
      await writing.record(event);
      return ok(undefined);
    },
    async addHold(hold, event) {
      await writing.record(event);
      const { id, subject, reason, setBy } = hold;
      await tx.insertInto('audit_holds').values({ id, subject, reason, set_by: setBy, at, released_at: null }).execute();
    },
    async releaseHold(id, event) {
      const { numUpdatedRows } = await tx
        .updateTable('audit_holds')
        .set({ released_at: at })
        .where('id', '=', id)
        .where('released_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return notFound('hold');
      await writing.record(event);
      return ok(undefined);
    },
    async prune(seqs, event) {
      await writing.record(event);
      for (let start = 0; start < seqs.length; start += PAGE_ROWS) {
        const stretch = seqs.slice(start, start + PAGE_ROWS);
        await tx.updateTable('audit_entries').set({ body: null }).where('seq', 'in', stretch).execute();
        await removeFromBlocks(tx, stretch);
      }
      // The newest number stays, so that none is given out twice.
      const { newest } = await tx
        .selectFrom('audit_terms')
        .select(({ fn }) => fn.max('id').as('newest'))
        .executeTakeFirstOrThrow();
      await tx
        .deleteFrom('audit_terms')
        .where('id', '<', newest ?? 0)
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('audit_blocks').select('block').whereRef('audit_blocks.term', '=', 'audit_terms.id'))),
        )
        .execute();
    },
  };
}

/** Classes of the entries with these numbers, for the entry that tells of their pruning. */
export async function classesOf(db: Kysely<Database>, seqs: readonly number[]): Promise<readonly string[]> {
  const classes = new Set<string>();
  for (let at = 0; at < seqs.length; at += PAGE_ROWS) {
    const rows = await db
      .selectFrom('audit_entries')
      .select('body')
      .where('seq', 'in', seqs.slice(at, at + PAGE_ROWS))
      .execute();
    for (const { body } of rows) if (body !== null) classes.add(retentionClass((JSON.parse(body) as AuditEntry).operation) ?? 'kept');
  }
  return [...classes].sort();
}
