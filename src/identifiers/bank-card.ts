const FORM = /^\d{12,19}$/;

/** Issuer prefix in the range of UnionPay (62) that published lists of issuers do not hold. Source: ISO/IEC 7812; synthetic-and-masking.md §3.1. */
export const SAFE_BANK_PREFIX = '629999';

/** The last digit for the digits before it. Throws on anything but digits. Source: ISO/IEC 7812-1 annex B (Luhn). */
export function luhnCheckDigit(digits: string): string {
  if (!/^\d+$/.test(digits)) throw new TypeError('A card number has digits only');
  let sum = 0;
  for (const [index, character] of [...digits].reverse().entries()) {
    const value = Number(character) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return String((10 - (sum % 10)) % 10);
}

/** Whether `text` is a card number by form and check digit. Does not know whether it was ever issued. Source: ISO/IEC 7812-1. */
export function isBankCard(text: string): boolean {
  return FORM.test(text) && luhnCheckDigit(text.slice(0, -1)) === text.slice(-1);
}

/** Whether a valid number has an issuer that does not exist. Source: synthetic-and-masking.md §3.1 (collision safety). */
export function isSafeBankCard(text: string): boolean {
  return isBankCard(text) && text.startsWith(SAFE_BANK_PREFIX);
}
