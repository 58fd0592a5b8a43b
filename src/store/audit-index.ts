import { type Kysely, sql, type Transaction } from 'kysely';
import type { AuditEntry } from '../audit/entry.ts';
import { type SearchTerm, searchTerms } from '../audit/search-terms.ts';
import { recordsAfter } from './audit-records.ts';
import type { Database } from './schema.ts';

const BATCH_ENTRIES = 2000;
/** SQLite takes 32 766 parameters in a statement. */
const ROWS_AT_ONCE = 1000;
const MAX_CACHED_TERMS = 200_000;

/** Finds entries by terms and time. */
export interface AuditIndex {
  /** Takes in what was appended since, a stretch at a time; done when it returns. */
  catchUp(): Promise<void>;
  /** Numbers of entries that have all the terms and lie between the bounds, newest first, at most `limit`. */
  find(query: IndexQuery): Promise<readonly number[]>;
  /** Ends of lineage links that start or end at these nodes come from the entries with these numbers. */
  withAny(terms: readonly SearchTerm[], limit: number): Promise<readonly number[]>;
}

export interface IndexQuery {
  readonly terms: readonly SearchTerm[];
  /** ISO times, both included; null: open. */
  readonly from: string | null;
  readonly to: string | null;
  /** Only entries before this number; null: all. */
  readonly before: number | null;
  readonly limit: number;
}

/**
 * An inverted index: a list of entry numbers for each term. It is built after the fact and can be built anew from the
 * entries; nothing rests on it but search. The rarest term leads, the others are looked up in it.
 * Source: own design, ADR 0018; the rate stands in `npm run -s bench -- audit`.
 */
export function auditIndex(writer: Kysely<Database>, reader: Kysely<Database>): AuditIndex {
  let known = new Map<string, number>();
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    for (;;) {
      const done = await writer.transaction().execute((tx) => indexBatch(tx, known));
      if (done < BATCH_ENTRIES) break;
      if (known.size > MAX_CACHED_TERMS) known = new Map();
    }
  };
  return {
    async catchUp() {
      running ??= run()
        .catch((error: unknown) => {
          known = new Map();
          throw error;
        })
        .finally(() => {
          running = null;
        });
      await running;
    },
    find: (query) => findEntries(reader, query),
    async withAny(terms, limit) {
      const ids = await termIds(reader, terms);
      if (ids.length === 0) return [];
      const rows = await reader
        .selectFrom('audit_postings')
        .select('seq')
        .distinct()
        .where(
          'term',
          'in',
          ids.map(({ id }) => id),
        )
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(({ seq }) => seq);
    },
  };
}

async function indexBatch(tx: Transaction<Database>, known: Map<string, number>): Promise<number> {
  const from = await tx.selectFrom('audit_indexed').select('seq').where('id', '=', 1).executeTakeFirst();
  if (from === undefined) await tx.insertInto('audit_indexed').values({ id: 1, seq: 0 }).execute();
  const records = await recordsAfter(tx, from?.seq ?? 0, BATCH_ENTRIES);
  const last = records.at(-1);
  if (last === undefined) return 0;
  const found = records.flatMap(({ seq, body }) =>
    body === null ? [] : searchTerms(JSON.parse(body) as AuditEntry).map((term) => ({ seq, key: keyOf(term), term })),
  );
  await learnTerms(
    tx,
    known,
    found.map(({ term }) => term),
  );
  // In the order of the table: pages are filled one after the other instead of one in every place.
  const postings = found.map(({ seq, key }) => ({ term: known.get(key) ?? 0, seq })).sort((a, b) => a.term - b.term || a.seq - b.seq);
  for (let at = 0; at < postings.length; at += ROWS_AT_ONCE)
    await tx
      .insertInto('audit_postings')
      .values(postings.slice(at, at + ROWS_AT_ONCE))
      .execute();
  const uses = new Map<number, number>();
  for (const { term } of postings) uses.set(term, (uses.get(term) ?? 0) + 1);
  for (const [id, more] of uses)
    if (more > 1)
      await tx
        .updateTable('audit_terms')
        .set({ uses: sql<number>`uses + ${more}` })
        .where('id', '=', id)
        .execute();
  await tx.updateTable('audit_indexed').set({ seq: last.seq }).where('id', '=', 1).execute();
  return records.length;
}

