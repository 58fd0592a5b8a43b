import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkpointOf, printCheckpoint, readCheckpoint, signedBytes } from '../../../src/audit/checkpoint.ts';

const AT = new Date('2026-03-01T08:00:00.000Z');
const HEAD = { size: 7, hash: 'ab'.repeat(32) };

function signer() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { raw, sign: (bytes: Uint8Array) => sign(null, bytes, privateKey) };
}

describe('a checkpoint', () => {
  test('is read back as it was signed', () => {
    const key = signer();
    const checkpoint = checkpointOf(HEAD, key.raw, AT);
    const text = printCheckpoint(checkpoint, key.sign(signedBytes(checkpoint)));
    expect(readCheckpoint(text, key.raw)).toEqual({ ok: true, value: checkpoint });
  });

  test('is refused after any change of one bit, cut, or addition', () => {
    const key = signer();
    const checkpoint = checkpointOf(HEAD, key.raw, AT);
    const bytes = Buffer.from(printCheckpoint(checkpoint, key.sign(signedBytes(checkpoint))));
    for (let index = 0; index < bytes.length * 8; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index >> 3] = (changed[index >> 3] as number) ^ (1 << (index & 7));
      expect(readCheckpoint(changed.toString('utf8'), key.raw).ok, `bit ${index}`).toBe(false);
    }
    for (const text of ['', '{}', 'null', `${bytes} `, bytes.subarray(0, -1).toString()]) {
      expect(readCheckpoint(text, key.raw).ok).toBe(false);
    }
  });

  test("is refused when signed by another key, also under this key's origin", () => {
    const [key, other] = [signer(), signer()];
    for (const origin of [key, other]) {
      const checkpoint = checkpointOf(HEAD, origin.raw, AT);
      const text = printCheckpoint(checkpoint, other.sign(signedBytes(checkpoint)));
      expect(readCheckpoint(text, key.raw).ok).toBe(false);
    }
  });
});
