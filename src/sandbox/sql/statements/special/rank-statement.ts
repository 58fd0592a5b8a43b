import type { GateProgram } from '../../model/program.ts';
import { groupBy, keyNames, type Variant } from '../relation.ts';
import { boundedSql, type Figure } from './figure.ts';
import { argumentSql, keysOf, rowsSql, rowUnits, type SpecialArgument, sameCell, whoSql } from './special-rows.ts';

/** A position in the sorted rows, in twentieths of them, or one end of them with the outermost units left out. */
export type RankPosition =
  | { readonly kind: 'quantile'; readonly twentieths: number }
  | { readonly kind: 'trimmed'; readonly end: 'min' | 'max' };

export interface RankQuestion extends SpecialArgument {
  readonly figure: Figure;
  readonly position: RankPosition;
  /** Units that a window holds, and each side of it. */
  readonly k: number;
  /** Whether large cells are read near the position only. What is said of such a cell counts if everything asked was found there. */
  readonly near: boolean;
}

/** Columns after the keys: rows; rows of the window that were found; that it must have; sum, least, greatest of it. */
export const RANK_COLUMNS = 6;
/** Per unit of the rows: units in the window, those with a row off the commonest value, two largest row counts, units below, above. */
export const RANK_UNIT_COLUMNS = 5;

/** Cells of so many rows are read near the position only; those above the second bound, within a closer range. */
export const LARGE_CELL = 20_000;
const HUGE_CELL = 1_000_000;
/** Buckets of 256 that tell where the position is about. */
const SAMPLE_BUCKETS = 16;
const MARGIN = { large: 0.05, huge: 0.01 } as const;

/**
 * The rows of each cell around a position, sorted by value and then by the units of the row: the least symmetrical
 * window in which every type has k units and, unless
 * all its rows have one value, k units have a row off each value. For a trimmed end: all rows of the k outermost units
 * go; the window is what follows. Needs a unit of the rows.
 *
 * A window grows by rows, so the distance of a unit is that of its nearest row, and the radius the k-th least of these.
 * Nothing depends on the range that is read: either all that was asked lies in it, or the caller reads the whole cell.
 * Source: gate.md §5 (quantiles, k-trimmed extremes), sql-gate.md §7.3 rule 6.
 */
export function rankStatement(program: GateProgram, variant: Variant, question: RankQuestion): string {
  const units = rowUnits(program);
  const names = keyNames(program);
  const steps = [
    ...candidates(program, variant, question),
    ...distances(program, question),
    ...radii(program, question),
    ...windows(program),
  ];
  const perUnit = units.flatMap((unit) => ['units', 'off', 'top', 'below', 'above'].map((name) => `__w${unit}.${name}`));
  const joins = units.map((unit) => ` LEFT JOIN __w${unit} ON ${sameCell(program, '__g', `__w${unit}`)}`);
  const own = [
    '__g.__n',
    '__w.found',
    '__w.wanted',
    'CAST(__w.total AS VARCHAR)',
    'CAST(__w.least AS VARCHAR) AS __least',
    'CAST(__w.greatest AS VARCHAR) AS __greatest',
  ];
  const keys = names.map((name) => `__g.${name}`);
  return `WITH ${steps.join(', ')} SELECT ${[...keys, ...own, ...perUnit].join(', ')} FROM __g LEFT JOIN __w ON ${sameCell(program, '__g', '__w')}${joins.join('')}`;
}

