import { SAFE_BANK_PREFIX } from '../identifiers/bank-card.ts';
import { SAFE_MOBILE_BLOCK } from '../identifiers/mobile.ts';
import { SAFE_PASSPORT_PREFIX } from '../identifiers/passport.ts';
import { COUNTIES } from '../identifiers/region.ts';
import { PROVINCE_CODES, SAFE_PREFECTURE } from '../identifiers/resident-id.ts';
import { ORGANISATION_WEIGHTS, USCC_ALPHABET, USCC_WEIGHTS } from '../identifiers/uscc.ts';
import { bits, element, type Sql } from './draw.ts';

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const SEQUENCES = 1000;
/** Two of a county's digits carry the mark. */
export const MARKS = 99;
/** One in so many sequence numbers of a realistic ID carries the mark. */
export const REALISTIC_MARKS = 10;

/**
 * How identifiers are made. `safe`: valid in form, yet they can belong to nobody. `realistic`: with regions and numbers that
 * exist, so that somebody may really have one. Both carry a mark that the key of the set recognises.
 */
export interface IdentifierStyle {
  readonly mode: 'safe' | 'realistic';
  /** Stream that the watermark is drawn from. */
  readonly mark: string;
}

/** How many different IDs there are over `days` dates of birth. Source: GB 11643-1999. */
export function residentIdCapacity(days: number, style: IdentifierStyle): number {
  return style.mode === 'safe' ? days * SEQUENCES * PROVINCE_CODES.length : days * (SEQUENCES / REALISTIC_MARKS) * COUNTIES.length;
}

/** Credit codes that `usccSql` can make. */
export const USCC_CAPACITY = 100_000_000;

/** Numbers in a block of mobile numbers. */
export const MOBILE_CAPACITY = 100_000_000;

/**
 * Resident ID with a right check character for an index below `residentIdCapacity(days)`: one-to-one; the date of birth
 * lies in the `days` days from `firstDay` (ISO). Safe: the region was never assigned (`isSafeResidentId`).
 * Source: GB 11643-1999; synthetic-and-masking.md §3.1, "Collision safety".
 */
export function residentIdSql(index: Sql, firstDay: string, days: number, style: IdentifierStyle): Sql {
  const date = `(DATE '${firstDay}' + ((${index}) % ${days})::INTEGER)`;
  const rest = `((${index}) // ${days})`;
  return style.mode === 'safe'
    ? residentIdOf(date, `(${rest} % ${SEQUENCES})`, `(${rest} // ${SEQUENCES})`, style)
    : residentIdOf(date, `(${rest} % ${SEQUENCES / REALISTIC_MARKS})`, `(${rest} // ${SEQUENCES / REALISTIC_MARKS})`, style);
}

/**
 * Resident ID from SQL of its parts: a DATE, a sequence and a place, each numbered from 0. Safe: the county digits are
 * the mark. Realistic: the sequence has a tenth of its numbers, and the mark says which.
 * Source: GB 11643-1999; synthetic-and-masking.md §3.1.
 */
export function residentIdOf(date: Sql, sequence: Sql, place: Sql, style: IdentifierStyle): Sql {
  const day = `(year(${date}) * 10000 + month(${date}) * 100 + day(${date}))::BIGINT`;
  if (style.mode === 'safe') {
    const province = `${element(PROVINCE_CODES.map(Number), `(${place}) % ${PROVINCE_CODES.length}`)}::BIGINT`;
    // Without its county: province, 99, 00, date, sequence.
    const bare = `((${province} * 10000 + ${Number(SAFE_PREFECTURE) * 100}) * 100000000000 + ${day} * 1000 + ${sequence})`;
    return `list_transform([${bare}], lambda __n: ${checkedSql(`__n + (${bits(style.mark, '__n')} % ${MARKS} + 1)::BIGINT * 100000000000`)})[1]`;
  }
  const county = `${element(
    COUNTIES.map(([code]) => Number(code)),
    `(${place}) % ${COUNTIES.length}`,
  )}::BIGINT`;
  // Tens and hundreds as drawn, parity kept; the mark chooses one of ten.
  const bare = `((${county}) * 100000000000 + ${day} * 1000 + (${sequence}) * ${REALISTIC_MARKS})`;
  return `list_transform([${bare}], lambda __n: ${checkedSql(`__n + (${bits(style.mark, '__n')} % ${REALISTIC_MARKS})::BIGINT`)})[1]`;
}

/** Text of a BIGINT of seventeen digits with its check character. The inner lambda keeps the number from being computed seventeen times. */
function checkedSql(number: Sql): Sql {
  const sum = RESIDENT_WEIGHTS.map((weight, index) => `(__m // ${10n ** BigInt(16 - index)} % 10) * ${weight}`).join(' + ');
  return `list_transform([${number}], lambda __m: __m::VARCHAR || ('10X98765432')[(${sum}) % 11 + 1])[1]`;
}

