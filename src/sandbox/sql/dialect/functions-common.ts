import { renamed, type Translate, wholeOf, wordOf } from './function-table.ts';
import { isTreeNode, numberOf, type Translation } from './tree.ts';
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

/** `lpad(x, 2, '0')` of a text or a whole number, with length and filling written out. */
export function padded(name: 'lpad' | 'rpad'): Translate {
  return (args, t) => {
    const [length, filling] = [wholeOf(args[1], t), wordOf(args[2], t)];
    if (args.length !== 3 || length === undefined || length < 0 || filling === undefined || filling === '') return undefined;
    const printed = t.print(args[0]);
    if (printed.type !== 'text' && printed.type !== 'integer') return undefined;
    const text = printed.type === 'text' ? printed.sql : `CAST(${printed.sql} AS VARCHAR)`;
    return { sql: `${name}(${text}, ${length}, '${filling.replaceAll("'", "''")}')`, type: 'text' };
  };
}

const MAX_BUCKETS = 14;

/**
 * `width_bucket(x, low, high, n)` with all three written out, spelled as the comparisons that it stands for, because the
 * gate rounds each edge by itself. Undefined where an edge has more than six digits behind the point.
 */
export const widthBucket: Translate = (args, t) => {
  const [low, high] = [1, 2].map((at) => fixedOf(args[at], t));
  const buckets = wholeOf(args[3], t);
  if (args.length !== 4 || low === undefined || high === undefined || low >= high) return undefined;
  if (buckets === undefined || buckets < 1 || buckets > MAX_BUCKETS || (high - low) % BigInt(buckets) !== 0n) return undefined;
  const { sql } = t.print(args[0]);
  const step = (high - low) / BigInt(buckets);
  const edges = Array.from({ length: buckets + 1 }, (_, at) => low + step * BigInt(at));
  const branches = edges.map((edge, at) => `WHEN ${sql} < ${fixedText(edge)} THEN ${at}`);
  return { sql: `CASE ${branches.join(' ')} WHEN ${sql} >= ${fixedText(high)} THEN ${buckets + 1} END`, type: 'integer' };
};

const SCALE = 6;

/** A number written out, in millionths. */
function fixedOf(value: unknown, t: Translation): bigint | undefined {
  if (isTreeNode(value) && value.type === 'unary_expr' && value.operator === '-') {
    const positive = fixedOf(value.expr, t);
    return positive === undefined ? undefined : -positive;
  }
  const text = isTreeNode(value) && value.type === 'number' ? numberOf(value.value, t) : undefined;
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d{0,6}))?$/.exec(text ?? '') ?? [];
  return whole === '' ? undefined : BigInt(sign + whole + fraction.padEnd(SCALE, '0'));
}

function fixedText(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -SCALE)}${fraction === '' ? '' : `.${fraction}`}`;
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
