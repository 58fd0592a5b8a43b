/**
 * A number with at most `bits` significant binary digits, ties to even away from zero loss; infinities and NaN throw. What lies below
 * could carry rows of data. Source: models-and-audit.md M27 (weights rounded to `precision_bits`).
 */
export function roundToBits(value: number, bits: number): number {
  if (!Number.isFinite(value)) throw new RangeError('A number of a model is finite');
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const step = 2 ** (exponent - bits + 1);
  // A value below the smallest step is nothing; at the top the next power of two has fewer digits.
  const rounded = step === 0 ? 0 : Math.round(value / step) * step;
  return Object.is(rounded, -0) ? 0 : rounded;
}
