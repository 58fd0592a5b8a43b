import { type Kysely, sql } from 'kysely';
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

/** Entries wait at most this long, or until this many are there, before the sequencer gives them places. */
const GROUP_MS = 5;
const GROUP_ENTRIES = 64;
/** A checkpoint is signed after this many entries, or this time. */
const CHECKPOINT_ENTRIES = 1000;
const CHECKPOINT_MS = 60_000;

/** The log of one store in one process: sequencer and checkpoints. */
export interface AuditLog {
  readonly tree: AuditTree;
  /** To be called once entries up to `seq` are committed: they get their places soon. */
  committed(seq: number): void;
  /** Throws `AuditUnavailable` where giving places failed and fails again: nothing may be acknowledged then. */
  ready(): Promise<void>;
  /** Gives places to all committed entries; done when it returns. */
  settle(): Promise<void>;
  /** Settles, and brings tiles and signed checkpoint up to it. On disk when it returns. */
  cover(): Promise<Checkpoint>;
  /** Covers what it can and stops the clocks. */
  close(): Promise<void>;
}

/** Source: models-and-audit.md §2.4 ("Group commit", "Checkpoint"); ADR 0020. */
export function auditLog(writer: Kysely<Database>, checkpoints: CheckpointFile, tiles: TileFolder, clock: Clock): AuditLog {
  const tree = auditTree(checkpoints, tiles);
  let newest = 0;
  let placed = 0;
  let covered = 0;
  let failure: AuditUnavailable | null = null;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const pass = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    try {
      const done = await writer.transaction().execute((tx) => tree.sequence(tx));
      done.settled();
      placed = done.head.size;
      failure = null;
    } catch (error) {
      failure = error instanceof AuditUnavailable ? error : new AuditUnavailable('log-not-writable', { cause: error });
      throw failure;
    }
  };
  const settle = async (): Promise<void> => {
    while (placed < newest || failure !== null) {
      running ??= pass().finally(() => {
        running = null;
      });
      await running;
    }
  };
  const cover = async (): Promise<Checkpoint> => {
    await settle();
    const checkpoint = await writer
      .transaction()
      .execute((tx) => coverTree(tx, { tree, checkpoints, tiles, now: clock.now() }))
      .catch((error: unknown) => {
        throw error instanceof AuditUnavailable ? error : new AuditUnavailable('checkpoint-not-written', { cause: error });
      });
    covered = checkpoint.size;
    return checkpoint;
  };
  const quietly = (work: () => Promise<unknown>) => void work().catch(() => undefined);
  const minute = setInterval(() => {
    if (placed > covered || newest > placed) quietly(cover);
  }, CHECKPOINT_MS).unref();

  return {
    tree,
    settle,
    cover,
    committed(seq) {
      newest = Math.max(newest, seq);
      if (newest - covered >= CHECKPOINT_ENTRIES && covered > 0) quietly(cover);
      else if (newest - placed >= GROUP_ENTRIES) quietly(settle);
      else timer ??= setTimeout(() => quietly(settle), GROUP_MS);
    },
    async ready() {
      if (failure !== null) await settle();
    },
    async close() {
      clearInterval(minute);
      if (timer !== null) clearTimeout(timer);
      if (newest > 0) await cover().catch(() => undefined);
    },
  };
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
async function coverTree(tx: Parameters<AuditTree['sequence']>[0], { tree, checkpoints, tiles, now }: Covering): Promise<Checkpoint> {
  const before = await checkpoints.read();
  if (typeof before === 'string') throw new AuditUnavailable(before);
  const { head, settled } = await tree.sequence(tx);
  if (head.size === before.size) return before;
  await tiles.extend(before.size, head.size, (from, to) => leafRange(tx, from, to));
  const note = await checkpoints.write(head);
  await tx
    .insertInto('audit_checkpoints')
    .values({ size: head.size, note, at: now.toISOString() })
    .onConflict((conflict) => conflict.column('size').doUpdateSet({ note, at: now.toISOString() }))
    .execute();
  await tiles.tidy(head.size);
  settled();
  const after = await checkpoints.read();
  if (typeof after === 'string') throw new AuditUnavailable(after);
  return after;
}

/**
 * A new store gets a checkpoint over nothing before anything is written. A store with a chain of the first form gets
 * its tree over the same texts, an entry that says so, and its first signed note; where the old chain does not verify
 * everything is left as it is: the log can be read and takes no entries.
 * Source: ADR 0020.
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
