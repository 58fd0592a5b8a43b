import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { CompiledQuery, type Insertable, type Kysely, sql } from 'kysely';
import type { LedgerChange, LedgerEntry } from '../operations/ledger-store.ts';
import type { KeyStore, StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import { requireAbout, type Writing } from './writing.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Rows per statement: SQLite takes 32,766 parameters. */
const ROWS_AT_ONCE = 1500;
/** What the index of the ledger is built from: the first bytes of a sketch. */
const COARSE_BYTES = 100;

/**
 * The release ledger. The coarse part of a sketch (fingerprints under the keys of units, and which buckets are in use)
 * stands as it is, because the index is built from it; totals, labels and queries are sealed under the dataset's key, and
 * cannot be opened beside another coarse part, family or namespace. The state of an entry is not sealed.
 * Source: gate.md §7, ADR 0014.
 */
export function readLedger(db: Kysely<Database>, keys: KeyStore): StoreView['ledger'] {
  return {
    async changes(dataset, after) {
      const rows = await changed(db, dataset).where('revision', '>', after).orderBy('seq').execute();
      return rows.map(changeOf);
    },
    async page(dataset, afterSeq, most) {
      // Entry by entry in order of numbers: by the index that begins with the dataset, all that are left would be sorted for each page.
      const rows = await db
        .selectFrom('ledger_entries')
        .select(INDEXED)
        .where('seq', '>', afterSeq)
        .where(sql<string>`dataset || ''`, '=', dataset)
        .orderBy('seq')
        .limit(most)
        .execute();
      return rows.map(changeOf);
    },
    async mark(dataset, { seq, revision }) {
      const last = await db
        .selectFrom('ledger_entries')
        .select('sealed')
        .where('seq', '=', seq)
        .where('dataset', '=', dataset)
        .executeTakeFirst();
      if (last === undefined) return null;
      return { seq, revision, sealed: createHash('sha256').update(last.sealed).digest('hex') };
    },
    async sums(dataset, revision) {
      const rows = await db
        .selectFrom('ledger_entries')
        .select((each) => ['state', each.fn.countAll().as('rows'), each.fn.sum('seq').as('seqs'), spread.as('spread')])
        .where('dataset', '=', dataset)
        .where('revision', '<=', revision)
        .groupBy('state')
        .execute();
      const of = (state: string): readonly number[] => {
        const found = rows.find((row) => row.state === state);
        return [Number(found?.rows ?? 0), Number(found?.seqs ?? 0), Number(found?.spread ?? 0)];
      };
      return JSON.stringify([of('reserved'), of('released')]);
    },
    async entries(dataset, seqs) {
      const key = createSecretKey(await keys.datasetKey(dataset, 'ledger'));
      const found: LedgerEntry[] = [];
      for (let from = 0; from < seqs.length; from += ROWS_AT_ONCE) {
        const some = seqs.slice(from, from + ROWS_AT_ONCE);
        // By number alone: asked for the dataset too, SQLite goes through all of its entries.
        const rows = await db.selectFrom('ledger_entries').selectAll().where('seq', 'in', some).execute();
        for (const { unit_type, sealed, coarse, at, ...row } of rows.filter((each) => each.dataset === dataset)) {
          const { detail, body } = openSealed(key, sealed, contextOf({ ...row, unitType: unit_type }, coarse));
          const sketch = Buffer.concat([Buffer.from(coarse, 'base64'), detail]);
          found.push({ ...row, unitType: unit_type, at, sketch, body });
        }
      }
      return found.sort((a, b) => a.seq - b.seq);
    },
    async holdsAny(dataset) {
      const row = await db
        .selectFrom('ledger_entries')
        .select('seq')
        .where('dataset', '=', dataset)
        .where('state', '!=', 'dropped')
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async ofJob(job) {
      const rows = await db.selectFrom('ledger_entries').select(['seq', 'state']).where('job', '=', job).orderBy('seq').execute();
      return rows;
    },
    async isShut(dataset) {
      const row = await db.selectFrom('ledger_shut').select('dataset').where('dataset', 'in', ['*', dataset]).executeTakeFirst();
      return row !== undefined;
    },
    shut: () => db.selectFrom('ledger_shut').select(['dataset', 'size', 'note']).orderBy('dataset').execute(),
    async undecided(before) {
      const rows = await db
        .selectFrom('ledger_entries')
        .select(['job', 'dataset'])
        .distinct()
        .where('state', '=', 'reserved')
        .where('at', '<', before)
        .execute();
      return rows;
    },
  };
}

export function writeLedger(writing: Writing, keys: KeyStore): StoreTransaction['ledger'] {
  const { tx, at } = writing;
  const nextSeq = async (): Promise<number> => {
    const row = await tx
      .selectFrom('ledger_entries')
      .select((each) => each.fn.max('seq').as('last'))
      .executeTakeFirst();
    return Number(row?.last ?? 0) + 1;
  };
  /** One that is new to each of the datasets: revisions are compared within a dataset, whose last one an index gives. */
  const nextRevision = async (datasets: Iterable<string>): Promise<number> => {
    let last = 0;
    for (const dataset of datasets) {
      const row = await tx
        .selectFrom('ledger_entries')
        .select((each) => each.fn.max('revision').as('last'))
        .where('dataset', '=', dataset)
        .executeTakeFirst();
      last = Math.max(last, Number(row?.last ?? 0));
    }
    return last + 1;
  };
  return {
    ...readLedger(tx, keys),
    async reserve(entries, event) {
      for (const { job } of entries) requireAbout(event, job);
      await writing.record(event);
      let seq = await nextSeq();
      const revision = await nextRevision(new Set(entries.map(({ dataset }) => dataset)));
      const rows: Insertable<Database['ledger_entries']>[] = [];
      const known = new Map<string, KeyObject>();
      const nonces = randomBytes(entries.length * NONCE_BYTES);
      for (const { dataset, unitType, sketch, body, ...entry } of entries) {
        const key = known.get(dataset) ?? createSecretKey(await keys.datasetKey(dataset, 'ledger'));
        known.set(dataset, key);
        const coarse = Buffer.from(sketch.subarray(0, COARSE_BYTES)).toString('base64');
        const nonce = nonces.subarray(rows.length * NONCE_BYTES, (rows.length + 1) * NONCE_BYTES);
        const sealed = seal({ key, nonce }, sketch.subarray(COARSE_BYTES), body, contextOf({ ...entry, dataset, unitType }, coarse));
        rows.push({ ...entry, seq: seq++, dataset, unit_type: unitType, revision, state: 'reserved', coarse, sealed, at });
      }
      await insertAll(tx, rows);
    },
    async setShut(shut, event) {
      await writing.record(event);
      await tx.deleteFrom('ledger_shut').execute();
      for (const each of shut)
        await tx
          .insertInto('ledger_shut')
          .values({ ...each, at })
          .execute();
    },
    async settle(job, to, event) {
      requireAbout(event, job);
      await writing.record(event);
      const own = await tx.selectFrom('ledger_entries').select('dataset').distinct().where('job', '=', job).execute();
      const revision = await nextRevision(own.map(({ dataset }) => dataset));
      await tx.updateTable('ledger_entries').set({ state: to, revision }).where('job', '=', job).where('state', '=', 'reserved').execute();
    },
  };
}

/** A second sum, so that what changes places shows; small enough to stay a whole number. */
const spread = sql<number>`sum(seq * (seq % 1021))`;

/** In the order of the columns of a statement that is made once for each number of rows. */
const COLUMNS = [
  ...(['seq', 'dataset', 'version', 'job', 'ordinal', 'cell', 'unit_type', 'namespace', 'family', 'state', 'revision'] as const),
  ...(['coarse', 'sealed', 'at'] as const),
];

/** Many rows by one text: to build and print a tree of as many values costs more than to insert them. */
async function insertAll(tx: Kysely<Database>, rows: readonly Insertable<Database['ledger_entries']>[]): Promise<void> {
  let known = { rows: 0, sql: '' };
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    const [first] = some;
    if (first === undefined) return;
    if (known.rows !== some.length) {
      const alike = some.map(() => Object.fromEntries(COLUMNS.map((column) => [column, first[column]])) as typeof first);
      known = { rows: some.length, sql: tx.insertInto('ledger_entries').values(alike).compile().sql };
    }
    await tx.executeQuery(
      CompiledQuery.raw(
        known.sql,
        some.flatMap((row) => COLUMNS.map((column) => row[column])),
      ),
    );
  }
}

const INDEXED = ['seq', 'revision', 'job', 'version', 'unit_type', 'namespace', 'family', 'state', 'coarse'] as const;

function changed(db: Kysely<Database>, dataset: string) {
  return db.selectFrom('ledger_entries').select(INDEXED).where('dataset', '=', dataset);
}

function changeOf({ unit_type, coarse, ...row }: Pick<Database['ledger_entries'], (typeof INDEXED)[number]>): LedgerChange {
  return { ...row, unitType: unit_type, coarse: Buffer.from(coarse, 'base64') };
}

type Context = Pick<LedgerEntry, 'dataset' | 'version' | 'job' | 'ordinal' | 'cell' | 'unitType' | 'namespace' | 'family'>;

/** Everything that stands beside the sealed part but number, state and time: none of it can be changed unseen. */
function contextOf(entry: Context, coarse: string): Buffer {
  const { dataset, version, job, ordinal, cell, unitType, namespace, family } = entry;
  return Buffer.from(
    JSON.stringify(['sluice-ledger/v2', dataset, version, job, ordinal, cell, unitType, namespace, family, coarse]),
    'utf8',
  );
}

/** Nonce ‖ ciphertext ‖ tag, as Base64; inside, the length of the JSON text, the text, the bytes. */
function seal(
  { key, nonce }: { readonly key: KeyObject; readonly nonce: Uint8Array },
  detail: Uint8Array,
  body: unknown,
  context: Buffer,
): string {
  const text = Buffer.from(JSON.stringify(body), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context);
  const sealed = Buffer.concat([nonce, cipher.update(Buffer.concat([length, text, detail])), cipher.final()]);
  return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64');
}

/** Throws where bytes or context were changed: what cannot be trusted is not read. */
function openSealed(key: KeyObject, sealed: string, context: Buffer): { readonly detail: Uint8Array; readonly body: LedgerEntry['body'] } {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(context).setAuthTag(bytes.subarray(-TAG_BYTES));
  const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  const length = plain.readUInt32LE(0);
  return { body: JSON.parse(plain.toString('utf8', 4, 4 + length)), detail: plain.subarray(4 + length) };
}
