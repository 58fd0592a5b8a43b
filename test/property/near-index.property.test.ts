import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NearIndex } from '../../src/egress/ledger/near-index.ts';
import { coarseDistance, combineSketches, type Sketch } from '../../src/egress/ledger/sketch.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../support/unit-totals.ts';

const UNITS = keyedUnits(2000, numbers(11));
type Cell = ReadonlyMap<number, bigint>;

/** Random, nested, overlapping, tiny, disjoint and empty cells; windows over the units, some with units changed. */
const cell = fc
  .record({
    from: fc.oneof(fc.constant(0), fc.nat(1900)),
    length: fc.oneof(fc.nat(3), fc.integer({ min: 4, max: 40 }), fc.integer({ min: 41, max: 400 }), fc.constant(2000)),
    step: fc.constantFrom(1, 1, 1, 2, 7),
    value: fc.constantFrom(1n, 1n, 3n),
    changed: fc.array(fc.nat(1999), { maxLength: 20 }),
  })
  .map(({ from, length, step, value, changed }): Cell => {
    const totals = new Map<number, bigint>();
    for (let index = 0; index < length && from + index * step < 2000; index += 1) totals.set(from + index * step, value);
    for (const unit of changed) totals.set(unit, (totals.get(unit) ?? 0n) === 0n ? 1n : 0n);
    return totals;
  });

const sketchOf = (totals: Cell, kind: 'fine' | 'lanes'): Sketch => sketchOfUnits(UNITS, (unit) => totals.get(unit) ?? 0n, kind);

function scan(entries: ReadonlyMap<number, Sketch>, sketch: Sketch, k: number): readonly number[] {
  return [...entries].filter(([, entry]) => coarseDistance(entry, sketch) < k).map(([id]) => id);
}

describe('the index of near figures', () => {
  test('finds what a scan finds, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 60 }),
        fc.array(cell, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(59)),
        fc.constantFrom(5, 8, 10, 16, 17, 30, 64),
        fc.boolean(),
        (cells, questions, removed, k, compacted) => {
          const index = new NearIndex(0);
          const entries = new Map(cells.map((item, at) => [at * 3 + 1, sketchOf(item, at % 2 === 0 ? 'fine' : 'lanes')] as const));
          index.addAll([...entries].slice(0, 20).map(([id, sketch]) => ({ id, sketch })));
          for (const [id, sketch] of [...entries].slice(20)) index.add(id, sketch);
          for (const at of removed) expect(index.remove(at * 3 + 1)).toBe(entries.delete(at * 3 + 1));
          if (compacted) index.compact();
          for (const question of [...questions, ...cells.slice(0, 20)]) {
            const sketch = sketchOf(question, 'lanes');
            expect(index.near(sketch, k)).toEqual(scan(entries, sketch, k));
          }
          expect(index.size).toBe(entries.size);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('finds what a scan finds for sums of coarse cells', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 30 }), fc.constantFrom(5, 10, 20), (cells, k) => {
        const index = new NearIndex();
        const entries = new Map<number, Sketch>();
        const sketches = cells.map((item) => sketchOf(item, 'lanes'));
        for (const [at, sketch] of sketches.entries()) {
          entries.set(at, sketch);
          index.add(at, sketch);
        }
        const sum = combineSketches(sketches.slice(0, 3).map((sketch) => ({ sketch, coefficient: 1 })));
        expect(index.near(sum, k)).toEqual(scan(entries, sum, k));
      }),
      { numRuns: 60 },
    );
  });

  test('finds every figure that fewer than k units separate from the new one', () => {
    fc.assert(
      fc.property(cell, fc.array(fc.nat(1999), { maxLength: 9 }), (base, changed) => {
        const other = new Map(base);
        for (const unit of changed) other.set(unit, (other.get(unit) ?? 0n) + 1n);
        const index = new NearIndex();
        index.add(1, sketchOf(base, 'fine'));
        expect(index.near(sketchOf(other, 'lanes'), 10)).toEqual([1]);
      }),
      { numRuns: 300 },
    );
  });

  test('grows, forgets and stays exact over thousands of entries', () => {
    const random = numbers(5);
    const index = new NearIndex(16);
    const entries = new Map<number, Sketch>();
    for (let id = 0; id < 6000; id += 1) {
      const from = Math.floor(random() * 1900);
      const length = Math.floor(10 * 40 ** random());
      const totals = new Map(Array.from({ length }, (_, at) => [from + at, 1n] as const));
      const sketch = sketchOf(totals, 'lanes');
      entries.set(id, sketch);
      index.add(id, sketch);
    }
    for (let id = 0; id < 6000; id += 1) if (random() < 0.5) expect(index.remove(id)).toBe(entries.delete(id));
    for (const [id, sketch] of [...entries].slice(0, 50)) {
      expect(index.near(sketch, 10)).toEqual(scan(entries, sketch, 10));
      expect(index.remove(id + 0.5)).toBe(false);
    }
    expect(() => index.add(3, entries.values().next().value as Sketch)).toThrow();
  });
});