/** `__g` cells with their rows and the range to read, `__c` the rows in it, with the number of rows before it in `__o`. */
function candidates(program: GateProgram, variant: Variant, question: RankQuestion): readonly string[] {
  const names = keyNames(program);
  const units = rowUnits(program);
  const value = boundedSql('__v', question.figure);
  const raw = [
    `${argumentSql(program, question, variant)} AS __v`,
    ...units.map((unit) => `${whoSql(program, unit, 'unit')} AS __u${unit}`),
  ];
  const sample = `${whoSql(program, units[0] ?? null, 'bucket')} AS __b`;
  const kept = [...names, `${value} AS __x`, ...units.map((unit) => `__u${unit}`), '__b'];
  const rows = `__r AS NOT MATERIALIZED (SELECT ${kept.join(', ')} FROM (${rowsSql(program, null, variant, [...raw, sample])}) WHERE __v IS NOT NULL)`;
  const range = question.near ? rangeSql(question.position) : { low: 'NULL', high: 'NULL' };
  const cells = `__g AS (SELECT ${[...names, '__n', `${range.low} AS __lo`, `${range.high} AS __hi`].join(', ')} FROM (SELECT ${[...names, 'count(*) AS __n', ...(question.near ? [sampled(question.position)] : [])].join(', ')} FROM __r${groupBy(names)}))`;
  const inside = '(__g.__lo IS NULL OR __r.__x >= __g.__lo) AND (__g.__hi IS NULL OR __r.__x <= __g.__hi)';
  const columns = [...keysOf(program, '__r'), '__r.__x AS __x', ...units.map((unit) => `__r.__u${unit} AS __u${unit}`), '__g.__n AS __n'];
  const near = `__c AS (SELECT ${columns.join(', ')} FROM __r JOIN __g ON ${sameCell(program, '__r', '__g')} WHERE ${inside})`;
  const before = `__o AS (SELECT ${[...keysOf(program, '__r'), 'count(*) AS __before'].join(', ')} FROM __r JOIN __g ON ${sameCell(program, '__r', '__g')} WHERE __r.__x < __g.__lo${groupBy(names.map((name) => `__r.${name}`))})`;
  return question.near ? [rows, cells, near, before] : [rows, cells, near];
}

/** Where a sample of the buckets has the position, with a margin on both sides. */
function sampled(position: RankPosition): string {
  const at = position.kind === 'quantile' ? position.twentieths / 20 : position.end === 'min' ? 0 : 1;
  const fractions = [at - MARGIN.large, at - MARGIN.huge, at + MARGIN.huge, at + MARGIN.large].map((part) =>
    Math.min(1, Math.max(0, Number(part.toFixed(2)))),
  );
  return `quantile_disc(__x, [${fractions.join(', ')}]) FILTER (__b < ${SAMPLE_BUCKETS}) AS __q`;
}

function rangeSql(position: RankPosition): { readonly low: string; readonly high: string } {
  const pick = (huge: number, large: number): string =>
    `CASE WHEN __n >= ${HUGE_CELL} THEN __q[${huge}] WHEN __n >= ${LARGE_CELL} THEN __q[${large}] END`;
  const [low, high] = [pick(2, 1), pick(3, 4)];
  if (position.kind === 'quantile') return { low, high };
  return position.end === 'min' ? { low: 'NULL', high } : { low, high: 'NULL' };
}

/** `__d`: rows that may be in the window, `__d` rows away from the position, `__side` −1 before and 1 behind it. */
function distances(program: GateProgram, question: RankQuestion): readonly string[] {
  const names = keyNames(program);
  const units = rowUnits(program);
  const who = units.map((unit) => `__u${unit}`);
  const partition = names.length === 0 ? '' : `PARTITION BY ${names.join(', ')} `;
  const { position } = question;
  const direction = position.kind === 'trimmed' && position.end === 'max' ? ' DESC' : '';
  const order = [`__x${direction}`, ...who].join(', ');
  const ranked = `SELECT *, row_number() OVER (${partition}ORDER BY ${order}) AS __i FROM __c`;
  if (position.kind === 'trimmed') return trimmed(program, question.k, ranked);
  const index = question.near ? '__i - 1 + coalesce(__o.__before, 0)' : '__i - 1';
  const joined = question.near ? ` LEFT JOIN __o ON ${sameCell(program, '__s', '__o')}` : '';
  const low = `(__n - 1) * ${position.twentieths} // 20`;
  const high = `((__n - 1) * ${position.twentieths} + 19) // 20`;
  const at = `__i AS (SELECT ${[...keysOf(program, '__s'), '__x', ...who, `${index} AS __at`, `${low} AS __low`, `${high} AS __high`].join(', ')} FROM (${ranked}) AS __s${joined})`;
  const side = 'CASE WHEN __at < __low THEN -1 WHEN __at > __high THEN 1 ELSE 0 END AS __side';
  return [
    at,
    `__d AS (SELECT ${[...names, '__x', ...who, 'greatest(__low - __at, __at - __high, 0) AS __d', side, '__high - __low + 1 AS __middle'].join(', ')} FROM __i)`,
  ];
}

