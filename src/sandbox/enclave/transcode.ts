import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** How a file of text is written. Source: GB 18030-2022, RFC 2781. */
type FileEncoding = LineEncoding | 'utf-16le' | 'utf-16be';
type LineEncoding = 'utf-8' | 'gb18030';

const NEWLINE = 10; // in both encodings the byte of a newline occurs nowhere else, so blocks may be cut there
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * Reads `source` as `encoding` and writes it to the new file `target` as UTF-8, block by block. Gives the 1-based line
 * of the first bytes that do not decode, or null. At such bytes `target` ends and must not be used. Never gives the
 * bytes. A byte order mark is dropped. Throws on file errors and on lines above 16 MiB.
 */
export async function transcode(source: string, target: string, encoding: FileEncoding): Promise<number | null> {
  const output = createWriteStream(target, { flags: 'wx', mode: 0o600 });
  const done = finished(output);
  done.catch(() => undefined); // awaited below; until then a failure must not count as unhandled
  const badLine =
    encoding === 'utf-8' || encoding === 'gb18030'
      ? await writeLines(source, encoding, output, done)
      : await writeUnits(source, encoding, output, done);
  output.end();
  await done;
  return badLine;
}

async function writeLines(source: string, encoding: LineEncoding, output: WriteStream, done: Promise<void>): Promise<number | null> {
  let line = 1;
  let first = true;
  for await (const block of wholeLines(source)) {
    const text = decode(block, encoding, first);
    if (text === null) return line + goodLines(block, encoding);
    first = false;
    line += newlines(block);
    if (!output.write(text)) await Promise.race([once(output, 'drain'), done]);
  }
  return null;
}

/** UTF-16 has the byte of a newline inside other signs, too: it is decoded as a stream. */
async function writeUnits(source: string, encoding: FileEncoding, output: WriteStream, done: Promise<void>): Promise<number | null> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const put = async (text: string): Promise<void> => {
    line += text.split('\n').length - 1;
    if (text !== '' && !output.write(text)) await Promise.race([once(output, 'drain'), done]);
  };
  try {
    for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>)
      await put(decoder.decode(chunk, { stream: true }));
    await put(decoder.decode());
    return null;
  } catch (error) {
    if (error instanceof TypeError) return line;
    throw error;
  }
}

/** Blocks that end at a newline, but for the last. */
async function* wholeLines(source: string): AsyncGenerator<Buffer> {
  let tail: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    const cut = chunk.lastIndexOf(NEWLINE) + 1;
    if (cut > 0) {
      yield Buffer.concat([...tail, chunk.subarray(0, cut)]);
      tail = [];
      size = 0;
    }
    size += chunk.length - cut;
    if (size > MAX_LINE_BYTES) throw new Error('A line is too long');
    if (cut < chunk.length) tail.push(chunk.subarray(cut));
  }
  if (size > 0) yield Buffer.concat(tail);
}

function decode(block: Uint8Array, encoding: LineEncoding, dropByteOrderMark: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: !dropByteOrderMark }).decode(block);
  } catch {
    return null;
  }
}

function newlines(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

/** How many lines at the start of a block decode. */
function goodLines(block: Buffer, encoding: LineEncoding): number {
  let count = 0;
  let start = 0;
  for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, start)) {
    if (decode(block.subarray(start, at), encoding, false) === null) return count;
    count += 1;
    start = at + 1;
  }
  return count;
}
