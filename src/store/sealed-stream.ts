import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const MAGIC = Buffer.from('SLB1', 'ascii');
const SALT_BYTES = 32;
const PREFIX_BYTES = 7;
const TAG_BYTES = 16;
const CHUNK_BYTES = 1024 * 1024;
const HEADER_BYTES = MAGIC.length + SALT_BYTES + PREFIX_BYTES;
const KEY_BYTES = 32;

/** Bytes that are not what was sealed with this key: changed, cut, put together otherwise, or of another key. */
export class SealBroken extends Error {
  constructor() {
    super('The sealed stream is damaged, was cut or changed, or belongs to another key');
    this.name = 'SealBroken';
  }
}

/**
 * Any length of bytes under AES-256-GCM in chunks of one MiB. The key of a stream comes from `key` (32 bytes) and a random salt by
 * HKDF; nonces are prefix ‖ counter ‖ whether it is the last, so that chunks can be neither exchanged, left out nor cut off at the end.
 * Layout: `SLB1` ‖ salt (32) ‖ prefix (7) ‖ chunks, each ciphertext ‖ tag (16), all but the last of full length.
 * Source: Hoang, Reyhanitabar, Rogaway, Vizár 2015 (STREAM); RFC 5869; tracker issue 5 (encrypted backup).
 */
export async function* sealStream(plain: AsyncIterable<Uint8Array>, key: Uint8Array): AsyncGenerator<Uint8Array> {
  const header = Buffer.concat([MAGIC, randomBytes(SALT_BYTES), randomBytes(PREFIX_BYTES)]);
  yield header;
  const chunkKey = keyOf(key, header);
  let counter = 0;
  let waiting: Buffer = Buffer.alloc(0);
  const seal = (chunk: Uint8Array, isLast: boolean): Uint8Array => {
    const cipher = createCipheriv('aes-256-gcm', chunkKey, nonceOf(header, counter++, isLast)).setAAD(header);
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  };
  for await (const bytes of plain) {
    waiting = Buffer.concat([waiting, bytes]);
    for (; waiting.length > CHUNK_BYTES; waiting = waiting.subarray(CHUNK_BYTES)) yield seal(waiting.subarray(0, CHUNK_BYTES), false);
  }
  yield seal(waiting, true);
}

/** The bytes that were sealed, each chunk only after it was checked. Throws `SealBroken`; the end is checked like all the rest. */
export async function* openStream(sealed: AsyncIterable<Uint8Array>, key: Uint8Array): AsyncGenerator<Uint8Array> {
  const full = CHUNK_BYTES + TAG_BYTES;
  let waiting: Buffer = Buffer.alloc(0);
  let header: Buffer | null = null;
  let chunkKey: Uint8Array = new Uint8Array();
  let counter = 0;
  const open = (of: Buffer, chunk: Buffer, isLast: boolean): Uint8Array => {
    if (chunk.length < TAG_BYTES) throw new SealBroken();
    const decipher = createDecipheriv('aes-256-gcm', chunkKey, nonceOf(of, counter++, isLast), { authTagLength: TAG_BYTES });
    decipher.setAAD(of).setAuthTag(chunk.subarray(-TAG_BYTES));
    const plain = decipher.update(chunk.subarray(0, -TAG_BYTES));
    try {
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      throw new SealBroken();
    }
  };
  for await (const bytes of sealed) {
    waiting = Buffer.concat([waiting, bytes]);
    if (header === null) {
      if (waiting.length < HEADER_BYTES) continue;
      header = waiting.subarray(0, HEADER_BYTES);
      if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new SealBroken();
      chunkKey = keyOf(key, header);
      waiting = waiting.subarray(HEADER_BYTES);
    }
    for (; waiting.length > full; waiting = waiting.subarray(full)) yield open(header, waiting.subarray(0, full), false);
  }
  if (header === null) throw new SealBroken();
  yield open(header, waiting, true);
}

function keyOf(key: Uint8Array, header: Buffer): Uint8Array {
  if (key.length !== KEY_BYTES) throw new RangeError('A backup key has 32 bytes');
  return Buffer.from(hkdfSync('sha256', key, header.subarray(MAGIC.length, MAGIC.length + SALT_BYTES), 'sluice/backup/v1', KEY_BYTES));
}

function nonceOf(header: Buffer, counter: number, isLast: boolean): Uint8Array {
  if (counter > 0xffff_ffff) throw new RangeError('A backup is too long for one stream');
  const nonce = Buffer.alloc(12);
  header.copy(nonce, 0, HEADER_BYTES - PREFIX_BYTES);
  nonce.writeUInt32BE(counter, PREFIX_BYTES);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
