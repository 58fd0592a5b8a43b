/**
 * Bands of magnitudes, in powers of two, and the unit in which the numbers of a band are whole: 53 bits below the
 * band's lower edge. Numbers under 2^-67 are rounded to 2^-120; none of 2^114 or more is taken.
 */
const BANDS = [
  { from: 67, below: 114, unit: 14 },
  { from: 20, below: 67, unit: -33 },
  { from: -20, below: 20, unit: -80 },
  { from: null, below: -20, unit: -120 },
] as const;

/**
 * The sum of DOUBLE values over a window frame, the same whatever their order: each is taken apart into bands of
 * magnitude, and each band is added up in whole numbers. For frames whose rows of equal rank the engine adds in no
 * fixed order. Overflows beyond 10^8 rows in one frame. NULL where there is no value, or one of 2^114 or more.
 * `over` is all that follows the call: FILTER and OVER.
 * Source: gate.md §9 (what stands above a gate).
 */
export function exactSum(sql: string, over: string): string {
  const bands = BANDS.map(({ from, below, unit }) => {
    const inside = `${from === null ? '' : `abs(__v) >= pow(2.0, ${from}) AND `}abs(__v) < pow(2.0, ${below})`;
    const digits = `CASE WHEN ${inside} THEN TRY_CAST(__v * pow(2.0, ${-unit}) AS HUGEINT) END`;
    const sum = `sum(list_transform([${sql}], lambda __v: ${digits})[1])${over}`;
    return `coalesce(CAST(${sum} AS DOUBLE) * pow(2.0, ${unit}), 0.0)`;
  });
  const isSmall = `list_transform([${sql}], lambda __v: abs(__v) < pow(2.0, 114))[1]`;
  return `CASE WHEN bool_and(${isSmall})${over} THEN ${bands.join(' + ')} END`;
}
