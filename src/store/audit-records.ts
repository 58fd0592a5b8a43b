import type { Kysely } from 'kysely';
import { AuditUnavailable } from '../audit/audit-unavailable.ts';
import type { LogRecord } from '../audit/log-fault.ts';
import type { Database } from './schema.ts';

const PAGE_ROWS = 5000;

/** Ascending, `seq > after`, at most `limit`. */
export async function recordsAfter(db: Kysely<Database>, after: number, limit: number): Promise<readonly LogRecord[]> {
  const rows = await db
    .selectFrom('audit_entries')
    .select(['seq', 'body', 'leaf'])
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(({ seq, body, leaf }) => ({ seq, body, leaf: leaf === null ? null : Buffer.from(leaf, 'hex') }));
}

/** The entries with these numbers, in any order. */
export async function recordsOf(db: Kysely<Database>, seqs: readonly number[]): Promise<readonly LogRecord[]> {
  const found: LogRecord[] = [];
  for (let at = 0; at < seqs.length; at += PAGE_ROWS) {
    const stretch = seqs.slice(at, at + PAGE_ROWS);
    const rows = await db.selectFrom('audit_entries').select(['seq', 'body', 'leaf']).where('seq', 'in', stretch).execute();
    found.push(...rows.map(({ seq, body, leaf }) => ({ seq, body, leaf: leaf === null ? null : Buffer.from(leaf, 'hex') })));
  }
  return found;
}

/** All of the log, in pages. */
export async function* allRecords(db: Kysely<Database>): AsyncGenerator<readonly LogRecord[]> {
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const page = await recordsAfter(db, last, PAGE_ROWS);
    yield page;
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE_ROWS) return;
    last = end.seq;
  }
}

/** Leaves and texts of the places `from`…`to`−1, counted from 0. Throws where one is missing, pruned or without a place. */
export async function leafRange(
  db: Kysely<Database>,
  from: number,
  to: number,
): Promise<readonly { readonly leaf: Uint8Array; readonly entry: Uint8Array }[]> {
  const records = await recordsAfter(db, from, to - from);
  if (records.length !== to - from) throw new AuditUnavailable('log-contradicts-checkpoint');
  return records.map(({ seq, body, leaf }, at) => {
    if (seq !== from + at + 1 || body === null || leaf === null) throw new AuditUnavailable('log-contradicts-checkpoint');
    return { leaf, entry: Buffer.from(body, 'utf8') };
  });
}
