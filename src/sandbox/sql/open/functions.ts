import type { Family } from './family.ts';

/** What an argument must be written as, where a column will not do. Numbers are inclusive. */
export type LiteralRule =
  | { readonly index: number; readonly kind: 'text'; readonly maxLength: number }
  | { readonly index: number; readonly kind: 'part' }
  | { readonly index: number; readonly kind: 'integer' | 'number'; readonly from: number; readonly to: number }
  | { readonly index: number; readonly kind: 'any' };

/**
 * How an aggregate is made safe. `plain`: cannot fail, and order does not matter. `listed`: collected in order and
 * aggregated under TRY. `paired`: two numbers, bounded and ordered. `ordered`: ORDER BY is part of it. `best`: arg_max.
 */
export type AggregateForm = 'plain' | 'listed' | 'paired' | 'ordered' | 'best';
/** How a window function is made safe: `peers` look at equal rows alike, `order` number them, `value` pick one. */
export type WindowForm = 'peers' | 'order' | 'value' | 'exact' | 'sum' | 'squares';

/** What a function gives: one family, or one that follows from its arguments. */
export type ResultFamily = Family | 'first' | 'common' | 'widest' | 'rounded' | 'summed' | 'averaged';

/** One name the open layer may call. */
export interface OpenFunction {
  /** DuckDB's name, lower case. */
  readonly name: string;
  readonly kind: 'scalar' | 'operator' | 'aggregate' | 'window';
  readonly arity: readonly [number, number];
  /** How it is written: for the reference page and for the advice of a refusal. */
  readonly signature: string;
  readonly literals: readonly LiteralRule[];
  readonly result: ResultFamily;
  readonly aggregate: AggregateForm | null;
  /** Null: not with OVER. */
  readonly window: WindowForm | null;
  /** Whether a result beyond MAX_TEXT characters becomes NULL. */
  readonly capped: boolean;
}

type Options = Partial<Pick<OpenFunction, 'literals' | 'capped' | 'window'>>;

/** Longest text a function that can lengthen texts may give; in characters. */
export const MAX_TEXT = 10_000;
const PATTERN = 1000;

function entry(
  kind: OpenFunction['kind'],
  aggregate: AggregateForm | null,
): (signature: string, arity: readonly [number, number], result: OpenFunction['result'], options?: Options, name?: string) => OpenFunction {
  return (signature, arity, result, options = {}, name = signature.slice(0, signature.indexOf('('))) => ({
    name,
    kind,
    arity,
    signature,
    literals: options.literals ?? [],
    result,
    aggregate,
    window: options.window ?? null,
    capped: options.capped ?? false,
  });
}

const scalar = entry('scalar', null);
const operator = (name: string, signature: string, result: OpenFunction['result'], options: Options = {}): OpenFunction =>
  entry('operator', null)(signature, name === '+' || name === '-' ? [1, 2] : [2, 2], result, options, name);
const text = (index: number, maxLength = PATTERN): LiteralRule => ({ index, kind: 'text', maxLength });
const part = (index: number): LiteralRule => ({ index, kind: 'part' });
const integer = (index: number, from: number, to: number): LiteralRule => ({ index, kind: 'integer', from, to });

const OPERATORS: readonly OpenFunction[] = [
  operator('+', 'a + b, date + INTERVAL', 'widest'),
  operator('-', 'a - b, date - INTERVAL', 'widest'),
  operator('*', 'a * b', 'widest'),
  operator('/', 'a / b', 'double'),
  operator('//', 'a // b', 'widest'),
  operator('%', 'a % b', 'widest'),
  operator('**', 'a ** b', 'double'),
  operator('^', 'a ^ b', 'double'),
  operator('||', 'text || text', 'text', { capped: true }),
  operator('~~', 'text LIKE pattern', 'boolean'),
  operator('!~~', 'text NOT LIKE pattern', 'boolean'),
  operator('~~*', 'text ILIKE pattern', 'boolean'),
  operator('!~~*', 'text NOT ILIKE pattern', 'boolean'),
  operator('~~~', 'text GLOB pattern', 'boolean'),
];

const DIGITS = { literals: [integer(1, -38, 38)] };

const NUMBERS: readonly OpenFunction[] = [
  scalar('abs(x)', [1, 1], 'first'),
  scalar('round(x, -38…38)', [1, 2], 'rounded', DIGITS),
  scalar('trunc(x, -38…38)', [1, 2], 'rounded', DIGITS),
  ...['floor', 'ceil', 'ceiling'].map((name) => scalar(`${name}(x)`, [1, 1], 'unknown')),
  scalar('sign(x)', [1, 1], 'integer'),
  ...['ln', 'log2', 'log10', 'exp', 'sqrt', 'cbrt', 'degrees', 'radians'].map((name) => scalar(`${name}(x)`, [1, 1], 'double')),
  scalar('log(x), log(base, x)', [1, 2], 'double'),
  scalar('power(x, y)', [2, 2], 'double'),
  scalar('pow(x, y)', [2, 2], 'double'),
  scalar('mod(a, b)', [2, 2], 'widest'),
  scalar('pi()', [0, 0], 'double'),
];

