import type { GateProgram } from '../model/program.ts';
import { perCell } from './bucket-statement.ts';
import { counterSql, type Layout, layoutOf, pieceSql, summandOf } from './layout.ts';
import { twoLargest } from './packed.ts';
import type { Variant } from './relation.ts';

/** Each lane holds 64 buckets: their bits fill a mask. More lanes cost more than anything else here. */
const LANES = 4;
const LANE_BITS = 2;

/** Masks of values hold two classes: a bit for each pair of buckets of a lane, twice. */
const PAIRS = 32;
const LOW = '4294967295::UBIGINT';

/**
 * Answers and evidence like `bucketStatement`, with the same columns, for results of many cells: rows are grouped by cell
 * and lane, of which each holds a quarter of the buckets, and the buckets of a lane are bits of a mask. Totals are those
 * of lanes, which bound those of units as totals of buckets do. Source: gate.md §6, performance.md §4 (lanes).
 */
export function laneStatement(program: GateProgram, unit: number, variant: Variant): string {
  const layout = layoutOf(program);
  const { reduction } = variant;
  const bucket = program.units[unit]?.bucket ?? 'NULL::USMALLINT';
  const bit = `(1::UBIGINT << (${bucket} >> ${LANE_BITS}))`;
  const mask = (conditions: readonly string[]): string =>
    `bit_or(${conditions.length === 0 ? bit : `CASE WHEN ${conditions.join(' AND ')} THEN ${bit} END`})`;
  const inner = [
    `${bucket} & ${LANES - 1} AS __b`,
    ...layout.counters.flatMap((counter, index) => {
      const condition = pieceSql(program, counter.piece, reduction);
      const piece = condition === null ? [] : [condition];
      const { expression } = counter;
      const present = expression === null ? piece : [...piece, `${expression} IS NOT NULL`];
      const counted = [
        `${counterSql(program, counter, reduction)} AS c${index}`,
        ...(contributing(layout, index) === undefined ? [`${mask(present)} AS m${index}`] : []),
      ];
      return counter.base === null ? counted : [...counted, `${mask([...piece, `${expression} IS NULL`])} AS n${index}`];
    }),
    ...layout.sums.flatMap((sum, index) => {
      const sql = summandOf(program, sum, reduction);
      const place = `((${bucket} >> ${LANE_BITS}) & ${PAIRS - 1}) + ((hash(${sql}) & 1) << 5)`;
      return [`sum(${sql}) AS s${index}`, `bit_or(CASE WHEN ${sql} <> 0 THEN 1::UBIGINT << (${place}) END) AS v${index}`];
    }),
  ];
  const outer = [
    ...layout.counters.flatMap((_, index) => outerCounter(layout, index)),
    ...layout.sums.flatMap((_, index) => outerSum(layout, index)),
  ];
  return perCell(program, unit, variant, { inner, outer }, '__b');
}

const WITH_UNIT = ' FILTER (__b IS NOT NULL)';

/** Buckets of a mask over the lanes of a cell; rows without a unit are in none. */
function buckets(mask: string): string {
  return `coalesce(sum(bit_count(${mask}))${WITH_UNIT}, 0)`;
}

function outerCounter(layout: Layout, index: number): readonly string[] {
  const c = `c${index}`;
  const base = layout.counters[index]?.base ?? null;
  const sum = contributing(layout, index);
  const counted = [
    `sum(${c})`,
    buckets(sum === undefined ? `m${index}` : eitherClass(sum)),
    `sum(${c})${WITH_UNIT}`,
    twoLargest(c, WITH_UNIT),
  ];
  return base === null ? counted : [...counted, `sum(c${base} - ${c})`, buckets(`n${index}`)];
}

/**
 * A sum over the rows of a counter that counts them all: who contributes to it has such a row, and where too few do, the
 * sum is open and exact evidence decides both.
 */
function contributing(layout: Layout, counter: number): number | undefined {
  if (layout.counters[counter]?.expression !== null) return undefined;
  const found = layout.sums.findIndex((sum) => sum.counter === counter);
  return found < 0 ? undefined : found;
}

/** Pairs of buckets with a value of either class. */
function eitherClass(sum: number): string {
  return `(v${sum} | (v${sum} >> 32)) & ${LOW}`;
}

/**
 * Values fall in two classes by a bit of their hash, and the commonest is in one of them: the buckets of the other hold
 * values that are off it. Source: gate.md §5 (value classes).
 */
function outerSum(layout: Layout, index: number): readonly string[] {
  const [s, v] = [`s${index}`, `v${index}`];
  const size = layout.sums[index]?.signs === 'nonnegative' ? s : `abs(${s})`;
  const off = `least(${buckets(`${v} & ${LOW}`)}, ${buckets(`${v} >> 32`)})`;
  return [`sum(${s})`, buckets(eitherClass(index)), `sum(${size})${WITH_UNIT}`, twoLargest(size, WITH_UNIT), off, 'FALSE'];
}
