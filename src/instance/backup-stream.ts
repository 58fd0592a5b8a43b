import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SealBroken } from '../store/sealed-stream.ts';

const HEAD_BYTES = 4;
const MOST_HEAD_BYTES = 64 * 1024;

/** What stands in front of every part of a backup; `bytes` of content follow. */
export type PartHead =
  | {
      readonly kind: 'about';
      readonly version: 1;
      readonly product: string;
      readonly at: string;
      readonly migrations: readonly string[];
      readonly size: number;
      readonly note: string;
      readonly auditProfile: 'intl' | 'gm';
      readonly bytes: 0;
    }
  | { readonly kind: 'records'; readonly table: string; readonly bytes: number }
  | { readonly kind: 'file'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'end'; readonly parts: number; readonly bytes: 0 };

/** A part as bytes: length of the head (4), head as JSON, content. */
export function encodePart(head: PartHead, content: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(JSON.stringify(head), 'utf8');
  const length = Buffer.alloc(HEAD_BYTES);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, content]);
}

/** A file below `root` as a part. What is written to it meanwhile is not in it: files of an instance are replaced, not changed. */
export async function* filePart(root: string, path: string): AsyncGenerator<Uint8Array> {
  const { size } = await stat(join(root, path));
  yield encodePart({ kind: 'file', path, bytes: size });
  if (size === 0) return;
  let left = size;
  for await (const bytes of createReadStream(join(root, path), { end: size - 1 }) as AsyncIterable<Buffer>) {
    left -= bytes.length;
    yield bytes;
  }
  if (left !== 0) throw new Error('A file became shorter while it was read');
}

/** Paths of the files below `root`/`folder`, relative to `root`, sorted; none where there is no such folder. */
export async function filesBelow(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'));
  return files.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort();
}

/** A part with its content still to be read, by `chunks`, before the next part is asked for. */
export interface Part {
  readonly head: PartHead;
  readonly chunks: AsyncGenerator<Uint8Array>;
}

/** Takes a stream of parts apart. What is left of a content that nobody read is passed over. Throws `SealBroken` on what is no part. */
export async function* readParts(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  const source = plain[Symbol.asyncIterator]();
  let waiting: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await source.next();
    if (next.done === true) return false;
    waiting = waiting.length === 0 ? Buffer.from(next.value) : Buffer.concat([waiting, next.value]);
    return true;
  };
  const take = async (bytes: number): Promise<Buffer> => {
    while (waiting.length < bytes) if (!(await more())) throw new SealBroken();
    const taken = waiting.subarray(0, bytes);
    waiting = waiting.subarray(bytes);
    return taken;
  };
  for (;;) {
    while (waiting.length === 0) if (!(await more())) return;
    const length = (await take(HEAD_BYTES)).readUInt32BE();
    if (length > MOST_HEAD_BYTES) throw new SealBroken();
    const head = JSON.parse((await take(length)).toString('utf8')) as PartHead;
    let left = head.bytes;
    const chunks = (async function* (): AsyncGenerator<Uint8Array> {
      while (left > 0) {
        if (waiting.length === 0 && !(await more())) throw new SealBroken();
        const now = waiting.subarray(0, Math.min(left, waiting.length));
        waiting = waiting.subarray(now.length);
        left -= now.length;
        yield now;
      }
    })();
    yield { head, chunks };
    for (; left > 0; left -= Math.min(left, 1024 * 1024)) await take(Math.min(left, 1024 * 1024));
  }
}

/** All of a part's content. */
export async function contentOf(part: Part): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of part.chunks) chunks.push(chunk);
  return Buffer.concat(chunks);
}
