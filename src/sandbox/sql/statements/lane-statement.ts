import type { GateProgram } from '../model/program.ts';
import { perCell } from './bucket-statement.ts';
import { counterSql, type Layout, layoutOf, pieceSql, summandOf } from './layout.ts';
import { twoLargest } from './packed.ts';
import type { Variant } from './relation.ts';

/** Each lane holds 64 buckets: their bits fill a mask. More lanes cost more than anything else here. */
const LANES = 4;
const LANE_BITS = 2;

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
      const counted = [`${counterSql(program, counter, reduction)} AS c${index}`, `${mask(present)} AS m${index}`];
      return counter.base === null ? counted : [...counted, `${mask([...piece, `${expression} IS NULL`])} AS n${index}`];
    }),
    ...layout.sums.flatMap((sum, index) => {
      const sql = summandOf(program, sum, reduction);
      const odd = `hash(${sql}) & 1 = 1`;
      return [
        `sum(${sql}) AS s${index}`,
        `${mask([`${sql} <> 0`, odd])} AS o${index}`,
        `${mask([`${sql} <> 0`, `NOT (${odd})`])} AS e${index}`,
      ];
    }),
  ];
  const outer = [
    ...layout.counters.flatMap((_, index) => outerCounter(layout, index)),
    ...layout.sums.flatMap((_, index) => outerSum(layout, index)),
  ];
  return perCell(program, unit, variant, inner, '__b', outer);
}

const WITH_UNIT = ' FILTER (__b IS NOT NULL)';

/** Buckets of a mask over the lanes of a cell; rows without a unit are in none. */
function buckets(mask: string): string {
  return `coalesce(sum(bit_count(${mask}))${WITH_UNIT}, 0)`;
}

function outerCounter(layout: Layout, index: number): readonly string[] {
  const c = `c${index}`;
  const base = layout.counters[index]?.base ?? null;
  const counted = [`sum(${c})`, buckets(`m${index}`), `sum(${c})${WITH_UNIT}`, ...twoLargest(c, WITH_UNIT)];
  return base === null ? counted : [...counted, `sum(c${base} - ${c})`, buckets(`n${index}`)];
}

/**
 * Values fall in two classes by a bit of their hash, and the commonest is in one of them: the buckets of the other hold
 * values that are off it. Source: gate.md §5 (value classes).
 */
function outerSum(layout: Layout, index: number): readonly string[] {
  const [s, odd, even] = [`s${index}`, `o${index}`, `e${index}`];
  const size = layout.sums[index]?.signs === 'nonnegative' ? s : `abs(${s})`;
  const any = `coalesce(${odd}, 0) | coalesce(${even}, 0)`;
  const off = `least(${buckets(odd)}, ${buckets(even)})`;
  return [`sum(${s})`, buckets(any), `sum(${size})${WITH_UNIT}`, ...twoLargest(size, WITH_UNIT), off, 'FALSE'];
}