/** Makes sure every term has a number, and that `known` holds it. */
async function learnTerms(tx: Transaction<Database>, known: Map<string, number>, terms: readonly SearchTerm[]): Promise<void> {
  const missing = new Map(terms.filter((term) => !known.has(keyOf(term))).map((term) => [keyOf(term), term]));
  const wanted = [...missing.values()];
  const next = await tx.selectFrom('audit_terms').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  let id = next?.id ?? 0;
  for (let at = 0; at < wanted.length; at += ROWS_AT_ONCE) {
    const stretch = wanted.slice(at, at + ROWS_AT_ONCE);
    for (const row of await termIds(tx, stretch)) known.set(keyOf(row), row.id);
    const fresh = stretch.filter((term) => !known.has(keyOf(term)));
    if (fresh.length === 0) continue;
    const first = id + 1;
    const rows = fresh.map(({ kind, term }, index) => ({ id: first + index, kind, term, uses: 1 }));
    id += rows.length;
    await tx.insertInto('audit_terms').values(rows).execute();
    for (const row of rows) known.set(keyOf(row), row.id);
  }
}

async function termIds(
  db: Kysely<Database>,
  terms: readonly { readonly kind: string; readonly term: string }[],
): Promise<readonly { readonly id: number; readonly kind: string; readonly term: string; readonly uses: number }[]> {
  const found = [];
  for (const [kind, of] of Map.groupBy(terms, (item) => item.kind)) {
    for (let at = 0; at < of.length; at += ROWS_AT_ONCE) {
      const stretch = of.slice(at, at + ROWS_AT_ONCE).map(({ term }) => term);
      found.push(...(await db.selectFrom('audit_terms').selectAll().where('kind', '=', kind).where('term', 'in', stretch).execute()));
    }
  }
  return found;
}

async function findEntries(db: Kysely<Database>, { terms, from, to, before, limit }: IndexQuery): Promise<readonly number[]> {
  const least = from === null ? 0 : await boundOf(db, '>=', from);
  const most = Math.min(to === null ? Number.MAX_SAFE_INTEGER : await boundOf(db, '<=', to), (before ?? Number.MAX_SAFE_INTEGER) - 1);
  if (most < least) return [];
  const ids = await termIds(db, terms);
  if (ids.length < new Set(terms.map(keyOf)).size) return [];
  const [first, ...others] = ids.toSorted((a, b) => a.uses - b.uses);
  if (first === undefined) {
    const rows = await db
      .selectFrom('audit_entries')
      .select('seq')
      .where('seq', '>=', least)
      .where('seq', '<=', most)
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ seq }) => seq);
  }
  let query = db
    .selectFrom('audit_postings as lead')
    .select('lead.seq')
    .where('lead.term', '=', first.id)
    .where('lead.seq', '>=', least)
    .where('lead.seq', '<=', most);
  for (const { id } of others)
    query = query.where(({ exists, selectFrom }) =>
      exists(selectFrom('audit_postings as other').select('other.seq').where('other.term', '=', id).whereRef('other.seq', '=', 'lead.seq')),
    );
  const rows = await query.orderBy('lead.seq', 'desc').limit(limit).execute();
  return rows.map(({ seq }) => seq);
}

/** First number at or after a time, or last at or before it. Times never go back in the log, so numbers stand for them. */
async function boundOf(db: Kysely<Database>, side: '>=' | '<=', time: string): Promise<number> {
  const row = await db
    .selectFrom('audit_entries')
    .select('seq')
    .where('at', side, time)
    .orderBy('at', side === '>=' ? 'asc' : 'desc')
    .orderBy('seq', side === '>=' ? 'asc' : 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.seq ?? (side === '>=' ? Number.MAX_SAFE_INTEGER : -1);
}

function keyOf({ kind, term }: { readonly kind: string; readonly term: string }): string {
  return `${kind} ${term}`;
}
