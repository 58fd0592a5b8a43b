import { quoteText } from '../../../catalog/identifier.ts';
import type { SlotForm, Split } from './choose-splits.ts';

/** Rows of a table in the language of the engine. */
export interface ScoredSource {
  /** From ` FROM` to the end of WHERE. */
  readonly from: string;
  /** What tells rows of the sealed file apart. */
  readonly row: string;
  /** Number of the unit, by type of unit; NULL = none. */
  readonly units: readonly string[];
  /** One expression a slot. */
  readonly slots: readonly string[];
}

const X = (slot: number): string => `x${slot}`;
const U = (unit: number): string => `u${unit}`;
const finite = (sql: string): string => `CASE WHEN isfinite(CAST(${sql} AS DOUBLE)) THEN CAST(${sql} AS DOUBLE) END`;
const leastUnits = (units: readonly string[]): string => {
  const counts = units.map((unit) => `count(DISTINCT ${unit})`);
  return counts.length === 1 ? (counts[0] ?? '0') : `least(${counts.join(', ')})`;
};

/** How units share what they stand behind: units, the largest one's part of the rows, and that of the `most` largest ones. */
const sharesOf = (rows: string, most: number): string =>
  `CAST(count(*) AS DOUBLE) AS n, CAST(max(${rows}) / sum(${rows}) AS DOUBLE) AS s1, CAST(list_sum(max(${rows}, ${most})) / sum(${rows}) AS DOUBLE) AS s2`;

/** Over all types of units: the fewest units, the largest shares; a type without units has none of it. */
const strictest = (parts: readonly string[], keys: readonly string[]): string => {
  const grouped = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')} ORDER BY ${keys.join(', ')}`;
  return `SELECT ${[...keys, `CASE WHEN count(*) = ${parts.length} THEN min(n) ELSE 0 END`, 'max(s1)', 'max(s2)'].join(', ')} FROM (${parts.join(' UNION ALL ')})${grouped}`;
};

/** Units, and the parts of all rows that the largest one and the `most` largest ones have. */
export function sizesSql({ from, units }: ScoredSource, most: number): string {
  const parts = units.map(
    (unit) =>
      `SELECT ${sharesOf('m', most)} FROM (SELECT CAST(count(*) AS DOUBLE) AS m FROM (SELECT ${unit} AS u${from}) WHERE u IS NOT NULL GROUP BY u)`,
  );
  return strictest(parts, []);
}

/** What is known of the values of a slot: by type of unit, units with a value, bounds that k of them at least stand on or beyond, shares of the rows. */
export function boundsSql({ from, slots, units }: ScoredSource, slot: number, k: number, most: number): string {
  const value = finite(slots[slot] ?? 'NULL');
  const parts = units.map(
    (unit) =>
      `SELECT ${sharesOf('m', most)}, list_extract(min(lo, ${k}), -1) AS low, list_extract(max(hi, ${k}), -1) AS high FROM (SELECT CAST(count(*) AS DOUBLE) AS m, min(v) AS lo, max(v) AS hi FROM (SELECT ${unit} AS u, ${value} AS v${from}) WHERE u IS NOT NULL AND v IS NOT NULL GROUP BY u)`,
  );
  return `SELECT CASE WHEN count(*) = ${units.length} THEN min(n) ELSE 0 END, max(s1), max(s2), max(low), min(high) FROM (${parts.join(' UNION ALL ')})`;
}

/** Mean within the bounds: what stands for a missing number. */
export function meanSql({ from, slots }: ScoredSource, slot: number, low: number, high: number): string {
  return `SELECT avg(least(greatest(${finite(slots[slot] ?? 'NULL')}, ${low}::DOUBLE), ${high}::DOUBLE))${from}`;
}

/** Levels that k units at least have, in order. */
export function levelsSql({ from, slots, units }: ScoredSource, slot: number, k: number, most: number): string {
  const level = `CAST(${slots[slot] ?? 'NULL'} AS VARCHAR)`;
  return `SELECT l FROM (SELECT ${level} AS l, ${leastUnits(units)} AS n${from} GROUP BY 1) WHERE n >= ${k} AND l IS NOT NULL ORDER BY n DESC, l LIMIT ${most}`;
}

/** Every row with what the model may be asked about it, all in one class. */
export function encodedSql({ from, row, units, slots }: ScoredSource, forms: readonly SlotForm[]): string {
  const values = slots.map((sql, slot) => `${encoded(sql, forms[slot])} AS ${X(slot)}`);
  return `SELECT ${[`${row} AS r`, ...units.map((unit, at) => `${unit} AS ${U(at)}`), ...values, '0 AS c'].join(', ')}${from}`;
}

function encoded(sql: string, form: SlotForm | undefined): string {
  if (form?.kind === 'number') {
    return `least(greatest(coalesce(${finite(sql)}, ${form.missing}::DOUBLE), ${form.low}::DOUBLE), ${form.high}::DOUBLE)`;
  }
  const list = (form?.levels ?? []).map(quoteText);
  return list.length === 0
    ? '(-1)::DOUBLE'
    : `CAST(coalesce(list_position([${list.join(', ')}], CAST(${sql} AS VARCHAR)), 0) - 1 AS DOUBLE)`;
}

