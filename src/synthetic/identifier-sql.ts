import { SAFE_MOBILE_BLOCK } from '../identifiers/mobile.ts';
import { PROVINCE_CODES, SAFE_PREFECTURE } from '../identifiers/resident-id.ts';
import { ORGANISATION_WEIGHTS, USCC_ALPHABET, USCC_WEIGHTS } from '../identifiers/uscc.ts';
import { element, type Sql } from './draw.ts';

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const COUNTIES = 99;

/** How many different IDs there are over `days` dates of birth. */
export function residentIdCapacity(days: number): number {
  return days * 1000 * PROVINCE_CODES.length * COUNTIES;
}

/** Credit codes that `usccSql` can make. */
export const USCC_CAPACITY = 100_000_000;

/** Mobile numbers that `mobileSql` can make. */
export const MOBILE_CAPACITY = 100_000_000;

/**
 * Resident ID with a right check character for an index below `residentIdCapacity(days)`: one-to-one; the date of birth
 * lies in the `days` days from `firstDay` (ISO), the region was never assigned (`isSafeResidentId`).
 * Source: GB 11643-1999; synthetic-and-masking.md §3.1, "Collision safety".
 */
export function residentIdSql(index: Sql, firstDay: string, days: number): Sql {
  const date = `strftime(DATE '${firstDay}' + ((${index}) % ${days})::INTEGER, '%Y%m%d')`;
  const sequence = `lpad((((${index}) // ${days}) % 1000)::VARCHAR, 3, '0')`;
  const place = `((${index}) // ${days * 1000})`;
  const region = `${element(PROVINCE_CODES, `${place} % ${PROVINCE_CODES.length}`)} || '${SAFE_PREFECTURE}' || lpad(((${place} // ${PROVINCE_CODES.length}) % ${COUNTIES} + 1)::VARCHAR, 2, '0')`;
  return withResidentCheck(`${region} || ${date} || ${sequence}`);
}

/** Adds the check character to SQL of seventeen digits. */
export function withResidentCheck(digits: Sql): Sql {
  const terms = RESIDENT_WEIGHTS.map((weight, index) => `ord(__d[${index + 1}]) * ${weight}`).join(' + ');
  const offset = 48 * RESIDENT_WEIGHTS.reduce((sum, weight) => sum + weight, 0);
  return `list_transform([${digits}], lambda __d: __d || ('10X98765432')[(${terms} - ${offset}) % 11 + 1])[1]`;
}

/**
 * Unified social credit code with both checks right for an index below `USCC_CAPACITY`, one-to-one: an enterprise (91) in a
 * region that was never assigned, with an organisation code of digits. Source: GB 32100-2015, GB 11714-1997.
 */
export function usccSql(index: Sql): Sql {
  const head = `'91' || ${element(PROVINCE_CODES, `(${index}) % ${PROVINCE_CODES.length}`)} || '${SAFE_PREFECTURE}01'`;
  return withUsccChecks(head, `lpad((${index})::VARCHAR, 8, '0')`);
}

/** Adds both check characters to SQL of eight characters of digits before and eight digits of the organisation code. */
export function withUsccChecks(head: Sql, body: Sql): Sql {
  const inner = ORGANISATION_WEIGHTS.map((weight, index) => `(ord(__b[${index + 9}]) - 48) * ${weight}`).join(' + ');
  const outer = USCC_WEIGHTS.map((weight, index) => `(instr('${USCC_ALPHABET}', __c[${index + 1}]) - 1) * ${weight}`).join(' + ');
  const withInner = `list_transform([${head} || ${body}], lambda __b: __b || ('0X987654321')[(${inner}) % 11 + 1])`;
  return `list_transform(${withInner}, lambda __c: __c || ('${USCC_ALPHABET}')[(31 - (${outer}) % 31) % 31 + 1])[1]`;
}

/** Mobile number in an unassigned block for an index below `MOBILE_CAPACITY`, one-to-one. */
export function mobileSql(index: Sql): Sql {
  return `'${SAFE_MOBILE_BLOCK}' || lpad((${index})::VARCHAR, 8, '0')`;
}
