import type { Kysely, Transaction } from 'kysely';
import {
  BLOCK_ENTRIES,
  blockOf,
  commonBits,
  type EntryBits,
  placesOf,
  printBits,
  printPlaces,
  readBits,
  withoutPlaces,
  withPlaces,
} from '../audit/entry-block.ts';
import type { Database } from './schema.ts';

/** SQLite takes 32 766 parameters in a statement. */
const ROWS_AT_ONCE = 5000;
/** Blocks that are looked at before the next ones are read: what a search of a long log holds in memory. */
const BLOCKS_AT_ONCE = 64;
const TERMS_AT_ONCE = 1000;

/** Entries that are to have a term. */
export interface TermEntries {
  readonly term: number;
  readonly seqs: readonly number[];
}

/** Adds entries to the lists of their terms. */
export async function addToBlocks(tx: Transaction<Database>, added: readonly TermEntries[]): Promise<void> {
  const pieces = added.flatMap(({ term, seqs }) =>
    [...Map.groupBy(seqs, blockOf)].map(([block, of]) => ({ term, block, places: of.map((seq) => seq % BLOCK_ENTRIES) })),
  );
  for (const [block, of] of Map.groupBy(pieces, (piece) => piece.block)) {
    for (let at = 0; at < of.length; at += ROWS_AT_ONCE) {
      const stretch = of.slice(at, at + ROWS_AT_ONCE);
      const terms = stretch.map(({ term }) => term);
      const rows = await tx
        .selectFrom('audit_blocks')
        .select(['term', 'bits'])
        .where('block', '=', block)
        .where('term', 'in', terms)
        .execute();
      const before = new Map(rows.map(({ term, bits }) => [term, bits]));
      const values = stretch.flatMap(({ term, places }) => {
        const kept = before.get(term);
        const bits = kept === undefined ? printPlaces(places) : printBits(withPlaces(readBits(kept), places));
        return bits === null ? [] : [{ term, block, bits }];
      });
      await tx
        .insertInto('audit_blocks')
        .values(values)
        .onConflict((conflict) => conflict.columns(['term', 'block']).doUpdateSet(({ ref }) => ({ bits: ref('excluded.bits') })))
        .execute();
    }
  }
}

/** Takes entries out of the lists of all terms. */
export async function removeFromBlocks(tx: Transaction<Database>, seqs: readonly number[]): Promise<void> {
  for (const [block, of] of Map.groupBy(seqs, blockOf)) {
    const places = of.map((seq) => seq % BLOCK_ENTRIES);
    const rows = await tx.selectFrom('audit_blocks').select(['term', 'bits']).where('block', '=', block).execute();
    const emptied: number[] = [];
    const values = rows.flatMap(({ term, bits }) => {
      const left = printBits(withoutPlaces(readBits(bits), places));
      if (left === null) emptied.push(term);
      return left === null || left === bits ? [] : [{ term, block, bits: left }];
    });
    for (let at = 0; at < emptied.length; at += ROWS_AT_ONCE) {
      const stretch = emptied.slice(at, at + ROWS_AT_ONCE);
      await tx.deleteFrom('audit_blocks').where('block', '=', block).where('term', 'in', stretch).execute();
    }
    for (let at = 0; at < values.length; at += ROWS_AT_ONCE)
      await tx
        .insertInto('audit_blocks')
        .values(values.slice(at, at + ROWS_AT_ONCE))
        .onConflict((conflict) => conflict.columns(['term', 'block']).doUpdateSet(({ ref }) => ({ bits: ref('excluded.bits') })))
        .execute();
  }
}

/** What is asked for: entries `least`…`most` that have the rare term `lead` and all `others`, at most `limit`. */
export interface BlockQuery {
  readonly lead: number;
  readonly others: readonly number[];
  readonly least: number;
  readonly most: number;
  readonly limit: number;
}

/** Their numbers, newest first. At most one row for each term and block is read, whatever the entries. Source: ADR 0028. */
export async function entriesWithAll(db: Kysely<Database>, query: BlockQuery): Promise<readonly number[]> {
  const found: number[] = [];
  for (let below = blockOf(query.most) + 1; found.length < query.limit; ) {
    const leads = await db
      .selectFrom('audit_blocks')
      .select(['block', 'bits'])
      .where('term', '=', query.lead)
      .where('block', '<', below)
      .where('block', '>=', blockOf(query.least))
      .orderBy('block', 'desc')
      .limit(BLOCKS_AT_ONCE)
      .execute();
    const last = leads.at(-1);
    if (last === undefined) break;
    const others = await bitsByBlock(db, query.others, { from: last.block, to: below - 1 });
    for (const { block, bits } of leads) {
      const beside = others.get(block) ?? [];
      if (beside.length < query.others.length) continue;
      const places = placesOf(commonBits([readBits(bits), ...beside])).toReversed();
      const seqs = places.map((place) => block * BLOCK_ENTRIES + place).filter((seq) => seq >= query.least && seq <= query.most);
      found.push(...seqs);
      if (found.length >= query.limit) break;
    }
    below = last.block;
  }
  return found.slice(0, query.limit);
}

/** Bits of these terms in the blocks `from`…`to`. */
async function bitsByBlock(
  db: Kysely<Database>,
  terms: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ReadonlyMap<number, readonly EntryBits[]>> {
  if (terms.length === 0) return new Map();
  const rows = await db
    .selectFrom('audit_blocks')
    .select(['block', 'bits'])
    .where('term', 'in', terms)
    .where('block', '>=', from)
    .where('block', '<=', to)
    .execute();
  const grouped = Map.groupBy(rows, ({ block }) => block);
  return new Map([...grouped].map(([block, of]) => [block, of.map(({ bits }) => readBits(bits))]));
}

/** Numbers of entries that have any of the terms, oldest first, at most `limit`. */
export async function entriesOfAny(db: Kysely<Database>, terms: readonly number[], limit: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let at = 0; at < terms.length; at += TERMS_AT_ONCE) {
    const rows = await db
      .selectFrom('audit_blocks')
      .select(['block', 'bits'])
      .where('term', 'in', terms.slice(at, at + TERMS_AT_ONCE))
      .execute();
    for (const { block, bits } of rows) for (const place of placesOf(readBits(bits))) found.add(block * BLOCK_ENTRIES + place);
  }
  return [...found].sort((a, b) => a - b).slice(0, limit);
}
