/** Source of unpredictable bytes for keys and ids. The product's is `node:crypto`; tests pass a fixed one. */
export interface Rng {
  bytes(length: number): Uint8Array;
}
