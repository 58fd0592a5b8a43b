import { renamed, type Translate, wholeOf } from './function-table.ts';
import { commonType } from './value-types.ts';

const coalesce: Translate = (args, t) => {
  const printed = args.map((item) => t.print(item));
  if (printed.length === 0) return undefined;
  return { sql: `coalesce(${printed.map((item) => item.sql).join(', ')})`, type: commonType(printed) };
};

/** Only from places that are written out: 0 and negative ones mean something else in each dialect. */
const substring: Translate = (args, t) => {
  const [text, from, length] = args;
  const places = [from, length].filter((item) => item !== undefined).map((item) => wholeOf(item, t));
  const [start, count = 0] = places;
  if (args.length < 2 || args.length > 3 || start === undefined || places.includes(undefined) || start < 1 || count < 0) return undefined;
  return { sql: `substring(${[t.print(text).sql, ...places].join(', ')})`, type: 'text' };
};

const mod: Translate = (args, t) => {
  const [left, right] = args.map((item) => t.print(item));
  if (left === undefined || right === undefined || args.length > 2) return undefined;
  const divisor = t.dialect === 'mysql' ? `nullif(${right.sql}, 0)` : right.sql;
  return { sql: `(${left.sql} % ${divisor})`, type: left.type === right.type ? left.type : 'unknown' };
};

/** `left(x, 2)` and `right(x, 2)` with a count written out: negative ones differ. */
export function edge(name: 'left' | 'right'): Translate {
  return (args, t) => {
    const count = wholeOf(args[1], t);
    if (args.length !== 2 || count === undefined || count < 0) return undefined;
    return { sql: `${name}(${t.print(args[0]).sql}, ${count})`, type: 'text' };
  };
}

/** Functions that mean the same in MySQL, PostgreSQL and Trino. Source: their manuals; ADR 0012. */
export const COMMON: Readonly<Record<string, Translate>> = {
  coalesce,
  nullif: renamed('nullif', 'same', 2),
  abs: renamed('abs', 'same', 1),
  ceil: renamed('ceil', 'fraction', 1),
  ceiling: renamed('ceil', 'fraction', 1),
  floor: renamed('floor', 'fraction', 1),
  round: renamed('round', 'fraction', 1, 2),
  sqrt: renamed('sqrt', 'fraction', 1),
  exp: renamed('exp', 'fraction', 1),
  ln: renamed('ln', 'fraction', 1),
  power: renamed('power', 'fraction', 2),
  pow: renamed('power', 'fraction', 2),
  mod,
  upper: renamed('upper', 'text', 1),
  lower: renamed('lower', 'text', 1),
  trim: renamed('trim', 'text', 1),
  ltrim: renamed('ltrim', 'text', 1),
  rtrim: renamed('rtrim', 'text', 1),
  replace: renamed('replace', 'text', 3),
  substring,
  substr: substring,
  stddev_pop: renamed('stddev_pop', 'fraction', 1),
  stddev_samp: renamed('stddev_samp', 'fraction', 1),
  var_pop: renamed('var_pop', 'fraction', 1),
  var_samp: renamed('var_samp', 'fraction', 1),
  grouping: renamed('grouping', 'integer', 1, 16),
};
