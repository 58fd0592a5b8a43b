import type { ForeignDialect } from './dialect.ts';

/** Words of the grammar wherever they stand unquoted. All others are names, unless their neighbours say otherwise. */
const GRAMMAR = [
  'SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET UNION ALL EXCEPT INTERSECT WITH AS ON USING JOIN INNER CROSS',
  'AND OR NOT IN IS NULL LIKE BETWEEN EXISTS CASE WHEN THEN ELSE END CAST DISTINCT TRUE FALSE ASC DESC INTERVAL',
];
const OF_ONE: Readonly<Record<ForeignDialect, string>> = { mysql: 'DIV', postgresql: 'ILIKE', trino: 'TRY_CAST' };
const REFUSED_IN_ONE: Readonly<Record<ForeignDialect, readonly string[]>> = { mysql: [], postgresql: ['USER', 'CURRENT_ROLE'], trino: [] };

/** Words that change what their neighbours mean and that have no translation. As names they need quotes. */
const REFUSED = new Set(
  [
    'RECURSIVE NATURAL LATERAL TABLESAMPLE WINDOW QUALIFY STRAIGHT_JOIN REGEXP RLIKE XOR COLLATE ESCAPE SIMILAR SYMMETRIC',
    'INTO FOR LOCK VALUES UNNEST ARRAY ROW BINARY ANY SOME ONLY MATCH_RECOGNIZE SOUNDS FORCE IGNORE PROCEDURE TABLE',
    'CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP SESSION_USER UTC_DATE UTC_TIMESTAMP',
    'SQL_CALC_FOUND_ROWS SQL_NO_CACHE SQL_CACHE SQL_SMALL_RESULT SQL_BIG_RESULT SQL_BUFFER_RESULT HIGH_PRIORITY DISTINCTROW',
    'NOTNULL OVERLAPS',
  ].flatMap((line) => line.split(' ')),
);

/** Whether an unquoted word (upper case) belongs to the grammar. Source: ADR 0012. */
export function isGrammarWord(word: string, dialect: ForeignDialect): boolean {
  return GRAMMAR_WORDS.has(word) || OF_ONE[dialect] === word;
}

/** Whether an unquoted word (upper case) is refused wherever it stands. */
export function isRefusedWord(word: string, dialect: ForeignDialect): boolean {
  return REFUSED.has(word) || REFUSED_IN_ONE[dialect].includes(word);
}

const GRAMMAR_WORDS = new Set(GRAMMAR.flatMap((line) => line.split(' ')));

/** Aggregates that take DISTINCT, FILTER and OVER in node-sql-parser's grammars. */
export const CORE_AGGREGATES: ReadonlySet<string> = new Set(['COUNT', 'SUM', 'AVG', 'MIN', 'MAX']);

/** Functions that PostgreSQL's grammar lets stand before OVER by name only. */
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set([
  'ROW_NUMBER',
  'RANK',
  'DENSE_RANK',
  'LAG',
  'LEAD',
  'FIRST_VALUE',
  'LAST_VALUE',
]);

/** Units of an interval, singular; plurals are read too. */
export const UNITS: ReadonlySet<string> = new Set(['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND']);
