import { describe, expect, test } from 'vitest';
import { isMobile, isSafeMobile, makeSafeMobile } from '../../../src/identifiers/mobile.ts';

describe('mobile number', () => {
  test.each(['13800138000', '19912345678', '15400000001'])('%s has the form', (text) => expect(isMobile(text)).toBe(true));
  test.each(['11183193778', '12838751010', '1380013800', '138001380000', '+8613800138000', ''])('"%s" has not', (text) =>
    expect(isMobile(text)).toBe(false),
  );

  test('made numbers reach nobody', () => {
    expect(makeSafeMobile(42)).toBe('15400000042');
    expect(isSafeMobile(makeSafeMobile(99_999_999))).toBe(true);
    expect(isSafeMobile('13800138000')).toBe(false);
    expect(() => makeSafeMobile(100_000_000)).toThrow(RangeError);
  });
});
