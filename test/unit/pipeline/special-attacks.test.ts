import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Functional, PairName, SpecialColumn } from '../../../src/sandbox/sql/model/program.ts';
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

let bench: SpecialBench;

beforeAll(async () => {
  bench = await specialBench();
});

afterAll(() => bench.close());

const SENSITIVE_A = column('t0.a', { sensitive: true });
const OPEN_A = column('t0.a', { open: true });

function row(u: number | null, a: number | null, changes: Partial<BenchRow> = {}): BenchRow {
  return { city: null, u, v: null, flag: true, a, cents: null, label: null, ...changes };
}

const moment = (value: SpecialColumn = A): Functional => ({ kind: 'moment', terms: [], name: 'stddev_samp', piece: null, value });
const pair = (name: PairName): Functional => ({ kind: 'pair', terms: [], name, piece: null, y: M, x: A });
const quantile = (q: number, value: SpecialColumn = A): Functional => ({
  kind: 'quantile',
  terms: [],
  name: 'quantile_cont',
  q,
  piece: null,
  value,
});
const end = (name: 'min' | 'max', value: SpecialColumn = A): Functional => ({
  kind: 'quantile',
  terms: [],
  name,
  q: name === 'min' ? 0 : 1,
  piece: null,
  value,
});
const mode = (value: SpecialColumn = LABEL): Functional => ({ kind: 'mode', terms: [], piece: null, value });
const distinct = (value: SpecialColumn = LABEL): Functional => ({ kind: 'distinct', terms: [], piece: null, value });

async function ask(rows: readonly BenchRow[], functional: Functional, units = [PERSON], k = 10): Promise<Outcome> {
  await bench.fill(rows);
  const [cells] = await bench.ask(programOf([functional], units, false), k);
  const outcome = cells?.get('[]');
  if (outcome === undefined) throw new Error('No cell');
  return outcome;
}

const people = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe('standard deviation', () => {
  test('F4: ten figures fail, eleven pass', async () => {
    expect(
      await ask(
        people(10).map((u) => row(u, u)),
        moment(),
      ),
    ).toMatchObject({ released: false, failed: ['pair.freedom'] });
    expect(
      await ask(
        people(11).map((u) => row(u, u)),
        moment(),
      ),
    ).toMatchObject({ released: true, value: Math.sqrt(11) });
  });

  test('B13: everybody has the same figure', async () => {
    expect(
      (
        await ask(
          people(20).map((u) => row(u, 7)),
          moment(),
        )
      ).failed,
    ).toContain('squares.nk');
  });

  test('B16: all alike but one', async () => {
    expect(
      (
        await ask(
          people(20).map((u) => row(u, u === 0 ? 9999 : 0)),
          moment(),
        )
      ).failed,
    ).toContain('squares.nk');
  });

  test('B9, B10: two units hold exactly 90 % of the squares, or just less', async () => {
    // Pairs of opposite signs: the mean is 0.
    const squares = (big: number, small: number): readonly BenchRow[] => [
      ...[big, -big].map((a, index) => row(index, a)),
      ...people(10).map((u) => row(u + 2, u % 2 === 0 ? small : -small)),
    ];
    expect((await ask(squares(150, 22), moment())).failed).toEqual(['squares.nk']); // 45,000 of 49,840: 90.3 %
    expect((await ask(squares(149, 23), moment())).released).toBe(true); // 44,402 of 49,692: 89.4 %
    // 2 · 45² + 10 · (3² and 6²) would be 90.0 %: 4,050 of 4,500.
    const even = [45, -45, 6, -6, 6, -6, 6, -6, 6, -6, 9, -9].map((a, u) => row(u, a));
    expect((await ask(even, moment())).failed).toEqual(['squares.nk']);
    const less = [45, -45, 6, -6, 6, -6, 6, -6, 6, -6, 9, -9, 1, -1].map((a, u) => row(u, a));
    expect((await ask(less, moment())).released).toBe(true);
  });

  test('a unit with many rows is one unit', async () => {
    const rows = [...people(15).map((u) => row(u, u)), ...people(40).map((index) => row(99, index % 2 === 0 ? 1000 : -1000))];
    expect((await ask(rows, moment())).failed).toContain('squares.nk');
  });

  test('rows without a unit count for nobody', async () => {
    const rows = [...people(5).map((u) => row(u, u)), ...people(30).map((index) => row(null, index))];
    expect((await ask(rows, moment())).failed).toContain('pair.freedom');
  });

  test('figures far from zero lose nothing', async () => {
    const rows = people(20).map((u) => row(u, 2_000_000_000 + u));
    expect((await ask(rows, moment())).value).toBe(Math.sqrt(35));
  });
});

