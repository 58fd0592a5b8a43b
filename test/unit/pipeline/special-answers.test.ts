import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Functional, MomentName, PairName, ProgramUnit } from '../../../src/sandbox/sql/model/program.ts';
import {
  A,
  type BenchRow,
  column,
  ENTERPRISE,
  LABEL,
  M,
  OTHER_PERSON,
  type Outcome,
  PERSON,
  programOf,
  type SpecialBench,
  specialBench,
  TOUCHED,
} from './special-bench.ts';
import {
  type Expected,
  referenceDistinct,
  referenceEnd,
  referenceMode,
  referenceMoment,
  referencePair,
  referencePublicEnd,
  referenceQuantile,
  type Unit,
} from './special-reference.ts';

const RUNS = Number(process.env.FC_RUNS ?? 200);

let bench: SpecialBench;

beforeAll(async () => {
  bench = await specialBench();
});

afterAll(() => bench.close());

const OF_U: Unit = { of: (row) => (row.u === null ? [] : [row.u]), touching: false };
const OF_V: Unit = { of: (row) => (row.v === null ? [] : [row.v]), touching: false };
const OF_BOTH: Unit = { of: (row) => [...new Set([...OF_U.of(row), ...OF_V.of(row)])], touching: true };

const UNITS: readonly { readonly program: readonly ProgramUnit[]; readonly reference: readonly Unit[] }[] = [
  { program: [PERSON], reference: [OF_U] },
  { program: [PERSON, ENTERPRISE], reference: [OF_U, OF_V] },
  { program: [PERSON, OTHER_PERSON, TOUCHED], reference: [OF_U, OF_V, OF_BOTH] },
];

interface Table {
  readonly seed: number;
  readonly rows: number;
  readonly people: number;
  readonly enterprises: number;
  readonly range: number;
  readonly labels: number;
  /** Of 100 rows so many have no value, so many no unit, so many one far outside. */
  readonly nulls: number;
  readonly strangers: number;
  readonly outliers: number;
  readonly k: number;
  readonly units: number;
  readonly byCity: boolean;
}

const table = (): fc.Arbitrary<Table> =>
  fc.record({
    seed: fc.nat(),
    rows: fc.integer({ min: 0, max: 160 }),
    people: fc.constantFrom(3, 14, 40, 400),
    enterprises: fc.constantFrom(5, 30, 300),
    range: fc.constantFrom(1, 3, 30, 100_000),
    labels: fc.constantFrom(1, 2, 6),
    nulls: fc.constantFrom(0, 0, 5, 60),
    strangers: fc.constantFrom(0, 0, 10),
    outliers: fc.constantFrom(0, 0, 1, 10),
    k: fc.constantFrom(2, 3, 5),
    units: fc.nat({ max: UNITS.length - 1 }),
    byCity: fc.boolean(),
  });

/** A row of figures from a seed; the same for the same table. */
function rowsOf(shape: Table): readonly BenchRow[] {
  let state = shape.seed | 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % below;
  };
  const chance = (percent: number): boolean => next(100) < percent;
  return Array.from({ length: shape.rows }, () => {
    const figure = (): number | null =>
      chance(shape.nulls) ? null : chance(shape.outliers) ? 1_000_000 + next(9) : next(shape.range) - Math.floor(shape.range / 3);
    return {
      city: ['x', 'y', null][next(3)] ?? null,
      u: chance(shape.strangers) ? null : next(shape.people),
      v: chance(shape.strangers) ? null : next(shape.enterprises),
      flag: chance(70),
      a: figure(),
      cents: figure(),
      label: chance(shape.nulls) ? null : `l${next(shape.labels)}`,
    };
  });
}

type Reference = (rows: readonly BenchRow[], units: readonly Unit[], k: number) => Expected;
interface Question {
  readonly functional: Functional;
  readonly expected: Reference;
  /** How much the figure is of the reference's. */
  readonly scale: number;
}

const OPEN_A = column('t0.a', { open: true });
const flagged = (rows: readonly BenchRow[], piece: number | null): readonly BenchRow[] =>
  piece === null ? rows : rows.filter((row) => row.flag);
const cents = (row: BenchRow): number | null => row.cents;
const a = (row: BenchRow): number | null => row.a;

const moment = (name: MomentName, piece: number | null): Question => ({
  functional: { kind: 'moment', terms: [], name, piece, value: M },
  expected: (rows, units) => referenceMoment(name, flagged(rows, piece), units, cents),
  scale: name.startsWith('var') ? 1e-4 : 1e-2,
});
const quantile = (q: number, twentieths: number): Question => ({
  functional: { kind: 'quantile', terms: [], name: 'quantile_disc', q, piece: null, value: M },
  expected: (rows, units, k) => referenceQuantile(rows, units, cents, twentieths, k),
  scale: 1e-2,
});
const end = (name: 'min' | 'max', piece: number | null): Question => ({
  functional: { kind: 'quantile', terms: [], name, q: 0, piece, value: A },
  expected: (rows, units, k) => referenceEnd(flagged(rows, piece), units, a, name, k),
  scale: 1,
});
const publicEnd = (name: 'min' | 'max'): Question => ({
  functional: { kind: 'quantile', terms: [], name, q: 0, piece: null, value: OPEN_A },
  expected: (rows, units, k) => referencePublicEnd(rows, units, a, name, k),
  scale: 1,
});

