import { err, ok, type Result } from '../../../kernel/result.ts';
import { type Problem, problem } from '../../../problems/problem.ts';

/** The dialects a merchant may write; `duckdb` is taken as it is. */
export const DIALECTS = ['duckdb', 'mysql', 'postgresql', 'trino'] as const;
export type Dialect = (typeof DIALECTS)[number];
export type ForeignDialect = Exclude<Dialect, 'duckdb'>;

/** The dialect of that name; `sql.dialect_unknown` for any other. Source: ADR 0012. */
export function readDialect(name: string): Result<Dialect, readonly Problem[]> {
  const dialect = DIALECTS.find((item) => item === name);
  return dialect === undefined ? err([problem('sql.dialect_unknown', { dialects: DIALECTS })]) : ok(dialect);
}

/** How the dialects are called in texts. */
export const DIALECT_NAMES: Readonly<Record<Dialect, string>> = {
  duckdb: 'DuckDB',
  mysql: 'MySQL',
  postgresql: 'PostgreSQL',
  trino: 'Trino',
};

/** What a translation cannot keep although it is the nearest one. A closed list: the asker is told which of them apply. */
export const DIFFERENCES = {
  /** MySQL compares text without regard to case, accents and (LIKE apart) trailing blanks in its default collation; DuckDB byte by byte. */
  textIsCaseSensitive: 'text-is-case-sensitive',
  /** MySQL rounds quotients and averages to four more places, PostgreSQL and Trino decimals to their scale; DuckDB computes in floating point. */
  quotientsAreNotRounded: 'quotients-are-not-rounded',
  /** MySQL and PostgreSQL count a month or year from its last day as complete a day later than DuckDB (29 February to 28 February). */
  lastDayCompletesMonth: 'last-day-completes-month',
  /** PostgreSQL and Trino fail on division by zero; DuckDB gives infinity, or NULL between whole numbers. */
  divisionByZeroDoesNotFail: 'division-by-zero-does-not-fail',
  /** A date plus an interval is a timestamp at midnight where MySQL and Trino keep a date. */
  dateBecomesTimestamp: 'date-becomes-timestamp',
} as const;
export type Difference = (typeof DIFFERENCES)[keyof typeof DIFFERENCES];

/** What is known of a value's type; `unknown` is no guess. `integer` and `fraction` are numbers, a fraction never divides like a whole number. */
export type ValueType = 'integer' | 'fraction' | 'boolean' | 'text' | 'date' | 'timestamp' | 'interval' | 'unknown';

/** Thrown inside this folder only: a construct without a translation, at its UTF-16 offset in the merchant's text. */
export class DialectRefused extends Error {
  readonly construct: string;
  readonly offset: number;

  constructor(construct: string, offset: number) {
    super(construct);
    this.construct = construct;
    this.offset = offset;
  }
}