/** A trimmed end: no row of a unit that stands among the outermost rows by which every type has k units. */
function trimmed(program: GateProgram, k: number, ranked: string): readonly string[] {
  const names = keyNames(program);
  const units = rowUnits(program);
  const firsts = units.map(
    (unit) =>
      `__f${unit} AS (SELECT ${[...names, `__u${unit}`, 'min(__i) AS __first'].join(', ')} FROM __i WHERE __u${unit} IS NOT NULL${groupBy([...names, `__u${unit}`])})`,
  );
  const cut = kthOfAll(
    program,
    units.map((unit) => ({ relation: `__f${unit}`, column: '__first' })),
    k,
    '__cut',
  );
  const kept = units.map(
    (unit) => ` LEFT JOIN __f${unit} ON ${sameCell(program, '__i', `__f${unit}`)} AND __i.__u${unit} = __f${unit}.__u${unit}`,
  );
  const outside = units.map((unit) => `(__f${unit}.__first IS NULL OR __f${unit}.__first > __cut.__r)`);
  const columns = [
    ...keysOf(program, '__i'),
    '__i.__x AS __x',
    ...units.map((unit) => `__i.__u${unit} AS __u${unit}`),
    '__i.__i AS __d',
    '1 AS __side',
    '0 AS __middle',
  ];
  const rest = `__d AS (SELECT ${columns.join(', ')} FROM __i JOIN __cut ON ${sameCell(program, '__i', '__cut')}${kept.join('')} WHERE ${['__i.__i > __cut.__r', ...outside].join(' AND ')})`;
  return [`__i AS (${ranked})`, ...firsts, cut, rest];
}

interface Nearest {
  readonly relation: string;
  readonly column: string;
}

/** Per cell, the distance by which k units of every type are reached; no row where some type has fewer. */
function kthOfAll(program: GateProgram, nearest: readonly Nearest[], k: number, name: string): string {
  const names = keyNames(program);
  const each = nearest.map(
    ({ relation, column }) => `SELECT ${[...names, `min(${column}, ${k}) AS __l`].join(', ')} FROM ${relation}${groupBy(names)}`,
  );
  const complete = `count(*) FILTER (len(__l) = ${k}) = ${nearest.length}`;
  return `${name} AS (SELECT ${[...names, 'max(list_last(__l)) AS __r'].join(', ')} FROM (${each.join(' UNION ALL ')})${groupBy(names)} HAVING ${complete})`;
}

/**
 * `__radius`: how far the window reaches. First for k units; then, unless all its rows have one value, until k units
 * have a row off each value. Only values of the first window matter: off any other are all its units already.
 */
