/** Numbers of a small linear congruential generator: the same ones in every run. */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = (Math.imul(seed, 2_654_435_761) + 12_345) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function pick<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

/** Early items far more often than late ones. */
export function pickSkewed<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() ** 2 * items.length)] ?? items[0];
}
