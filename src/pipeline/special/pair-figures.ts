import { addDecimals, type Decimal, integer, multiplyDecimals, subtractDecimals } from '../../kernel/decimal.ts';
import type { MomentName, PairName } from '../../sandbox/sql/model/program.ts';
import type { Product, SumName } from '../../sandbox/sql/statements/special/products-statement.ts';
import { fractionNumber, fractionRoot, square } from './fraction.ts';

/** Exact sums of deviations from a centre, and that centre. */
export interface CoupleSums {
  readonly sums: ReadonlyMap<SumName, Decimal>;
  readonly centreX: Decimal;
  readonly centreY: Decimal;
}

const ZERO = integer(0);
const ONE = integer(1);

export function sumOf(sums: CoupleSums['sums'], name: SumName): Decimal {
  return sums.get(name) ?? ZERO;
}

/** n Σab − Σa Σb: n² times the covariance, whatever the centre. */
function spreadOf(sums: CoupleSums['sums'], product: Product): Decimal {
  const [a, b] = product === 'xy' ? (['x', 'y'] as const) : product === 'xx' ? (['x', 'x'] as const) : (['y', 'y'] as const);
  return subtractDecimals(multiplyDecimals(sumOf(sums, 'n'), sumOf(sums, product)), multiplyDecimals(sumOf(sums, a), sumOf(sums, b)));
}

function ratio(over: Decimal, under: Decimal): number | null {
  return under.digits === 0n ? null : fractionNumber({ over, under });
}

/** Variance or standard deviation; null where SQL has NULL. Exact but for the last rounding (and the square root). */
export function momentFigure(name: MomentName, { sums }: CoupleSums): number | null {
  const n = sumOf(sums, 'n');
  const under = multiplyDecimals(n, name.endsWith('pop') ? n : subtractDecimals(n, ONE));
  if (under.digits <= 0n) return null;
  const variance = { over: spreadOf(sums, 'xx'), under };
  return name.startsWith('var') ? fractionNumber(variance) : fractionRoot(variance);
}

/** The aggregate of two columns; null where SQL has NULL. Its quotient is exact, then rounded once. */
export function pairFigure(name: PairName, couple: CoupleSums): number | null {
  const { sums } = couple;
  const n = sumOf(sums, 'n');
  if (n.digits === 0n) return name === 'regr_count' ? 0 : null;
  const [xx, yy, xy] = [spreadOf(sums, 'xx'), spreadOf(sums, 'yy'), spreadOf(sums, 'xy')];
  const [x, y] = [fullSum(couple, 'x'), fullSum(couple, 'y')];
  switch (name) {
    case 'regr_count':
      return Number(n.digits);
    case 'regr_avgx':
      return ratio(x, n);
    case 'regr_avgy':
      return ratio(y, n);
    case 'covar_pop':
      return ratio(xy, square(n));
    case 'covar_samp':
      return ratio(xy, multiplyDecimals(n, subtractDecimals(n, ONE)));
    case 'regr_sxx':
      return ratio(xx, n);
    case 'regr_syy':
      return ratio(yy, n);
    case 'regr_sxy':
      return ratio(xy, n);
    case 'regr_slope':
      return ratio(xy, xx);
    case 'regr_intercept':
      return ratio(subtractDecimals(multiplyDecimals(xx, y), multiplyDecimals(xy, x)), multiplyDecimals(n, xx));
    case 'regr_r2':
      return xx.digits === 0n ? null : yy.digits === 0n ? 1 : ratio(square(xy), multiplyDecimals(xx, yy));
    case 'corr': {
      const under = multiplyDecimals(xx, yy);
      if (under.digits === 0n) return null;
      const size = fractionRoot({ over: square(xy), under });
      return xy.digits < 0n ? -size : size;
    }
  }
}

/** The sum of the figures themselves. */
function fullSum(couple: CoupleSums, letter: 'x' | 'y'): Decimal {
  const centre = letter === 'x' ? couple.centreX : couple.centreY;
  return addDecimals(sumOf(couple.sums, letter), multiplyDecimals(sumOf(couple.sums, 'n'), centre));
}

/**
 * n² times a share's Σ(x − x̄)² or Σ|(x − x̄)(y − ȳ)|, with n and the means of all rows of the cell.
 * @param share  sums over the rows of one unit, or of all rows with a unit.
 */
export function shareOf(product: Product, share: CoupleSums['sums'], all: CoupleSums['sums']): Decimal {
  const n = sumOf(all, 'n');
  const [a, b] = product === 'xy' ? (['x', 'y'] as const) : product === 'xx' ? (['x', 'x'] as const) : (['y', 'y'] as const);
  const [count, first, second, both] = product === 'xy' ? (['s', 'sx', 'sy', 'sxy'] as const) : (['n', a, b, product] as const);
  const terms = [
    multiplyDecimals(square(n), sumOf(share, both)),
    multiplyDecimals(multiplyDecimals(integer(-1), n), multiplyDecimals(sumOf(all, b), sumOf(share, first))),
    multiplyDecimals(multiplyDecimals(integer(-1), n), multiplyDecimals(sumOf(all, a), sumOf(share, second))),
    multiplyDecimals(sumOf(share, count), multiplyDecimals(sumOf(all, a), sumOf(all, b))),
  ];
  return terms.reduce(addDecimals, ZERO);
}
