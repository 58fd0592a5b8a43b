import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AuditUnavailable } from '../audit/audit-unavailable.ts';
import { HASH_BYTES, type MerkleHash } from '../audit/merkle-hash.ts';
import type { NodeReader } from '../audit/merkle-proof.ts';
import { foldNodes, type NodePlace } from '../audit/merkle-tree.ts';
import { encodeBundle, nodesOfTile, TILE_HEIGHT, TILE_WIDTH, type TilePlace, tilePath, tilesOf } from '../audit/tile.ts';
import { syncFolder } from './durable-file.ts';

/** Leaf hashes and texts of the entries `from`…`to`−1 (places from 0), in order. */
export type EntrySource = (from: number, to: number) => Promise<readonly { readonly leaf: Uint8Array; readonly entry: Uint8Array }[]>;

/** The log as files in the tlog-tiles layout below one folder. */
export interface TileFolder {
  /** Hashes of complete subtrees, from the tiles on disk. Throws `AuditUnavailable` where a tile is missing or short. */
  readonly read: NodeReader;
  /**
   * Writes what the tree of `size` has beyond that of `fromSize`; on disk when it returns. A full tile is written once:
   * one that is there already must have the same bytes. Writing the same twice, also from two processes, is harmless.
   */
  extend(fromSize: number, size: number, entries: EntrySource): Promise<void>;
  /** Removes the bundles that hold nothing but the entries at these places (from 0); their hashes stay. */
  dropBundles(places: readonly number[]): Promise<void>;
  /** Removes partial tiles that no tree of at least `size` needs. */
  tidy(size: number): Promise<void>;
}

/**
 * Opens the folder (made where there is none). A partial tile of an earlier size is removed once a later checkpoint is
 * in place, so a reader with an old checkpoint finds a wider tile, whose beginning is the same.
 * Source: C2SP tlog-tiles.
 */
export async function openTileFolder(folder: string, algorithm: MerkleHash): Promise<TileFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const read: NodeReader = async (places) => {
    const tiles = new Map<string, Uint8Array>();
    const hashes: Uint8Array[] = [];
    for (const place of places) hashes.push(await nodeFrom(folder, algorithm, place, tiles));
    return hashes;
  };
  return {
    read,
    async extend(fromSize, size, entries) {
      const folders = new Set<string>();
      for (const place of tilesOf(size, fromSize)) {
        const bytes = await tileBytes(place, entries, read);
        const path = join(folder, tilePath(place));
        await writeOnce(path, bytes, place.width === TILE_WIDTH);
        folders.add(dirname(path));
      }
      for (const each of folders) for (let up = each; up.startsWith(folder); up = dirname(up)) await syncFolder(up);
    },
    async dropBundles(places) {
      for (const [index, of] of Map.groupBy(places, (place) => Math.floor(place / TILE_WIDTH)))
        if (of.length === TILE_WIDTH) await rm(join(folder, tilePath({ level: 'entries', index, width: TILE_WIDTH })), { force: true });
    },
    async tidy(size) {
      for (const place of tilesOf(size)) if (place.width < TILE_WIDTH) await removeNarrower(folder, place);
    },
  };
}

async function tileBytes(place: TilePlace, entries: EntrySource, read: NodeReader): Promise<Uint8Array> {
  const from = place.index * TILE_WIDTH;
  if (place.level === 'entries') return encodeBundle((await entries(from, from + place.width)).map(({ entry }) => entry));
  if (place.level === 0) return Buffer.concat((await entries(from, from + place.width)).map(({ leaf }) => leaf));
  return Buffer.concat(await read(nodesOfTile({ ...place, level: place.level })));
}

