import type { ForeignDialect, ValueType } from './dialect.ts';
import type { Token } from './tokens.ts';

type Types = Readonly<Record<string, string>>;

const COMMON: Types = { DATE: 'DATE', BOOLEAN: 'BOOLEAN', BIGINT: 'BIGINT', INTEGER: 'INTEGER', INT: 'INTEGER', SMALLINT: 'SMALLINT' };

/** A type without arguments and what it is called in DuckDB. MySQL's bare DECIMAL has no places, PostgreSQL's any number of them. */
const BARE: Readonly<Record<ForeignDialect, Types>> = {
  mysql: {
    DATE: 'DATE',
    DATETIME: 'TIMESTAMP',
    SIGNED: 'BIGINT',
    'SIGNED INTEGER': 'BIGINT',
    'SIGNED INT': 'BIGINT',
    CHAR: 'VARCHAR',
    DECIMAL: 'DECIMAL(10,0)',
    DOUBLE: 'DOUBLE',
    FLOAT: 'FLOAT',
    REAL: 'DOUBLE',
  },
  postgresql: {
    ...COMMON,
    BOOL: 'BOOLEAN',
    INT2: 'SMALLINT',
    INT4: 'INTEGER',
    INT8: 'BIGINT',
    TEXT: 'VARCHAR',
    VARCHAR: 'VARCHAR',
    'CHARACTER VARYING': 'VARCHAR',
    NUMERIC: 'DOUBLE',
    DECIMAL: 'DOUBLE',
    'DOUBLE PRECISION': 'DOUBLE',
    FLOAT: 'DOUBLE',
    FLOAT8: 'DOUBLE',
    FLOAT4: 'FLOAT',
    REAL: 'FLOAT',
    TIMESTAMP: 'TIMESTAMP',
    'TIMESTAMP WITHOUT TIME ZONE': 'TIMESTAMP',
  },
  trino: {
    ...COMMON,
    TINYINT: 'TINYINT',
    DOUBLE: 'DOUBLE',
    REAL: 'FLOAT',
    VARCHAR: 'VARCHAR',
    DECIMAL: 'DECIMAL(38,0)',
    TIMESTAMP: 'TIMESTAMP',
  },
};
const DECIMALS = new Set(['DECIMAL', 'NUMERIC', 'DEC']);

/**
 * The type that begins at token `start`, in DuckDB's spelling, and how many tokens it takes; undefined for one that is
 * not on the list. Types that shorten a text (`VARCHAR(3)`), unsigned ones and those with a time zone are not.
 * Source: the manuals' chapters on types; ADR 0012.
 */
export function readType(
  tokens: readonly Token[],
  start: number,
  dialect: ForeignDialect,
): { readonly type: string; readonly length: number } | undefined {
  const words = tokens.slice(start, start + 4).map((token) => (token.kind === 'word' ? token.value.toUpperCase() : '.'));
  for (const count of [4, 3, 2, 1]) {
    const type = BARE[dialect][words.slice(0, count).join(' ')];
    const next = tokens[start + count];
    if (type !== undefined && !(next?.kind === 'sign' && next.value === '(')) return { type, length: count };
  }
  if (!DECIMALS.has(words[0] ?? '')) return undefined;
  const [open, width, comma, scale, close] = tokens.slice(start + 1, start + 6);
  if (open?.value !== '(' || width === undefined || !isWhole(width)) return undefined;
  if (comma?.value === ')') return { type: `DECIMAL(${width.value},0)`, length: 4 };
  if (comma?.value !== ',' || scale === undefined || !isWhole(scale) || close?.value !== ')') return undefined;
  return { type: `DECIMAL(${width.value},${scale.value})`, length: 6 };
}

/** What is known of a value of a DuckDB type. */
export function valueTypeOf(type: string): ValueType {
  if (/INT$|^INTEGER$/.test(type)) return 'integer';
  if (/^(DECIMAL|DOUBLE|FLOAT)/.test(type)) return 'fraction';
  if (type === 'VARCHAR') return 'text';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'DATE') return 'date';
  return type === 'TIMESTAMP' ? 'timestamp' : 'unknown';
}

function isWhole(token: Token): boolean {
  return token.kind === 'number' && /^\d{1,2}$/.test(token.value);
}
