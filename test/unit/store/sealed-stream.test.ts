import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openStream, SealBroken, sealStream } from '../../../src/store/sealed-stream.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const MIB = 1024 * 1024;

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const sealed = (plain: Uint8Array, size = 300_000): Promise<Buffer> => all(sealStream(pieces(plain, size), KEY));
const opened = (bytes: Uint8Array, key = KEY, size = 777_777): Promise<Buffer> => all(openStream(pieces(bytes, size), key));

test.each([0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 17])('%i bytes come back as they were', async (length) => {
  const plain = randomBytes(length);
  const bytes = await sealed(plain);
  expect((await opened(bytes)).equals(plain)).toBe(true);
  if (length > 1) expect(bytes.includes(plain.subarray(0, Math.min(length, 32)))).toBe(false);
});

test('the same content is sealed otherwise each time', async () => {
  const plain = randomBytes(1000);
  expect((await sealed(plain)).equals(await sealed(plain))).toBe(false);
});

test('a changed byte anywhere, a cut at any chunk, an addition, exchanged chunks and another key are found', async () => {
  const plain = randomBytes(3 * MIB + 100);
  const bytes = await sealed(plain);
  const header = 43;
  const chunk = MIB + 16;
  const attacks: Buffer[] = [];
  for (const at of [0, 5, 40, header, header + chunk - 1, header + chunk + 7, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    attacks.push(changed);
  }
  for (const end of [0, 10, header, header + 10, header + chunk, header + 2 * chunk, header + 3 * chunk, bytes.length - 1])
    attacks.push(bytes.subarray(0, end));
  attacks.push(Buffer.concat([bytes, Buffer.of(0)]));
  const [first, second] = [bytes.subarray(header, header + chunk), bytes.subarray(header + chunk, header + 2 * chunk)];
  attacks.push(Buffer.concat([bytes.subarray(0, header), second, first, bytes.subarray(header + 2 * chunk)]));
  attacks.push(Buffer.concat([bytes.subarray(0, header), bytes.subarray(header + chunk)]));
  for (const attack of attacks) await expect(opened(attack)).rejects.toThrow(SealBroken);
  await expect(
    opened(
      bytes,
      Uint8Array.from(KEY, (byte) => byte ^ 1),
    ),
  ).rejects.toThrow(SealBroken);
});
