import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Membership } from '../../src/egress/rows/composition.ts';
import type { RowsToMask } from '../../src/masking/dataset/make-masked-rows.ts';
import { makeComposedRows } from '../../src/pipeline/masked/composed-rows.ts';
import { fixedRng } from '../support/fixed-rng.ts';
import { planOf } from '../support/masked-plan.ts';

const person = fc.record({
  age: fc.integer({ min: 0, max: 63 }),
  area: fc.constantFrom('a', 'b', 'c'),
  diag: fc.constantFrom('flu', 'cold', 'gout'),
});
const K = 3;

function input(
  people: readonly { readonly id: number; readonly age: number; readonly area: string; readonly diag: string }[],
  k: number,
): RowsToMask {
  return {
    plan: planOf({ age: 'INTEGER', area: 'VARCHAR' }, { diag: 'VARCHAR' }),
    spec: { table: 't', k, wishes: [], suppress: 0.2, algorithm: 'lattice', basis: 'mask' },
    rows: people.length,
    columns: new Map([
      ['age', people.map(({ age }) => String(age))],
      ['area', people.map(({ area }) => area)],
      ['diag', people.map(({ diag }) => diag)],
    ]),
    units: people.map(({ id }) => String(id)),
    master: new Uint8Array(32),
    project: 'p',
    accepted: 0.5,
  };
}

/** Who reads both files and knows who stands in them: groups of people who look alike in all of them. */
function smallestGroup(current: Membership, earlier: readonly Membership[]): number {
  const groups = new Map<string, number>();
  for (const [row, key] of current.keys.entries()) {
    const before = earlier.map(({ keys, classes }) => classes[keys.indexOf(key)] ?? 'absent');
    const signature = [current.classes[row], ...before].join(' ');
    groups.set(signature, (groups.get(signature) ?? 0) + 1);
  }
  return Math.min(...groups.values());
}

test('what passes beside earlier releases leaves k people together in every intersection, and often something passes', () => {
  let [passed, tried] = [0, 0];
  fc.assert(
    fc.property(fc.array(person, { minLength: 30, maxLength: 60 }), fc.nat(2), fc.integer({ min: K, max: 6 }), (drawn, newcomers, k) => {
      const people = drawn.map((item, id) => ({ ...item, id }));
      const first = makeComposedRows(input(people.slice(0, people.length - newcomers), K), [], fixedRng('composed'));
      if (!first.ok) return;
      tried += 1;
      const earlier = [first.value.membership];
      const second = makeComposedRows(input(people, k), earlier, fixedRng('composed'));
      if (!second.ok || second.value.composition.some(({ severity }) => severity === 'hard')) return;
      passed += 1;
      expect(smallestGroup(second.value.membership, earlier)).toBeGreaterThanOrEqual(k);
    }),
    { numRuns: 80, seed: 7 },
  );
  expect(passed).toBeGreaterThan(tried / 4);
});