describe('pairs', () => {
  const cloud = (count: number): readonly BenchRow[] => people(count).map((u) => row(u, u, { cents: ((u * 37) % 101) * 100 }));

  test('a cloud of points is answered', async () => {
    for (const name of [
      'corr',
      'covar_samp',
      'regr_slope',
      'regr_intercept',
      'regr_r2',
      'regr_count',
      'regr_avgx',
      'regr_avgy',
      'regr_sxx',
      'regr_syy',
      'regr_sxy',
    ] as const) {
      const outcome = await ask(cloud(60), pair(name));
      const [[expected]] = (await bench.run(`SELECT ${name}(m, a)::DOUBLE FROM t`)).rows as [[number]];
      expect({ name, released: outcome.released }).toEqual({ name, released: true });
      expect(outcome.value).toBeCloseTo(expected, 6);
    }
  });

  test('a functional identity is no statistic', async () => {
    const line = people(60).map((u) => row(u, u, { cents: 300 * u + 700 }));
    expect((await ask(line, pair('corr'))).failed).toEqual(['pair.identity']);
    expect((await ask(line, pair('regr_r2'))).failed).toEqual(['pair.identity']);
    const falling = people(60).map((u) => row(u, u, { cents: -100 * u }));
    expect((await ask(falling, pair('corr'))).failed).toEqual(['pair.identity']);
  });

  test('two units share all rows of a level', async () => {
    const rows = people(60).map((u) => row(u, u < 2 ? 1 : 0, { cents: u * 100 }));
    expect((await ask(rows, pair('regr_slope'))).failed).toContain('pair.level');
    const even = people(60).map((u) => row(u, u % 2, { cents: ((u * 37) % 101) * 100 }));
    expect((await ask(even, pair('regr_slope'))).released).toBe(true);
  });

  test('the level may be the other column', async () => {
    const rows = people(60).map((u) => row(u, u, { cents: u < 2 ? 100 : 0 }));
    expect((await ask(rows, pair('corr'))).failed).toContain('pair.level');
  });

  test('one point decides the line', async () => {
    const rows = cloud(60).map((item) => (item.u === 0 ? { ...item, a: 1_000_000, cents: 900_000_000 } : item));
    expect((await ask(rows, pair('covar_pop'))).failed).toContain('squares.nk');
  });

  test('covariance and slope do not give the variance of a dominated column', async () => {
    // The outlier stands near the mean of y, so that products are spread evenly.
    const rows = cloud(80).map((item) => (item.u === 0 ? { ...item, a: 100_000, cents: 5000 } : item));
    expect((await ask(rows, pair('regr_slope'))).released).toBe(false);
  });

  test('eleven units leave nine degrees of freedom', async () => {
    const rows = people(11).flatMap((u) => people(4).map((index) => row(u, u * 4 + index, { cents: ((u * 37 + index * 11) % 101) * 100 })));
    expect((await ask(rows, pair('covar_pop'), [PERSON], 5)).failed).toEqual(['pair.freedom']);
  });
});

