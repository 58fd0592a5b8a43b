import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coarsen, type Sketch } from '../../../src/egress/ledger/sketch.ts';
import { MODULUS } from '../../../src/kernel/modular.ts';
import { readVectors } from '../../../src/pipeline/read-vectors.ts';
import { NOTHING_DROPPED } from '../../../src/sandbox/sql/model/condition.ts';
import type { GateProgram, Term } from '../../../src/sandbox/sql/model/program.ts';
import * as statements from '../../../src/sandbox/sql/statements/vector-statement.ts';
import { type BenchRow, PERSON, programOf, type SpecialBench, specialBench } from './special-bench.ts';

const RUNS = Number(process.env.FC_RUNS ?? 60);
const VARIANT = { reduction: NOTHING_DROPPED, selection: null };

let bench: SpecialBench;
beforeAll(async () => {
  bench = await specialBench();
});
afterAll(() => bench.close());

const VALUE = { factors: [], nullable: true, sensitive: false } as const;
const TERMS: readonly Term[] = [
  { kind: 'rows', piece: null },
  { kind: 'rows', piece: 0 },
  { kind: 'present', piece: null, sql: 't0.a' },
  { kind: 'value', piece: null, sql: 't0.m', scale: 2, signs: 'mixed', ...VALUE },
  { kind: 'value', piece: 0, sql: 't0.a', scale: 0, signs: 'mixed', ...VALUE },
  { kind: 'unit', piece: null, unit: 0 },
  { kind: 'unit', piece: 0, unit: 0 },
  // The same with bounds: short, and longer than what the engine multiplies as decimals.
  { kind: 'value', piece: null, sql: 't0.m', scale: 2, largest: 99_999_999, signs: 'mixed', ...VALUE },
  { kind: 'value', piece: 0, sql: 't0.m', scale: 2, largest: 4_000_000_000, signs: 'mixed', ...VALUE },
  { kind: 'value', piece: null, sql: 't0.a', scale: 0, largest: 5, signs: 'mixed', ...VALUE },
];

/** What a row adds to a term, in units of its last digit; null where it adds nothing. */
function contribution(term: Term, row: BenchRow): bigint | null {
  if (term.piece === 0 && !row.flag) return null;
  if (term.kind === 'rows' || term.kind === 'unit') return 1n;
  const value = term.sql === 't0.m' ? row.cents : row.a;
  if (value === null) return null;
  return term.kind === 'present' ? 1n : BigInt(value);
}

interface Naive {
  readonly totals: ReadonlyMap<number, bigint>;
}

function naive(term: Term, rows: readonly BenchRow[]): Naive {
  const totals = new Map<number, bigint>();
  for (const row of rows) {
    const own = contribution(term, row);
    if (row.u === null || own === null) continue;
    totals.set(row.u, term.kind === 'unit' ? 1n : (totals.get(row.u) ?? 0n) + own);
  }
  return { totals };
}

/** By bucket: total × key of its units, modulo the prime, brought to whole units of the value. */
function naiveFine(term: Term, { totals }: Naive): readonly number[] {
  const prime = BigInt(MODULUS);
  const scale = term.kind === 'value' ? term.scale : 0;
  let inverse = 1n;
  for (let power = prime - 2n, square = 10n ** BigInt(scale) % prime; power > 0n; power >>= 1n, square = (square * square) % prime)
    if (power & 1n) inverse = (inverse * square) % prime;
  const fine = Array.from({ length: 256 }, () => 0n);
  for (const [unit, total] of totals) fine[unit % 256] = (fine[unit % 256] ?? 0n) + total * BigInt(unit);
  return fine.map((value) => Number((((value % prime) + prime) * inverse) % prime));
}

const ROW: fc.Arbitrary<BenchRow> = fc.record({
  city: fc.constantFrom('A', 'B', null),
  u: fc.option(fc.integer({ min: 1, max: 700 }), { freq: 8 }),
  v: fc.constant(null),
  flag: fc.boolean(),
  a: fc.option(fc.integer({ min: -5, max: 5 }), { freq: 6 }),
  cents: fc.option(fc.integer({ min: -99_999_999, max: 99_999_999 }), { freq: 6 }),
  label: fc.constant(null),
});

async function taken(program: GateProgram, form: statements.VectorForm): Promise<(cell: string, term: number) => Sketch | undefined> {
  const all = TERMS.map((_, index) => index);
  const single = all.filter((index) => statements.needsUnitTotals(program, 0, TERMS[index] as Term, form));
  const plain = all.filter((index) => !single.includes(index));
  const found = new Map<string, Sketch>();
  for (const [statement, terms] of [
    [statements.vectorStatement, plain],
    [statements.unitVectorStatement, single],
  ] as const) {
    const rows = await bench.run(statement(program, 0, VARIANT, terms, form));
    for (const [cell, sketches] of readVectors(program, terms, form, rows))
      for (const [at, sketch] of sketches.entries()) found.set(`${cell} ${terms[at]}`, sketch);
  }
  return (cell, term) => found.get(`${cell} ${term}`);
}

