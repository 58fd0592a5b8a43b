import { type ColumnType, readColumnType } from '../catalog/column-type.ts';
import type { Column } from '../catalog/dataset.ts';
import { FAMILY_NAMES, GIVEN_FEMALE, GIVEN_MALE, TEXT_WORDS } from './dictionaries.ts';
import { element, INDEX_SPACE, literal, type Sql } from './draw.ts';
import { LANDLINE_CAPACITY, landlineSql, PLATE_CAPACITY, plateSql } from './entity-sql.ts';
import {
  addressOfNobodySql,
  bankCardSql,
  coordinateSql,
  type IdentifierStyle,
  MOBILE_CAPACITY,
  mobileSql,
  passportSql,
  residentIdCapacity,
  residentIdSql,
  USCC_CAPACITY,
  usccSql,
} from './identifier-sql.ts';
import type { ColumnDemand } from './standing-filter.ts';

/** The values a column may take: `capacity` different ones, and SQL of the one at an index below it. */
export interface ColumnShape {
  readonly capacity: number;
  /** Text that nothing fixes: as a key it becomes a serial text, which never runs out. */
  readonly free?: boolean;
  readonly render: (index: Sql) => Sql;
  /** Evenness of the draw where values need not be unique (see `skewed`); undefined: all equally frequent. */
  readonly evenness?: number;
  /** Index of a 29 February, where the range holds one. */
  readonly leapDay?: number;
  /** Value of index 0, and how many indices one whole stands for: numbers only. */
  readonly least?: number;
  readonly steps?: number;
}

/** What is left of a column's range; `firstDay` and `days` speak of dates. */
export interface DayRange {
  readonly firstDay: string;
  readonly days: number;
}

const DAY_MS = 86_400_000;
const DEFAULT_DAYS: readonly [string, string] = ['2020-01-01', '2025-12-31'];
const DEFAULT_BIRTHS: readonly [string, string] = ['1936-01-01', '2020-12-31'];
const WIDEST_SPAN = 2 ** 52;
const MANY = 0.1;
const FEW = 2;

/** Days that declared bounds and standing filters leave of a date column (of `fallback` without bounds); undefined: none. */
export function dayRange(
  column: Column | undefined,
  demand: ColumnDemand | undefined,
  fallback: 'days' | 'births' = 'days',
): DayRange | undefined {
  const [low, high] = column?.bounds ?? (fallback === 'births' ? DEFAULT_BIRTHS : DEFAULT_DAYS);
  const first = Math.max(day(low), demand?.least === undefined ? -Infinity : day(demand.least) + (demand.leastExclusive === true ? 1 : 0));
  const last = Math.min(day(high), demand?.most === undefined ? Infinity : day(demand.most) - (demand.mostExclusive === true ? 1 : 0));
  if (!(first <= last)) return undefined;
  return { firstDay: new Date(first * DAY_MS).toISOString().slice(0, 10), days: last - first + 1 };
}

/**
 * The shape of a column for a table of `rows` rows, or the reason why it has none: a type that cannot be simulated, or
 * bounds, domain and standing filters that leave no value. `births` is the range of birth dates that resident IDs hold.
 * Source: formats.md (type, domain, bounds); Own design: ADR 0011.
 */
export function shapeOf(
  column: Column,
  demand: ColumnDemand | undefined,
  rows: number,
  births: DayRange | undefined,
  style: IdentifierStyle,
): ColumnShape | 'type' | 'empty' {
  const type = readColumnType(column.type);
  if (type === undefined) return 'type';
  const values = allowedValues(column, demand);
  if (values !== undefined) return values.length === 0 ? 'empty' : listShape(values);
  switch (type.family) {
    case 'boolean':
      return { capacity: 2, evenness: FEW, render: (index) => `((${index}) = 1)` };
    case 'date':
    case 'timestamp':
      return timeShape(column, demand, type);
    case 'text':
      return textShape(column, rows, births, style);
    default:
      return numberShape(column, demand, type, rows);
  }
}

function allowedValues(column: Column, demand: ColumnDemand | undefined): readonly (string | number)[] | undefined {
  const base = demand?.oneOf ?? column.domain;
  if (base === undefined) return undefined;
  const inDomain = column.domain === undefined ? base : base.filter((value) => column.domain?.includes(value));
  return inDomain.filter((value) => {
    if (demand?.noneOf?.includes(value) === true) return false;
    if (demand?.least !== undefined && (value < demand.least || (demand.leastExclusive === true && value === demand.least))) return false;
    return !(demand?.most !== undefined && (value > demand.most || (demand.mostExclusive === true && value === demand.most)));
  });
}