describe('quantiles and ends', () => {
  test('C5, S6: least and greatest are not those of a person', async () => {
    const rows = people(60).map((u) => row(u, u === 59 ? 999_999 : u));
    expect(await ask(rows, end('max'))).toMatchObject({ released: true, value: 44 }); // 49 … 39: k left out, then k off the commonest
    expect(await ask(rows, end('min'))).toMatchObject({ released: true, value: 15 });
    expect(
      (
        await ask(
          people(20).map((u) => row(u, u)),
          end('max'),
        )
      ).released,
    ).toBe(false);
    expect(
      (
        await ask(
          people(30).map((u) => row(u, u)),
          end('max'),
        )
      ).released,
    ).toBe(false); // the other side holds nine
    expect(
      (
        await ask(
          people(31).map((u) => row(u, u)),
          end('max'),
        )
      ).released,
    ).toBe(true);
  });

  test('the outlier with many rows is left out with all of them', async () => {
    const rows = [...people(60).map((u) => row(u, u)), ...people(500).map((index) => row(60, 40 + (index % 900)))];
    const without = await ask(
      people(60).map((u) => row(u, u)),
      end('max'),
    );
    expect(without.released).toBe(true);
    const outcome = await ask(rows, end('max'));
    expect(outcome.released).toBe(true);
    expect(outcome.value).toBeLessThan(60);
  });

  test('a median needs k units in the window and on each side', async () => {
    expect(
      (
        await ask(
          people(30).map((u) => row(u, u)),
          quantile(0.5),
        )
      ).released,
    ).toBe(false);
    expect(
      await ask(
        people(31).map((u) => row(u, u)),
        quantile(0.5),
      ),
    ).toMatchObject({ released: true, value: 15 });
    expect(
      await ask(
        people(100).map((u) => row(u, u)),
        quantile(0.5),
      ),
    ).toMatchObject({ released: true, value: 49.5 });
  });

  test('q is rounded to the grid', async () => {
    const rows = people(1001).map((u) => row(u, u));
    expect((await ask(rows, quantile(0.9999))).value).toBe(950);
    expect((await ask(rows, quantile(0.175))).value).toBe(100);
    expect((await ask(rows, quantile(0.18))).value).toBe(250);
    expect((await ask(rows, quantile(0.001))).value).toBe(50);
  });

  test('all alike but one: the window takes no single deviation in', async () => {
    const rows = people(60).map((u) => row(u, u === 30 ? 77 : 5));
    expect(await ask(rows, quantile(0.5))).toMatchObject({ released: true, value: 5 });
    expect((await ask(rows, quantile(0.5, SENSITIVE_A))).failed).toContain('homogeneity.sensitive');
    // The position itself is at the edge of the commonest value, with few others behind it.
    const edge = people(60).map((u) => row(u, u < 30 ? 5 : u < 33 ? 6 + u : 1000));
    const outcome = await ask(edge, quantile(0.5));
    expect(outcome.released ? outcome.value : 'withheld').not.toBe(5.1);
    expect(outcome.failed.length === 0 || outcome.failed.includes('window.class') || outcome.failed.includes('window.k')).toBe(true);
  });

  test('a window that one unit owns by its rows is withheld', async () => {
    const rows = [
      ...people(40).map((u) => row(u, u)),
      ...people(40).map((u) => row(u + 100, 2000 + u)),
      ...people(5000).map((index) => row(999, 1000 + (index % 3))),
    ];
    expect((await ask(rows, quantile(0.5))).failed).toContain('dominance.nk');
  });

  test('few units stand behind many rows', async () => {
    const rows = people(9).flatMap((u) => people(50).map((index) => row(u, index)));
    expect((await ask(rows, quantile(0.5))).released).toBe(false);
  });

  test('the end of a public column needs k units behind that very value', async () => {
    const rows = people(40).map((u) => row(u, u < 9 ? 50 : 20));
    expect((await ask(rows, end('max', OPEN_A))).failed).toEqual(['threshold.k']);
    expect(await ask(rows, end('min', OPEN_A))).toMatchObject({ released: true, value: 20 });
    const text = people(40).map((u) => row(u, null, { label: u < 20 ? '上城' : '西湖' }));
    expect(await ask(text, end('max', column('t0.label', { open: true })))).toMatchObject({ released: true, value: '西湖' });
  });
});

