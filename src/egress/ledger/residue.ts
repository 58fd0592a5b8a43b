import { combineSketches, type Share, type Sketch } from './sketch.ts';
import type { CombinedPart } from './small-reading.ts';

/** Above this the common denominator is no simple number any more. */
const MOST_DENOMINATOR = 10_000;

/** One part of a combination with the sketch of its figure, if that is known. */
export interface KnownPart extends Pick<CombinedPart, 'coefficient'> {
  readonly sketch: Sketch | undefined;
}

/**
 * A figure less a combination, times the common denominator of the coefficients. Undefined where a figure is not known or
 * coefficients are no simple fractions: then nothing is known of the difference but its buckets. Source: gate.md §7
 * (differences have weight), ADR 0014.
 */
export function combinationResidue(sketch: Sketch, parts: readonly KnownPart[]): Sketch | undefined {
  const common = parts.reduce((product, part) => leastCommon(product, part.coefficient?.denominator ?? 0), 1);
  if (common === 0 || common > MOST_DENOMINATOR) return undefined;
  const shares = parts.flatMap(({ sketch: known, coefficient }): readonly Share[] => {
    if (known === undefined || coefficient === undefined) return [];
    return [{ sketch: known, coefficient: (-coefficient.numerator * common) / coefficient.denominator }];
  });
  return shares.length < parts.length ? undefined : combineSketches([{ sketch, coefficient: common }, ...shares]);
}

function leastCommon(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x === 0 ? 0 : (a / x) * b;
}
