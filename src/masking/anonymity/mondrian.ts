import { type Classes, sizesOf } from './classes.ts';
import type { Attribute } from './coded-column.ts';
import { failingClasses, type PrivacyModels, wholeShares } from './criteria.ts';
import type { Records } from './records.ts';

/**
 * Cuts records in two at the median of the attribute that spreads most, again and again, as long as both halves fulfil the models (strict multidimensional partitioning). Undefined where
 * the whole does not. Nothing is taken out. Source: LeFevre, DeWitt and Ramakrishnan 2006 (Mondrian).
 */
export function partition(records: Records, models: PrivacyModels): Classes | undefined {
  const length = records.weights.length;
  const ranks = records.attributes.map(rankedCodes);
  const places = records.codes.map((codes, index) => codes.map((code) => ranks[index]?.[code] ?? 0));
  const whole = Int32Array.from({ length }, (_, entry) => entry);
  const wholes = wholeShares(records);
  if (!fulfils(records, [whole], models, wholes)) return undefined;
  const ids = new Int32Array(length);
  let count = 0;
  const waiting: Int32Array[] = [whole];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const cut = bestCut(records, places, part, models, wholes);
    if (cut === undefined) {
      for (const entry of part) ids[entry] = count;
      count += 1;
    } else waiting.push(cut.right, cut.left);
  }
  return sizesOf(records, { ids, count });
}

/** Order in which an attribute is cut: numbers by size, other values by the names of their hierarchy from the top down. */
function rankedCodes(attribute: Attribute): Int32Array {
  const codes = Array.from(attribute.values.keys());
  const path = (code: number): string =>
    attribute.translate
      .map((translate, level) => attribute.names[level]?.[translate[code] ?? 0] ?? '')
      .reverse()
      .join('\u0000');
  const paths = attribute.numeric ? [] : codes.map(path);
  const number = (code: number): number => (attribute.values[code] === null ? Number.NEGATIVE_INFINITY : Number(attribute.values[code]));
  codes.sort((a, b) => {
    if (attribute.numeric) return number(a) === number(b) ? a - b : number(a) - number(b);
    const [left = '', right = ''] = [paths[a], paths[b]];
    return left < right ? -1 : left > right ? 1 : a - b;
  });
  const ranks = new Int32Array(codes.length);
  for (const [rank, code] of codes.entries()) ranks[code] = rank;
  return ranks;
}

type Wholes = readonly Float64Array[];

interface Cut {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

function bestCut(
  records: Records,
  places: readonly Int32Array[],
  part: Int32Array,
  models: PrivacyModels,
  wholes: Wholes,
): Cut | undefined {
  if (unitsOf(records, part) < 2 * models.k && records.unitOf === null) return undefined;
  const spreads = places.map((place, index) => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const entry of part) {
      const at = place[entry] ?? 0;
      if (at < least) least = at;
      if (at > most) most = at;
    }
    return { place, spread: (most - least) / Math.max(1, (records.attributes[index]?.values.length ?? 1) - 1) };
  });
  for (const { place, spread } of spreads.sort((a, b) => b.spread - a.spread)) {
    if (spread === 0) return undefined;
    const cut = cutAtMedian(records, place, part);
    if (cut !== undefined && fulfils(records, [cut.left, cut.right], models, wholes)) return cut;
  }
  return undefined;
}

function cutAtMedian(records: Records, place: Int32Array, part: Int32Array): Cut | undefined {
  const sorted = part.slice().sort((a, b) => (place[a] ?? 0) - (place[b] ?? 0) || a - b);
  let all = 0;
  for (const entry of sorted) all += records.weights[entry] ?? 0;
  let before = 0;
  let best: { readonly at: number; readonly off: number } | undefined;
  for (let at = 1; at < sorted.length; at += 1) {
    before += records.weights[sorted[at - 1] ?? 0] ?? 0;
    if (place[sorted[at] ?? 0] === place[sorted[at - 1] ?? 0]) continue;
    const off = Math.abs(2 * before - all);
    if (best === undefined || off < best.off) best = { at, off };
  }
  // Entries of a unit must stand together for units to be counted.
  return best === undefined ? undefined : { left: sorted.slice(0, best.at).sort(), right: sorted.slice(best.at).sort() };
}

function unitsOf(records: Records, part: Int32Array): number {
  let count = 0;
  let last = -1;
  for (const entry of part) {
    if (records.unitOf === null) count += records.weights[entry] ?? 0;
    else if (records.unitOf[entry] !== last) {
      count += 1;
      last = records.unitOf[entry] ?? -1;
    }
  }
  return count;
}

function fulfils(records: Records, parts: readonly Int32Array[], models: PrivacyModels, wholes: Wholes): boolean {
  if (parts.some((part) => unitsOf(records, part) < models.k)) return false;
  if (models.sensitive.length === 0) return true;
  return parts.every((part) => {
    const some: Records = {
      ...records,
      weights: part.map((entry) => records.weights[entry] ?? 0),
      unitOf: records.unitOf === null ? null : part.map((entry) => records.unitOf?.[entry] ?? 0),
      sensitive: records.sensitive.map((column) => ({ ...column, entryCodes: part.map((entry) => column.entryCodes[entry] ?? 0) })),
    };
    const classes = sizesOf(some, { ids: new Int32Array(part.length), count: 1 });
    return failingClasses(some, classes, models, wholes)[0] === 0;
  });
}
