import type { Source } from './known-figures.ts';
import type { Figure } from './safety.ts';

/**
 * What known figures tell of another functional: where every unit of a row gives to it the same multiple of what it gives
 * to the row's figure (`age` times its rows in the row of that age), the reader multiplies. Sources of which any row gives
 * no such multiple are left out. Source: ADR 0040.
 */
export function proportionalTo(own: Figure, known: readonly Source[]): readonly Source[] {
  return known.flatMap((source) => {
    const multiples = source.of.map((figure) => multipleOf(own, figure));
    if (multiples.length === 0 || multiples.includes(null) || multiples.every((multiple) => multiple === 1)) return [];
    const shares = new Map<string, number>();
    for (const [index, figure] of source.of.entries())
      for (const [unit, value] of figure.shares) shares.set(unit, (shares.get(unit) ?? 0) + value * (multiples[index] ?? 0));
    return [{ value: [...shares.values()].reduce((sum, value) => sum + value, 0), unitType: source.unitType, shares, of: source.of }];
  });
}

function multipleOf(own: Figure, figure: Figure): number | null {
  let found: number | null = null;
  for (const [unit, value] of figure.shares) {
    const multiple = (own.shares.get(unit) ?? 0) / value;
    if (found !== null && Math.abs(multiple - found) > 1e-9 * Math.max(1, Math.abs(found))) return null;
    found ??= multiple;
  }
  return found;
}
