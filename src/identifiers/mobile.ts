const FORM = /^1[3-9]\d{9}$/;

/**
 * Three-digit block that no carrier held in the numbering plan of 2022 (142, 143, 154, 161, 164 and 194 were free).
 * Numbering plans change: look again when the list of blocks is next revised. Source: synthetic-and-masking.md §3.1.
 */
export const SAFE_MOBILE_BLOCK = '154';

/** Whether `text` has the form of a mainland mobile number: eleven digits, 13… to 19…. Has no check digit. */
export function isMobile(text: string): boolean {
  return FORM.test(text);
}

/** Whether the number can reach nobody, because its block is not assigned. */
export function isSafeMobile(text: string): boolean {
  return isMobile(text) && text.startsWith(SAFE_MOBILE_BLOCK);
}

/** A number in the unassigned block from 0…99999999. Throws outside. */
export function makeSafeMobile(number: number): string {
  if (!Number.isInteger(number) || number < 0 || number > 99_999_999) throw new RangeError('A number within a block is 0…99999999');
  return SAFE_MOBILE_BLOCK + String(number).padStart(8, '0');
}