/** Of every class: its number, units, and mean, deviation and middle by slot. */
export function classesSql(table: string, units: number, forms: readonly SlotForm[]): string {
  const figures = forms.flatMap((form, slot) => [
    `avg(${X(slot)})`,
    `stddev_pop(${X(slot)})`,
    form.kind === 'levels' ? `quantile_disc(${X(slot)}, 0.5)` : '0',
  ]);
  const counted = leastUnits(Array.from({ length: units }, (_, at) => U(at)));
  return `SELECT c, CAST(${counted} AS DOUBLE), ${figures.map((figure) => `CAST(${figure} AS DOUBLE)`).join(', ')} FROM "${table}" GROUP BY c ORDER BY c`;
}

const listed = (values: readonly number[], type: string): string => `unnest(string_split('${values.join(',')}', ','))::${type}`;

function splitsSql(splits: readonly Split[]): string {
  const ids = splits.map(({ id }) => id);
  const slots = splits.map(({ slot }) => slot);
  const edges = splits.map(({ edge }) => edge);
  return `(SELECT ${listed(ids, 'INTEGER')} AS i, ${listed(slots, 'INTEGER')} AS s, ${listed(edges, 'DOUBLE')} AS e) AS w`;
}

function isAbove(splits: readonly Split[]): string {
  const used = [...new Set(splits.map(({ slot }) => slot))].sort((a, b) => a - b);
  return `(CASE w.s ${used.map((slot) => `WHEN ${slot} THEN b.${X(slot)}`).join(' ')} END > w.e)`;
}

/** Units on either side of each split, and the parts of its rows that the largest ones have. */
export function sidesSql(table: string, units: number, splits: readonly Split[], most: number): string {
  const parts = Array.from({ length: units }, (_, at) => {
    const counted = `SELECT b.c AS c, ${isAbove(splits)} AS a, b.${U(at)} AS u, CAST(count(*) AS DOUBLE) AS m FROM "${table}" AS b JOIN ${splitsSql(splits)} ON b.c = w.i WHERE b.${U(at)} IS NOT NULL GROUP BY 1, 2, 3`;
    return `SELECT c, a, ${sharesOf('m', most)} FROM (${counted}) GROUP BY c, a`;
  });
  return strictest(parts, ['c', 'a']);
}

/**
 * Of every class and slot: units whose values are not the middle one alone, and the largest part that one of them has in all that lies beside it. Where
 * few units make the mean, the middle is told in its place. Source: ADR 0039 (dominance of a class's mean); gate.md §6.
 */
export function influenceSql(table: string, units: number, slots: readonly number[]): string {
  const middles = slots.map((slot) => `quantile_disc(${X(slot)}, 0.5) AS q${slot}`);
  const beside = slots.map((slot) => `sum(abs(b.${X(slot)} - w.q${slot})) AS d${slot}`);
  const figures = slots.flatMap((slot) => [
    `CAST(count(*) FILTER (d${slot} > 0) AS DOUBLE) AS n${slot}`,
    `CAST(coalesce(max(d${slot}) / nullif(sum(d${slot}), 0), 0) AS DOUBLE) AS s${slot}`,
  ]);
  const parts = Array.from({ length: units }, (_, at) => {
    const byUnit = `SELECT b.c AS c, b.${U(at)} AS u, ${beside.join(', ')} FROM "${table}" AS b JOIN m AS w ON b.c = w.c WHERE b.${U(at)} IS NOT NULL GROUP BY 1, 2`;
    return `SELECT c, ${figures.join(', ')} FROM (${byUnit}) GROUP BY c`;
  });
  const strict = slots.flatMap((slot) => [`min(n${slot})`, `max(s${slot})`, `max(q${slot})`]);
  return `WITH m AS (SELECT c, ${middles.join(', ')} FROM "${table}" GROUP BY c) SELECT p.c, ${strict.join(', ')} FROM (${parts.join(' UNION ALL ')}) AS p JOIN m ON p.c = m.c GROUP BY p.c`;
}

/** The rows in their new classes: what lies above an edge gets the number `first` + position of the split. */
export function partedSql(table: string, units: number, slots: number, splits: readonly Split[], first: number): string {
  const kept = [
    'b.r',
    ...Array.from({ length: units }, (_, at) => `b.${U(at)}`),
    ...Array.from({ length: slots }, (_, at) => `b.${X(at)}`),
  ];
  const numbered = splits.map((split, at) => ({ ...split, id: split.id, at }));
  const ids = `(SELECT ${listed(
    numbered.map(({ id }) => id),
    'INTEGER',
  )} AS i2, ${listed(
    numbered.map(({ at }) => first + at),
    'INTEGER',
  )} AS n) AS v`;
  return `SELECT ${kept.join(', ')}, CASE WHEN w.i IS NOT NULL AND ${isAbove(splits)} THEN v.n ELSE b.c END AS c FROM "${table}" AS b LEFT JOIN ${splitsSql(splits)} ON b.c = w.i LEFT JOIN ${ids} ON b.c = v.i2`;
}

/** The table with a column of scores; rows without a class have none. */
export function withScoresSql(
  table: string,
  column: string,
  classes: string,
  scores: readonly { readonly id: number; readonly score: number }[],
): string {
  const known =
    scores.length === 0
      ? '(SELECT NULL::INTEGER AS i, NULL::DOUBLE AS s WHERE FALSE) AS w'
      : `(SELECT ${listed(
          scores.map(({ id }) => id),
          'INTEGER',
        )} AS i, ${listed(
          scores.map(({ score }) => score),
          'DOUBLE',
        )} AS s) AS w`;
  return `SELECT o.*, v.s AS ${column} FROM ${table} AS o LEFT JOIN (SELECT b.r, w.s FROM "${classes}" AS b JOIN ${known} ON b.c = w.i) AS v ON o.rowid = v.r`;
}
