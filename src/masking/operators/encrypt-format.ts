import { type Masked, maskKnown, maskWhole, type OperatorStatement, type ValueOperator } from '../operator.ts';
import { formatCipher, LEAST_DOMAIN, rankPermutation } from './format-preserving.ts';
import { RANKED_RESIDENT_IDS, RANKED_USCCS, type RankedKind } from './ranked-identifiers.ts';

export type FormatKind = 'residentId' | 'uscc' | 'digits' | 'alphanumeric';

const ALPHABETS = { digits: '0123456789', alphanumeric: '0123456789abcdefghijklmnopqrstuvwxyz' } as const;
const RANKED: Readonly<Record<'residentId' | 'uscc', RankedKind>> = { residentId: RANKED_RESIDENT_IDS, uscc: RANKED_USCCS };

/**
 * Format-preserving encryption: resident IDs and credit codes become other valid ones, digits and letters texts of the same length. Whoever holds the key
 * goes back at once, so the result may never be released: it is for work inside the domain. Values of another format, or of a domain below 10⁶, are masked whole.
 * Source: NIST SP 800-38G (FF1); synthetic-and-masking.md §8.
 */
export function encryptFormat(kind: FormatKind, key: Uint8Array, tweak: Uint8Array): ValueOperator {
  const statement: OperatorStatement = {
    operator: `ff1:${kind}`,
    reversible: true,
    by: 'keyHolder',
    releasable: false,
    joinable: true,
    leaves: { en: 'without the key every value of the format; with it one', zh: '无密钥时为该格式的全部取值，有密钥时仅为一个' },
  };
  const mask = kind === 'residentId' || kind === 'uscc' ? ranked(RANKED[kind], key, tweak) : spelled(ALPHABETS[kind], key, tweak);
  return { kind: 'value', statement, mask };
}

/** Gives back what `encryptFormat` made of a value with this key; undefined for what it never makes. Source: NIST SP 800-38G (FF1). */
export function decryptFormat(kind: 'residentId' | 'uscc', key: Uint8Array, tweak: Uint8Array, text: string): string | undefined {
  const { size, rank, unrank } = RANKED[kind];
  const at = rank(text);
  return at === undefined ? undefined : unrank(rankPermutation(size, key, tweak).invert(at));
}

function ranked({ size, rank, unrank }: RankedKind, key: Uint8Array, tweak: Uint8Array): (value: string) => Masked {
  const permutation = rankPermutation(size, key, tweak);
  return (value) => {
    const at = rank(value.trim());
    return at === undefined ? maskWhole() : maskKnown(unrank(permutation.apply(at)), null);
  };
}

function spelled(alphabet: string, key: Uint8Array, tweak: Uint8Array): (value: string) => Masked {
  const cipher = formatCipher(alphabet.length, key, tweak);
  return (value) => {
    const digits = [...value].map((character) => alphabet.indexOf(character));
    if (digits.includes(-1) || alphabet.length ** digits.length < LEAST_DOMAIN) return maskWhole();
    return maskKnown(
      cipher
        .encrypt(digits)
        .map((digit) => alphabet.charAt(digit))
        .join(''),
      null,
    );
  };
}
