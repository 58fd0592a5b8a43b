import { foldName } from '../../../catalog/identifier.ts';
import { err, ok, type Result } from '../../../kernel/result.ts';
import { type Problem, problem } from '../../../problems/problem.ts';
import { checkText } from '../read/parse.ts';
import { DIALECT_NAMES, type Dialect, DialectRefused, type Difference, type ForeignDialect } from './dialect.ts';
import { type Disguised, disguise } from './disguise.ts';
import { printExpression } from './expression.ts';
import { givenNames } from './given-names.ts';
import { type ForeignParser, loadParser } from './load-parser.ts';
import { printQuery } from './query.ts';
import { firstDifference } from './respell.ts';
import { positionIn, type Token, tokenise } from './tokens.ts';
import type { ColumnTypes, Translation } from './tree.ts';

export interface Translated {
  readonly sql: string;
  /** What the translation could not keep; empty for DuckDB. */
  readonly differences: readonly Difference[];
}

const MAX_DEPTH = 48;
/** node-sql-parser takes half a second for three times as many. */
const MAX_TOKENS = 6_000;

/**
 * The same query in DuckDB's SQL, with every name and literal quoted anew and no comments. One SELECT or WITH over a
 * closed list of constructs; all else is refused with `sql.dialect_construct` at its line and column, several
 * statements and other statements with `sql.not_one_select`, long texts with `sql.too_long`. `columnTypes` tells what the catalog knows of a column:
 * without it, quotients of PostgreSQL and Trino between columns are refused, because whole numbers divide differently.
 *
 * It does not check that the query is allowed, nor that its tables exist: the text goes through the gate like one that
 * was written in DuckDB's SQL. What is not the same although it is translated is named in `differences`.
 * Source: ADR 0012.
 */
export async function toDuckdb(
  sql: string,
  dialect: Dialect,
  columnTypes: ColumnTypes = () => 'unknown',
): Promise<Result<Translated, readonly Problem[]>> {
  if (dialect === 'duckdb') return ok({ sql, differences: [] });
  const tooLong = checkText(sql);
  if (tooLong.length > 0) return err(tooLong);
  const parser = await loadParser(dialect);
  try {
    const tokens = oneStatement(tokenise(sql, dialect));
    if (tokens === undefined) return err([problem('sql.not_one_select', {})]);
    return ok(translate(disguise(tokens, dialect), parser, dialect, columnTypes));
  } catch (error) {
    if (!(error instanceof DialectRefused)) throw error;
    const facts = { construct: error.construct, dialect: DIALECT_NAMES[dialect], ...positionIn(sql, error.offset) };
    return err([problem('sql.dialect_construct', facts)]);
  }
}

/** The tokens of the only statement, a SELECT; undefined if there are several or it is another. */
function oneStatement(tokens: readonly Token[]): readonly Token[] | undefined {
  const last = tokens.findLastIndex((token) => token.value !== ';' || token.kind !== 'sign');
  const statement = tokens.slice(0, last + 1);
  const first = statement.find((token) => token.kind !== 'sign' || token.value !== '(');
  const starts = first?.kind === 'word' && ['SELECT', 'WITH'].includes(first.value.toUpperCase());
  return starts && !statement.some((token) => token.kind === 'sign' && token.value === ';') ? statement : undefined;
}

