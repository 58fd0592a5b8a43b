import type { GateProgram } from '../model/program.ts';
import { counterSql, type Layout, layoutOf, pieceSql, type Sum, summandOf } from './layout.ts';
import { packed, twoLargest } from './packed.ts';
import { fromSql, groupBy, keyColumns, keyNames, rowsSql, selectionSql, unitSql, type Variant, where, whereSql } from './relation.ts';

/**
 * Exact evidence: per (cell, unit), then per cell. Rows without a unit count for nobody and are left out. Columns of a
 * row: the keys, then packed, for each counter: units, rows, the two largest, units whose number of rows is not the
 * commonest (nothing where no units are counted); where it has a base also units with rows that it leaves out. For each
 * sum: units that do not net to zero, net total and two largest, absolute total and two largest, totals off (as above),
 * rows off.
 *
 * @param below  only units numbered below it: counts are then lower bounds, and nothing else of the row may be used.
 * Source: gate.md §6 (net and absolute totals, value classes).
 */
export function exactStatement(program: GateProgram, unit: number, variant: Variant, below: number | null = null): string {
  const { reduction, selection } = variant;
  const layout = layoutOf(program);
  const number = program.units[unit]?.number ?? 'NULL';
  const names = keyNames(program);
  const inner = [
    ...keyColumns(program),
    `${unitSql(program, unit)} AS __u`,
    ...layout.counters.map((counter, index) => `${counterSql(program, counter, reduction)} AS c${index}`),
    ...layout.sums.flatMap((sum, index) => innerSum(sum, summandOf(program, sum, reduction), index)),
  ];
  // Totals per unit form a class only where units are counted; to find the commonest costs more than all else.
  const isClassed = program.terms.some((term) => term.kind === 'unit');
  const outer = [
    ...layout.counters.flatMap((_, index) => outerCounter(layout, index, isClassed)),
    ...layout.sums.flatMap((sum, index) => outerSum(sum, index, isClassed)),
  ];
  const units = below === null ? `${number} IS NOT NULL` : `${number} < ${below}`;
  const { from, condition } = rowsSql(program, unit, reduction);
  const filter = where([condition, selectionSql(program, selection), units]);
  const rows = `SELECT ${inner.join(', ')} FROM ${from}${filter}${groupBy([...names, '__u'])}`;
  return `SELECT ${[...names, packed(outer)].join(', ')} FROM (${rows})${groupBy(names)}`;
}

/**
 * Units among the contributors whose figure is not the one most of them have. Whoever contributes nothing is no
 * deviation that could hide one: the rule of NULL complements looks at those. Source: gate.md §5 (value classes).
 */
function offCommonest(figure: string, contributes: string, alike = contributes): string {
  const commonest = `list_max(map_values(histogram(CAST(${figure} AS VARCHAR)) FILTER (${alike})))`;
  return `count(*) FILTER (${contributes}) - coalesce(${commonest}, 0)`;
}

function outerCounter(layout: Layout, index: number, isClassed: boolean): readonly string[] {
  const c = `c${index}`;
  const base = layout.counters[index]?.base ?? null;
  const off = isClassed ? offCommonest(c, `${c} > 0`) : 'NULL';
  const counted = [`count(*) FILTER (${c} > 0)`, `sum(${c})`, twoLargest(c), off];
  return base === null ? counted : [...counted, `count(*) FILTER (c${base} > ${c})`];
}

function innerSum(sum: Sum, sql: string, index: number): readonly string[] {
  // Not sum(abs(x)): the least whole number of a type has no positive twin, and the error would tell of it.
  const absolute = `coalesce(sum(${sql}) FILTER (${sql} > 0), 0) - coalesce(sum(${sql}) FILTER (${sql} < 0), 0) AS a${index}`;
  return [
    `sum(${sql}) AS s${index}`,
    ...(sum.signs === 'mixed' ? [absolute] : []),
    `min(${sql}) AS lo${index}`,
    `max(${sql}) AS hi${index}`,
  ];
}

function outerSum(sum: Sum, index: number, isClassed: boolean): readonly string[] {
  const [s, c] = [`s${index}`, `c${sum.counter}`];
  const a = sum.signs === 'mixed' ? `a${index}` : `abs(${s})`;
  return [
    `count(*) FILTER (${s} <> 0)`,
    `sum(abs(${s}))`,
    twoLargest(`abs(${s})`),
    `sum(${a})`,
    twoLargest(a),
    isClassed ? offCommonest(s, `${c} > 0`) : 'NULL',
    offCommonest(`lo${index}`, `${c} > 0`, `lo${index} = hi${index}`),
  ];
}

/** Rows of units numbered below a bound; every row where there is none. */
export function sampleSql(program: GateProgram, unit: number, below: number | null): string {
  return below === null ? 'TRUE' : `${program.units[unit]?.number ?? 'NULL'} < ${below}`;
}

/** Exact numbers of units per cell, one for each term that counts units. Columns: the keys, then the numbers. */
export function unitsStatement(program: GateProgram, variant: Variant): string {
  const { reduction, selection } = variant;
  const names = keyNames(program);
  const filter = where([whereSql(program, reduction), selectionSql(program, selection)]);
  const asked = program.terms.flatMap((term) => (term.kind === 'unit' ? [term] : []));
  const from = fromSql(program, null, reduction);
  const [first] = asked;
  const same = asked.every((term) => term.unit === first?.unit);
  const flag = (piece: number | null): string => pieceSql(program, piece, reduction) ?? 'TRUE';
  if (same && first !== undefined) {
    const unit = program.units[first.unit];
    const number = unit?.number ?? 'NULL';
    if (unit?.oneRow === true) {
      const counts = asked.map((term, index) => `count(CASE WHEN ${flag(term.piece)} THEN ${number} END) AS u${index}`);
      return `SELECT ${[...keyColumns(program), ...counts].join(', ')} FROM ${from}${filter}${groupBy(names)}`;
    }
    const inner = asked.map((term, index) => `bool_or(${flag(term.piece)}) AS p${index}`);
    const rows = `SELECT ${[...keyColumns(program), `${unitSql(program, first.unit)} AS __u`, ...inner].join(', ')} FROM ${from}${filter}${groupBy([...names, '__u'])}`;
    return `SELECT ${[...names, ...asked.map((_, index) => `count(CASE WHEN p${index} THEN __u END) AS u${index}`)].join(', ')} FROM (${rows})${groupBy(names)}`;
  }
  const counts = asked.map(
    (term, index) => `count(DISTINCT CASE WHEN ${flag(term.piece)} THEN ${program.units[term.unit]?.number ?? 'NULL'} END) AS u${index}`,
  );
  return `SELECT ${[...keyColumns(program), ...counts].join(', ')} FROM ${from}${filter}${groupBy(names)}`;
}
