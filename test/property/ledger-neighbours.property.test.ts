import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DisclosurePolicy } from '../../src/catalog/disclosure-policy.ts';
import { answer } from '../../src/pipeline.ts';
import { type GateBench, gateBench, TEST_POLICY } from '../support/gate-bench.ts';
import { memoryLedger } from '../support/memory-ledger.ts';
import { type RandomQuestion, randomQuestion, sqlOf } from '../support/random-question.ts';
import { SMALL_CITY_DECLARATION, smallCity } from '../support/small-city.ts';

const RUNS = Number(process.env['FC_RUNS'] ?? 40);
const SEED = Number(process.env['FC_SEED'] ?? 20261122);
const TIMEOUT_MS = 60_000 * Math.max(10, RUNS / 4);
const POLICY: DisclosurePolicy = { ...TEST_POLICY, k: 5 };
/** What is near an edge under the policy comes out otherwise under one of these. */
const BESIDE: readonly DisclosurePolicy[] = [
  { ...POLICY, k: 4 },
  { ...POLICY, k: 6 },
  { ...POLICY, dominance: { units: 2, share: 0.8 } },
  { ...POLICY, dominance: { units: 2, share: 0.97 } },
  { ...POLICY, pShare: 0.02 },
  { ...POLICY, pShare: 0.25 },
];

/** A city, and the same with one person living elsewhere on another income. */
let pairs: readonly (readonly GateBench[])[] = [];

beforeAll(async () => {
  const made: (readonly GateBench[])[] = [];
  for (const [seed, size, mover] of [
    [5, 120, 31],
    [6, 210, 88],
  ] as const) {
    const other = smallCity(seed, size, (person) =>
      Number(person.person_id) === mover ? { ...person, income: 31_000, region: person.region === 'north' ? 'south' : 'north' } : person,
    );
    made.push([await gateBench(SMALL_CITY_DECLARATION, smallCity(seed, size).files), await gateBench(SMALL_CITY_DECLARATION, other.files)]);
  }
  pairs = made;
}, 120_000);

afterAll(async () => {
  for (const bench of pairs.flat()) await bench.close();
});

/** By step and cell, what a merchant sees of it: which columns have a value. */
type Pattern = ReadonlyMap<string, string>;

/** The statements one after the other on one ledger, each released before the next is asked. */
async function play(bench: GateBench, steps: readonly RandomQuestion[], policy: DisclosurePolicy): Promise<Pattern> {
  const ledger = memoryLedger();
  const found = new Map<string, string>();
  for (const [index, step] of steps.entries()) {
    const job = `job-${index + 1}`;
    const answered = await answer(sqlOf(step), { ...bench.context, policy }, { enclave: bench.enclave, ledger: ledger.of(job, policy) });
    if (!answered.ok) throw new Error(JSON.stringify(answered.error));
    const { admitted, publicLabelsWithheld, table } = answered.value;
    found.set(job, JSON.stringify([admitted.roundings, publicLabelsWithheld]));
    const width = step.keys.length;
    for (const row of table.rows)
      found.set(`${job} ${JSON.stringify(row.slice(0, width))}`, JSON.stringify(row.slice(width).map((value) => value !== null)));
    ledger.release(job);
  }
  return found;
}

/** Cells and notes in which two runs differ. */
function changed(a: Pattern, b: Pattern): ReadonlySet<string> {
  return new Set([...a.keys(), ...b.keys()].filter((name) => a.get(name) !== b.get(name)));
}

const sequence = fc
  .record({
    pair: fc.nat(1),
    steps: fc.array(
      randomQuestion().filter(({ aggregates }) => new Set(aggregates.map((item) => JSON.stringify(item))).size === aggregates.length),
      { minLength: 2, maxLength: 4 },
    ),
    whole: fc.boolean(),
  })
  // Half of them end with what the first asked, without its condition.
  .map(({ pair, steps, whole }) => ({
    pair,
    steps: whole && steps[0] !== undefined ? [...steps, { ...steps[0], condition: null }] : steps,
  }));

describe('two databases that differ by one unit, asked the same statements one after the other', () => {
  test('show a merchant the same rows, withheld cells and notes, but where a cell stands at an edge', { timeout: TIMEOUT_MS }, async () => {
    const seen = { alike: 0, edge: 0 };
    await fc.assert(
      fc.asyncProperty(sequence, async ({ pair, steps }) => {
        const [here, there] = pairs[pair] ?? [];
        if (here === undefined || there === undefined) throw new Error('No such pair');
        const [own, other] = [await play(here, steps, POLICY), await play(there, steps, POLICY)];
        const open = new Set(changed(own, other));
        if (open.size === 0) {
          seen.alike++;
          return;
        }
        for (const policy of BESIDE) {
          for (const [bench, pattern] of [
            [here, own],
            [there, other],
          ] as const) {
            if (open.size === 0) break;
            for (const name of changed(pattern, await play(bench, steps, policy))) open.delete(name);
          }
        }
        expect([...open]).toEqual([]);
        seen.edge++;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    process.stdout.write(`${JSON.stringify(seen)}\n`);
    expect(seen.alike).toBeGreaterThan(RUNS / 3);
  });
});
