import type { Kysely, Transaction } from 'kysely';
import { AuditUnavailable } from '../audit/audit-unavailable.ts';
import type { TreeHead } from '../audit/checkpoint.ts';
import { emptyRoot, leafHash, sameHash } from '../audit/merkle-hash.ts';
import { nodesOfRange, type TreeBuilder, treeBuilder } from '../audit/merkle-tree.ts';
import type { TileFolder } from './audit-tiles.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import type { Database } from './schema.ts';

const PAGE_ROWS = 2000;

/** What this process knows of the log, from the signed checkpoint on. */
export interface AuditTree {
  /**
   * Size known to be right, and the leaf of its last entry (hex; null of an empty log). Reads the checkpoint each time;
   * throws `AuditUnavailable` where it is missing, not ours, or says something else than the tiles.
   */
  trusted(): Promise<{ readonly size: number; readonly lastLeaf: string | null }>;
  /**
   * Gives places to all entries that have none yet, under the write lock of `tx`. Throws `AuditUnavailable` where the
   * sequenced part was changed since this process or the checkpoint knew it. `settled` is to be called once `tx` is
   * committed.
   */
  sequence(tx: Transaction<Database>): Promise<{ readonly head: TreeHead; settled(): void }>;
  /** The head this process has seen last, or null. */
  seen(): TreeHead | null;
}

interface Known {
  readonly builder: TreeBuilder;
  readonly lastLeaf: string | null;
  /** Text of the checkpoint that this follows from. */
  readonly from: string;
}

/**
 * The row of `audit_tree` is the lease of the sequencer: whoever has it locked in a transaction gives places, alone,
 * and loses it with the transaction, so that a process that dies or hangs needs no time-out, and `fence` tells a late
 * one that it is late. What it computes is a function of the entries alone: whoever does it gets the same.
 * Source: ADR 0018; models-and-audit.md §2.4.
 */
export function auditTree(checkpoints: CheckpointFile, tiles: TileFolder): AuditTree {
  const { algorithm } = checkpoints;
  let known: Known | null = null;

  const load = async (): Promise<Known> => {
    const checkpoint = await checkpoints.read();
    if (typeof checkpoint === 'string') throw new AuditUnavailable(checkpoint);
    if (known?.from === checkpoint.note.text) return known;
    const { size, root } = checkpoint;
    const [nodes, last] = [await tiles.read(nodesOfRange(0, size)), size === 0 ? [] : await tiles.read([{ level: 0, index: size - 1 }])];
    const builder = treeBuilder(algorithm, { size, nodes });
    const isOther = known !== null && known.builder.size() === size && !sameHash(known.builder.root(), root);
    if (isOther) throw new AuditUnavailable('log-contradicts-checkpoint');
    if (!sameHash(builder.root(), root)) throw new AuditUnavailable('log-contradicts-tiles');
    known = { builder, lastLeaf: last[0] === undefined ? null : Buffer.from(last[0]).toString('hex'), from: checkpoint.note.text };
    return known;
  };

  return {
    async trusted() {
      const { builder, lastLeaf } = await load();
      return { size: builder.size(), lastLeaf };
    },
    seen: () => (known === null ? null : { size: known.builder.size(), root: known.builder.root() }),
    async sequence(tx) {
      const { builder, lastLeaf, from } = await load();
      const next = treeBuilder(algorithm, builder.frontier());
      const lease = await leaseOf(tx, algorithm);
      let last = await followSequenced(tx, next, lastLeaf);
      const agrees = lease.size === next.size() && lease.root === Buffer.from(next.root()).toString('hex');
      if (!agrees) throw new AuditUnavailable('log-contradicts-checkpoint');
      for (;;) {
        const rows = await tx
          .selectFrom('audit_entries')
          .select(['seq', 'body'])
          .where('seq', '>', next.size())
          .orderBy('seq')
          .limit(PAGE_ROWS)
          .execute();
        for (const { seq, body } of rows) {
          if (seq !== next.size() + 1 || body === null) throw new AuditUnavailable('log-contradicts-checkpoint');
          const leaf = leafHash(algorithm, Buffer.from(body, 'utf8'));
          last = Buffer.from(leaf).toString('hex');
          await tx.updateTable('audit_entries').set({ leaf: last }).where('seq', '=', seq).execute();
          next.append(leaf);
        }
        if (rows.length < PAGE_ROWS) break;
      }
      const head = { size: next.size(), root: next.root() };
      if (head.size > lease.size) await moveLease(tx, lease.fence, head);
      const settled = (): void => {
        known = { builder: next, lastLeaf: last, from };
      };
      return { head, settled };
    },
  };
}

interface Lease {
  readonly size: number;
  readonly root: string;
  readonly fence: number;
}

async function leaseOf(tx: Transaction<Database>, algorithm: 'sha256' | 'sm3'): Promise<Lease> {
  const row = await tx.selectFrom('audit_tree').selectAll().where('id', '=', 1).executeTakeFirst();
  if (row !== undefined) {
    if (row.algorithm !== algorithm) throw new AuditUnavailable('checkpoint-invalid');
    return row;
  }
  const empty = { size: 0, root: Buffer.from(emptyRoot(algorithm)).toString('hex'), fence: 0 };
  await tx
    .insertInto('audit_tree')
    .values({ id: 1, algorithm, ...empty })
    .execute();
  return empty;
}

async function moveLease(tx: Transaction<Database>, fence: number, { size, root }: TreeHead): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('audit_tree')
    .set({ size, root: Buffer.from(root).toString('hex'), fence: fence + 1 })
    .where('id', '=', 1)
    .where('fence', '=', fence)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) throw new AuditUnavailable('log-contradicts-checkpoint');
}

/** Takes over what other processes have given places to since. */
async function followSequenced(db: Kysely<Database>, builder: TreeBuilder, lastLeaf: string | null): Promise<string | null> {
  let last = lastLeaf;
  for (;;) {
    const rows = await db
      .selectFrom('audit_entries')
      .select(['seq', 'leaf'])
      .where('seq', '>', builder.size())
      .where('leaf', 'is not', null)
      .orderBy('seq')
      .limit(PAGE_ROWS)
      .execute();
    for (const { seq, leaf } of rows) {
      if (seq !== builder.size() + 1 || leaf === null) throw new AuditUnavailable('log-contradicts-checkpoint');
      builder.append(Buffer.from(leaf, 'hex'));
      last = leaf;
    }
    if (rows.length < PAGE_ROWS) return last;
  }
}
