import { createHash } from 'node:crypto';
import type { Rng } from '../../src/kernel/rng.ts';

/** A fixed stream of bytes under a name, so that what is tested once stays tested. */
export function fixedRng(name: string): Rng {
  let block = 0;
  return {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) {
        bytes.set(
          createHash('sha256')
            .update(`${name}/${block}`)
            .digest()
            .subarray(0, Math.min(32, length - at)),
          at,
        );
        block += 1;
      }
      return bytes;
    },
  };
}
