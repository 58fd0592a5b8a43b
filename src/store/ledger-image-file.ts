import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type IndexImage, LedgerIndex } from '../egress/ledger/ledger-index.ts';
import type { LedgerImage, LedgerImages } from '../operations/ledger-images.ts';
import type { LedgerMark } from '../operations/ledger-store.ts';
import type { KeyStore } from '../operations/ports.ts';

const MAGIC = 'sluice-ledger-image/v1\n';
const MAC_BYTES = 32;
/** Arrays begin at multiples of it: they are used as they lie in the file. */
const ALIGNED = 8;

/**
 * Images of ledger indexes as files, one per dataset: magic, length of a JSON head, head, arrays, HMAC-SHA-256 of all of
 * it under a key of the dataset. Fingerprints and masks stand in clear, as in the store. A file that is not whole, not
 * ours or of other arrays counts as none. Little-endian machines only. Source: ADR 0025.
 */
export function fileLedgerImages(folder: string, keys: KeyStore): LedgerImages {
  const pathOf = (dataset: string): string => join(folder, `${Buffer.from(dataset, 'utf8').toString('hex')}.index`);
  return {
    async read(dataset) {
      const bytes = await readFile(pathOf(dataset)).catch(() => null);
      if (bytes === null || bytes.length < MAGIC.length + ALIGNED + MAC_BYTES) return null;
      const mac = createHmac('sha256', await keys.datasetKey(dataset, 'ledger-image'))
        .update(bytes.subarray(0, -MAC_BYTES))
        .digest();
      if (!timingSafeEqual(mac, bytes.subarray(-MAC_BYTES))) return null;
      try {
        return imageOf(bytes.subarray(0, -MAC_BYTES));
      } catch {
        return null;
      }
    },
    async write(dataset, mark, image) {
      const path = pathOf(dataset);
      const parts = partsOf(mark, image);
      const hmac = createHmac('sha256', await keys.datasetKey(dataset, 'ledger-image'));
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const temporary = `${path}.${process.pid}.tmp`;
        const file = await open(temporary, 'w', 0o600);
        try {
          for (const part of parts) {
            hmac.update(part);
            await file.writeFile(part);
          }
          await file.writeFile(hmac.digest());
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch {
        // Without an image the next start reads the records.
      }
    },
  };
}

const KINDS = { Float64Array, Uint32Array, Uint8Array } as const;
type Column = Float64Array | Uint32Array | Uint8Array;

interface Head {
  readonly mark: LedgerMark;
  readonly jobs: readonly string[];
  readonly kinds: readonly (readonly [string, string, string])[];
  readonly near: readonly string[];
  readonly columns: readonly (readonly [kind: keyof typeof KINDS, length: number])[];
}

/** Columns of entries, then of each index. */
const ENTRY_COLUMNS = 4;
const NEAR_COLUMNS = 7;

function partsOf(mark: LedgerMark, { entries, near }: IndexImage): readonly Uint8Array[] {
  const columns: readonly Column[] = [
    ...[entries.seqs, entries.jobOf, entries.kindOf, entries.stateOf],
    ...near.flatMap(([, image]) => [image.ids, image.lanes, image.masks, image.isRemoved, ...image.table]),
  ];
  const head: Head = {
    mark,
    jobs: entries.jobs,
    kinds: entries.kinds,
    near: near.map(([name]) => name),
    columns: columns.map((column) => [kindOf(column), column.length]),
  };
  const text = Buffer.from(JSON.stringify(head), 'utf8');
  const length = Buffer.alloc(ALIGNED);
  length.writeUInt32LE(text.length);
  const start = [Buffer.from(MAGIC, 'utf8'), length, text];
  const padded = (bytes: number): Buffer => Buffer.alloc((ALIGNED - (bytes % ALIGNED)) % ALIGNED);
  const used = start.reduce((sum, part) => sum + part.length, 0);
  return [
    ...[...start, padded(used)],
    ...columns.flatMap((column) => [new Uint8Array(column.buffer, column.byteOffset, column.byteLength), padded(column.byteLength)]),
  ];
}

function kindOf(column: Column): keyof typeof KINDS {
  return column instanceof Float64Array ? 'Float64Array' : column instanceof Uint32Array ? 'Uint32Array' : 'Uint8Array';
}

/** Throws where the bytes are no image. */
function imageOf(bytes: Buffer): LedgerImage {
  if (bytes.toString('utf8', 0, MAGIC.length) !== MAGIC) throw new Error('No image');
  const from = MAGIC.length + ALIGNED;
  const until = from + bytes.readUInt32LE(MAGIC.length);
  const { mark, jobs, kinds, near, columns } = JSON.parse(bytes.toString('utf8', from, until)) as Head;
  let at = Math.ceil(until / ALIGNED) * ALIGNED;
  const read = columns.map(([kind, length]): Column => {
    const size = length * KINDS[kind].BYTES_PER_ELEMENT;
    if (at + size > bytes.length) throw new Error('An image ends early');
    const own = bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + size);
    at += Math.ceil(size / ALIGNED) * ALIGNED;
    return new KINDS[kind](own as ArrayBuffer);
  });
  const column = <T extends Column>(place: number, kind: abstract new (...most: never[]) => T): T => {
    const found = read[place];
    if (!(found instanceof kind)) throw new Error('An image has other columns');
    return found;
  };
  const entries = {
    jobs,
    kinds,
    seqs: column(0, Float64Array),
    jobOf: column(1, Uint32Array),
    kindOf: column(2, Uint32Array),
    stateOf: column(3, Uint8Array),
  };
  const index = LedgerIndex.of({
    entries,
    near: near.map((name, number) => {
      const own = ENTRY_COLUMNS + number * NEAR_COLUMNS;
      const table = [column(own + 4, Uint32Array), column(own + 5, Uint32Array), column(own + 6, Uint32Array)] as const;
      const [ids, isRemoved] = [column(own, Float64Array), column(own + 3, Uint8Array)];
      return [name, { ids, lanes: column(own + 1, Uint32Array), masks: column(own + 2, Uint32Array), isRemoved, table }] as const;
    }),
  });
  return { mark, index };
}
