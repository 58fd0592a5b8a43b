import { type Kysely, sql, type Transaction } from 'kysely';
import { AuditUnavailable } from '../audit/audit-unavailable.ts';
import type { Checkpoint } from '../audit/checkpoint.ts';
import { SYSTEM_ACTOR } from '../audit/event.ts';
import { EMPTY_FRONTIER, frontierRoot } from '../audit/merkle-tree.ts';
import type { Clock } from '../kernel/clock.ts';
import { appender } from './audit-appender.ts';
import { leafRange } from './audit-records.ts';
import type { TileFolder } from './audit-tiles.ts';
import { type AuditTree, auditTree } from './audit-tree.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import { checkedChain, hasChain } from './linear-chain.ts';
import type { Database } from './schema.ts';

/** A checkpoint is signed after this many entries, or this time. */
const CHECKPOINT_ENTRIES = 1000;
const CHECKPOINT_MS = 60_000;

/** The log of one store in one process: sequencer and checkpoints. */
export interface AuditLog {
  readonly tree: AuditTree;
  /**
   * Gives the entries of `tx` their places, as the last thing before its commit: nothing is acknowledged that has none.
   * What it gives is to be called once the commit has succeeded.
   */
  place(tx: Transaction<Database>): Promise<() => void>;
  /** Before a write: where the last checkpoint could not be written, it is tried again, and throws if it still cannot. */
  ready(): Promise<void>;
  /** Brings tiles and signed checkpoint up to all that is committed. On disk when it returns. */
  cover(): Promise<Checkpoint>;
  /** Covers what it can and stops the clock. */
  close(): Promise<void>;
}

/** Source: models-and-audit.md §2.4 ("Checkpoint"); ADR 0018. */
export function auditLog(writer: Kysely<Database>, checkpoints: CheckpointFile, tiles: TileFolder, clock: Clock): AuditLog {
  const tree = auditTree(checkpoints, tiles);
  let placed = 0;
  let covered = 0;
  let running: Promise<Checkpoint> | null = null;
  let isFailing = false;

  const coverNow = async (): Promise<Checkpoint> => {
    try {
      const done = await writer.transaction().execute((tx) => coverTree(tx, { tree, checkpoints, tiles, now: clock.now() }));
      done.settled();
      covered = done.checkpoint.size;
      isFailing = false;
      return done.checkpoint;
    } catch (error) {
      isFailing = true;
      throw error instanceof AuditUnavailable ? error : new AuditUnavailable('checkpoint-not-written', { cause: error });
    }
  };
  const cover = async (): Promise<Checkpoint> => {
    // A round that began before the last commit may not cover it.
    while (running !== null) await running.catch(() => undefined);
    running = coverNow().finally(() => {
      running = null;
    });
    return running;
  };
  const coverSoon = (): void => {
    if (running === null && placed > covered) void cover().catch(() => undefined);
  };
  const minute = setInterval(coverSoon, CHECKPOINT_MS).unref();

  return {
    tree,
    cover,
    async ready() {
      if (isFailing) await cover();
    },
    async place(tx) {
      const { head, settled } = await tree.sequence(tx);
      if (placed === 0) covered = await coveredSize(checkpoints);
      return () => {
        settled();
        placed = head.size;
        if (placed - covered >= CHECKPOINT_ENTRIES) coverSoon();
      };
    },
    async close() {
      clearInterval(minute);
      if (placed > covered) await cover().catch(() => undefined);
    },
  };
}

async function coveredSize(checkpoints: CheckpointFile): Promise<number> {
  const checkpoint = await checkpoints.read();
  return typeof checkpoint === 'string' ? 0 : checkpoint.size;
}

interface Covering {
  readonly tree: AuditTree;
  readonly checkpoints: CheckpointFile;
  readonly tiles: TileFolder;
  readonly now: Date;
}

/**
 * Tiles first, then the checkpoint over them, both under the write lock: one process at a time, and a crash in between
 * leaves tiles that the next one writes again with the same bytes.
 */
async function coverTree(
  tx: Transaction<Database>,
  { tree, checkpoints, tiles, now }: Covering,
): Promise<{ readonly checkpoint: Checkpoint; settled(): void }> {
  const before = await checkpoints.read();
  if (typeof before === 'string') throw new AuditUnavailable(before);
  const { head, settled } = await tree.sequence(tx);
  if (head.size === before.size) return { checkpoint: before, settled };
  await tiles.extend(before.size, head.size, (from, to) => leafRange(tx, from, to));
  const note = await checkpoints.write(head);
  await tx
    .insertInto('audit_checkpoints')
    .values({ size: head.size, note, at: now.toISOString() })
    .onConflict((conflict) => conflict.column('size').doUpdateSet({ note, at: now.toISOString() }))
    .execute();
  await tiles.tidy(head.size);
  const after = await checkpoints.read();
  if (typeof after === 'string') throw new AuditUnavailable(after);
  return { checkpoint: after, settled };
}

/**
 * A new store gets a checkpoint over nothing before anything is written. A store with a chain of the first form gets
 * its tree over the same texts, an entry that says so, and its first signed note; where the old chain does not verify
 * everything is left as it is: the log can be read and takes no entries.
 * Source: ADR 0018.
 */
export async function prepareLog(
  writer: Kysely<Database>,
  parts: { readonly checkpoints: CheckpointFile; readonly tiles: TileFolder; readonly publicKey: Uint8Array; readonly clock: Clock },
  isNew: boolean,
): Promise<void> {
  const { checkpoints, clock } = parts;
  await writer.transaction().execute(async (tx) => {
    if (!(await hasChain(tx))) return;
    const text = await checkpoints.text();
    const empty = { size: 0, root: frontierRoot(checkpoints.algorithm, EMPTY_FRONTIER) };
    if (isNew && (await tx.selectFrom('audit_entries').select('seq').executeTakeFirst()) === undefined) {
      if (text === null) await checkpoints.write(empty);
    } else {
      const chain = await checkedChain(tx, text, parts.publicKey);
      if (chain === null) return;
      await checkpoints.write(empty);
      const log = appender(tx, auditTree(checkpoints, parts.tiles), clock.now());
      await log.record({
        operation: 'audit.rebuild',
        actor: SYSTEM_ACTOR,
        object: 'log',
        outcome: 'done',
        facts: { entries: chain.size, chainHead: chain.hash, algorithm: checkpoints.algorithm },
      });
    }
    await sql`drop table audit_chain_v1`.execute(tx);
  });
}