function translate(disguised: Disguised, parser: ForeignParser, dialect: ForeignDialect, columnTypes: ColumnTypes): Translated {
  const [tooMany] = disguised.tokens.slice(MAX_TOKENS);
  if (tooMany !== undefined) throw new DialectRefused(`more than ${MAX_TOKENS} words and signs`, tooMany.offset);
  const deepest = tooDeep(disguised);
  if (deepest !== undefined) {
    throw new DialectRefused(`nesting deeper than ${MAX_DEPTH}`, disguised.tokens[deepest]?.offset ?? 0);
  }
  const { tree, spelled } = parse(disguised, parser);
  const different = firstDifference(disguised, spelled);
  if (different !== undefined) throw unread(disguised, different);
  const given = givenNames(tree, disguised);
  const t: Translation = {
    dialect,
    disguised,
    columnTypes: (name) => (given.has(foldName(name)) ? 'unknown' : columnTypes(name)),
    differences: new Set(),
    used: new Set(),
    crossJoins: { count: 0 },
    print: (value) => printExpression(value, t),
    printQuery: (value) => printQuery(value, t),
  };
  const sql = printQuery(tree, t);
  const lost = disguised.pieces.find((piece) => /^'?zq\d|^7\d{6}$/.test(piece.text) && !t.used.has(piece.token));
  if (lost !== undefined) throw unread(disguised, lost.token);
  if (dialect !== 'mysql' && t.crossJoins.count !== disguised.crossJoins) throw new DialectRefused('JOIN without ON', 0);
  return { sql, differences: [...t.differences].sort() };
}

/** Whatever node-sql-parser throws, it did not understand the text. */
function parse(disguised: Disguised, parser: ForeignParser): { readonly tree: unknown; readonly spelled: string } {
  const text = disguised.pieces.map((piece) => piece.text).join(' ');
  try {
    const tree = onlyStatement(parser.tree(text));
    return { tree, spelled: parser.spell(tree) };
  } catch (error) {
    throw unread(disguised, tokenAt(disguised, offsetOfError(error)));
  }
}

/** One statement may come in a list. */
function onlyStatement(tree: unknown): unknown {
  return Array.isArray(tree) && tree.length === 1 ? tree[0] : tree;
}

/** What the grammar could not read, named by the merchant's own word. */
function unread(disguised: Disguised, token: number): DialectRefused {
  const found = disguised.tokens[token];
  const call = distinctCall(disguised, token);
  if (call !== undefined) return new DialectRefused(call.name, call.offset);
  const word = found?.kind === 'word' || found?.kind === 'sign' ? found.value : undefined;
  return new DialectRefused(word === undefined ? 'the text here' : `the text at ${word}`, found?.offset ?? 0);
}

/** Aggregates that list values: named as they are, whatever in them could not be read. */
const LISTING = new Set(['group_concat', 'string_agg', 'array_agg', 'listagg']);

/** The call around a token where it lists values, or takes DISTINCT where only count does; the grammar names what follows. */
function distinctCall({ tokens }: Disguised, at: number): { readonly name: string; readonly offset: number } | undefined {
  let depth = 0;
  for (let i = at; i > 0; i--) {
    const sign = tokens[i]?.kind === 'sign' ? tokens[i]?.value : undefined;
    if (sign === ')' && i !== at) depth++;
    if (sign !== '(' || depth-- > 0) continue;
    const before = tokens[i - 1];
    if (before?.kind !== 'word') return undefined;
    const name = before.value.toLowerCase();
    const isDistinct = tokens[i + 1]?.kind === 'word' && tokens[i + 1]?.value.toUpperCase() === 'DISTINCT' && name !== 'count';
    if (LISTING.has(name)) return { name: `${name}()`, offset: before.offset };
    return isDistinct ? { name: `${name}(DISTINCT …)`, offset: before.offset } : undefined;
  }
  return undefined;
}

function offsetOfError(error: unknown): number {
  const location = error instanceof Error && 'location' in error ? error.location : undefined;
  const start = typeof location === 'object' && location !== null && 'start' in location ? location.start : undefined;
  return typeof start === 'object' && start !== null && 'offset' in start ? Number(start.offset) : 0;
}

/** The token of the piece at or before an offset of the disguised text. */
function tokenAt(disguised: Disguised, offset: number): number {
  let start = 0;
  let token = 0;
  for (const piece of disguised.pieces) {
    if (start > offset) break;
    token = piece.token;
    start += piece.text.length + 1;
  }
  return token;
}

/** The first token that lies too deep in parentheses and CASE; undefined if none does. */
function tooDeep(disguised: Disguised): number | undefined {
  let depth = 0;
  for (const piece of disguised.pieces) {
    if (piece.text.endsWith('(') || piece.text === 'CASE') depth += 1;
    if (piece.text === ')' || piece.text === 'END') depth -= 1;
    if (depth > MAX_DEPTH) return piece.token;
  }
  return undefined;
}
