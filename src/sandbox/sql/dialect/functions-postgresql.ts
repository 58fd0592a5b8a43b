import { DIFFERENCES } from './dialect.ts';
import { momentOf, ofMoment, renamed, type Translate, wordOf } from './function-table.ts';
import { edge, padded, widthBucket } from './functions-common.ts';
import { quarterFormat, toCharFormat } from './moments.ts';
import { isTreeNode, items, type Translation } from './tree.ts';
import { commonType } from './value-types.ts';

/** Parts whose numbers agree; SECOND has fractions here and none in DuckDB. */
const PARTS = new Set(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'dow', 'isodow', 'doy']);
const TRUNCATIONS = new Set(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second']);

/** `date_trunc('unit', x)` of PostgreSQL and Trino: a timestamp in the one, the type of `x` in the other. */
export const truncated: Translate = (args, t) => {
  const unit = wordOf(args[0], t)?.toLowerCase() ?? '';
  if (args.length !== 2 || !TRUNCATIONS.has(unit)) return undefined;
  const moment = momentOf(args[1], t);
  return { sql: `date_trunc('${unit}', ${moment.sql})`, type: t.dialect === 'postgresql' ? 'timestamp' : moment.type };
};

/** EXTRACT(unit FROM x) and date_part('unit', x), both with a number that is not whole by type. */
const part: Translate = (args, t) => {
  const unit = wordOf(args[0], t)?.toLowerCase() ?? '';
  if (args.length !== 2) return undefined;
  const ages = ageOf(args[1], t);
  if (ages !== undefined) {
    if (unit !== 'year') return undefined;
    t.differences.add(DIFFERENCES.lastDayCompletesMonth);
    return { sql: `date_sub('year', ${ages.from}, ${ages.to})`, type: 'fraction' };
  }
  return PARTS.has(unit) ? { sql: `date_part('${unit}', ${momentOf(args[1], t).sql})`, type: 'fraction' } : undefined;
};

/** The operands of `age(to, from)`, which is translated within EXTRACT(YEAR …) only. */
function ageOf(value: unknown, t: Translation): { readonly from: string; readonly to: string } | undefined {
  const name = isTreeNode(value) && value.type === 'function' && isTreeNode(value.name) ? items(value.name.name)[0] : undefined;
  const index = isTreeNode(name) ? Number(String(name.value).replace(/^zq/, '')) : Number.NaN;
  if (!isTreeNode(value) || t.disguised.tokens[index]?.value.toLowerCase() !== 'age') return undefined;
  const args = items(isTreeNode(value.args) ? value.args.value : undefined);
  if (args.length !== 2) return undefined;
  t.used.add(index);
  return { to: momentOf(args[0], t).sql, from: momentOf(args[1], t).sql };
}

const toChar: Translate = (args, t) => {
  const quarters = quarterFormat(wordOf(args[1], t) ?? '');
  if (args.length === 2 && quarters !== undefined) {
    const { sql } = momentOf(args[0], t);
    const parts = quarters.map((part) => ('text' in part ? `'${part.text.replaceAll("'", "''")}'` : `${part.part}(${sql})`));
    return { sql: parts.length === 1 ? `CAST(${parts[0]} AS VARCHAR)` : `(${parts.join(' || ')})`, type: 'text' };
  }
  const format = toCharFormat(wordOf(args[1], t) ?? '?');
  if (args.length !== 2 || format === undefined) return undefined;
  return { sql: `strftime(${momentOf(args[0], t).sql}, '${format}')`, type: 'text' };
};

/** `percentile_cont(q) WITHIN GROUP (ORDER BY x)`, which arrives with `x` as its last argument. */
function percentile(name: string): Translate {
  return ([q, x, ...more], t) =>
    x === undefined || more.length > 0 ? undefined : { sql: `${name}(${t.print(x).sql}, ${t.print(q).sql})`, type: 'fraction' };
}

/** GREATEST, LEAST: over what is not NULL, like DuckDB's. */
function extreme(name: string): Translate {
  return (args, t) => {
    const printed = args.map((item) => t.print(item));
    return args.length < 2 ? undefined : { sql: `${name}(${printed.map((item) => item.sql).join(', ')})`, type: commonType(printed) };
  };
}

/** Source: PostgreSQL 17 manual ch. 9. STDDEV and VARIANCE are those of a sample, LOG is decimal, CONCAT skips NULLs. */
export const POSTGRESQL: Readonly<Record<string, Translate>> = {
  // The gate refuses it, and says what to write.
  now: renamed('now', 'timestamp', 0),
  extract: part,
  date_part: part,
  date_trunc: truncated,
  to_char: toChar,
  date: ofMoment((x) => `CAST(${x} AS DATE)`, 'date'),
  concat: renamed('concat', 'text', 1, 16),
  concat_ws: renamed('concat_ws', 'text', 2, 16),
  greatest: extreme('greatest'),
  least: extreme('least'),
  length: renamed('length', 'integer', 1),
  char_length: renamed('length', 'integer', 1),
  left: edge('left'),
  right: edge('right'),
  log: renamed('log10', 'fraction', 1),
  log10: renamed('log10', 'fraction', 1),
  lpad: padded('lpad'),
  rpad: padded('rpad'),
  width_bucket: widthBucket,
  trunc: renamed('trunc', 'fraction', 1, 2),
  stddev: renamed('stddev_samp', 'fraction', 1),
  variance: renamed('var_samp', 'fraction', 1),
  corr: renamed('corr', 'fraction', 2),
  percentile_cont: percentile('quantile_cont'),
  percentile_disc: percentile('quantile_disc'),
  mode: renamed('mode', 'same', 1),
  covar_pop: renamed('covar_pop', 'fraction', 2),
  covar_samp: renamed('covar_samp', 'fraction', 2),
  regr_slope: renamed('regr_slope', 'fraction', 2),
  regr_intercept: renamed('regr_intercept', 'fraction', 2),
  regr_r2: renamed('regr_r2', 'fraction', 2),
  bool_and: renamed('bool_and', 'boolean', 1),
  bool_or: renamed('bool_or', 'boolean', 1),
  every: renamed('bool_and', 'boolean', 1),
};
