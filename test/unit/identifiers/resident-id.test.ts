import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isResidentId,
  isSafeResidentId,
  makeResidentId,
  normaliseResidentId,
  residentIdCheckCharacter,
} from '../../../src/identifiers/resident-id.ts';

const VALID = [
  '11010519491231002X',
  '440524188001010014',
  '360426199101010071',
  '321083197812162119',
  '150102198807303035',
  '33010219200403064X',
  '81000019980902013X',
  '820000200009100032',
  '830000200209060065',
  '932682198501010017',
  '51343620000320711X',
];
const INVALID = [
  '360198910283844',
  '201511221897205960',
  '815727824224151',
  '3301022011022000D6',
  '111111111111111',
  '11010519491231002',
  '110105194912310021',
  '110105194902290020',
  '',
];

describe('resident ID', () => {
  test.each(VALID)('%s is valid', (id) => expect(isResidentId(id)).toBe(true));
  test.each(INVALID)('"%s" is not', (id) => expect(isResidentId(id)).toBe(false));

  test('a lower-case x is the same character', () => {
    expect(isResidentId('11010519491231002x')).toBe(true);
    expect(normaliseResidentId('11010519491231002x')).toBe('11010519491231002X');
  });

  test('check character agrees with the second form of ISO 7064 MOD 11-2', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{17}$/), (digits) => {
        let value = 0n;
        for (const digit of digits) value = (value * 13n + BigInt(digit)) % 11n;
        const other = (((1n - 2n * value) % 11n) + 11n) % 11n;
        expect(residentIdCheckCharacter(digits)).toBe(other === 10n ? 'X' : String(other));
      }),
    );
  });

  test('any changed digit is seen', () => {
    const position = fc.integer({ min: 0, max: 16 });
    fc.assert(
      fc.property(fc.constantFrom(...VALID), position, fc.integer({ min: 1, max: 9 }), (id, at, by) => {
        const changed = id.slice(0, at) + String((Number(id.charAt(at)) + by) % 10) + id.slice(at + 1);
        expect(isResidentId(changed)).toBe(false);
      }),
    );
  });

  test('made IDs are valid; only the unassigned region is safe', () => {
    const id = makeResidentId({ region: '339901', birthDate: '1988-02-29', sequence: 7 });
    expect(id.slice(0, 17)).toBe('33990119880229007');
    expect(isSafeResidentId(id)).toBe(true);
    expect(isSafeResidentId('11010519491231002X')).toBe(false);
    expect(() => makeResidentId({ region: '339901', birthDate: '1989-02-29', sequence: 7 })).toThrow(TypeError);
    expect(() => makeResidentId({ region: '339901', birthDate: '1988-02-29', sequence: 1000 })).toThrow(RangeError);
    expect(() => makeResidentId({ region: '33990', birthDate: '1988-02-29', sequence: 1 })).toThrow(TypeError);
  });
});
