import type { Transaction } from 'kysely';
import { AuditUnavailable } from '../audit/audit-unavailable.ts';
import { auditEntry, entryBody } from '../audit/entry.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { AuditTree } from './audit-tree.ts';
import type { Database } from './schema.ts';

/** Appends to the log inside one write transaction. */
export interface Appender {
  /** Appends the event and gives its number. An event (the same object) given again is not appended again. */
  record(event: AuditEvent): Promise<number>;
  /** Number of the last entry appended, or null. */
  last(): number | null;
}

/**
 * An appender for a transaction that holds the write lock: under that lock numbers are given in the order of commits.
 * The text is written here, beside the change; its place in the tree is the sequencer's. The first append throws
 * `AuditUnavailable` where the log and what is known of it contradict each other, so that a cut or rewritten log is
 * never extended. The time of an entry is never before that of the one before it, whatever the clock says.
 * Source: models-and-audit.md §2.4.
 */
export function appender(tx: Transaction<Database>, tree: AuditTree, now: Date): Appender {
  const told = new Map<AuditEvent, number>();
  let head: { readonly seq: number; readonly at: Date } | null = null;
  return {
    async record(event) {
      const before = told.get(event);
      if (before !== undefined) return before;
      head ??= await trustedHead(tx, tree, now);
      const seq = head.seq + 1;
      const entry = auditEntry(event, seq, head.at);
      await tx
        .insertInto('audit_entries')
        .values({ seq, body: entryBody(entry), at: entry.at, leaf: null })
        .execute();
      head = { seq, at: head.at };
      told.set(event, seq);
      return seq;
    },
    last: () => (told.size === 0 ? null : (head?.seq ?? null)),
  };
}

async function trustedHead(tx: Transaction<Database>, tree: AuditTree, now: Date): Promise<{ readonly seq: number; readonly at: Date }> {
  const known = await tree.trusted();
  const row = await tx.selectFrom('audit_entries').select(['seq', 'at']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  if ((row?.seq ?? 0) < known.size) throw new AuditUnavailable('log-contradicts-checkpoint');
  if (known.lastLeaf !== null) {
    const last = await tx.selectFrom('audit_entries').select('leaf').where('seq', '=', known.size).executeTakeFirst();
    if (last?.leaf !== known.lastLeaf) throw new AuditUnavailable('log-contradicts-checkpoint');
  }
  const time = row === undefined ? Number.NEGATIVE_INFINITY : Date.parse(row.at);
  return { seq: row?.seq ?? 0, at: new Date(Math.max(now.getTime(), Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time)) };
}
