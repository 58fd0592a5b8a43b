import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';
import type { Row } from '../real-data.ts';
import { equal } from './equal.ts';
import type { MatchedCell } from './matched-cell.ts';
import type { OutputRule } from './read-query.ts';
import type { RecomputedCell, Share } from './recomputed.ts';
import { dominated, type Violation } from './safety.ts';

type Value = Row[number];

/**
 * Whether a figure that is not a sum can be what a cell gives: a quantile is averaged, a minimum or maximum trimmed, so only
 * its place is known; of distinct values those count that k units have. Source: gate.md §5 (aggregates).
 */
export function explainsSpecial(
  rule: Exclude<OutputRule, { kind: 'exact' }>,
  cell: RecomputedCell,
  value: Value,
  policy: DisclosurePolicy,
): boolean {
  if (rule.kind === 'distinct') return equal(supportedValues(cell, rule.values, policy.k), value);
  // The window is as wide as the units of every type need.
  const windows = cell.shares.map(({ units }) => windowOf(sortedValues(units, rule.values), rule.q, policy.k));
  const low = Math.min(...windows.map((window) => window.low));
  const high = Math.max(...windows.map((window) => window.high));
  return low - 1e-6 <= Number(value) && Number(value) <= high + 1e-6;
}

function windowOf(sorted: readonly Placed[], q: number, k: number): { readonly low: number; readonly high: number } {
  const at = q * (sorted.length - 1);
  const value = (place: number): number => sorted[place]?.value ?? Number.NaN;
  return { low: value(outward(sorted, Math.floor(at), -1, 2 * k)), high: value(outward(sorted, Math.ceil(at), 1, 2 * k)) };
}

function listOf(unit: Share, index: number): readonly string[] {
  const values = unit.values[index];
  return Array.isArray(values) ? values.filter((value): value is string => value !== null) : [];
}

/** Values that at least k units of every type have. */
function supportedValues(cell: RecomputedCell, index: number, k: number): number {
  const counts = cell.shares.map(({ units }) => {
    const holders = new Map<string, number>();
    for (const unit of units) for (const value of new Set(listOf(unit, index))) holders.set(value, (holders.get(value) ?? 0) + 1);
    return new Set([...holders].flatMap(([value, count]) => (count >= k ? [value] : [])));
  });
  const [first = new Set<string>(), ...others] = counts;
  return [...first].filter((value) => others.every((other) => other.has(value))).length;
}

interface Placed {
  readonly value: number;
  readonly unit: string;
}

function sortedValues(units: readonly Share[], index: number): readonly Placed[] {
  return units
    .flatMap((unit) => listOf(unit, index).map((value) => ({ value: Number(value), unit: unit.unit })))
    .sort((a, b) => a.value - b.value);
}

/** The place from which `wanted` different units have been passed, or the end. */
function outward(sorted: readonly Placed[], from: number, step: 1 | -1, wanted: number): number {
  const seen = new Set<string>();
  let at = from;
  while (at + step >= 0 && at + step < sorted.length && seen.size < wanted) {
    seen.add(sorted[at]?.unit ?? '');
    at += step;
  }
  return at;
}

/** Rules for a released figure that is not a plain sum: values of few, quantiles with few on a side, dominated squares. */
export function checkOutput({ recomputed, cell, row }: MatchedCell, output: number, policy: DisclosurePolicy): readonly Violation[] {
  const value = row[output] ?? null;
  const rule = recomputed.shape.rules[output] ?? { kind: 'exact' };
  return recomputed.shape.components.flatMap((component, index) => {
    if (component.output !== output) return [];
    return cell.shares.flatMap(({ unitType, units }): readonly Violation[] => {
      const where = `column ${output + 1} of ${cell.labels.join(' · ') || '(all)'}: ${unitType}`;
      if (component.kind === 'squares' || component.kind === 'products') {
        const terms = component.kind === 'squares' ? squares(units, index) : products(units, index);
        return dominated(terms, policy).map((name) => ({ rule: name, text: `${where} by squares` }));
      }
      if (component.kind !== 'values' || rule.kind === 'distinct') return [];
      if (rule.kind === 'quantile') return checkQuantile(units, index, Number(value), rule.q, where, policy);
      const holders = units.filter((unit) => listOf(unit, index).some((own) => equal(own, value))).length;
      return holders < policy.k ? [{ rule: 'raw-value', text: `${where}: held by ${holders}` }] : [];
    });
  });
}

function checkQuantile(
  units: readonly Share[],
  index: number,
  value: number,
  q: number,
  where: string,
  policy: DisclosurePolicy,
): readonly Violation[] {
  const some = (test: (own: number) => boolean): number =>
    units.filter((unit) => listOf(unit, index).some((own) => test(Number(own)))).length;
  const found: Violation[] = [];
  const [below, above, holders] = [
    some((own) => own <= value + 1e-9),
    some((own) => own >= value - 1e-9),
    some((own) => equal(own, value)),
  ];
  if (below < policy.k || above < policy.k) found.push({ rule: 'raw-value', text: `${where}: ${below} below, ${above} above` });
  if (holders > 0 && holders < policy.k && !isMeanOfWindow(sortedValues(units, index), value, q, policy.k))
    found.push({ rule: 'raw-value', text: `${where}: held by ${holders}` });
  return found;
}

/**
 * Whether a value is the mean of at least k neighbouring values near the place of a quantile, or near the end once some are
 * trimmed off: in even data that meets a raw one.
 */
function isMeanOfWindow(sorted: readonly Placed[], value: number, q: number, k: number): boolean {
  const at = q * (sorted.length - 1);
  const [first, last] = [outward(sorted, Math.floor(at), -1, 2 * k), outward(sorted, Math.ceil(at), 1, 2 * k)];
  const sums = [0];
  for (const item of sorted) sums.push((sums.at(-1) ?? 0) + item.value);
  for (let from = first; from <= last; from++)
    for (let to = from + k; to <= last + 1; to++) if (equal(((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from), value)) return true;
  return false;
}

/** Per unit, Σ (x − x̄)². */
function squares(units: readonly Share[], index: number): readonly number[] {
  const lists = units.map((unit) => listOf(unit, index).map(Number));
  const mean = average(lists.flat());
  return lists.map((list) => list.reduce((sum, x) => sum + (x - mean) ** 2, 0)).filter((total) => total > 0);
}

/** Per unit, |Σ (x − x̄)(y − ȳ)| of the pairs that are whole. */
function products(units: readonly Share[], index: number): readonly number[] {
  const lists = units.map((unit) =>
    listOf(unit, index)
      .map((pair) => pair.split(',').map(Number))
      .filter((pair) => pair.length === 2 && !pair.some(Number.isNaN)),
  );
  const [meanX, meanY] = [average(lists.flat().map(([x = 0]) => x)), average(lists.flat().map(([, y = 0]) => y))];
  return lists
    .map((list) => Math.abs(list.reduce((sum, [x = 0, y = 0]) => sum + (x - meanX) * (y - meanY), 0)))
    .filter((total) => total > 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
