import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';
import type { Source } from './known-figures.ts';
import type { Figure, Violation } from './safety.ts';

/** With more figures than these only the first are compared. */
const MOST_COMPARED = 60;

interface Multiple {
  readonly by: number;
  readonly agreeing: number;
  readonly off: number;
}

/** What most units give to one figure for one that they give to another. */
function multipleOf(own: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): Multiple | null {
  const ratios = new Map<string, number>();
  const units = new Set([...own.keys(), ...other.keys()]);
  for (const unit of units) {
    const ratio = ((own.get(unit) ?? 0) / (other.get(unit) ?? 0)).toPrecision(9);
    ratios.set(ratio, (ratios.get(ratio) ?? 0) + 1);
  }
  const [best] = [...ratios].toSorted(([, a], [, b]) => b - a);
  const by = Number(best?.[0]);
  if (best === undefined || !Number.isFinite(by) || by === 0) return null;
  return { by, agreeing: best[1], off: units.size - best[1] };
}

/**
 * What a reader learns from two figures of several families, in whatever statements, of which one is a multiple of the other in all but fewer than k
 * units: yuan and fen, visits beside people of whom nearly all have four. Only where at least k units agree.
 */
export function checkMultiples(figures: readonly Figure[], policy: DisclosurePolicy): readonly Violation[] {
  const told = figures.filter(({ adds, column }) => adds && column !== null).slice(0, MOST_COMPARED);
  return told.flatMap((a, index) =>
    told.slice(index + 1).flatMap((b): readonly Violation[] => {
      if (a.unitType !== b.unitType || a.family === b.family) return [];
      const found = multipleOf(a.shares, b.shares);
      if (found === null || found.off === 0 || found.off >= policy.k || found.agreeing < policy.k) return [];
      return [{ rule: 'combination', text: `${a.label} less ${found.by} × ${b.label}: ${found.off} ${a.unitType}` }];
    }),
  );
}

/** Known figures times the number by which most units of both have as much in the figure: what a reader multiplies them with, alone or beside others. */
export function nearMultiples(figure: Figure, known: readonly Source[]): readonly Source[] {
  return known.flatMap((source) => {
    const shared = (shares: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
      new Map([...shares].filter(([unit]) => figure.shares.has(unit) && source.shares.has(unit)));
    const found = multipleOf(shared(figure.shares), shared(source.shares));
    if (found === null || found.off >= found.agreeing || found.by === 1) return [];
    const shares = new Map([...source.shares].map(([unit, value]) => [unit, value * found.by]));
    const value = source.value * found.by;
    // Of whole numbers the answer is rounded to one.
    const isWhole = [...figure.shares.values()].every(Number.isInteger);
    return [value, ...(isWhole && !Number.isInteger(value) ? [Math.round(value)] : [])].map((told) => ({ ...source, value: told, shares }));
  });
}
