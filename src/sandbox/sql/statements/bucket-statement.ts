import type { GateProgram } from '../model/program.ts';
import { counterSql, type Layout, layoutOf, summandOf } from './layout.ts';
import { packed, twoLargest } from './packed.ts';
import { groupBy, keyColumns, keyNames, rowsSql, selectionSql, type Variant, where } from './relation.ts';

/** Groups of buckets that stand for buckets where there are many cells; a power of two. */
const GROUPS = 32;

/**
 * Answers and bucket evidence in one pass over the rows: per (cell, bucket), then per cell. Columns of a row: the keys,
 * then packed, for each counter of the layout: rows, non-empty buckets, rows with a unit, the two largest buckets; where
 * it has a base also the rows that it leaves out, and buckets with such rows. For each sum: sum, buckets that do not net
 * to zero, absolute total, the two largest, buckets off the commonest value, whether there is one value.
 *
 * @param ranged   whether values are compared inside each bucket. That costs as much as the rest; where there are many
 *                 rows the means of the buckets tell, and no cell counts as one of a single value.
 * @param grouped  whether buckets are taken eight together: cells times buckets is what costs. A group holds whole
 *                 buckets, so that it bounds units as a bucket does.
 * @param along    columns behind the packed one.
 * Source: gate.md §6, performance.md §3.1.
 */
export function bucketStatement(
  program: GateProgram,
  unit: number,
  variant: Variant,
  ranged: boolean,
  grouped = false,
  along: CountedAlong = { inner: [], outer: [] },
): string {
  const layout = layoutOf(program);
  const { reduction } = variant;
  const bucket = program.units[unit]?.bucket ?? 'NULL::USMALLINT';
  const inner = [
    `${grouped ? `${bucket} & ${GROUPS - 1}` : bucket} AS __b`,
    ...layout.counters.map((counter, index) => `${counterSql(program, counter, reduction)} AS c${index}`),
    ...layout.sums.flatMap((sum, index) => innerSum(summandOf(program, sum, reduction), index, ranged)),
  ];
  const outer = [
    ...layout.counters.flatMap((_, index) => outerCounter(layout, index)),
    ...layout.sums.flatMap((_, index) => outerSum(layout, index, ranged)),
  ];
  return perCell(program, unit, variant, { inner: [...inner, ...along.inner], outer }, '__b', along.outer);
}

/** Columns that one pass computes besides: by cell and bucket, and by cell. */
export interface CountedAlong {
  readonly inner: readonly string[];
  readonly outer: readonly string[];
}

/** Groups the rows of a variant by cell and one more column, then by cell, with the figures packed, and `more` behind them. */
export function perCell(
  program: GateProgram,
  unit: number,
  variant: Variant,
  { inner, outer }: CountedAlong,
  by: string,
  more: readonly string[] = [],
): string {
  const names = keyNames(program);
  const { from, condition } = rowsSql(program, unit, variant.reduction);
  const filter = where([condition, selectionSql(program, variant.selection)]);
  const rows = `SELECT ${[...keyColumns(program), ...inner].join(', ')} FROM ${from}${filter}${groupBy([...names, by])}`;
  return `SELECT ${[...names, packed(outer), ...more].join(', ')} FROM (${rows})${groupBy(names)}`;
}

const WITH_UNIT = ' FILTER (__b IS NOT NULL)';

function outerCounter(layout: Layout, index: number): readonly string[] {
  const c = `c${index}`;
  const base = layout.counters[index]?.base ?? null;
  const buckets = index === 0 ? 'count(__b)' : `count(*) FILTER (__b IS NOT NULL AND ${c} > 0)`;
  const counted = [`sum(${c})`, buckets, `sum(${c})${WITH_UNIT}`, twoLargest(c, WITH_UNIT)];
  if (base === null) return counted;
  return [...counted, `sum(c${base} - ${c})`, `count(*) FILTER (__b IS NOT NULL AND c${base} > ${c})`];
}

function innerSum(sql: string, index: number, ranged: boolean): readonly string[] {
  const summed = [`sum(${sql}) AS s${index}`];
  return ranged ? [...summed, `min(${sql}) AS lo${index}`, `max(${sql}) AS hi${index}`] : summed;
}

function outerSum(layout: Layout, index: number, ranged: boolean): readonly string[] {
  const s = `s${index}`;
  const size = layout.sums[index]?.signs === 'nonnegative' ? s : `abs(${s})`;
  const varied = ranged
    ? [`count(*) FILTER (__b IS NOT NULL AND lo${index} < hi${index})`, `min(lo${index})${WITH_UNIT} = max(hi${index})${WITH_UNIT}`]
    : [differingMeans(s, `c${layout.sums[index]?.counter ?? 0}`), 'FALSE'];
  return [
    `sum(${s})`,
    `count(*) FILTER (__b IS NOT NULL AND ${s} <> 0)`,
    `sum(${size})${WITH_UNIT}`,
    twoLargest(size, WITH_UNIT),
    ...varied,
  ];
}

/**
 * At least so many buckets hold a value that is not the commonest: those of nothing else have it as their mean, which
 * rounding spells in at most two ways. Means are counted by the place that their hash takes among 64, so that some
 * count as one. Source: gate.md §5 (value classes), §6 (one-sided evidence).
 */
function differingMeans(sum: string, count: string): string {
  const mean = `CAST(CAST(${sum} AS DOUBLE) / ${count} AS FLOAT)`;
  const places = `bit_or(1::UBIGINT << (hash(${mean}) & 63::UBIGINT)) FILTER (__b IS NOT NULL AND ${count} > 0)`;
  return `greatest(bit_count(${places}) - 2, 0)`;
}
