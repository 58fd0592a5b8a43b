import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { HASH_BYTES, type MerkleHash } from '../audit/merkle-hash.ts';
import { decodeBundle, TILE_WIDTH, tilePath } from '../audit/tile.ts';
import { STRETCH_ENTRIES, type StretchFinding, stretchReader } from '../audit/verify-stretch.ts';
import { leafTile, tileWidth } from './audit-tiles.ts';

/* A thread of `audit-stretches.ts`: is sent numbers of stretches, and answers with what they say. */

/** `path`: SQLite file with the entries, or null: their texts stand in the bundles. `tiled`: entries that the tiles of `folder` hold. */
export interface StretchSource {
  readonly algorithm: MerkleHash;
  readonly path: string | null;
  readonly folder: string;
  readonly entries: number;
  readonly tiled: number;
  readonly sizes: readonly number[];
}

const BUSY_TIMEOUT_MS = 10_000;

const source = workerData as StretchSource;
const sizes = new Set(source.sizes);
// Not by `openSqlite`: this only reads, and what that needs takes longer to load than a stretch to be read.
const statement =
  source.path === null
    ? null
    : new DatabaseSync(source.path, { readOnly: true, timeout: BUSY_TIMEOUT_MS }).prepare(
        'SELECT seq, body, leaf FROM audit_entries WHERE seq > ? AND seq <= ? ORDER BY seq',
      );
statement?.setReturnArrays(true);

type Row = readonly [seq: number, body: string | null, leaf: string | null];

/** Leaf hashes of a stretch from its tiles, one after the other; null where one is missing. */
async function tilesOf(index: number): Promise<readonly (Uint8Array | null)[]> {
  const first = (index * STRETCH_ENTRIES) / TILE_WIDTH;
  const count = Math.ceil((Math.min(source.tiled, (index + 1) * STRETCH_ENTRIES) - index * STRETCH_ENTRIES) / TILE_WIDTH);
  const wanted = Array.from({ length: Math.max(0, count) }, (_, at) => first + at);
  return Promise.all(wanted.map((tile) => leafTile(source.folder, tile, tileWidth(tile, source.tiled))));
}

async function fromStore(index: number): Promise<StretchFinding> {
  const reader = stretchReader(source.algorithm, index, sizes);
  const first = index * STRETCH_ENTRIES;
  const tiles = await tilesOf(index);
  if (tiles.includes(null)) reader.spoil();
  const rows = (statement?.all(first, Math.min(source.entries, first + STRETCH_ENTRIES)) ?? []) as unknown as readonly Row[];
  for (const [at, [seq, body, leaf]] of rows.entries()) {
    const bytes = leaf === null ? null : Buffer.from(leaf, 'hex');
    reader.take({ seq, body, leaf: bytes });
    const tile = tiles[Math.floor(at / TILE_WIDTH)];
    const start = (at % TILE_WIDTH) * HASH_BYTES;
    if (bytes === null || tile === undefined || tile === null || seq > source.tiled) continue;
    if (bytes.compare(tile, start, start + HASH_BYTES) !== 0) reader.spoil();
  }
  return reader.finish();
}

async function fromBundles(index: number): Promise<StretchFinding> {
  const reader = stretchReader(source.algorithm, index, sizes);
  const tiles = await tilesOf(index);
  const bundles = await Promise.all(tiles.map((_, at) => bundleOf((index * STRETCH_ENTRIES) / TILE_WIDTH + at)));
  for (const [at, leaves] of tiles.entries()) {
    const bundle = bundles[at] ?? null;
    const entries = bundle === null ? null : decodeBundle(bundle);
    const place = index * STRETCH_ENTRIES + at * TILE_WIDTH;
    const width = tileWidth(place / TILE_WIDTH, source.tiled);
    if (leaves === null || (bundle !== null && entries?.length !== width)) {
      reader.spoil();
      break;
    }
    for (let entry = 0; entry < width; entry += 1) {
      const bytes = entries?.[entry];
      const leaf = leaves.subarray(entry * HASH_BYTES, (entry + 1) * HASH_BYTES);
      const text =
        bytes === undefined ? { body: null } : { body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(), bytes };
      reader.take({ seq: place + entry + 1, leaf, ...text });
    }
  }
  return reader.finish();
}

async function bundleOf(index: number): Promise<Uint8Array | null> {
  const place = { level: 'entries', index, width: tileWidth(index, source.tiled) } as const;
  return readFile(join(source.folder, tilePath(place))).catch(() => null);
}

parentPort?.on('message', async (index: number) => {
  parentPort?.postMessage(source.path === null ? await fromBundles(index) : await fromStore(index));
});
