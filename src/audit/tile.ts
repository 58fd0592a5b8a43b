import type { NodePlace } from './merkle-tree.ts';

/** Hashes, or entries, in a full tile; also the number of tiles that one of the level above stands for. */
export const TILE_WIDTH = 256;
/** Levels of the tree in one level of tiles. */
export const TILE_HEIGHT = 8;
/** An entry has a 16-bit length before it. */
export const MAX_ENTRY_BYTES = 65_535;

/** One tile of hashes (`level` from 0) or one bundle of entries. `width` 1…256; 256 is full. */
export interface TilePlace {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/**
 * Path of a tile below the folder of a log: `tile/0/x001/x234/067`, partial ones `….p/17`.
 * Source: C2SP tlog-tiles, "Merkle Tree".
 */
export function tilePath({ level, index, width }: TilePlace): string {
  const digits = index.toString().padStart(Math.ceil(index.toString().length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/**
 * Every tile of hashes of a tree of `size` leaves with more than nothing in it, and its bundles of entries, each level
 * in order. Width of the partial tile of level l: ⌊size/256ˡ⌋ mod 256. Source: C2SP tlog-tiles, "Partial Tiles".
 */
export function* tilesOf(size: number, fromSize = 0): Generator<TilePlace> {
  yield* tilesOfLevel('entries', size, fromSize);
  for (let level = 0; ; level += 1) {
    const hashes = Math.floor(size / TILE_WIDTH ** level);
    if (hashes === 0) return;
    yield* tilesOfLevel(level, hashes, Math.floor(fromSize / TILE_WIDTH ** level));
  }
}

function* tilesOfLevel(level: number | 'entries', hashes: number, already: number): Generator<TilePlace> {
  if (hashes === already) return;
  const full = Math.floor(hashes / TILE_WIDTH);
  for (let index = Math.floor(already / TILE_WIDTH); index < full; index += 1) yield { level, index, width: TILE_WIDTH };
  if (hashes % TILE_WIDTH > 0) yield { level, index: full, width: hashes % TILE_WIDTH };
}

/** The subtrees whose hashes stand in a tile, in order. */
export function nodesOfTile({ level, index, width }: TilePlace & { readonly level: number }): readonly NodePlace[] {
  return Array.from({ length: width }, (_, at) => ({ level: level * TILE_HEIGHT, index: index * TILE_WIDTH + at }));
}

/** Entries as a bundle: each with its length in two bytes, big-endian, before it. Throws above 65 535 bytes. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES) throw new RangeError('An entry of more than 65535 bytes');
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** The entries of a bundle, or null where its bytes are no whole number of entries. */
export function decodeBundle(bytes: Uint8Array): readonly Uint8Array[] | null {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < source.length) {
    if (at + 2 > source.length) return null;
    const end = at + 2 + source.readUInt16BE(at);
    if (end > source.length) return null;
    entries.push(source.subarray(at + 2, end));
    at = end;
  }
  return entries;
}