function listShape(values: readonly (string | number)[]): ColumnShape {
  return { capacity: values.length, evenness: values.length > 4 ? MANY : FEW, render: (index) => element(values, index) };
}

function timeShape(column: Column, demand: ColumnDemand | undefined, type: ColumnType): ColumnShape | 'empty' {
  if (type.family === 'date') {
    const range = dayRange(column, demand);
    if (range === undefined) return 'empty';
    const leapDay = leapDayIndex(range);
    return {
      capacity: range.days,
      render: (index) => `(DATE '${range.firstDay}' + (${index})::INTEGER)`,
      ...(leapDay === undefined ? {} : { leapDay }),
    };
  }
  const [low, high] = column.bounds ?? DEFAULT_DAYS;
  const first = Math.max(
    Math.ceil(second(low)),
    demand?.least === undefined ? -Infinity : Math.ceil(second(demand.least)) + (demand.leastExclusive === true ? 1 : 0),
  );
  const last = Math.min(
    Math.floor(second(high)),
    demand?.most === undefined ? Infinity : Math.floor(second(demand.most)) - (demand.mostExclusive === true ? 1 : 0),
  );
  if (!(first <= last)) return 'empty';
  return {
    capacity: last - first + 1,
    render: (index) => `(TIMESTAMP '1970-01-01 00:00:00' + to_seconds(${literal(first)} + (${index})))`,
  };
}

/** Days from the first day to the first 29 February of the range. */
function leapDayIndex({ firstDay, days }: DayRange): number | undefined {
  const start = day(firstDay);
  for (let year = Number(firstDay.slice(0, 4)); year < Number(firstDay.slice(0, 4)) + 9; year += 1) {
    const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
    const index = isLeap ? Math.floor(Date.UTC(year, 1, 29) / DAY_MS) - start : -1;
    if (index >= 0) return index < days ? index : undefined;
  }
  return undefined;
}

function numberShape(column: Column, demand: ColumnDemand | undefined, type: ColumnType, rows: number): ColumnShape | 'empty' {
  const scale = type.family === 'decimal' ? Math.min(type.scale ?? 0, 6) : type.family === 'float' ? 2 : 0;
  const unit = 10 ** scale;
  const amounts = column.semantic === 'amount' || column.role === 'measure' || column.role === 'sensitive';
  const [low, high] = column.bounds ?? defaultBounds(column, type, rows);
  const least = Math.max(Number(low), demand?.least === undefined ? -Infinity : Number(demand.least));
  const most = Math.min(Number(high), demand?.most === undefined ? Infinity : Number(demand.most));
  const first = Math.ceil(Number((least * unit).toFixed(6))) + (demand?.leastExclusive === true ? 1 : 0);
  const last = Math.floor(Number((most * unit).toFixed(6))) - (demand?.mostExclusive === true ? 1 : 0);
  if (!(first <= last)) return 'empty';
  // Single precision could round the largest value to above its bound.
  const capacity = Math.max(1, Math.min(last - first + (type.family === 'float' ? 0 : 1), WIDEST_SPAN));
  const evenness = column.semantic === 'count' ? 0.02 : amounts ? 0.005 : undefined;
  const shift = (index: Sql): Sql => `((${index}) + ${literal(first)})`;
  return {
    capacity,
    render: scale === 0 ? shift : (index) => `(${shift(index)} / ${unit})`,
    least: first / unit,
    steps: unit,
    ...(evenness === undefined ? {} : { evenness }),
  };
}

/** Within the type whatever it is: unbounded whole numbers that are no figures count 1 … rows, as serial numbers do. */
function defaultBounds(column: Column, type: ColumnType, rows: number): readonly [number, number] {
  const limit = LARGEST[type.name] ?? (type.family === 'decimal' ? 10 ** ((type.precision ?? 18) - (type.scale ?? 0)) - 1 : WIDEST_SPAN);
  if (column.semantic === 'count') return [0, Math.min(limit, 100)];
  const figure = column.semantic === 'amount' || column.role === 'measure' || column.role === 'sensitive';
  const counts = type.family === 'integer' || (type.family === 'decimal' && (type.scale ?? 0) === 0);
  if (figure || !counts) return [0, Math.min(limit, 100_000)];
  return [1, Math.min(limit, Math.max(rows, 1))];
}

