import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';
import { dominated, type Figure, type Violation } from './safety.ts';

/** With more figures of one unit type than these, only those of one row are combined. */
const MOST_TOGETHER = 14;
const MOST_OF_ROW = 10;
const COEFFICIENTS = [1, -1, 2, -2];

/**
 * What a reader learns from up to four figures of several families by adding and subtracting: parts of one column beside parts of another
 * that is nearly the same. Only where at least k units cancel out: of figures that have nothing to do with one another something is
 * always left. Within one family `checkTogether` looks.
 */
export function checkAcross(figures: readonly Figure[], policy: DisclosurePolicy): readonly Violation[] {
  const told = [
    ...Map.groupBy(
      figures.filter((figure) => figure.adds && figure.column !== null),
      ({ unitType }) => unitType,
    ).values(),
  ];
  return told.flatMap((group) => {
    const own = distinct(group);
    if (own.length <= MOST_TOGETHER) return combined(own, policy);
    const rows = Map.groupBy(own, (figure) => rowOf(figure)).values();
    return [...rows].flatMap((row) => (row.length <= MOST_OF_ROW ? combined(row, policy) : []));
  });
}

function rowOf({ label, column }: Figure): string {
  return `${(column ?? '').replace(/column \d+$/, '')}${label.slice(column?.length ?? 0)}`;
}

/** Equal figures are one. */
function distinct(figures: readonly Figure[]): readonly Figure[] {
  const nameOf = ({ shares }: Figure): string => JSON.stringify([...shares].sort(([a], [b]) => (a < b ? -1 : 1)));
  return [...new Map(figures.map((figure) => [nameOf(figure), figure])).values()];
}

interface Term {
  readonly at: number;
  readonly shares: Float64Array;
}

function combined(figures: readonly Figure[], policy: DisclosurePolicy): readonly Violation[] {
  if (new Set(figures.map(({ family }) => family)).size < 2) return [];
  const units = [...new Set(figures.flatMap(({ shares }) => [...shares.keys()]))];
  const vectors = figures.map(({ shares }) => Float64Array.from(units, (unit) => shares.get(unit) ?? 0));
  const found: Violation[] = [];
  const visit = (terms: readonly Term[], sum: Float64Array): void => {
    if (terms.length >= 2) {
      const violation = judge(terms, sum, vectors, figures, policy);
      if (violation !== undefined) found.push(violation);
    }
    const last = terms.at(-1);
    if (terms.length === 4) return;
    for (let at = (last?.at ?? -1) + 1; at < vectors.length; at += 1)
      for (const coefficient of terms.length === 0 ? [1, 2] : COEFFICIENTS) {
        const own = vectors[at] ?? sum;
        visit(
          [...terms, { at, shares: own }],
          sum.map((value, unit) => value + coefficient * (own[unit] ?? 0)),
        );
      }
  };
  visit([], new Float64Array(units.length));
  return found;
}

function judge(
  terms: readonly Term[],
  sum: Float64Array,
  vectors: readonly Float64Array[],
  figures: readonly Figure[],
  policy: DisclosurePolicy,
): Violation | undefined {
  const own = terms.flatMap(({ at }) => figures[at] ?? []);
  if (new Set(own.map(({ family }) => family)).size < 2) return undefined;
  const left: number[] = [];
  let cancelled = 0;
  for (const [unit, value] of sum.entries()) {
    const size = terms.reduce((most, { at }) => Math.max(most, Math.abs(vectors[at]?.[unit] ?? 0)), 0);
    if (Math.abs(value) > 1e-9 * size) left.push(Math.abs(value));
    else if (size > 0) cancelled += 1;
  }
  if (left.length === 0 || cancelled < policy.k) return undefined;
  const text = `${own.map(({ label }) => label).join(', ')}: ${left.length} ${own[0]?.unitType ?? ''}`;
  if (left.length < policy.k) return { rule: 'combination', text: `a combination across columns, ${text}` };
  const isSum = own.some(({ kind }) => kind === 'sum');
  return isSum && left.length < cancelled && dominated(left, policy).includes('dominance')
    ? { rule: 'difference-dominance', text: `a combination across columns, ${text}` }
    : undefined;
}