const QUESTIONS: readonly Question[] = [
  moment('stddev_samp', null),
  moment('var_pop', 0),
  quantile(0.5, 10),
  quantile(0.1, 2),
  quantile(0.78, 15),
  end('min', null),
  end('max', 0),
  publicEnd('min'),
  publicEnd('max'),
  {
    functional: { kind: 'mode', terms: [], piece: null, value: LABEL },
    expected: (rows, units, k) => referenceMode(rows, units, (row) => row.label, k),
    scale: 1,
  },
  {
    functional: { kind: 'distinct', terms: [], piece: 0, value: LABEL },
    expected: (rows, units, k) => referenceDistinct(flagged(rows, 0), units, (row) => row.label, k),
    scale: 1,
  },
];

const PAIRS: readonly PairName[] = ['corr', 'covar_pop', 'covar_samp', 'regr_slope', 'regr_intercept', 'regr_r2', 'regr_sxx', 'regr_syy'];

function cellsOf(rows: readonly BenchRow[], byCity: boolean): ReadonlyMap<string, readonly BenchRow[]> {
  const cells = new Map<string, BenchRow[]>(byCity ? [] : [['[]', []]]);
  for (const row of rows) {
    const name = byCity ? JSON.stringify([row.city]) : '[]';
    cells.set(name, [...(cells.get(name) ?? []), row]);
  }
  return cells;
}

/** Nothing, or a text, or a number to nine digits that both agree on. */
function shown(
  outcome: { readonly released: boolean; readonly value: number | string | boolean | null } | undefined,
  scale: number,
  like: unknown,
): unknown {
  if (outcome === undefined) return 'missing';
  if (!outcome.released) return 'withheld';
  const value = typeof outcome.value === 'number' ? outcome.value * scale : outcome.value;
  const isSame = typeof value === 'number' && typeof like === 'number' && Math.abs(value - like) <= 1e-9 * Math.max(1, Math.abs(like));
  return isSame ? like : value;
}

/** Four of the questions: a statement for each in every run would take long. */
function someOf(seed: number): readonly number[] {
  return [0, 1, 2, 3].map((step) => (seed + step * 3) % QUESTIONS.length);
}

const released: number[] = QUESTIONS.map(() => 0);

test('the same as the naive reference', { timeout: 1_200_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(table(), async (shape) => {
      const rows = rowsOf(shape);
      const units = UNITS[shape.units] ?? { program: [], reference: [] };
      await bench.fill(rows);
      const asked = someOf(shape.seed).flatMap((index) => (QUESTIONS[index] === undefined ? [] : [{ index, question: QUESTIONS[index] }]));
      const found = await bench.ask(
        programOf(
          asked.map((item) => item.question.functional),
          units.program,
          shape.byCity,
        ),
        shape.k,
      );
      for (const [name, cell] of cellsOf(rows, shape.byCity)) {
        for (const [place, { index, question }] of asked.entries()) {
          const expected = question.expected(cell, units.reference, shape.k);
          const outcome: Outcome | undefined = found[place]?.get(name);
          const about = { name, functional: question.functional, failed: outcome?.failed };
          const wanted = shown(expected, question.scale, null);
          expect({ ...about, shown: shown(outcome, 1, wanted) }).toEqual({ ...about, shown: wanted });
          if (expected.released) released[index] = (released[index] ?? 0) + 1;
        }
      }
    }),
    { numRuns: RUNS },
  );
  // Every aggregate comes out now and then, or the comparison would show little.
  expect(Math.min(...released)).toBeGreaterThan(RUNS / 100);
});

test('pairs: the same rules as the naive reference, the same figures as the engine', { timeout: 1_200_000 }, async () => {
  const answered = new Set<PairName>();
  const functionals = PAIRS.map((name): Functional => ({ kind: 'pair', terms: [], name, piece: 0, y: M, x: A }));
  await fc.assert(
    fc.asyncProperty(table(), async (shape) => {
      const rows = rowsOf({ ...shape, nulls: Math.min(shape.nulls, 5), range: shape.range === 1 ? 2 : shape.range });
      const units = UNITS[shape.units] ?? { program: [], reference: [] };
      await bench.fill(rows);
      const found = await bench.ask(programOf(functionals, units.program, shape.byCity), shape.k);
      const plain = await bench.run(
        `SELECT ${shape.byCity ? 'city, ' : ''}${PAIRS.map((name) => `${name}(m, a) FILTER (flag)`).join(', ')} FROM t${shape.byCity ? ' GROUP BY city' : ''}`,
      );
      const engine = new Map(
        plain.rows.map((row) => [JSON.stringify(row.slice(0, shape.byCity ? 1 : 0)), row.slice(shape.byCity ? 1 : 0)]),
      );
      for (const [name, cell] of cellsOf(rows, shape.byCity)) {
        for (const [index, pair] of PAIRS.entries()) {
          const outcome = found[index]?.get(name);
          const expected = referencePair(
            pair,
            cell.filter((row) => row.flag),
            units.reference,
            a,
            cents,
            shape.k,
          );
          const about = { pair, name, failed: outcome?.failed };
          expect({ ...about, released: outcome?.released }).toEqual({ ...about, released: expected });
          if (!expected) continue;
          answered.add(pair);
          const own = Number(engine.get(name)?.[index]);
          expect(Math.abs(Number(outcome?.value) - own)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(own)));
        }
      }
    }),
    { numRuns: RUNS },
  );
  expect(answered.size).toBe(PAIRS.length);
});
