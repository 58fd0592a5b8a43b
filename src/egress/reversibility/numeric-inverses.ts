import { byShare, type ColumnPair, distinctOf, type ReversibilityFinding, type ReversibilityResult } from './tested-table.ts';

const LEAST_POINTS = 4;
const TOLERANCE = 1e-6;
const MOST_LINES = 24;
const NUMBER = /^[-+]?\d{1,15}(?:\.\d{1,25})?(?:e[-+]?\d{1,3})?$/i;
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?Z?$/;
const DAY_MS = 86_400_000;

type Point = readonly [released: number, original: number];
/** Known functions of an original number, up to scale and shift. */
const FUNCTIONS: readonly (readonly [string, (value: number) => number])[] = [
  ['affine', (value) => value],
  ['log', (value) => Math.log(value)],
  ['log', (value) => Math.log1p(value)],
  ['exp', (value) => Math.exp(value)],
  ['square root', (value) => Math.sqrt(value)],
  ['square', (value) => value * value],
  ['cube', (value) => value ** 3],
  ['reciprocal', (value) => 1 / value],
];

/**
 * Inverses of numbers and dates: any scale and shift, of the value or of a known function of it; one constant xored; dates moved by the same
 * number of days; and whether the order alone is kept (Spearman's rank correlation above 0.99 with more than half of the values
 * distinct). Columns with fewer than four distinct pairs are not judged. Source: models-and-audit.md M32 b.
 */
export function numericInverses(pair: ColumnPair): readonly ReversibilityFinding[] {
  const { released, original, pairs } = pair;
  const about = { column: released.name, original: original.name };
  const findings: ReversibilityFinding[] = [];
  const put = (test: string, value: number, result: ReversibilityResult = byShare(value)): void => {
    findings.push({ ...about, test, result, value });
  };
  const points = pairs.flatMap(([left, right]): readonly Point[] => {
    const [from, to] = [numberOf(left), numberOf(right)];
    return from === null || to === null ? [] : [[from, to]];
  });
  const isNumeric = points.length >= LEAST_POINTS && points.length >= 0.9 * pairs.length;
  if (isNumeric && distinctOf(points.map(([, value]) => String(value))) >= LEAST_POINTS) {
    const best = bestFunction(points);
    put(best.name, best.share);
    const order = rankCorrelation(points);
    const ratio = distinctOf(points.map(([value]) => String(value))) / distinctOf(points.map(([, value]) => String(value)));
    const isKept = Math.abs(order) > 0.99 && ratio > 0.5;
    put('order-preserving', Math.abs(order), isKept ? (isMonotone(points) ? 'reversible' : 'partly') : 'notFound');
  }
  const share = constantShare(pairs, ([left, right]) =>
    /^\d{1,18}$/.test(left) && /^\d{1,18}$/.test(right) ? String(BigInt(left) ^ BigInt(right)) : null,
  );
  if (share !== null) put('xor', share);
  const bigShare = pairs.some(([, right]) => /^\d{16,18}X?$/i.test(right)) ? bigAffine(pairs) : null;
  if (bigShare !== null) put('affine', bigShare);
  const moved = constantShare(pairs, ([left, right]) =>
    DATE.test(left) && DATE.test(right)
      ? String((Date.parse(left.replace(' ', 'T')) - Date.parse(right.replace(' ', 'T'))) / DAY_MS)
      : null,
  );
  if (moved !== null) put('date shift', moved);
  return findings;
}

/** Numbers as they are, dates as days; null where a text is neither. Source: models-and-audit.md M32 b. */
export function numberOf(text: string): number | null {
  if (NUMBER.test(text)) return Number(text);
  const time = DATE.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  return Number.isFinite(time) ? time / DAY_MS : null;
}

function bestFunction(points: readonly Point[]): { readonly name: string; readonly share: number } {
  let best = { name: 'affine', share: 0 };
  for (const [name, apply] of FUNCTIONS) {
    const mapped = points.map(([left, right]): Point => [left, apply(right)]).filter(([, right]) => Number.isFinite(right));
    if (mapped.length < 0.9 * points.length || distinctOf(mapped.map(([, right]) => String(right))) < LEAST_POINTS) continue;
    const share = (lineShare(mapped) * mapped.length) / points.length;
    if (share > best.share) best = { name, share };
    if (share >= 0.99) break;
  }
  return best;
}

