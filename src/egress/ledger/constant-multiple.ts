import type { Decimal } from '../../kernel/decimal.ts';
import { inverseMod, MODULUS, mulMod } from '../../kernel/modular.ts';
import type { Sketch } from './sketch.ts';

/**
 * The number that a column has in all rows but those of fewer than k units, by the places of two sketches: of its sum and
 * of the rows. Null where there is none: where as many places as k, or as those that agree, show another.
 *
 * Sums that meet by chance do not pass: per place the totals and the fingerprints must be the same multiple. Of nearly all
 * rows is enough, for a reader would compute with it as well. Source: ADR 0040.
 */
export function constantMultiple(sum: Sketch, rows: Sketch, k: number): Decimal | null {
  const [of, by] = sum.fine !== null && rows.fine !== null ? [sum.fine, rows.fine] : [sum.lanes, rows.lanes];
  if (sum.totals.digits.length !== rows.totals.digits.length || rows.totals.scale !== 0) return null;
  const ten = powerOfTen(sum.totals.scale);
  const votes = new Map<bigint, number>();
  let places = 0;
  for (const [place, number] of rows.totals.digits.entries()) {
    const total = sum.totals.digits[place] ?? 0n;
    if (number === 0n && total === 0n) continue;
    places += 1;
    if (number === 0n || total % number !== 0n) continue;
    const each = total / number;
    if (mulMod(of[place] ?? 0, ten) === mulMod(by[place] ?? 0, residue(each))) votes.set(each, (votes.get(each) ?? 0) + 1);
  }
  const [best] = [...votes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (best === undefined) return null;
  const [digits, agreeing] = best;
  const off = places - agreeing;
  return off < k && off < agreeing ? { digits, scale: sum.totals.scale } : null;
}

/** The sketch of a figure times a number other than 0: exactly that of the product where it is the same in all rows. Source: ADR 0040. */
export function timesConstant(sketch: Sketch, by: Decimal): Sketch {
  const factor = mulMod(residue(by.digits), inverseMod(powerOfTen(by.scale)));
  const times = (vector: Uint32Array): Uint32Array => vector.map((value) => mulMod(value, factor));
  return {
    ...sketch,
    lanes: times(sketch.lanes),
    fine: sketch.fine === null ? null : times(sketch.fine),
    totals: { scale: sketch.totals.scale + by.scale, digits: sketch.totals.digits.map((digits) => digits * by.digits) },
  };
}

function residue(value: bigint): number {
  const modulus = BigInt(MODULUS);
  return Number(((value % modulus) + modulus) % modulus);
}

function powerOfTen(scale: number): number {
  let power = 1;
  for (let index = 0; index < scale; index += 1) power = mulMod(power, 10);
  return power;
}
