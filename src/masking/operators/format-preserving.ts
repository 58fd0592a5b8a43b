import { FF1 } from '@noble/ciphers/ff1.js';

/** Least size of a domain. Source: NIST SP 800-38G Rev. 1 (2nd public draft, 2025), requirement after Hoang, Tessaro and Trieu. */
export const LEAST_DOMAIN = 1_000_000;
const MOST_RADIX = 65_535;

/** Digits to digits of the same number and radix, and back. */
export interface FormatCipher {
  encrypt(digits: readonly number[]): readonly number[];
  decrypt(digits: readonly number[]): readonly number[];
}

/**
 * FF1 with AES. Throws on a domain of fewer than 10⁶ texts, on a digit outside the radix, and on a key of other than 16, 24 or 32 bytes.
 * Not FF3, which is broken. Source: NIST SP 800-38G; synthetic-and-masking.md §8.
 */
export function formatCipher(radix: number, key: Uint8Array, tweak: Uint8Array): FormatCipher {
  const cipher = FF1(radix, key, tweak);
  const checked = (digits: readonly number[]): number[] => {
    if (radix ** digits.length < LEAST_DOMAIN) throw new RangeError('A domain of fewer than 10⁶ values is not encrypted');
    return [...digits];
  };
  return { encrypt: (digits) => cipher.encrypt(checked(digits)), decrypt: (digits) => cipher.decrypt(checked(digits)) };
}

/** A one-to-one map of 0 … size−1 onto itself, and its inverse. */
export interface Permutation {
  apply(rank: bigint): bigint;
  invert(rank: bigint): bigint;
}

/**
 * A keyed permutation of 0 … size−1: FF1 over the least number of digits whose domain is just above `size`, walked until it lands inside.
 * Throws on a size below 10⁶ and on ranks outside. Source: NIST SP 800-38G; Black and Rogaway 2002 (cycle walking).
 */
export function rankPermutation(size: bigint, key: Uint8Array, tweak: Uint8Array): Permutation {
  if (size < BigInt(LEAST_DOMAIN)) throw new RangeError('A domain of fewer than 10⁶ values is not encrypted');
  const { radix, length } = tightRadix(size);
  const cipher = formatCipher(radix, key, tweak);
  const walk = (rank: bigint, step: (digits: readonly number[]) => readonly number[]): bigint => {
    if (rank < 0n || rank >= size) throw new RangeError('A rank outside the domain');
    let at = rank;
    do at = fromDigits(step(toDigits(at, radix, length)), radix);
    while (at >= size);
    return at;
  };
  return { apply: (rank) => walk(rank, cipher.encrypt), invert: (rank) => walk(rank, cipher.decrypt) };
}

function tightRadix(size: bigint): { readonly radix: number; readonly length: number } {
  for (let length = 2; ; length += 1) {
    let radix = Math.max(2, Math.floor(Number(size) ** (1 / length)) - 1);
    while (BigInt(radix) ** BigInt(length) < size) radix += 1;
    if (radix <= MOST_RADIX) return { radix, length };
  }
}

function toDigits(rank: bigint, radix: number, length: number): readonly number[] {
  const digits = new Array<number>(length).fill(0);
  let rest = rank;
  for (let place = length - 1; place >= 0; place -= 1) {
    digits[place] = Number(rest % BigInt(radix));
    rest /= BigInt(radix);
  }
  return digits;
}

function fromDigits(digits: readonly number[], radix: number): bigint {
  return digits.reduce((rank, digit) => rank * BigInt(radix) + BigInt(digit), 0n);
}