/** Adds the check character to SQL of seventeen digits. Source: GB 11643-1999. */
export function withResidentCheck(digits: Sql): Sql {
  return checkedSql(`(${digits})::BIGINT`);
}

/**
 * Unified social credit code with both checks right for an index below `USCC_CAPACITY`, one-to-one: an enterprise (91), with
 * an organisation code of digits. Safe: in a region that was never assigned, whose last digits are the mark.
 * Source: GB 32100-2015, GB 11714-1997.
 */
export function usccSql(index: Sql, style: IdentifierStyle): Sql {
  const region =
    style.mode === 'safe'
      ? `${element(PROVINCE_CODES, `(${index}) % ${PROVINCE_CODES.length}`)} || '${SAFE_PREFECTURE}' || lpad((${bits(style.mark, index)} % ${MARKS} + 1)::VARCHAR, 2, '0')`
      : element(
          COUNTIES.map(([code]) => code),
          `(${index}) % ${COUNTIES.length}`,
        );
  return withUsccChecks(`'91' || ${region}`, `lpad((${index})::VARCHAR, 8, '0')`);
}

/** Adds both check characters to SQL of eight characters of digits before and eight digits of the organisation code. Source: GB 32100-2015. */
export function withUsccChecks(head: Sql, body: Sql): Sql {
  const inner = ORGANISATION_WEIGHTS.map((weight, index) => `(ord(__b[${index + 9}]) - 48) * ${weight}`).join(' + ');
  const outer = USCC_WEIGHTS.map((weight, index) => `(instr('${USCC_ALPHABET}', __c[${index + 1}]) - 1) * ${weight}`).join(' + ');
  const withInner = `list_transform([${head} || ${body}], lambda __b: __b || ('0X987654321')[(${inner}) % 11 + 1])`;
  return `list_transform(${withInner}, lambda __c: __c || ('${USCC_ALPHABET}')[(31 - (${outer}) % 31) % 31 + 1])[1]`;
}

const REALISTIC_BLOCKS = ['130', '131', '135', '136', '137', '138', '139', '150', '151', '158', '159', '176', '180', '186', '188', '189'];

/** Mobile number for an index below `MOBILE_CAPACITY`, one-to-one. Safe: in a block that no carrier holds. Source: synthetic-and-masking.md §3.1. */
export function mobileSql(index: Sql, style: IdentifierStyle): Sql {
  const block = style.mode === 'safe' ? `'${SAFE_MOBILE_BLOCK}'` : element(REALISTIC_BLOCKS, `(${index}) % ${REALISTIC_BLOCKS.length}`);
  return `${block} || lpad((${index})::VARCHAR, 8, '0')`;
}

/** Card number of sixteen digits for an index below 10⁹, one-to-one, in an issuer's range that does not exist. Source: ISO/IEC 7812-1. */
export function bankCardSql(index: Sql): Sql {
  const digits = 15;
  const sum = Array.from({ length: digits }, (_, at) => {
    const digit = `(__n // ${10n ** BigInt(digits - 1 - at)} % 10)`;
    return at % 2 === 0 ? `(${digit} * 2 // 10 + ${digit} * 2 % 10)` : digit;
  }).join(' + ');
  return `list_transform([${SAFE_BANK_PREFIX}000000000::BIGINT + (${index})], lambda __n: __n::VARCHAR || ((10 - (${sum}) % 10) % 10)::VARCHAR)[1]`;
}

/** Passport number that is never issued for an index below 10⁷. Source: synthetic-and-masking.md §3.1. */
export function passportSql(index: Sql): Sql {
  return `'${SAFE_PASSPORT_PREFIX}' || lpad((${index})::VARCHAR, 7, '0')`;
}

/** IPv4 address of the range kept for benchmarks for an index below 131,072. Source: RFC 2544, RFC 6890 (198.18.0.0/15). */
export function addressOfNobodySql(index: Sql): Sql {
  return `'198.' || (18 + (${index}) // 65536)::VARCHAR || '.' || ((${index}) // 256 % 256)::VARCHAR || '.' || ((${index}) % 256)::VARCHAR`;
}

/** "longitude,latitude" in the open sea east of Taiwan for an index below 10⁸: nobody lives there. Source: synthetic-and-masking.md §3.1. */
export function coordinateSql(index: Sql): Sql {
  return `printf('%.4f,%.4f', 124 + ((${index}) % 10000) / 10000.0, 20 + ((${index}) // 10000 % 10000) / 10000.0)`;
}