const CHOICES: readonly OpenFunction[] = [
  ...['coalesce', 'greatest', 'least'].map((name) => scalar(`${name}(a, b, …)`, [1, 32], 'common')),
  scalar('nullif(a, b)', [2, 2], 'common'),
  scalar('ifnull(a, b)', [2, 2], 'common'),
  scalar('if(condition, a, b)', [3, 3], 'unknown'),
  scalar('grouping(key, …)', [1, 16], 'integer'),
];

const LONG = { capped: true };
const PADDED = { literals: [integer(1, 0, 1000), text(2, 10)] };

const TEXTS: readonly OpenFunction[] = [
  scalar('concat(a, b, …)', [1, 32], 'text', LONG),
  scalar("concat_ws('separator', a, b, …)", [2, 32], 'text', { capped: true, literals: [text(0, 100)] }),
  ...['substr', 'substring'].map((name) => scalar(`${name}(text, from, length)`, [2, 3], 'text')),
  ...['left', 'right'].map((name) => scalar(`${name}(text, length)`, [2, 2], 'text')),
  ...['upper', 'lower', 'ucase', 'lcase'].map((name) => scalar(`${name}(text)`, [1, 1], 'text')),
  scalar('reverse(text)', [1, 1], 'text'),
  scalar('strip_accents(text)', [1, 1], 'text'),
  ...['trim', 'ltrim', 'rtrim'].map((name) => scalar(`${name}(text, 'characters')`, [1, 2], 'text', { literals: [text(1, 100)] })),
  ...['length', 'len', 'char_length', 'character_length', 'strlen'].map((name) => scalar(`${name}(text)`, [1, 1], 'integer')),
  scalar("replace(text, 'from', 'to')", [3, 3], 'text', { capped: true, literals: [text(1), text(2, 100)] }),
  scalar("translate(text, 'from', 'to')", [3, 3], 'text', { capped: true, literals: [text(1, 100), text(2, 100)] }),
  ...['strpos', 'instr', 'position'].map((name) => scalar(`${name}(text, part)`, [2, 2], 'integer')),
  ...['contains', 'starts_with', 'ends_with', 'prefix', 'suffix'].map((name) => scalar(`${name}(text, part)`, [2, 2], 'boolean')),
  scalar("lpad(text, 0…1000, 'fill')", [3, 3], 'text', PADDED),
  scalar("rpad(text, 0…1000, 'fill')", [3, 3], 'text', PADDED),
  scalar("split_part(text, 'separator', number)", [3, 3], 'text', { literals: [text(1, 100)] }),
  scalar("regexp_matches(text, 'pattern', 'options')", [2, 3], 'boolean', { literals: [text(1), text(2, 5)] }),
  scalar("regexp_full_match(text, 'pattern', 'options')", [2, 3], 'boolean', { literals: [text(1), text(2, 5)] }),
  scalar("regexp_extract(text, 'pattern', group, 'options')", [2, 4], 'text', { literals: [text(1), integer(2, 0, 9), text(3, 5)] }),
  scalar("regexp_replace(text, 'pattern', 'to', 'options')", [3, 4], 'text', {
    capped: true,
    literals: [text(1), text(2, 100), text(3, 5)],
  }),
];

const DATE_NUMBERS = [
  ...['year', 'quarter', 'month', 'week', 'weekofyear', 'day', 'dayofmonth', 'dayofweek', 'weekday', 'isodow', 'dayofyear'],
  ...['hour', 'minute', 'second', 'yearweek', 'isoyear'],
];

const DATES: readonly OpenFunction[] = [
  ...['date_trunc', 'datetrunc'].map((name) => scalar(`${name}('part', date)`, [2, 2], 'timestamp', { literals: [part(0)] })),
  ...['date_part', 'datepart'].map((name) => scalar(`${name}('part', date)`, [2, 2], 'integer', { literals: [part(0)] })),
  ...DATE_NUMBERS.map((name) => scalar(`${name}(date)`, [1, 1], 'integer')),
  ...['dayname', 'monthname'].map((name) => scalar(`${name}(date)`, [1, 1], 'text')),
  ...['date_diff', 'datediff', 'date_sub', 'datesub'].map((name) =>
    scalar(`${name}('part', from, to)`, [3, 3], 'integer', { literals: [part(0)] }),
  ),
  scalar('date_add(date, INTERVAL)', [2, 2], 'timestamp'),
  scalar('last_day(date)', [1, 1], 'date'),
  scalar("strftime(date, 'format')", [2, 2], 'text', { literals: [text(1, 100)] }),
  scalar('make_date(year, month, day)', [3, 3], 'date'),
];

const plain = entry('aggregate', 'plain');
const listed = entry('aggregate', 'listed');
const paired = entry('aggregate', 'paired');
const ordered = entry('aggregate', 'ordered');
const EXACT = { window: 'exact' } as const;
const QUANTILE = { literals: [{ index: 1, kind: 'number', from: 0, to: 1 }], window: 'sum' } as const;
const SPREADS = ['stddev', 'stddev_samp', 'stddev_pop', 'variance', 'var_samp', 'var_pop'];
const REGRESSIONS = ['slope', 'intercept', 'r2', 'avgx', 'avgy', 'sxx', 'sxy', 'syy'];

