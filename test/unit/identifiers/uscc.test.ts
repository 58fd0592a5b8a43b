import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkUscc, isUscc, makeUscc, usccCheckCharacter } from '../../../src/identifiers/uscc.ts';

const REAL_CODES = fileURLToPath(new URL('../../../../shared/data/uscc-valid.txt', import.meta.url));

describe('unified social credit code', () => {
  test.each(['91350100M000100Y43', '91110000600037341L', '91310110666007217T', '91620105L015101280'])('%s is valid', (code) =>
    expect(checkUscc(code)).toBe('valid'),
  );

  test.each([
    ['91110000600037341N', 'check'],
    ['91350100M000100Y4Z', 'form'],
    ['A1110000600037341L', 'check'],
    ['9111000060003IOZSV', 'form'],
    ['91350211M00013FA1', 'form'],
    ['', 'form'],
  ] as const)('"%s" fails by %s', (code, verdict) => expect(checkUscc(code)).toBe(verdict));

  test('a code of the pilot years is not valid', () => expect(isUscc('91350211M00013FA1N')).toBe(false));

  test('a right outer check does not hide a wrong organisation code', () => {
    const head = '91350100M000100Y5';
    expect(checkUscc(head + usccCheckCharacter(head))).toBe('organisation');
  });

  test.skipIf(!existsSync(REAL_CODES))('codes of real organisations (../shared/data/uscc-valid.txt) pass both checks', () => {
    const codes = readFileSync(REAL_CODES, 'utf8')
      .split(/\s+/)
      .filter((line) => line !== '');
    expect(codes.length).toBeGreaterThanOrEqual(200);
    expect(codes.filter((code) => !isUscc(code))).toEqual([]);
  });

  test('made codes pass, and any other last character fails', () => {
    const body = fc.stringMatching(/^[0-9A-HJ-NPQRTUWXY]{8}$/);
    fc.assert(
      fc.property(body, fc.stringMatching(/^[0-9]{6}$/), fc.constantFrom('0', '7', 'A', 'Y'), (text, region, last) => {
        const code = makeUscc({ category: '91', region, body: text });
        expect(checkUscc(code)).toBe('valid');
        if (last !== code.charAt(17)) expect(checkUscc(code.slice(0, 17) + last)).toBe('check');
      }),
    );
    expect(() => makeUscc({ category: '91', region: '12345', body: '00000000' })).toThrow(TypeError);
  });
});
