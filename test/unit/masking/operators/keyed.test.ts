import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isResidentId, makeResidentId } from '../../../../src/identifiers/resident-id.ts';
import { isUscc } from '../../../../src/identifiers/uscc.ts';
import { columnKey } from '../../../../src/masking/column-key.ts';
import { dateShift } from '../../../../src/masking/operators/date-shift.ts';
import { decryptFormat, encryptFormat } from '../../../../src/masking/operators/encrypt-format.ts';
import { formatCipher, rankPermutation } from '../../../../src/masking/operators/format-preserving.ts';
import { keyedHash, pseudonym } from '../../../../src/masking/operators/pseudonym.ts';
import { SHARED_DATA } from '../../../support/shared-data.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const NONE = new Uint8Array();
const TWEAK = bytes('39383736353433323130');
const TWEAK_36 = bytes('3737373770717273373737');
const K128 = bytes('2b7e151628aed2a6abf7158809cf4f3c');
const K192 = bytes('2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f');
const K256 = bytes('2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94');
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

// Source: NIST FF1samples.pdf; synthetic-and-masking.md §8.
test.each([
  [10, K128, NONE, '0123456789', '2433477484'],
  [10, K128, TWEAK, '0123456789', '6124200773'],
  [36, K128, TWEAK_36, '0123456789abcdefghi', 'a9tv40mll9kdu509eum'],
  [10, K192, NONE, '0123456789', '2830668132'],
  [10, K192, TWEAK, '0123456789', '2496655549'],
  [36, K192, TWEAK_36, '0123456789abcdefghi', 'xbj3kv35jrawxv32ysr'],
  [10, K256, NONE, '0123456789', '6657667009'],
  [10, K256, TWEAK, '0123456789', '1001623463'],
  [36, K256, TWEAK_36, '0123456789abcdefghi', 'xs8a0azh2avyalyzuwd'],
])('FF1 sample, radix %i', (radix, key, tweak, plain, expected) => {
  const cipher = formatCipher(radix, key, tweak);
  const numbers = [...plain].map((character) => DIGITS.indexOf(character));
  const encrypted = cipher.encrypt(numbers);
  expect(encrypted.map((digit) => DIGITS.charAt(digit)).join('')).toBe(expected);
  expect(cipher.decrypt(encrypted)).toEqual(numbers);
});

test('FF1 with large radices', () => {
  expect(() => formatCipher(256, bytes('ad65778960d778c614e2673dee073acb'), bytes('4505f45a8fa30b90')).encrypt([138, 147])).toThrow(
    RangeError,
  );
});

test.each([
  [10, [1, 2, 3, 4]],
  [10, [1, 2, 3, 4, 5]],
  [2, [1, 0, 1, 0, 1, 0]],
  [10, [1, 2, 3, 4, 5, 6, 10]],
  [10, [1]],
])('radix %i does not encrypt %j', (radix, digits) => {
  expect(() => formatCipher(radix, K128, NONE).encrypt(digits)).toThrow();
});

test('a permutation of ranks meets each rank once', () => {
  expect(() => rankPermutation(999_999n, K128, NONE)).toThrow(RangeError);
  const permutation = rankPermutation(1_000_003n, K128, NONE);
  fc.assert(
    fc.property(fc.bigInt(0n, 1_000_002n), (rank) => {
      const image = permutation.apply(rank);
      return image >= 0n && image < 1_000_003n && permutation.invert(image) === rank;
    }),
  );
});

describe('format-preserving encryption', () => {
  const key = columnKey(K256, { project: 'p', column: 'c', use: 'ff1', rotation: 1 });

  test('makes valid resident IDs of valid ones, and goes back with the key', () => {
    const cipher = encryptFormat('residentId', key, NONE);
    const born = fc.date({ min: new Date('1900-01-01'), max: new Date('2049-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom('110105', '440106', '650102'), born, fc.nat(999), (region, date, sequence) => {
        const id = makeResidentId({ region, birthDate: date.toISOString().slice(0, 10), sequence });
        const masked = cipher.mask(id, null);
        expect(isResidentId(masked.text)).toBe(true);
        expect(decryptFormat('residentId', key, NONE, masked.text)).toBe(id);
      }),
      { numRuns: 50 },
    );
  });

  test.skipIf(SHARED_DATA === null)('makes valid credit codes of real ones', () => {
    const codes = readFileSync(join(SHARED_DATA ?? '', 'uscc-valid.txt'), 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    expect(codes.length).toBeGreaterThan(100);
    const cipher = encryptFormat('uscc', key, NONE);
    for (const code of codes) {
      const masked = cipher.mask(code, null).text;
      expect([code, isUscc(masked), decryptFormat('uscc', key, NONE, masked)]).toEqual([code, true, code]);
    }
  });

  test('is never releasable, and masks other formats and small domains whole', () => {
    expect(encryptFormat('digits', key, NONE).statement).toMatchObject({ reversible: true, by: 'keyHolder', releasable: false });
    expect(encryptFormat('digits', key, NONE).mask('12345', null).text).toBe('***');
    expect(encryptFormat('digits', key, NONE).mask('123456', null).text).toMatch(/^\d{6}$/);
    expect(encryptFormat('residentId', key, NONE).mask('110105194912310020', null).text).toBe('***');
  });
});

describe('pseudonyms', () => {
  test('keyed hashes as the standards have them', () => {
    const key = bytes('31323334353637383930');
    expect(keyedHash('hmac-sm3', key, '123456')).toBe('bc1f71eef901223ae7a9718e3ae1dbf97353c81acb429b491bbdbefd2195b95e');
    // RFC 4231, test case 2.
    expect(keyedHash('hmac-sha256', bytes(Buffer.from('Jefe').toString('hex')), 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  test('of another project, column or turn are others', () => {
    const scope = { project: 'p', column: 'id', use: 'pseudonym', rotation: 1 } as const;
    const scopes = [scope, { ...scope, project: 'q' }, { ...scope, column: 'other' }, { ...scope, rotation: 2 }];
    const made = scopes.map((item) => pseudonym('hmac-sm3', columnKey(K256, item)).mask('18049531999', null).text);
    expect(new Set(made).size).toBe(4);
    expect(() => columnKey(K128, scope)).toThrow(RangeError);
  });
});

describe('shifted dates', () => {
  const shift = dateShift(30, K256);

  test('keep the intervals of a unit and never stay where they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (unit) => {
        const [first, second] = ['2024-01-10', '2024-03-01'].map((date) => Date.parse(shift.mask(date, unit).text) / 86_400_000);
        const moved = (first ?? 0) - Date.parse('2024-01-10') / 86_400_000;
        return (second ?? 0) - (first ?? 0) === 51 && moved !== 0 && Math.abs(moved) <= 30;
      }),
    );
  });

  test('need a unit and a date', () => {
    expect(shift.mask('2024-01-10', null).text).toBe('***');
    expect(shift.mask('10.1.24', 'u').text).toBe('***');
  });
});