describe('values', () => {
  const labelled = (labels: readonly (string | null)[]): readonly BenchRow[] => labels.map((label, u) => row(u, null, { label }));
  const times = (count: number, label: string | null): readonly (string | null)[] => people(count).map(() => label);

  test('a mode has k units, and k have it not', async () => {
    expect(await ask(labelled([...times(12, 'x'), ...times(10, 'y')]), mode())).toMatchObject({ released: true, value: 'x' });
    expect((await ask(labelled([...times(12, 'x'), 'y']), mode())).failed).toEqual(['mode.support']);
    expect((await ask(labelled([...times(9, 'x'), ...times(8, 'y'), ...times(7, 'z')]), mode())).failed).toEqual(['mode.support']);
    expect(await ask(labelled(times(12, 'x')), mode())).toMatchObject({ released: true, value: 'x' });
    expect((await ask(labelled(times(12, 'x')), mode(column('t0.label', { sensitive: true })))).failed).toEqual(['homogeneity.sensitive']);
    expect(await ask(labelled([...times(12, 'b'), ...times(12, 'a')]), mode())).toMatchObject({ released: true, value: 'a' });
  });

  test('many rows of one unit make no mode', async () => {
    const rows = [...labelled([...times(12, 'x'), ...times(11, 'z')]), ...people(100).map(() => row(50, null, { label: 'rare' }))];
    expect(await ask(rows, mode())).toMatchObject({ released: true, value: 'x' });
  });

  test('only values of k units are counted', async () => {
    const labels = [...times(10, 'x'), ...times(12, 'y'), ...times(9, 'z'), null];
    expect(await ask(labelled(labels), distinct())).toMatchObject({ released: true, value: 2 });
    const repeated = people(30).map((index) => row(index % 9, null, { label: 'mine' }));
    expect(await ask([...labelled(labels), ...repeated], distinct())).toMatchObject({ value: 2 });
  });

  test('every type of unit must have the value', async () => {
    const rows = people(40).map((u) => row(u, null, { label: u % 2 === 0 ? 'x' : 'y', v: u % 2 === 0 ? u : 1 }));
    expect(await ask(rows, distinct(), [PERSON, ENTERPRISE])).toMatchObject({ value: 1 });
    const own = rows.map((item) => ({ ...item, v: item.u }));
    expect((await ask(own, mode(), [PERSON, ENTERPRISE])).released).toBe(true);
    expect(
      (
        await ask(
          rows.map((item) => ({ ...item, v: 3 })),
          mode(),
          [PERSON, ENTERPRISE],
        )
      ).released,
    ).toBe(false);
  });
});

describe('several units', () => {
  test('one person is payer or payee of every row', async () => {
    const rows = people(60).map((index) => row(index % 2 === 0 ? 0 : index, index * index, { v: index % 2 === 0 ? index + 100 : 0 }));
    expect((await ask(rows, moment(), [PERSON, OTHER_PERSON])).released).toBe(true);
    expect((await ask(rows, moment(), [PERSON, OTHER_PERSON, TOUCHED])).failed).toContain('squares.nk');
  });

  test('without a unit nothing comes out', async () => {
    for (const functional of [moment(), pair('corr'), quantile(0.5), end('max'), end('max', OPEN_A), mode(), distinct()]) {
      const rows = people(60).map((u) => row(u, u, { cents: u, label: 'x' }));
      expect((await ask(rows, functional, [])).released).toBe(false);
    }
  });

  test('an empty cell is withheld', async () => {
    for (const functional of [moment(), pair('corr'), quantile(0.5), end('max'), end('max', OPEN_A), mode()]) {
      expect((await ask([row(1, null)], functional)).released).toBe(false);
    }
  });
});