const AGGREGATES: readonly OpenFunction[] = [
  plain('count(*)', [0, 0], 'integer', EXACT, 'count_star'),
  plain('count(x)', [0, 1], 'integer', EXACT),
  ...['count_if', 'countif'].map((name) => plain(`${name}(condition)`, [1, 1], 'hugeint', EXACT)),
  ...['min', 'max'].map((name) => plain(`${name}(x)`, [1, 1], 'first', EXACT)),
  ...['bool_and', 'bool_or'].map((name) => plain(`${name}(condition)`, [1, 1], 'boolean', EXACT)),
  listed('sum(x)', [1, 1], 'summed', { window: 'sum' }),
  ...['avg', 'mean'].map((name) => listed(`${name}(x)`, [1, 1], 'averaged', { window: 'sum' })),
  ...SPREADS.map((name) => listed(`${name}(x)`, [1, 1], 'double', { window: 'squares' })),
  ...['skewness', 'kurtosis'].map((name) => listed(`${name}(x)`, [1, 1], 'double')),
  listed('median(x)', [1, 1], 'unknown', { window: 'sum' }),
  ...['quantile_cont', 'quantile_disc'].map((name) => listed(`${name}(x, 0…1)`, [1, 2], 'unknown', QUANTILE)),
  listed('mode(x)', [0, 1], 'first'),
  ...['corr', 'covar_pop', 'covar_samp', ...REGRESSIONS.map((name) => `regr_${name}`)].map((name) =>
    paired(`${name}(y, x)`, [2, 2], 'double'),
  ),
  paired('regr_count(y, x)', [2, 2], 'integer'),
  ...['string_agg', 'group_concat', 'listagg'].map((name) =>
    ordered(`${name}(x, 'separator' ORDER BY y)`, [1, 2], 'text', { capped: true, literals: [text(1, 100)] }),
  ),
  ...['first', 'last'].map((name) => ordered(`${name}(x ORDER BY y)`, [1, 1], 'first', { window: 'value' })),
  ...['arg_max', 'arg_min', 'max_by', 'min_by'].map((name) => entry('aggregate', 'best')(`${name}(x, y)`, [2, 2], 'first')),
];

const windowed = entry('window', null);
const OFFSET = [integer(1, 0, 1_000_000_000), { index: 2, kind: 'any' }] as const;

const WINDOWS: readonly OpenFunction[] = [
  windowed('row_number() OVER (…)', [0, 0], 'integer', { window: 'order' }),
  ...['rank', 'dense_rank'].map((name) => windowed(`${name}() OVER (…)`, [0, 0], 'integer', { window: 'peers' })),
  ...['percent_rank', 'cume_dist'].map((name) => windowed(`${name}() OVER (…)`, [0, 0], 'double', { window: 'peers' })),
  windowed('ntile(1…1000000000) OVER (…)', [1, 1], 'integer', { window: 'order', literals: [integer(0, 1, 1_000_000_000)] }),
  ...['lag', 'lead'].map((name) =>
    windowed(`${name}(x, offset, default) OVER (…)`, [1, 3], 'unknown', { window: 'order', literals: OFFSET }),
  ),
  ...['first_value', 'last_value'].map((name) => windowed(`${name}(x) OVER (…)`, [1, 1], 'first', { window: 'value' })),
  windowed('nth_value(x, 1…1000000000) OVER (…)', [2, 2], 'first', { window: 'value', literals: [integer(1, 1, 1_000_000_000)] }),
];

/**
 * Everything a query may call above the gates, in the order of the reference page. Deterministic, without side effects
 * and without nested results; a name that is not here is refused. Source: gate.md §3.2, §9.
 */
export const OPEN_FUNCTIONS: readonly OpenFunction[] = [
  ...OPERATORS,
  ...NUMBERS,
  ...CHOICES,
  ...TEXTS,
  ...DATES,
  ...AGGREGATES,
  ...WINDOWS,
];

const BY_NAME: ReadonlyMap<string, OpenFunction> = new Map(OPEN_FUNCTIONS.map((item) => [item.name, item]));

/** The entry of a name; undefined where it is not on the list. Names are lower case. */
export function openFunction(name: string): OpenFunction | undefined {
  return BY_NAME.get(name);
}

/** Parts of a date, as DuckDB spells them. */
export const DATE_PARTS: ReadonlySet<string> = new Set([
  ...['year', 'years', 'quarter', 'quarters', 'month', 'months', 'week', 'weeks', 'day', 'days', 'hour', 'hours'],
  ...['minute', 'minutes', 'second', 'seconds', 'decade', 'century', 'dow', 'dayofweek', 'isodow', 'doy', 'dayofyear'],
  ...['isoyear', 'yearweek', 'weekofyear', 'dayofmonth'],
]);
