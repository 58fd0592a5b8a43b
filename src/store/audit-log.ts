import type { Kysely, Transaction } from 'kysely';
import { AuditUnavailable } from '../audit/audit-unavailable.ts';
import { type ChainHead, EMPTY_CHAIN, entryHash, link, type StoredEntry } from '../audit/chain.ts';
import type { Checkpoint } from '../audit/checkpoint.ts';
import { auditEntry, entryBody } from '../audit/entry.ts';
import type { AuditEvent } from '../audit/event.ts';
import { type ChainVerification, chainVerifier } from '../audit/verify-chain.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import type { Database } from './schema.ts';

const PAGE_ROWS = 2000;

/** Appends to the log inside one write transaction. */
export interface Appender {
  /** Appends the event and gives its number. An event (the same object) given again is not appended again. */
  record(event: AuditEvent): Promise<number>;
  /** Number of the last entry appended, or null. */
  last(): number | null;
}

/**
 * An appender for a transaction that holds the write lock: that lock is what keeps several processes from forking the
 * chain. The first append compares the log with the checkpoint and throws `AuditUnavailable` when they contradict each
 * other, so that a cut or rewritten log is never extended and never covered by a new checkpoint.
 */
export function appender(tx: Transaction<Database>, checkpoints: CheckpointFile, at: Date): Appender {
  const told = new Map<AuditEvent, number>();
  let head: ChainHead | null = null;
  return {
    async record(event) {
      const before = told.get(event);
      if (before !== undefined) return before;
      head ??= await trustedHead(tx, checkpoints);
      const entry = link(head, entryBody(auditEntry(event, head.size + 1, at)));
      await tx
        .insertInto('audit_entries')
        .values({ seq: entry.seq, body: entry.body, previous_hash: entry.previousHash, hash: entry.hash })
        .execute();
      head = { size: entry.seq, hash: entry.hash };
      told.set(event, entry.seq);
      return entry.seq;
    },
    last: () => (told.size === 0 ? null : (head?.size ?? null)),
  };
}

/**
 * Writes a checkpoint over the whole log as it is now, under the write lock of `tx`. What came after the last
 * checkpoint is walked through first, so that nothing is signed that does not follow from what was signed before.
 */
export async function coverLog(tx: Transaction<Database>, checkpoints: CheckpointFile): Promise<ChainHead> {
  const covered = await trustedCheckpoint(tx, checkpoints);
  let head: ChainHead = covered;
  for await (const entry of storedEntries(tx, covered.size)) {
    const follows = entry.seq === head.size + 1 && entry.previousHash === head.hash && entryHash(head.hash, entry.body) === entry.hash;
    if (!follows) throw new AuditUnavailable('log-contradicts-checkpoint');
    head = { size: entry.seq, hash: entry.hash };
  }
  if (head.size > covered.size) await checkpoints.write(head);
  return head;
}

/** The whole chain against the checkpoint file. The checkpoint is read first, so that a log growing meanwhile only extends it. */
export async function verifyLog(
  db: Kysely<Database>,
  checkpoints: CheckpointFile,
): Promise<ChainVerification & { readonly checkpoint: Checkpoint | null }> {
  const checkpoint = await checkpoints.read();
  const verifier = chainVerifier(checkpoint);
  for await (const entry of storedEntries(db, Number.MIN_SAFE_INTEGER)) verifier.take(entry);
  return { ...verifier.finish(), checkpoint: typeof checkpoint === 'string' ? null : checkpoint };
}

/** Ascending, `seq > after`, in pages. */
async function* storedEntries(db: Kysely<Database>, after: number): AsyncGenerator<StoredEntry> {
  let last = after;
  for (;;) {
    const page = await entriesAfter(db, last, PAGE_ROWS);
    yield* page;
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE_ROWS) return;
    last = end.seq;
  }
}

export async function entriesAfter(db: Kysely<Database>, after: number, limit: number): Promise<readonly StoredEntry[]> {
  const rows = await db.selectFrom('audit_entries').selectAll().where('seq', '>', after).orderBy('seq').limit(limit).execute();
  return rows.map((row) => ({ seq: row.seq, body: row.body, previousHash: row.previous_hash, hash: row.hash }));
}

async function trustedHead(tx: Transaction<Database>, checkpoints: CheckpointFile): Promise<ChainHead> {
  await trustedCheckpoint(tx, checkpoints);
  const row = await tx.selectFrom('audit_entries').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? EMPTY_CHAIN : { size: row.seq, hash: row.hash };
}

async function trustedCheckpoint(tx: Transaction<Database>, checkpoints: CheckpointFile): Promise<Checkpoint> {
  const checkpoint = await checkpoints.read();
  if (typeof checkpoint === 'string') throw new AuditUnavailable(checkpoint);
  const row = await tx.selectFrom('audit_entries').select('hash').where('seq', '=', checkpoint.size).executeTakeFirst();
  const hash = checkpoint.size === 0 ? EMPTY_CHAIN.hash : row?.hash;
  if (hash !== checkpoint.hash) throw new AuditUnavailable('log-contradicts-checkpoint');
  return checkpoint;
}
