import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { type Checkpoint, hashOfOrigin, readCheckpoint, type TreeHead } from '../audit/checkpoint.ts';
import { isWitnessed, type LogTrust } from '../audit/log-trust.ts';
import { HASH_BYTES, sameHash } from '../audit/merkle-hash.ts';
import { OUTCOME_DEADLINE_MS } from '../audit/open-intents.ts';
import { decodeBundle, TILE_WIDTH, tilePath } from '../audit/tile.ts';
import { type Anchor, type LogVerification, type LogVerifier, logVerifier } from '../audit/verify-log.ts';
import { allRecords } from './audit-records.ts';
import { verifyInThreads } from './audit-stretches.ts';
import { leafTile, tileWidth } from './audit-tiles.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import type { Database } from './schema.ts';

export interface FullVerification extends LogVerification {
  readonly checkpoint: TreeHead | null;
}

/**
 * All of the log against its checkpoint, the checkpoints signed before, what this process has seen, and what a witness
 * kept (`witnessed`). The checkpoint is read first, so that a log growing meanwhile only extends it. Also compares the
 * tiles of leaf hashes below `folder` with the entries. Writes nothing.
 * Source: models-and-audit.md §2.4 "CLI verifier and exit codes".
 */
export async function verifyStore(
  db: Kysely<Database>,
  parts: {
    readonly checkpoints: CheckpointFile;
    readonly folder: string;
    /** SQLite file of the records, or null where they are elsewhere: threads read it for themselves. */
    readonly path: string | null;
    readonly seen: TreeHead | null;
    readonly witnessed: readonly TreeHead[];
    readonly now: Date;
  },
): Promise<FullVerification> {
  const { checkpoints, seen, witnessed, now } = parts;
  const checkpoint = await checkpoints.read();
  const current = typeof checkpoint === 'string' ? null : checkpoint;
  const history = await db.selectFrom('audit_checkpoints').select(['size', 'note']).orderBy('size').execute();
  const earlier = history.map(({ note }) => checkpoints.check(note));
  const anchors: Anchor[] = [
    ...[current, seen, ...earlier].filter((item) => item !== null).map(({ size, root }) => ({ size, root, by: 'log' as const })),
    ...witnessed.map(({ size, root }) => ({ size, root, by: 'witness' as const })),
  ];
  const head = current && { size: current.size, root: current.root };
  const outcomes = { now, deadlineMs: OUTCOME_DEADLINE_MS };
  if (parts.path !== null && current !== null && !earlier.includes(null)) {
    const { algorithm } = checkpoints;
    const log = { algorithm, path: parts.path, folder: parts.folder, tiled: current.size, anchors, ...outcomes };
    const right = await verifyInThreads({ ...log, entries: await entriesOf(db) });
    if (right !== null) return { ...right, checkpoint: head };
  }
  const verifier = logVerifier(checkpoints.algorithm, anchors, outcomes);
  if (typeof checkpoint === 'string') verifier.fault({ seq: null, kind: checkpoint });
  if (earlier.includes(null)) verifier.fault({ seq: null, kind: 'checkpoint-invalid' });
  const tiles = tileChecker(parts.folder, current?.size ?? 0, verifier);
  for await (const page of allRecords(db)) {
    for (const record of page) {
      verifier.take(record);
      if (record.leaf !== null) await tiles(record.seq, record.leaf);
    }
  }
  return { ...verifier.finish(), checkpoint: head };
}

/** Number of the last entry, or 0 where they do not begin with 1: such a log is read entry by entry. */
async function entriesOf(db: Kysely<Database>): Promise<number> {
  const ends = db.selectFrom('audit_entries').select('seq').limit(1);
  const [first, last] = [await ends.orderBy('seq').executeTakeFirst(), await ends.orderBy('seq', 'desc').executeTakeFirst()];
  return first?.seq === 1 ? (last?.seq ?? 0) : 0;
}

/** Compares leaves with the files, one tile at a time. */
function tileChecker(folder: string, size: number, verifier: LogVerifier): (seq: number, leaf: Uint8Array) => Promise<void> {
  let tile: { readonly index: number; readonly bytes: Uint8Array | null } = { index: -1, bytes: null };
  return async (seq, leaf) => {
    if (seq < 1 || seq > size) return;
    const index = Math.floor((seq - 1) / TILE_WIDTH);
    if (tile.index !== index) {
      tile = { index, bytes: await leafTile(folder, index, tileWidth(index, size)) };
      if (tile.bytes === null) verifier.fault({ seq, kind: 'tile-changed' });
    }
    const at = ((seq - 1) % TILE_WIDTH) * HASH_BYTES;
    if (tile.bytes !== null && !sameHash(tile.bytes.subarray(at, at + HASH_BYTES), leaf)) verifier.fault({ seq, kind: 'tile-changed' });
  };
}

/**
 * A log from its tiles and its checkpoint alone: no store, no instance. Bundles that were pruned are accepted where an
 * entry in the log says so. Throws where the folder has no readable checkpoint file; everything else is a fault.
 * Source: C2SP tlog-tiles; models-and-audit.md §2.4.
 */
export async function verifyTiles(
  folder: string,
  trust: LogTrust,
  options: { readonly witnessed: readonly TreeHead[]; readonly now: Date },
): Promise<FullVerification> {
  const algorithm = hashOfOrigin(trust.origin);
  if (algorithm === null) throw new RangeError('The trusted key names no log of ours');
  const note = await readFile(join(folder, 'checkpoint'), 'utf8');
  const read = readCheckpoint(note, trust.origin, trust.logKeys, trust.witnesses);
  const checkpoint: Checkpoint | null = read.ok ? read.value : null;
  const anchors: Anchor[] = [
    ...(checkpoint === null ? [] : [{ size: checkpoint.size, root: checkpoint.root, by: 'log' as const }]),
    ...options.witnessed.map(({ size, root }) => ({ size, root, by: 'witness' as const })),
  ];
  const head = checkpoint && { size: checkpoint.size, root: checkpoint.root };
  const outcomes = { now: options.now, deadlineMs: OUTCOME_DEADLINE_MS };
  if (checkpoint !== null && isWitnessed(checkpoint.signatures, trust)) {
    const log = { algorithm, path: null, folder, entries: checkpoint.size, tiled: checkpoint.size, anchors, ...outcomes };
    const right = await verifyInThreads(log);
    if (right !== null) return { ...right, checkpoint: head };
  }
  const verifier = logVerifier(algorithm, anchors, outcomes);
  if (checkpoint === null) verifier.fault({ seq: null, kind: 'checkpoint-invalid' });
  else if (!isWitnessed(checkpoint.signatures, trust)) verifier.fault({ seq: null, kind: 'witness-missing' });
  const size = checkpoint?.size ?? 0;
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const width = tileWidth(index, size);
    const leaves = await leafTile(folder, index, tileWidth(index, size));
    const bundle = await readFile(join(folder, tilePath({ level: 'entries', index, width }))).catch(() => null);
    const entries = bundle === null ? null : decodeBundle(bundle);
    if (leaves === null || (bundle !== null && entries?.length !== width)) {
      verifier.fault({ seq: index * TILE_WIDTH + 1, kind: 'tile-changed' });
      if (leaves === null) break;
    }
    for (let at = 0; at < width; at += 1) {
      const entry = entries?.[at];
      const body = entry === undefined ? null : Buffer.from(entry).toString('utf8');
      verifier.take({ seq: index * TILE_WIDTH + at + 1, body, leaf: leaves.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES) });
    }
  }
  return { ...verifier.finish(), checkpoint: head };
}
