const FORM = /^E[A-Z0-9]\d{7}$/;

/** Second letter that is never issued: I and O are left out, because they look like digits. Source: synthetic-and-masking.md §3.1. */
export const SAFE_PASSPORT_PREFIX = 'EO';

/** Whether `text` has the form of an ordinary passport of the PRC. Has no check digit. Source: ICAO 9303; synthetic-and-masking.md §3.1. */
export function isPassport(text: string): boolean {
  return FORM.test(text);
}

/** Whether the number was never issued. Source: synthetic-and-masking.md §3.1 (collision safety). */
export function isSafePassport(text: string): boolean {
  return isPassport(text) && text.startsWith(SAFE_PASSPORT_PREFIX);
}
