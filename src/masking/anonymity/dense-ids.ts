/** A column of codes 0 … size−1. */
export interface Codes {
  readonly codes: Int32Array;
  readonly size: number;
}

/** A number for each distinct combination of codes, from 0 in order of first appearance, and the entry where each appears first. */
export interface DenseIds {
  readonly ids: Int32Array;
  readonly count: number;
  readonly first: Int32Array;
}

const SAFE = 2 ** 53;

/**
 * Numbers the combinations of several columns over `length` entries: exact, in time proportional to entries times columns. `translate` gives the code of a column's
 * code (a level of its hierarchy). Source: Knuth, TAOCP 3, §6.4 (open addressing); issue "Masking" (1 M rows).
 */
export function denseIds(columns: readonly (Codes & { readonly translate?: Int32Array | undefined })[], length: number): DenseIds {
  const keys = new Float64Array(length);
  let bound = 1;
  for (const { codes, size, translate } of columns) {
    if (bound * size > SAFE) {
      const dense = number(keys, bound);
      keys.set(dense.ids);
      bound = dense.count;
    }
    bound *= size;
    if (translate === undefined) for (let at = 0; at < length; at += 1) keys[at] = (keys[at] ?? 0) * size + (codes[at] ?? 0);
    else for (let at = 0; at < length; at += 1) keys[at] = (keys[at] ?? 0) * size + (translate[codes[at] ?? 0] ?? 0);
  }
  return number(keys, bound);
}

/** Keys are below `bound`: where there are few, each has a place of its own and none is searched for. */
function number(keys: Float64Array, bound: number): DenseIds {
  if (bound <= 4 * keys.length + 1024) return numberByPlace(keys, bound);
  let capacity = 16;
  while (capacity < 2 * keys.length) capacity *= 2;
  const table = new Int32Array(capacity).fill(-1);
  const ids = new Int32Array(keys.length);
  const first = new Int32Array(keys.length);
  let count = 0;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] ?? 0;
    let slot = hash(key) & (capacity - 1);
    let id = table[slot] ?? -1;
    while (id !== -1 && keys[first[id] ?? 0] !== key) {
      slot = (slot + 1) & (capacity - 1);
      id = table[slot] ?? -1;
    }
    if (id === -1) {
      id = count;
      table[slot] = id;
      first[id] = at;
      count += 1;
    }
    ids[at] = id;
  }
  return { ids, count, first: first.slice(0, count) };
}

function numberByPlace(keys: Float64Array, bound: number): DenseIds {
  const table = new Int32Array(bound).fill(-1);
  const ids = new Int32Array(keys.length);
  const first = new Int32Array(Math.min(bound, keys.length));
  let count = 0;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] ?? 0;
    let id = table[key] ?? -1;
    if (id === -1) {
      id = count;
      table[key] = id;
      first[id] = at;
      count += 1;
    }
    ids[at] = id;
  }
  return { ids, count, first: first.slice(0, count) };
}

function hash(key: number): number {
  const high = Math.floor(key / 2 ** 32);
  const mixed = Math.imul(key - high * 2 ** 32, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  const again = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return again ^ (again >>> 13);
}