function radii(program: GateProgram, question: RankQuestion): readonly string[] {
  const names = keyNames(program);
  const units = rowUnits(program);
  const first = units.map((unit) => nearest(program, unit));
  const enough = kthOfAll(
    program,
    units.map((unit) => ({ relation: `__a${unit}`, column: '__near' })),
    question.k,
    '__r1',
  );
  const rows = `SELECT ${[...keysOf(program, '__d'), '__d.__x AS __v'].join(', ')} FROM __d JOIN __r1 ON ${sameCell(program, '__d', '__r1')} WHERE __d.__d <= __r1.__r`;
  const values = `__e AS (SELECT DISTINCT * FROM (${rows}))`;
  const one = `__one AS (SELECT ${[...names, 'count(*) = 1 AS __single'].join(', ')} FROM __e${groupBy(names)})`;
  // The nearest row of a unit that has not the value: its nearest row, or else the nearest one with another value.
  const off = units.map((unit) => {
    const away = `CASE WHEN __a${unit}.__v = __e.__v THEN __a${unit}.__next ELSE __a${unit}.__near END AS __away`;
    const pairs = `SELECT ${[...keysOf(program, '__e'), '__e.__v AS __v', away].join(', ')} FROM __e JOIN __a${unit} ON ${sameCell(program, '__e', `__a${unit}`)}`;
    return `SELECT ${[...names, `min(__away, ${question.k}) AS __l`].join(', ')} FROM (${pairs})${groupBy([...names, '__v'])}`;
  });
  const varied = `__r2 AS (SELECT ${[...names, 'max(list_last(__l)) AS __r'].join(', ')} FROM (${off.join(' UNION ALL ')})${groupBy(names)} HAVING count(*) FILTER (len(__l) = ${question.k}) = count(*))`;
  const radius = 'CASE WHEN __one.__single THEN __r1.__r WHEN __r2.__r IS NOT NULL THEN greatest(__r1.__r, __r2.__r) END AS __r';
  const found = `__radius AS (SELECT ${[...keysOf(program, '__r1'), radius].join(', ')} FROM __r1 JOIN __one ON ${sameCell(program, '__r1', '__one')} LEFT JOIN __r2 ON ${sameCell(program, '__r1', '__r2')})`;
  return [...first, enough, values, one, varied, found];
}

/** `__a0`, …: per unit its nearest row, its value, and how far the nearest row with another value is. */
function nearest(program: GateProgram, unit: number): string {
  const names = keyNames(program);
  const who = [...names, `__u${unit}`];
  const values = `SELECT ${[...who, '__x', 'min(__d) AS __d'].join(', ')} FROM __d WHERE __u${unit} IS NOT NULL${groupBy([...who, '__x'])}`;
  const two = `SELECT ${[...who, `min({'d': __d, 'x': __x}, 2) AS __l`].join(', ')} FROM (${values})${groupBy(who)}`;
  return `__a${unit} AS (SELECT ${[...names, '__l[1].d AS __near', '__l[1].x AS __v', '__l[2].d AS __next'].join(', ')} FROM (${two}))`;
}

/** The value that most units have a row of, the least of several. */
function commonest(program: GateProgram, relation: string, unit: number, name: string): string {
  const names = keyNames(program);
  const holders = `SELECT ${[...names, '__x', `count(DISTINCT __u${unit}) AS __h`].join(', ')} FROM ${relation}${groupBy([...names, '__x'])}`;
  return `${name}${unit} AS (SELECT ${[...names, `min({'h': -__h, 'x': __x}).x AS __v`].join(', ')} FROM (${holders})${groupBy(names)})`;
}

