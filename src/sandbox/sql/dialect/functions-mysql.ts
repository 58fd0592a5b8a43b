import { DIFFERENCES } from './dialect.ts';
import {
  concatOperator,
  momentOf,
  nullIfAnyIsNull,
  ofMoment,
  printIf,
  renamed,
  type Translate,
  unitWordOf,
  wholeOf,
  wordOf,
} from './function-table.ts';
import { edge, padded } from './functions-common.ts';
import { UNITS } from './keywords.ts';
import { intervalOf, strftimeFormat } from './moments.ts';
import { movedType } from './operators.ts';
import { asNumber, commonType } from './value-types.ts';

/** EXTRACT(unit FROM x); WEEK depends on a setting of the server. */
const PARTS = new Set(['year', 'quarter', 'month', 'day', 'hour', 'minute', 'second']);

/** `date_format(x, '…')` of MySQL and Trino, with a format written out. */
export const formatted: Translate = (args, t) => {
  const format = strftimeFormat(wordOf(args[1], t) ?? '%');
  if (args.length !== 2 || format === undefined) return undefined;
  return { sql: `strftime(${momentOf(args[0], t).sql}, '${format.replaceAll("'", "''")}')`, type: 'text' };
};

const extract: Translate = (args, t) => {
  const unit = wordOf(args[0], t)?.toLowerCase() ?? '';
  if (unit === 'year_month' && args.length === 2) {
    const { sql } = momentOf(args[1], t);
    return { sql: `(year(${sql}) * 100 + month(${sql}))`, type: 'integer' };
  }
  return args.length === 2 && PARTS.has(unit) ? { sql: `${unit}(${momentOf(args[1], t).sql})`, type: 'integer' } : undefined;
};

const dateDiff: Translate = (args, t) => {
  const [to, from] = args.map((item) => momentOf(item, t).sql);
  return args.length === 2 ? { sql: `date_diff('day', ${from}, ${to})`, type: 'integer' } : undefined;
};

/** Complete units, like DuckDB's date_sub; MySQL does not let 28 February complete a year from 29 February. */
const timestampDiff: Translate = (args, t) => {
  const unit = unitWordOf(args[0], t) ?? '';
  if (args.length !== 3 || !UNITS.has(unit)) return undefined;
  if (['YEAR', 'QUARTER', 'MONTH'].includes(unit)) t.differences.add(DIFFERENCES.lastDayCompletesMonth);
  const [from, to] = [momentOf(args[1], t).sql, momentOf(args[2], t).sql];
  return { sql: `date_sub('${unit.toLowerCase()}', ${from}, ${to})`, type: 'integer' };
};

const timestampAdd: Translate = (args, t) => {
  const [unit, count] = [unitWordOf(args[0], t) ?? '', wholeOf(args[1], t)];
  if (args.length !== 3 || !UNITS.has(unit) || count === undefined) return undefined;
  const moment = momentOf(args[2], t);
  return { sql: `(${moment.sql} + ${intervalOf(count, unit).sql})`, type: movedType(moment.type, t) };
};

/** DATE_ADD(x, INTERVAL …) and its relatives; without INTERVAL a number of days. */
function moved(operator: '+' | '-', daysToo: boolean): Translate {
  return (args, t) => {
    const days = daysToo ? wholeOf(args[1], t) : undefined;
    const by = days === undefined ? t.print(args[1]) : intervalOf(days, 'DAY');
    if (args.length !== 2 || by.type !== 'interval') return undefined;
    const moment = momentOf(args[0], t);
    return { sql: `(${moment.sql} ${operator} ${by.sql})`, type: movedType(moment.type, t) };
  };
}

const ifNull: Translate = (args, t) => {
  const printed = args.map((item) => asNumber(t.print(item), t));
  return args.length === 2 ? { sql: `coalesce(${printed.map((item) => item.sql).join(', ')})`, type: commonType(printed) } : undefined;
};

const isNull: Translate = (args, t) => (args.length === 1 ? { sql: `(${t.print(args[0]).sql} IS NULL)`, type: 'boolean' } : undefined);

/** Source: MySQL 8.4 manual ch. 14. STDDEV and VARIANCE are those of the population, LOG is natural, LENGTH counts bytes. */
export const MYSQL: Readonly<Record<string, Translate>> = {
  // The gate refuses them, and says what to write.
  now: renamed('now', 'timestamp', 0),
  curdate: renamed('today', 'date', 0),
  if: printIf,
  ifnull: ifNull,
  isnull: isNull,
  concat: concatOperator,
  concat_ws: renamed('concat_ws', 'text', 2, 16),
  greatest: nullIfAnyIsNull('greatest'),
  least: nullIfAnyIsNull('least'),
  length: renamed('strlen', 'integer', 1),
  char_length: renamed('length', 'integer', 1),
  character_length: renamed('length', 'integer', 1),
  ucase: renamed('upper', 'text', 1),
  lcase: renamed('lower', 'text', 1),
  left: edge('left'),
  right: edge('right'),
  log: renamed('ln', 'fraction', 1),
  log2: renamed('log2', 'fraction', 1),
  log10: renamed('log10', 'fraction', 1),
  truncate: renamed('trunc', 'fraction', 2),
  std: renamed('stddev_pop', 'fraction', 1),
  stddev: renamed('stddev_pop', 'fraction', 1),
  variance: renamed('var_pop', 'fraction', 1),
  date_format: formatted,
  extract,
  year: ofMoment((x) => `year(${x})`, 'integer'),
  quarter: ofMoment((x) => `quarter(${x})`, 'integer'),
  month: ofMoment((x) => `month(${x})`, 'integer'),
  day: ofMoment((x) => `day(${x})`, 'integer'),
  dayofmonth: ofMoment((x) => `day(${x})`, 'integer'),
  dayofyear: ofMoment((x) => `dayofyear(${x})`, 'integer'),
  dayofweek: ofMoment((x) => `(dayofweek(${x}) + 1)`, 'integer'),
  weekday: ofMoment((x) => `(isodow(${x}) - 1)`, 'integer'),
  weekofyear: ofMoment((x) => `week(${x})`, 'integer'),
  monthname: ofMoment((x) => `monthname(${x})`, 'text'),
  dayname: ofMoment((x) => `dayname(${x})`, 'text'),
  lpad: padded('lpad'),
  rpad: padded('rpad'),
  hour: ofMoment((x) => `hour(${x})`, 'integer'),
  minute: ofMoment((x) => `minute(${x})`, 'integer'),
  second: ofMoment((x) => `second(${x})`, 'integer'),
  date: ofMoment((x) => `CAST(${x} AS DATE)`, 'date'),
  last_day: ofMoment((x) => `last_day(${x})`, 'date'),
  datediff: dateDiff,
  timestampdiff: timestampDiff,
  timestampadd: timestampAdd,
  date_add: moved('+', false),
  date_sub: moved('-', false),
  adddate: moved('+', true),
  subdate: moved('-', true),
};
