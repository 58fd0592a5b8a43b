import { type Kysely, sql, type Transaction } from 'kysely';
import type { AuditEntry } from '../audit/entry.ts';
import { type SearchTerm, searchTerms } from '../audit/search-terms.ts';
import { addToBlocks, entriesOfAny, entriesWithAll } from './audit-blocks.ts';
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
 * An inverted index: for each term, which entries of each block of 8192 have it. It is built after the fact and can be
 * built anew from the entries; nothing rests on it but search. The rarest term says which blocks are looked at, newest
 * first, and terms that have nothing in common cost one pass over these blocks, not over their entries.
 * Source: own design, ADR 0028; the rate stands in `npm run -s bench -- audit`.
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
      // What is remembered may be out of date where another process pruned terms: then once more from the records.
      running ??= run()
        .catch(() => {
          known = new Map();
          return run();
        })
        .finally(() => {
          running = null;
        });
      await running;
    },
    find: (query) => findEntries(reader, query),
    withAny: (terms, limit) => entriesWithAny(reader, terms, limit),
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
  const byTerm = new Map<number, { readonly term: SearchTerm; readonly seqs: number[] }>();
  for (const { seq, key, term } of found) {
    const id = known.get(key) ?? 0;
    const entry = byTerm.get(id);
    if (entry === undefined) byTerm.set(id, { term, seqs: [seq] });
    else entry.seqs.push(seq);
  }
  await addToBlocks(
    tx,
    [...byTerm].map(([term, { seqs }]) => ({ term, seqs })),
  );
  await countUses(
    tx,
    [...byTerm].map(([id, { term, seqs }]) => ({ id, ...term, uses: seqs.length })),
  );
  await tx.updateTable('audit_indexed').set({ seq: last.seq }).where('id', '=', 1).execute();
  return records.length;
}

/** Terms that are new get their rows here. */
async function countUses(
  tx: Transaction<Database>,
  uses: readonly { readonly id: number; readonly kind: string; readonly term: string; readonly uses: number }[],
): Promise<void> {
  for (let at = 0; at < uses.length; at += ROWS_AT_ONCE)
    await tx
      .insertInto('audit_terms')
      .values(uses.slice(at, at + ROWS_AT_ONCE))
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ uses: sql<number>`audit_terms.uses + excluded.uses` }))
      .execute();
}

/** Makes sure `known` holds a number of every term: the one it has, or the next. */
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
    for (const [index, term] of fresh.entries()) known.set(keyOf(term), first + index);
    id += fresh.length;
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

async function entriesWithAny(db: Kysely<Database>, terms: readonly SearchTerm[], limit: number): Promise<readonly number[]> {
  const ids = await termIds(db, terms);
  return entriesOfAny(
    db,
    ids.map(({ id }) => id),
    limit,
  );
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
  return entriesWithAll(db, { lead: first.id, others: others.map(({ id }) => id), least, most, limit });
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