/** Share of points on the best line through two of them; a released number may be rounded in its last place. Source: models-and-audit.md M32 b. */
export function lineShare(points: readonly Point[]): number {
  const sorted = points.toSorted((one, other) => one[1] - other[1]);
  const range = Math.max(...points.map(([left]) => left)) - Math.min(...points.map(([left]) => left));
  if (range === 0) return 0;
  const place = Math.max(...points.slice(0, 200).map(([left]) => (String(left).split('.')[1] ?? '').length));
  // Rounding hides no more than it must: a coarse grid is a generalisation, judged by its classes.
  const rounding = Math.min(0.5 * 10 ** -place, range * 1e-3);
  const tolerance = Math.max(TOLERANCE * range, rounding * 1.01);
  let best = 0;
  for (let line = 0; line < MOST_LINES; line += 1) {
    const low = sorted[Math.floor((line * sorted.length) / (3 * MOST_LINES))];
    const high = sorted[sorted.length - 1 - Math.floor((line * sorted.length) / (3 * MOST_LINES))];
    if (low === undefined || high === undefined || high[1] === low[1]) continue;
    const slope = (high[0] - low[0]) / (high[1] - low[1]);
    if (Math.abs(slope) * (high[1] - low[1]) < 2 * tolerance) continue;
    const on = points.filter(([left, right]) => Math.abs(low[0] + slope * (right - low[1]) - left) <= tolerance).length;
    best = Math.max(best, on / points.length);
    if (best >= 0.99) break;
  }
  return best;
}

/** Share of the commonest outcome of `of`, only where the pairs vary; null where too few give one. */
function constantShare(pairs: ColumnPair['pairs'], of: (pair: readonly [string, string]) => string | null): number | null {
  const outcomes = pairs.flatMap((pair) => {
    const outcome = of(pair);
    return outcome === null ? [] : [{ outcome, original: pair[1] }];
  });
  if (
    outcomes.length < LEAST_POINTS ||
    outcomes.length < 0.9 * pairs.length ||
    distinctOf(outcomes.map((item) => item.original)) < LEAST_POINTS
  )
    return null;
  const counted = new Map<string, number>();
  for (const { outcome } of outcomes) counted.set(outcome, (counted.get(outcome) ?? 0) + 1);
  return Math.max(...counted.values()) / pairs.length;
}

/** Whole numbers too long for doubles, by exact cross products. */
function bigAffine(pairs: ColumnPair['pairs']): number | null {
  const points = pairs.flatMap(([left, right]) =>
    /^-?\d{1,40}$/.test(left) && /^\d{16,18}$/.test(right) ? [[BigInt(left), BigInt(right)] as const] : [],
  );
  const first = points[0];
  const other = points.find((point) => point[1] !== first?.[1]);
  if (first === undefined || other === undefined || points.length < LEAST_POINTS || first[0] === other[0]) return null;
  const [rise, run] = [other[0] - first[0], other[1] - first[1]];
  const on = points.filter(([left, right]) => (left - first[0]) * run === (right - first[1]) * rise).length;
  return on <= 2 ? 0 : on / points.length;
}

function ranks(values: readonly number[]): readonly number[] {
  const order = values.map((value, at) => ({ value, at })).toSorted((one, other) => one.value - other.value);
  const result = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (let at = from; at < to; at += 1) result[order[at]?.at ?? 0] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}

/** Spearman's rank correlation with mean ranks for ties; 0 where one side is constant. */
export function rankCorrelation(points: readonly Point[]): number {
  const [left, right] = [ranks(points.map((point) => point[0])), ranks(points.map((point) => point[1]))];
  const mean = (points.length - 1) / 2;
  let [product, squaresLeft, squaresRight] = [0, 0, 0];
  for (const [at, rank] of left.entries()) {
    const [one, other] = [rank - mean, (right[at] ?? 0) - mean];
    product += one * other;
    squaresLeft += one * one;
    squaresRight += other * other;
  }
  return squaresLeft === 0 || squaresRight === 0 ? 0 : product / Math.sqrt(squaresLeft * squaresRight);
}

function isMonotone(points: readonly Point[]): boolean {
  const sorted = points.toSorted((one, other) => one[1] - other[1] || one[0] - other[0]);
  const direction = Math.sign((sorted.at(-1)?.[0] ?? 0) - (sorted[0]?.[0] ?? 0));
  return sorted.every((point, at) => at === 0 || (point[0] - (sorted[at - 1]?.[0] ?? 0)) * direction >= 0);
}