const LARGEST: Readonly<Record<string, number>> = {
  TINYINT: 127,
  UTINYINT: 255,
  SMALLINT: 32_767,
  USMALLINT: 65_535,
  INTEGER: 2_147_483_647,
  UINTEGER: 4_294_967_295,
};

function textShape(column: Column, rows: number, births: DayRange | undefined, style: IdentifierStyle): ColumnShape | 'empty' {
  switch (column.semantic) {
    case 'residentId': {
      if (births === undefined) return 'empty';
      return {
        capacity: residentIdCapacity(births.days, style),
        render: (index) => residentIdSql(index, births.firstDay, births.days, style),
      };
    }
    case 'uscc':
      return { capacity: USCC_CAPACITY, render: (index) => usccSql(index, style) };
    case 'mobile':
      return { capacity: MOBILE_CAPACITY, render: (index) => mobileSql(index, style) };
    case 'bankCard':
      return { capacity: 10 ** 9, render: bankCardSql };
    case 'passport':
      return { capacity: 10 ** 7, render: passportSql };
    case 'ip':
      return { capacity: 2 ** 17, render: addressOfNobodySql };
    case 'coordinate':
      return { capacity: 10 ** 8, render: coordinateSql };
    case 'plate':
      return { capacity: PLATE_CAPACITY, render: (index) => plateSql(index, literal('11')) };
    case 'landline':
      return { capacity: LANDLINE_CAPACITY, render: (index) => landlineSql(index, literal('11')) };
    case 'name':
      return nameShape();
    case 'text':
    case 'address':
      return {
        capacity: TEXT_WORDS.length * 1000,
        free: true,
        evenness: MANY,
        render: (index) =>
          `${element(TEXT_WORDS, `(${index}) % ${TEXT_WORDS.length}`)} || ((${index}) // ${TEXT_WORDS.length} + 1)::VARCHAR`,
      };
    case 'email':
      return { ...codeShape('u', rows), render: (index) => `'u' || (${index})::VARCHAR || '@example.invalid'` };
    default:
      return column.role === 'dimension' || column.role === 'sensitive' || column.role === 'quasiId'
        ? categoryShape(column)
        : codeShape(column.name, rows);
  }
}

function nameShape(): ColumnShape {
  const [families, given] = [FAMILY_NAMES.length, [...GIVEN_MALE, ...GIVEN_FEMALE]];
  const size = given.length;
  const second = `['', ${given.map((text) => literal(text)).join(', ')}]`;
  return {
    capacity: families * size * (size + 1),
    free: true,

    render: (index) =>
      `${element(FAMILY_NAMES, `(${index}) % ${families}`)} || ${element(given, `((${index}) // ${families}) % ${size}`)} || ${second}[(${index}) // ${families * size} + 1]`,
  };
}

/** Texts without a declared domain: up to thirty labels, the first the commonest. */
function categoryShape(column: Column): ColumnShape {
  return {
    capacity: 30,
    free: true,
    evenness: MANY,
    render: (index) => `${literal(`${column.name}-`)} || lpad((${index})::VARCHAR, 2, '0')`,
  };
}

/** Serial texts: prefix and digits enough for four times the rows. */
function codeShape(prefix: string, rows: number): ColumnShape {
  const digits = Math.min(9, Math.max(4, Math.ceil(Math.log10(rows * 4 + 1))));
  return { capacity: 10 ** digits, render: (index) => `${literal(`${prefix}-`)} || lpad((${index})::VARCHAR, ${digits}, '0')` };
}

/** The shape of a key column: texts that nothing fixes become serial texts, and indices stay where permutations work. */
export function keyShape(column: Column, shape: ColumnShape, rows: number): ColumnShape {
  return shape.free === true ? codeShape(column.name, rows) : { ...shape, capacity: Math.min(shape.capacity, INDEX_SPACE) };
}

/** SQL of a value in the column's declared type. */
export function cast(column: Column, value: Sql): Sql {
  return `CAST(${value} AS ${column.type})`;
}

function day(value: number | string): number {
  return Math.floor(Date.parse(`${String(value).slice(0, 10)}T00:00:00Z`) / DAY_MS);
}

/** Seconds since 1970 of an ISO date or timestamp. */
function second(value: number | string): number {
  const text = String(value).replace(' ', 'T');
  return Date.parse(text.length <= 10 ? `${text}T00:00:00Z` : `${text}Z`) / 1000;
}
