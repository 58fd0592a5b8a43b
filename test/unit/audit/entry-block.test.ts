import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BLOCK_ENTRIES,
  commonBits,
  placesOf,
  printBits,
  printPlaces,
  readBits,
  withoutPlaces,
  withPlaces,
} from '../../../src/audit/entry-block.ts';

const PLACES = fc.uniqueArray(fc.nat(BLOCK_ENTRIES - 1), { maxLength: 900 });
const sorted = (places: Iterable<number>): readonly number[] => [...places].sort((a, b) => a - b);

test('sets of places are what sets are: added, taken out, in common, and the same after print and read', () => {
  fc.assert(
    fc.property(PLACES, PLACES, (a, b) => {
      const bits = withPlaces(withPlaces(null, a), b);
      expect(placesOf(bits)).toEqual(sorted(new Set([...a, ...b])));
      expect(placesOf(withoutPlaces(bits, b))).toEqual(sorted(a.filter((place) => !b.includes(place))));
      expect(placesOf(commonBits([withPlaces(null, a), withPlaces(null, b)]))).toEqual(sorted(a.filter((place) => b.includes(place))));
      const text = printBits(bits);
      expect(text === null ? [] : placesOf(readBits(text))).toEqual(placesOf(bits));
      const list = printPlaces(a);
      expect(list === null ? [] : placesOf(readBits(list))).toEqual(sorted(a));
    }),
    { numRuns: 60 },
  );
});

test('a text that is no block is not read as an empty one', () => {
  for (const text of ['', 'b', 'bAAAA', 'x', 'lAA==']) expect(() => readBits(text)).toThrow(RangeError);
});
