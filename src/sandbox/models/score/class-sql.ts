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

/** Units, rows, and the most rows of one unit. */
export function sizesSql({ from, units }: ScoredSource): string {
  const most = units.map((unit) => `(SELECT max(n) FROM (SELECT count(*) AS n${from} GROUP BY ${unit} HAVING ${unit} IS NOT NULL))`);
  return `SELECT CAST(${leastUnits(units)} AS DOUBLE), CAST(count(*) AS DOUBLE), CAST(${most.length === 1 ? most[0] : `greatest(${most.join(', ')})`} AS DOUBLE)${from}`;
}

/** Bounds that k units at least stand beyond. */
export function boundsSql({ from, slots }: ScoredSource, slot: number, share: number): string {
  const value = finite(slots[slot] ?? 'NULL');
  return `SELECT quantile_disc(${value}, ${share}), quantile_disc(${value}, ${1 - share})${from}`;
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

/** Units on either side of each split. */
export function sidesSql(table: string, units: number, splits: readonly Split[]): string {
  const counted = leastUnits(Array.from({ length: units }, (_, at) => `b.${U(at)}`));
  return `SELECT b.c, ${isAbove(splits)} AS a, CAST(${counted} AS DOUBLE) FROM "${table}" AS b JOIN ${splitsSql(splits)} ON b.c = w.i GROUP BY 1, 2`;
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
