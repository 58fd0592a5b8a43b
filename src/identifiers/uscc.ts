/** Thirty-one characters, without I, O, S, V and Z. Source: GB 32100-2015, table 2. */
export const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** Weights of the first seventeen characters: powers of 3 modulo 31. Source: GB 32100-2015, annex A. */
export const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
/** Weights of the eight characters of an organisation code. Source: GB 11714-1997. */
export const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;

const FORM = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
const BODY = /^[0-9A-HJ-NPQRTUWXY]{8}$/;

/**
 * What a text is as a unified social credit code. `organisation`: only the inner check of the organisation code fails, as
 * in some codes of the pilot years, so that a validator should warn there rather than refuse.
 */
export type UsccVerdict = 'valid' | 'form' | 'check' | 'organisation';

/** Judges form, check character and the inner check of the organisation code. Does not know whether it was ever issued. */
export function checkUscc(text: string): UsccVerdict {
  if (!FORM.test(text)) return 'form';
  if (usccCheckCharacter(text.slice(0, 17)) !== text.charAt(17)) return 'check';
  return organisationCheckCharacter(text.slice(8, 16)) === text.charAt(16) ? 'valid' : 'organisation';
}

/** Whether both checks hold. Source: GB 32100-2015, GB 11714-1997; synthetic-and-masking.md §3.1. */
export function isUscc(text: string): boolean {
  return checkUscc(text) === 'valid';
}

/** The eighteenth character for seventeen. Throws on characters outside the alphabet. */
export function usccCheckCharacter(text: string): string {
  if (text.length !== 17) throw new TypeError('A credit code has seventeen characters before its check character');
  let sum = 0;
  for (const [index, weight] of USCC_WEIGHTS.entries()) {
    const value = USCC_ALPHABET.indexOf(text.charAt(index));
    if (value < 0) throw new TypeError('A character that no credit code holds');
    sum += value * weight;
  }
  return USCC_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** The ninth character of an organisation code for its first eight (A = 10 … Z = 35). Throws on other lengths or characters. */
export function organisationCheckCharacter(body: string): string {
  if (!/^[0-9A-Z]{8}$/.test(body)) throw new TypeError('An organisation code has eight characters before its check character');
  let sum = 0;
  for (const [index, weight] of ORGANISATION_WEIGHTS.entries()) sum += Number.parseInt(body.charAt(index), 36) * weight;
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : String(check % 11);
}

export interface UsccParts {
  /** Two characters: registering department and kind, `91` for an enterprise. */
  readonly category: string;
  /** Six digits. */
  readonly region: string;
  /** First eight characters of the organisation code. */
  readonly body: string;
}

/** A code with both checks right. Throws on parts that no code can hold. */
export function makeUscc(parts: UsccParts): string {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}$/.test(parts.category) || !/^\d{6}$/.test(parts.region) || !BODY.test(parts.body)) {
    throw new TypeError('Parts that no credit code holds');
  }
  const head = parts.category + parts.region + parts.body + organisationCheckCharacter(parts.body);
  return head + usccCheckCharacter(head);
}
