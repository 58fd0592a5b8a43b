import { addDecimals, compareDecimals, type Decimal, decimalText, integer, multiplyDecimals, parseDecimal } from '../../kernel/decimal.ts';
import type { Rng } from '../../kernel/rng.ts';
import { type ColumnOperator, WHOLE_MASK } from '../operator.ts';
import { randomNumbers } from '../random-numbers.ts';
import { readQuantity } from '../ranked-column.ts';

/**
 * Adds to each number a multiple of `step`, the farther the rarer (two-sided geometric, on average about `scale` steps), after rounding the number to a multiple itself; never the number as it was.
 * Never differential privacy, because nothing bounds what a value is: no ε is claimed. What is no quantity (`readQuantity`) is masked whole. Throws on a step or scale not above 0.
 * Source: GB/T 37964-2019 (随机化: 噪声添加); Ghosh, Roughgarden and Sundararajan 2009 (geometric mechanism).
 */
export function addNoise(step: string, scale: number, rng: Rng): ColumnOperator {
  const width = parseDecimal(step);
  if (width === undefined || width.digits <= 0n || !(scale > 0)) throw new RangeError('Noise has a step and a scale above 0');
  return {
    kind: 'column',
    statement: {
      operator: 'noise',
      reversible: false,
      by: 'nobody',
      releasable: true,
      joinable: false,
      leaves: { en: 'numbers near the true one, the nearest the likeliest', zh: '真实值附近的数值，越近可能性越大' },
    },
    mask: (values) => {
      const draw = randomNumbers(rng);
      const ratio = Math.exp(-1 / scale);
      const geometric = (): bigint => BigInt(Math.floor(Math.log(draw.unit()) / Math.log(ratio)));
      return values.map((value) => {
        if (value === null) return null;
        const number = readQuantity(value);
        if (number === undefined) return WHOLE_MASK;
        const at = nearest(number, width);
        let noisy = number;
        // A number that stays as it is would pass in clear.
        while (compareDecimals(noisy, number) === 0) noisy = multiplyDecimals(integer(at + geometric() - geometric()), width);
        return decimalText(noisy);
      });
    },
  };
}

function nearest(number: Decimal, width: Decimal): bigint {
  const doubled = addDecimals(multiplyDecimals(number, integer(2)), width);
  const scale = Math.max(doubled.scale, width.scale);
  const numerator = doubled.digits * 10n ** BigInt(scale - doubled.scale);
  const denominator = 2n * width.digits * 10n ** BigInt(scale - width.scale);
  const quotient = numerator / denominator;
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
}
