import { expect, test } from 'vitest';
import { residentIdCandidates } from '../../../src/masking/anonymity-set.ts';

// Source: synthetic-and-masking.md §6.3 (brute force).
test.each([
  ['110105********002X', 1900, 2025, 4182],
  ['110105********002*', 1900, 2025, 46_021],
  ['11010519491231002X', 1900, 2025, 1],
  ['110105********0020X', 1900, 2025, 0],
])('%s, born %i to %i: %i resident IDs', (mask, from, to, expected) => {
  expect(residentIdCandidates(mask, { from, to })).toBe(expected);
});

test('a known decade and a known year leave tens and hundreds', () => {
  const decades = Array.from({ length: 12 }, (_, index) =>
    residentIdCandidates('110105********002X', { from: 1900 + 10 * index, to: 1909 + 10 * index }),
  );
  const years = Array.from({ length: 126 }, (_, index) =>
    residentIdCandidates('110105********002X', { from: 1900 + index, to: 1900 + index }),
  );
  expect(decades).toContain(331);
  expect(years).toContain(34);
});

test('fourteen characters shown leave a thousand at most', () => {
  expect(residentIdCandidates('11010519491231****')).toBe(1000);
});