test('sketches are those of the unit totals, bucket by bucket and by lanes', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(ROW, { maxLength: 60 }), async (rows) => {
      await bench.fill(rows);
      const program: GateProgram = { ...programOf([], [{ ...PERSON, key: 't0.u' }], true), terms: TERMS };
      const [fine, lanes] = [await taken(program, 'buckets'), await taken(program, 'lanes')];
      for (const city of ['A', 'B', null]) {
        const own = rows.filter((row) => row.city === city);
        if (!own.some((row) => row.u !== null)) continue;
        const cell = JSON.stringify([city]);
        for (const [index, term] of TERMS.entries()) {
          const expected = naive(term, own);
          const sketch = fine(cell, index);
          const total = [...expected.totals.values()].reduce((sum, value) => sum + value, 0n);
          expect(sketch?.totals.digits.reduce((sum, value) => sum + value, 0n)).toBe(total);
          expect([...(sketch?.fine ?? [])]).toEqual(naiveFine(term, expected));
          const folded = sketch === undefined ? undefined : coarsen(sketch);
          const coarse = lanes(cell, index);
          expect(coarse?.lanes).toEqual(folded?.lanes);
          expect(coarse?.totals.digits).toEqual(folded?.totals.digits);
          // Lanes may say of a bucket that somebody is in it whose total is a multiple of the prime, never the reverse.
          const inUse = new Set([...expected.totals].filter(([, value]) => value !== 0n).map(([unit]) => unit % 256));
          for (let bucket = 0; bucket < 256; bucket++) {
            const bit = ((coarse?.mask[bucket >> 5] ?? 0) >>> (bucket & 31)) & 1;
            expect(bit).toBe(inUse.has(bucket) ? 1 : 0);
          }
        }
      }
    }),
    { numRuns: RUNS },
  );
});

test('values at the edge of what their bounds let be multiplied are told as those without bounds', async () => {
  const key = MODULUS - 1; // the largest of a unit
  const edges = [465_661_286, 465_661_288, 2 ** 32 - 1, 2 ** 32 + 1];
  for (const largest of edges) {
    const rows = [largest, -largest, largest, 1, null].map(
      (cents, at): BenchRow => ({ city: 'A', u: key - (at % 2), v: null, flag: true, a: null, cents, label: null }),
    );
    await bench.fill(rows);
    const value = { kind: 'value', piece: null, sql: 't0.m', scale: 2, signs: 'mixed', ...VALUE } as const;
    const program: GateProgram = { ...programOf([], [{ ...PERSON, key: 't0.u' }], true), terms: [{ ...value, largest }, value] };
    const text = statements.vectorStatement(program, 0, VARIANT, [0, 1], 'buckets');
    const [bounded, plain] = readVectors(program, [0, 1], 'buckets', await bench.run(text)).get(JSON.stringify(['A'])) ?? [];
    expect(bounded).toEqual(plain);
    expect([...(bounded?.fine ?? [])]).toEqual(naiveFine(value, naive(value, rows)));
  }
  const forms = edges.map((largest) =>
    statements.vectorStatement(
      {
        ...programOf([], [PERSON], true),
        terms: [{ kind: 'value', piece: null, sql: 't0.m', scale: 2, largest, signs: 'mixed', ...VALUE }],
      },
      0,
      VARIANT,
      [0],
      'buckets',
    ),
  );
  expect(forms.map((text) => [text.includes('HUGEINT'), text.includes('hash(')])).toEqual([
    [true, false],
    [false, false],
    [false, false],
    [false, true],
  ]);
});

test('a value that is too long for its type in whole units fails no statement, and is told as it is where a wider type has room', async () => {
  const rows = [99_999_999, -99_999_998, 3, null].map(
    (cents, at): BenchRow => ({ city: 'A', u: 7 + at, v: null, flag: true, a: null, cents, label: null }),
  );
  await bench.fill(rows);
  const long = { kind: 'value', piece: null, scale: 6, signs: 'mixed', ...VALUE } as const;
  const terms: readonly Term[] = [
    { ...long, sql: 'CAST(t0.m * 100 AS DECIMAL(18,6))' },
    { ...long, sql: 'CAST(CAST(t0.m AS DECIMAL(38,6)) * 10000000000000000000000000 AS DECIMAL(38,6))' },
  ];
  const program: GateProgram = { ...programOf([], [{ ...PERSON, key: 't0.u' }], true), terms };
  for (const form of ['buckets', 'lanes'] as const) {
    const read = readVectors(program, [0, 1], form, await bench.run(statements.vectorStatement(program, 0, VARIANT, [0, 1], form)));
    const [wide, hashed] = read.get(JSON.stringify(['A'])) ?? [];
    const own = rows.flatMap(({ u, cents }) => (u === null || cents === null ? [] : [[u, BigInt(cents)] as const]));
    const fine = naiveFine({ ...long, scale: 0, sql: '' }, { totals: new Map(own) });
    if (form === 'buckets') expect([...(wide?.fine ?? [])]).toEqual(fine);
    expect(wide?.totals.digits.reduce((sum, value) => sum + value, 0n)).toBe(4n * 1_000_000n);
    expect(hashed?.lanes.some((lane) => lane !== 0)).toBe(true);
  }
});
