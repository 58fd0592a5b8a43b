import {
  concatOperator,
  momentOf,
  nullIfAnyIsNull,
  ofMoment,
  printIf,
  renamed,
  type Translate,
  wholeOf,
  wordOf,
} from './function-table.ts';
import { padded, widthBucket } from './functions-common.ts';
import { formatted } from './functions-mysql.ts';
import { truncated } from './functions-postgresql.ts';
import { UNITS } from './keywords.ts';
import { intervalOf, patternFormat } from './moments.ts';
import { movedType } from './operators.ts';

/** Weeks and their days are those of ISO 8601: Monday is 1. */
const PARTS: Readonly<Record<string, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  day_of_month: 'day',
  day_of_week: 'isodow',
  dow: 'isodow',
  day_of_year: 'dayofyear',
  doy: 'dayofyear',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
};

const extract: Translate = (args, t) => {
  const part = PARTS[wordOf(args[0], t)?.toLowerCase() ?? ''];
  return args.length === 2 && part !== undefined ? { sql: `${part}(${momentOf(args[1], t).sql})`, type: 'integer' } : undefined;
};

/** Complete units, as DuckDB's date_sub counts them (its date_diff counts the boundaries between). */
const dateDiff: Translate = (args, t) => {
  const unit = wordOf(args[0], t)?.toUpperCase() ?? '';
  if (args.length !== 3 || !UNITS.has(unit)) return undefined;
  const [from, to] = [momentOf(args[1], t).sql, momentOf(args[2], t).sql];
  return { sql: `date_sub('${unit.toLowerCase()}', ${from}, ${to})`, type: 'integer' };
};

const dateAdd: Translate = (args, t) => {
  const [unit, count] = [wordOf(args[0], t)?.toUpperCase() ?? '', wholeOf(args[1], t)];
  if (args.length !== 3 || !UNITS.has(unit) || count === undefined) return undefined;
  const moment = momentOf(args[2], t);
  return { sql: `(${moment.sql} + ${intervalOf(count, unit).sql})`, type: movedType(moment.type, t) };
};

/** `format_datetime(x, 'yyyy-MM')`: formats of whole numbers of two and four digits. */
const formattedTime: Translate = (args, t) => {
  const format = patternFormat(wordOf(args[1], t) ?? '?');
  if (args.length !== 2 || format === undefined) return undefined;
  return { sql: `strftime(${momentOf(args[0], t).sql}, '${format}')`, type: 'text' };
};

const countIf: Translate = (args, t) =>
  args.length === 1 ? { sql: `count(*) FILTER (WHERE ${t.print(args[0]).sql})`, type: 'integer' } : undefined;

/** Trino approximates; the gate moves q to a grid and tells the mean of the values around it, whatever is asked for. */
const approxPercentile: Translate = ([x, q, ...more], t) =>
  q === undefined || more.length > 0 ? undefined : { sql: `quantile_cont(${t.print(x).sql}, ${t.print(q).sql})`, type: 'fraction' };

/** Source: Trino's documentation of functions and operators. What exists for parts of a date is also a function of that name. */
export const TRINO: Readonly<Record<string, Translate>> = {
  approx_percentile: approxPercentile,
  regexp_like: renamed('regexp_matches', 'boolean', 2),
  now: renamed('now', 'timestamp', 0),
  ...Object.fromEntries(Object.entries(PARTS).map(([name, part]) => [name, ofMoment((x) => `${part}(${x})`, 'integer')])),
  week_of_year: ofMoment((x) => `week(${x})`, 'integer'),
  extract,
  date_trunc: truncated,
  date_diff: dateDiff,
  date_add: dateAdd,
  date_format: formatted,
  date: ofMoment((x) => `CAST(${x} AS DATE)`, 'date'),
  format_datetime: formattedTime,
  lpad: padded('lpad'),
  rpad: padded('rpad'),
  width_bucket: widthBucket,
  // Nothing fails on a value above a gate; what would is NULL.
  try: ([value, ...more], t) => (value === undefined || more.length > 0 ? undefined : t.print(value)),
  last_day_of_month: ofMoment((x) => `last_day(${x})`, 'date'),
  if: printIf,
  concat: concatOperator,
  greatest: nullIfAnyIsNull('greatest'),
  least: nullIfAnyIsNull('least'),
  length: renamed('length', 'integer', 1),
  ceil: renamed('ceil', 'same', 1),
  ceiling: renamed('ceil', 'same', 1),
  floor: renamed('floor', 'same', 1),
  round: renamed('round', 'same', 1, 2),
  log2: renamed('log2', 'fraction', 1),
  log10: renamed('log10', 'fraction', 1),
  count_if: countIf,
  approx_distinct: renamed('approx_count_distinct', 'integer', 1),
  stddev: renamed('stddev_samp', 'fraction', 1),
  variance: renamed('var_samp', 'fraction', 1),
  corr: renamed('corr', 'fraction', 2),
  covar_pop: renamed('covar_pop', 'fraction', 2),
  covar_samp: renamed('covar_samp', 'fraction', 2),
  regr_slope: renamed('regr_slope', 'fraction', 2),
  regr_intercept: renamed('regr_intercept', 'fraction', 2),
  bool_and: renamed('bool_and', 'boolean', 1),
  bool_or: renamed('bool_or', 'boolean', 1),
  every: renamed('bool_and', 'boolean', 1),
};