/** `__w`: the window's rows; `__w0`, …: what it and its sides are for each unit. */
function windows(program: GateProgram): readonly string[] {
  const names = keyNames(program);
  const units = rowUnits(program);
  const columns = [
    ...keysOf(program, '__d'),
    '__d.__x AS __x',
    ...units.map((unit) => `__d.__u${unit} AS __u${unit}`),
    '__d.__side AS __side',
    '__d.__d <= __radius.__r AS __in',
    '__d.__middle + 2 * __radius.__r AS __wide',
  ];
  const placed = `__z AS (SELECT ${columns.join(', ')} FROM __d JOIN __radius ON ${sameCell(program, '__d', '__radius')} WHERE __radius.__r IS NOT NULL)`;
  const window = `__w AS (SELECT ${[...names, 'count(*) AS found', 'min(__wide) AS wanted', 'sum(__x) AS total', 'min(__x) AS least', 'max(__x) AS greatest'].join(', ')} FROM __z WHERE __in${groupBy(names)})`;
  const only = `__y AS (SELECT * FROM __z WHERE __in)`;
  const each = units.flatMap((unit) => {
    const rows = `SELECT ${[
      ...keysOf(program, '__z'),
      `__z.__u${unit} AS __u`,
      'count(*) FILTER (__in) AS __rows',
      `bool_or(__in AND __x <> __h${unit}.__v) AS __off`,
      'bool_or(NOT __in AND __side < 0) AS __below',
      'bool_or(NOT __in AND __side > 0) AS __above',
    ].join(
      ', ',
    )} FROM __z JOIN __h${unit} ON ${sameCell(program, '__z', `__h${unit}`)} WHERE __z.__u${unit} IS NOT NULL GROUP BY ${[...names.map((key) => `__z.${key}`), `__z.__u${unit}`].join(', ')}`;
    const counts = [
      'count(*) FILTER (__rows > 0) AS units',
      'count(*) FILTER (__off) AS off',
      'max(__rows, 2) AS top',
      'count(*) FILTER (__below) AS below',
      'count(*) FILTER (__above) AS above',
    ];
    return [
      commonest(program, '__y', unit, '__h'),
      `__w${unit} AS (SELECT ${[...names, ...counts].join(', ')} FROM (${rows})${groupBy(names)})`,
    ];
  });
  return [placed, only, window, ...each];
}

/** Columns after the keys: units in the window, those with a row off the commonest value, units below, above. */
export const TOUCHED_COLUMNS = 4;

/**
 * The same window seen by a unit that several of touch one row. Rows of one value are interchangeable, so every row
 * from the least to the greatest value of the window counts for it, and for its sides only rows beyond these.
 */
export function touchedStatement(program: GateProgram, unit: number, variant: Variant, question: RankQuestion): string {
  const names = keyNames(program);
  const { type } = question.figure;
  const raw = [`${argumentSql(program, question, variant)} AS __v`, `${whoSql(program, unit, 'unit')} AS __u`];
  const rows = `SELECT ${[...names, `${boundedSql('__v', question.figure)} AS __x`, '__u'].join(', ')} FROM (${rowsSql(program, unit, variant, raw)}) WHERE __v IS NOT NULL AND __u IS NOT NULL`;
  const [least, greatest] = [`CAST(__k.__least AS ${type})`, `CAST(__k.__greatest AS ${type})`];
  const side = `CASE WHEN __t.__x < ${least} THEN -1 WHEN __t.__x > ${greatest} THEN 1 ELSE 0 END AS __side`;
  const placed = `SELECT ${[...keysOf(program, '__t'), '__t.__x AS __x', '__t.__u AS __u0', side].join(', ')} FROM (${rows}) AS __t JOIN __k ON ${sameCell(program, '__t', '__k')} WHERE __k.__least IS NOT NULL`;
  const steps = [
    `__k AS (${rankStatement(program, variant, question)})`,
    `__z AS (${placed})`,
    '__y AS (SELECT * FROM __z WHERE __side = 0)',
    commonest(program, '__y', 0, '__h'),
  ];
  const flags = [
    'bool_or(__side = 0) AS __in',
    'bool_or(__side = 0 AND __x <> __h0.__v) AS __off',
    'bool_or(__side < 0) AS __below',
    'bool_or(__side > 0) AS __above',
  ];
  const each = `SELECT ${[...keysOf(program, '__z'), '__z.__u0 AS __u', ...flags].join(', ')} FROM __z JOIN __h0 ON ${sameCell(program, '__z', '__h0')} GROUP BY ${[...names.map((key) => `__z.${key}`), '__z.__u0'].join(', ')}`;
  const counts = ['__in', '__off', '__below', '__above'].map((flag) => `count(*) FILTER (${flag})`);
  return `WITH ${steps.join(', ')} SELECT ${[...names, ...counts].join(', ')} FROM (${each})${groupBy(names)}`;
}
