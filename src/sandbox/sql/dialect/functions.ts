import type { ForeignDialect, ValueType } from './dialect.ts';
import type { Translate } from './function-table.ts';
import { COMMON } from './functions-common.ts';
import { MYSQL } from './functions-mysql.ts';
import { POSTGRESQL } from './functions-postgresql.ts';
import { TRINO } from './functions-trino.ts';

/** The functions of each dialect that have a translation, by lower-case name. A closed list. Source: ADR 0012. */
export const FUNCTIONS: Readonly<Record<ForeignDialect, ReadonlyMap<string, Translate>>> = {
  mysql: new Map([...Object.entries(COMMON), ...Object.entries(MYSQL)]),
  postgresql: new Map([...Object.entries(COMMON), ...Object.entries(POSTGRESQL)]),
  trino: new Map([...Object.entries(COMMON), ...Object.entries(TRINO)]),
};

/** Functions that stand before OVER only, and the type of their value; the same in all dialects. */
export const WINDOW_ONLY: Readonly<Record<string, ValueType>> = {
  row_number: 'integer',
  rank: 'integer',
  dense_rank: 'integer',
  lag: 'unknown',
  lead: 'unknown',
  first_value: 'unknown',
  last_value: 'unknown',
};
