import { equal } from './equal.ts';
import type { Source } from './known-figures.ts';

const COEFFICIENTS = [1, -1, 2, -2, 3, -3];
/** With more figures than these only so many of them are combined. */
const MOST_FOR_FOUR = 40;
const MOST_FOR_TWO = 400;

interface Term {
  readonly value: number;
  readonly shares: Float64Array;
  readonly source: number;
}

/** Known figures that give a value: the figures, each as often as it stands in the combination. */
export interface Explanation {
  readonly value: number;
  readonly sources: readonly Source[];
  /** What the combination rests on. */
  readonly shares: ReadonlyMap<string, number>;
}

/** What known figures are to explain: a figure of a row set, whose value may be another one's. */
export interface Explained {
  /** What the row set itself gives, by unit. */
  readonly shares: ReadonlyMap<string, number>;
  /** Units that may differ. */
  readonly within: number;
  /** Most figures in a combination. */
  readonly parts: 2 | 4;
}

/**
 * Combinations with coefficients −3…3 of up to so many known figures that have the value wanted and differ from the own
 * figure in few units: without a value, of up to two figures. A value alone proves little: small numbers meet by chance.
 * What does not depend on the value is prepared once.
 */
export function combinationsOf(known: readonly Source[], wanted: Explained): (value: number | null) => readonly Explanation[] {
  const units = [...new Set([...wanted.shares.keys(), ...known.flatMap((source) => [...source.shares.keys()])])];
  const dense = (shares: ReadonlyMap<string, number>): Float64Array => Float64Array.from(units, (unit) => shares.get(unit) ?? 0);
  const own = dense(wanted.shares);
  const sources = distinct(known);
  const terms = sources.flatMap((source, index) => {
    const shares = dense(source.shares);
    return COEFFICIENTS.map((c): Term => ({ value: c * source.value, shares: shares.map((share) => c * share), source: index }));
  });
  return (value) => {
    const found: Explanation[] = [];
    const note = (...parts: readonly Term[]): boolean => {
      const sum = parts.reduce((total, part) => total + part.value, 0);
      if (value !== null && !equal(sum, value, 1e-7)) return false;
      if (!differWithin(own, parts, wanted.within)) return false;
      found.push({ value: sum, sources: parts.flatMap((part) => sources[part.source] ?? []), shares: sharesOf(units, parts) });
      return value !== null;
    };
    for (const term of terms) if (note(term)) return found;
    if (sources.length > MOST_FOR_TWO) return found;
    if (value === null) for (const some of pairsOf(terms).values()) for (const [a, b] of some) note(a, b);
    else byValue(terms, wanted.parts === 4 && sources.length <= MOST_FOR_FOUR, value, note);
    return found;
  };
}

function sharesOf(units: readonly string[], parts: readonly Term[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const [index, unit] of units.entries()) {
    const sum = parts.reduce((total, part) => total + (part.shares[index] ?? 0), 0);
    if (sum !== 0) shares.set(unit, sum);
  }
  return shares;
}

/** Pairs, then threes and fours, that add up to a value. */
function byValue(terms: readonly Term[], isDeep: boolean, value: number, note: (...parts: readonly Term[]) => boolean): boolean {
  const singles = new Map<number, Term[]>();
  for (const term of terms) put(singles, bin(term.value), term);
  const alone = (rest: number): readonly Term[] => around(singles, rest);
  for (const a of terms) for (const b of alone(value - a.value)) if (a.source < b.source && note(a, b)) return true;
  if (!isDeep) return false;
  const pairs = pairsOf(terms);
  for (const some of pairs.values())
    for (const [a, b] of some) for (const c of alone(value - a.value - b.value)) if (b.source < c.source && note(a, b, c)) return true;
  for (const some of pairs.values())
    for (const [a, b] of some)
      for (const [c, d] of around(pairs, value - a.value - b.value)) if (b.source < c.source && note(a, b, c, d)) return true;
  return false;
}

function pairsOf(terms: readonly Term[]): Map<number, (readonly [Term, Term])[]> {
  const pairs = new Map<number, (readonly [Term, Term])[]>();
  for (const a of terms) for (const b of terms) if (a.source < b.source) put(pairs, bin(a.value + b.value), [a, b]);
  return pairs;
}

/** Values are put together by units of a thousandth of them or so; neighbours are looked at too. */
const bin = (value: number): number => Math.round(value * 10);

function around<T>(map: ReadonlyMap<number, readonly T[]>, value: number): readonly T[] {
  const at = bin(value);
  return [at - 1, at, at + 1].flatMap((one) => map.get(one) ?? []);
}

function put<T>(map: Map<number, T[]>, key: number, item: T): void {
  const own = map.get(key);
  if (own === undefined) map.set(key, [item]);
  else own.push(item);
}

/** The same figure released twice is one. */
function distinct(known: readonly Source[]): readonly Source[] {
  const found = new Map<string, Source>();
  for (const source of known) {
    const name = JSON.stringify([source.value, [...source.shares].sort(([a], [b]) => (a < b ? -1 : 1))]);
    if (!found.has(name)) found.set(name, source);
  }
  return [...found.values()];
}

/** Whether few enough units differ; most combinations that meet a value by chance are left after the first of them. */
function differWithin(own: Float64Array, parts: readonly Term[], within: number): boolean {
  let count = 0;
  for (let unit = 0; unit < own.length && count <= within; unit += 1) {
    let sum = 0;
    for (const part of parts) sum += part.shares[unit] ?? 0;
    if (!equal(sum, own[unit] ?? 0, 1e-7)) count += 1;
  }
  return count <= within;
}