/** One node: from the tile row that holds its level's leaves, folded where it stands inside a tile. */
async function nodeFrom(folder: string, algorithm: MerkleHash, place: NodePlace, tiles: Map<string, Uint8Array>): Promise<Uint8Array> {
  const level = Math.floor(place.level / TILE_HEIGHT);
  const width = 2 ** (place.level % TILE_HEIGHT);
  const first = place.index * width;
  const index = Math.floor(first / TILE_WIDTH);
  const at = first % TILE_WIDTH;
  const tile = await tileAt(folder, { level, index, width: at + width }, tiles);
  const steps = Array.from({ length: width }, (_, step) => step);
  if (tile !== null)
    return foldComplete(
      algorithm,
      steps.map((step) => tile.subarray((at + step) * HASH_BYTES, (at + step + 1) * HASH_BYTES)),
    );
  // A row is written after the one below it: until then its hashes come from there.
  if (level === 0) throw new AuditUnavailable('log-contradicts-tiles');
  const below = await Promise.all(steps.map((step) => tileAt(folder, { level: level - 1, index: first + step, width: TILE_WIDTH }, tiles)));
  return foldComplete(
    algorithm,
    below.map((bytes) => foldComplete(algorithm, hashesOfTile(bytes))),
  );
}

/** The hashes in a full tile. */
function hashesOfTile(bytes: Uint8Array | null): readonly Uint8Array[] {
  if (bytes === null) throw new AuditUnavailable('log-contradicts-tiles');
  return Array.from({ length: TILE_WIDTH }, (_, at) => bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
}

/** Hash of a complete subtree over its bottom row. */
function foldComplete(algorithm: MerkleHash, row: readonly Uint8Array[]): Uint8Array {
  let hashes = row;
  while (hashes.length > 1) {
    const pairs: Uint8Array[] = [];
    for (let at = 0; at < hashes.length; at += 2) pairs.push(foldNodes(algorithm, hashes.slice(at, at + 2)) as Uint8Array);
    hashes = pairs;
  }
  return hashes[0] as Uint8Array;
}

/** Hashes in tile `index` of the bottom row of a log of `size` entries. */
export function tileWidth(index: number, size: number): number {
  return Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
}

/** The first `width` hashes of a tile, from whatever tile of its place on disk is wide enough; null where none is. */
export async function leafTile(folder: string, index: number, width: number): Promise<Uint8Array | null> {
  const bytes = await tileAt(folder, { level: 0, index, width }, new Map());
  return bytes?.subarray(0, width * HASH_BYTES) ?? null;
}

/** A tile with at least `width` hashes: the full one, or the narrowest partial one that is wide enough; null without. */
async function tileAt(folder: string, place: TilePlace, cache: Map<string, Uint8Array>): Promise<Uint8Array | null> {
  const full = join(folder, tilePath({ ...place, width: TILE_WIDTH }));
  const cached = cache.get(full);
  if (cached !== undefined && cached.length >= place.width * HASH_BYTES) return cached;
  const wideEnough = (bytes: Uint8Array | null): bytes is Uint8Array => bytes !== null && bytes.length >= place.width * HASH_BYTES;
  let bytes = await bytesOf(full);
  for (const width of wideEnough(bytes) ? [] : await partialWidths(full)) {
    if (width < place.width) continue;
    bytes = await bytesOf(`${full}.p/${width}`);
    if (wideEnough(bytes)) break;
  }
  if (!wideEnough(bytes)) return null;
  cache.set(full, bytes);
  return bytes;
}

async function partialWidths(full: string): Promise<readonly number[]> {
  try {
    const names = await readdir(`${full}.p`);
    return names
      .filter((name) => /^\d{1,3}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function removeNarrower(folder: string, place: TilePlace): Promise<void> {
  const full = join(folder, tilePath({ ...place, width: TILE_WIDTH }));
  for (const width of await partialWidths(full)) if (width < place.width) await rm(`${full}.p/${width}`, { force: true });
  const before = place.index === 0 ? null : join(folder, tilePath({ ...place, index: place.index - 1, width: TILE_WIDTH }));
  if (before !== null) await rm(`${before}.p`, { recursive: true, force: true });
}

/** Writes a file whole, or finds it there with the same bytes. */
async function writeOnce(path: string, bytes: Uint8Array, isFull: boolean): Promise<void> {
  const there = await bytesOf(path);
  if (there !== null && Buffer.compare(there, bytes) === 0) return;
  if (there !== null && isFull) throw new AuditUnavailable('log-contradicts-tiles');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

async function bytesOf(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
