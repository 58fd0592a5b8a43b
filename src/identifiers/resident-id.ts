/** Weights of the first seventeen digits. Source: GB 11643-1999, 4.2. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';
const FORM = /^[1-9]\d{16}[\dX]$/;
const LONG_MONTHS: ReadonlySet<number> = new Set([1, 3, 5, 7, 8, 10, 12]);
const EARLIEST_YEAR = 1800;
const LATEST_YEAR = 2199;

/** GB/T 2260 codes of the 31 provinces of the mainland: the first two digits of a region code. */
export const PROVINCE_CODES = [
  ...['11', '12', '13', '14', '15', '21', '22', '23', '31', '32', '33', '34', '35', '36', '37', '41'],
  ...['42', '43', '44', '45', '46', '50', '51', '52', '53', '54', '61', '62', '63', '64', '65'],
] as const;

/**
 * Digits three and four of a region code that is never assigned. GB/T 2260 numbers prefectures 01–20, 51–70 (cities),
 * 21–50 (prefectures, leagues) and 90 (counties directly under a province); 99 has no meaning in it.
 */
export const SAFE_PREFECTURE = '99';

export interface ResidentIdParts {
  /** Six digits. */
  readonly region: string;
  /** ISO date. */
  readonly birthDate: string;
  /** 0…999; odd for men, even for women. */
  readonly sequence: number;
}

/** Trims nothing; only makes the check character upper case, as people type `x`. */
export function normaliseResidentId(text: string): string {
  return text.toUpperCase();
}

/**
 * The eighteenth character for seventeen digits. Throws on anything but seventeen digits.
 * Source: GB 11643-1999, 4.2 (ISO 7064, MOD 11-2); synthetic-and-masking.md §3.1.
 */
export function residentIdCheckCharacter(digits: string): string {
  if (!/^\d{17}$/.test(digits)) throw new TypeError('A resident ID has seventeen digits before its check character');
  let sum = 0;
  for (let index = 0; index < 17; index += 1) sum += (digits.charCodeAt(index) - 48) * (WEIGHTS[index] ?? 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/**
 * Whether `text` is a resident ID by form, calendar date and check character (`x` counts as `X`).
 * Does not say that the region was ever assigned, nor that the number belongs to anybody. The fifteen-digit form, out of
 * use since 2013, is not valid. Source: GB 11643-1999.
 */
export function isResidentId(text: string): boolean {
  const id = normaliseResidentId(text);
  return FORM.test(id) && isCalendarDate(id.slice(6, 14)) && residentIdCheckCharacter(id.slice(0, 17)) === id.slice(17);
}

/** Whether a valid ID lies in a region that was never assigned, so that it can belong to nobody. */
export function isSafeResidentId(text: string): boolean {
  return isResidentId(text) && text.slice(2, 4) === SAFE_PREFECTURE;
}

/**
 * Whether fifteen digits can be an ID of the old form: province, prefecture, calendar date of 19yy. It has no check digit, so that one
 * number of some hundred passes by chance. Source: GB 11643-1989.
 */
export function isOldResidentId(text: string): boolean {
  if (!/^\d{15}$/.test(text) || /^(\d)\1*$/.test(text) || !isRegion(text.slice(0, 6))) return false;
  return isCalendarDate(`19${text.slice(6, 12)}`) && text.slice(12) !== '000';
}

/** Whether a text has the form, province and birth date of an ID, whatever its check character: as people mistype it. Source: GB 11643-1999. */
export function isPlausibleResidentId(text: string): boolean {
  const id = normaliseResidentId(text);
  return FORM.test(id) && isRegion(id.slice(0, 6)) && isCalendarDate(id.slice(6, 14));
}

const PROVINCES: ReadonlySet<string> = new Set([...PROVINCE_CODES, '71', '81', '82', '83', '91', '93']);

/** Prefectures are numbered 00–70 and 90; 99 is the one of simulation. */
function isRegion(code: string): boolean {
  return PROVINCES.has(code.slice(0, 2)) && /^..([0-6]\d|70|90|99)/.test(code);
}

/** A valid ID from its parts. Throws on a region, date or sequence that no ID can hold. Does not make it safe: the region does. */
export function makeResidentId(parts: ResidentIdParts): string {
  const birth = parts.birthDate.replaceAll('-', '');
  if (!/^[1-9]\d{5}$/.test(parts.region)) throw new TypeError('A region code has six digits');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(parts.birthDate) || !isCalendarDate(birth)) throw new TypeError('Not a calendar date');
  if (!Number.isInteger(parts.sequence) || parts.sequence < 0 || parts.sequence > 999) throw new RangeError('A sequence is 0…999');
  const digits = parts.region + birth + String(parts.sequence).padStart(3, '0');
  return digits + residentIdCheckCharacter(digits);
}

function isCalendarDate(digits: string): boolean {
  const year = Number(digits.slice(0, 4));
  const month = Number(digits.slice(4, 6));
  const day = Number(digits.slice(6, 8));
  if (year < EARLIEST_YEAR || year > LATEST_YEAR || month < 1 || month > 12 || day < 1) return false;
  if (day <= 28) return true;
  if (month === 2) return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= 30 || (day === 31 && LONG_MONTHS.has(month));
}
