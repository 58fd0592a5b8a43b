import { readType } from './cast-types.ts';
import { DialectRefused, type ForeignDialect } from './dialect.ts';
import { CORE_AGGREGATES, isGrammarWord, isRefusedWord, UNITS, WINDOW_FUNCTIONS } from './keywords.ts';
import type { Token } from './tokens.ts';

/** A piece of the disguised text and the token of the merchant's text it came from. */
export interface Piece {
  readonly text: string;
  readonly token: number;
}

/** A merchant's text with every name, function, literal and type replaced by a stand-in that carries the number of its token. */
export interface Disguised {
  readonly pieces: readonly Piece[];
  readonly tokens: readonly Token[];
  /** The types of casts, by the token each begins with. */
  readonly types: ReadonlyMap<number, CastType>;
  /** How many joins are CROSS JOINs: they lose the word, which node-sql-parser takes for an alias. */
  readonly crossJoins: number;
}

export interface CastType {
  /** In DuckDB's spelling. */
  readonly type: string;
  /** TRY_CAST. */
  readonly lenient: boolean;
}

/** Numbers stand for numbers, names for names: `7000012` and `zq12` are token 12. */
export const NUMBER_BASE = 7_000_000;

interface Frame {
  readonly opener: string;
  /** Tokens of an element of GROUPING SETS open with a parenthesis directly within. */
  readonly sets: boolean;
}

interface State {
  readonly tokens: readonly Token[];
  readonly dialect: ForeignDialect;
  readonly pieces: Piece[];
  readonly types: Map<number, CastType>;
  readonly frames: Frame[];
  /** Closing parentheses of those that are left out. */
  readonly left: Set<number>;
}

/**
 * Prepares a text for node-sql-parser. Names, functions, literals and types become stand-ins, so that neither its lists
 * of reserved words nor its reading of quotes, escapes and numbers (it rounds long ones) can change them, and so that
 * every place in its tree leads back to the merchant's text. A few constructs that its grammars lack are spelled as
 * others of the same shape: IS NOT DISTINCT FROM as `&&`, EXTRACT(a FROM b) as a call, FETCH FIRST as LIMIT.
 * Throws DialectRefused for words without a translation.
 * Source: ADR 0012.
 */
export function disguise(tokens: readonly Token[], dialect: ForeignDialect): Disguised {
  const state: State = { tokens, dialect, pieces: [], types: new Map(), frames: [], left: new Set() };
  for (let i = 0; i < tokens.length; ) i += take(state, i);
  return { pieces: withoutDoubled(state.pieces), tokens, types: state.types, crossJoins: crossJoins(tokens) };
}

function crossJoins(tokens: readonly Token[]): number {
  const isCross = (token: Token): boolean => token.kind === 'word' && token.value.toUpperCase() === 'CROSS';
  return tokens.filter(isCross).length;
}

/** Reads from token `i`; the number of tokens read. */
function take(state: State, i: number): number {
  const token = state.tokens[i];
  if (token === undefined) return 1;
  if (token.kind === 'number') return put(state, i, String(NUMBER_BASE + i));
  if (token.kind === 'text') return put(state, i, isAlias(state, i) ? `zq${i}` : `'zq${i}'`);
  if (token.kind === 'name') return put(state, i, `zq${i}`);
  return token.kind === 'sign' ? takeSign(state, i, token) : takeWord(state, i, token);
}

function takeSign(state: State, i: number, token: Token): number {
  const { dialect, frames } = state;
  if (token.value === '(') {
    const outer = frames.at(-1);
    const before = word(state, i - 1);
    frames.push({ opener: before, sets: before === 'SETS' && word(state, i - 2) === 'GROUPING' });
    const lone = outer?.sets === true ? undefined : loneCallEnd(state, i);
    if (lone !== undefined) {
      state.left.add(lone);
      return put(state, i, '');
    }
    return put(state, i, outer?.sets === true && before === '' ? `zset (` : '(');
  }
  if (token.value === ')' && opensOrder(state, i)) return 5 + put(state, i, sign(state, i - 1) === '(' ? '' : ',');
  if (token.value === ')') frames.pop();
  if (state.left.has(i)) return put(state, i, '');
  if (token.value === '::' && dialect === 'postgresql') return 1 + takeType(state, i + 1, (type) => `:: ${type}`, i);
  if (token.value === '!=') return put(state, i, '<>');
  if (token.value === '<=>' && dialect === 'mysql') return put(state, i, '|');
  if (token.value === '&&' && dialect === 'mysql') return put(state, i, 'AND');
  const foreign = ['<=>', '&&', '!', '::'].includes(token.value) || (token.value === '||' && dialect === 'mysql');
  if (foreign || token.value === ';') throw new DialectRefused(token.value, token.offset);
  return put(state, i, token.value);
}

function takeWord(state: State, i: number, token: Token): number {
  const { dialect, frames } = state;
  const here = token.value.toUpperCase();
  const next = word(state, i + 1);
  const opensCall = sign(state, i + 1) === '(';
  const frame = frames.at(-1)?.opener ?? '';
  if (here === 'FOR' && frame === 'SUBSTRING') return put(state, i, ',');
  if (isRefusedWord(here, dialect)) throw new DialectRefused(token.value, token.offset);
  if (here === 'FROM' && (frame === 'EXTRACT' || frame === 'SUBSTRING')) return put(state, i, ',');
  if (here === 'IS') return takeIs(state, i);
  if (here === 'ASC' && ORDERED_SETS.has(frame) && sign(state, i + 1) === ')') return put(state, i, '');
  if (here === 'AS' && (frame === 'CAST' || frame === 'TRY_CAST')) return 1 + takeType(state, i + 1, (type) => `AS ${type}`, i, frame);
  if (here === 'AS' && dialect === 'postgresql') {
    // How often a table of WITH is computed is the engine's business.
    const hint = next === 'MATERIALIZED' ? 1 : next === 'NOT' && word(state, i + 2) === 'MATERIALIZED' ? 2 : 0;
    if (hint > 0 && sign(state, i + 1 + hint) === '(') return hint + put(state, i, here);
  }
  if (here === 'INTERVAL') return takeInterval(state, i);
  if (here === 'GROUPING' && next === 'SETS') return 1 + put(state, i, 'zsets');
  if (here === 'FETCH' && (next === 'FIRST' || next === 'NEXT')) return takeFetch(state, i);
  if (here === 'WITH' && next === 'ROLLUP' && dialect === 'mysql') return 1 + put(state, i, 'WITH ROLLUP');
  if (here === 'ISNULL' && !opensCall) throw new DialectRefused(token.value, token.offset);
  if (here === 'CROSS' && next === 'JOIN') return 1 + put(state, i, 'JOIN');
  if (here === 'TRY_CAST' && dialect === 'trino') return put(state, i, 'CAST');
  if (isGrammarWord(here, dialect)) return put(state, i, here);
  if (opensCall && CORE_AGGREGATES.has(here)) return put(state, i, here);
  if (opensCall && WINDOW_FUNCTIONS.has(here) && dialect !== 'mysql') return put(state, i, here);
  if (['LEFT', 'RIGHT', 'FULL'].includes(here) && (next === 'JOIN' || next === 'OUTER')) return put(state, i, here);
  if (here === 'OUTER' && next === 'JOIN') return put(state, i, '');
  if (here === 'NULLS' && (next === 'FIRST' || next === 'LAST')) return 1 + put(state, i, `NULLS ${next}`);
  if ((here === 'FILTER' || here === 'OVER') && opensCall && sign(state, i - 1) === ')') return put(state, i, here);
  if (here === 'PARTITION' && next === 'BY') return put(state, i, here);
  if ((here === 'DATE' || here === 'TIMESTAMP') && state.tokens[i + 1]?.kind === 'text') return put(state, i, here);
  if (here === 'ROWS' && word(state, i - 2) === 'OFFSET') return put(state, i, '');
  if (here === 'MOD' && dialect === 'mysql' && endsOperand(state, i - 1)) return put(state, i, '%');
  if (frame === 'EXTRACT' && sign(state, i - 1) === '(') return put(state, i, `'zq${i}'`);
  return put(state, i, `zq${i}`);
}

const BEFORE_AN_OPERAND = new Set(['SELECT', 'WHEN', 'THEN', 'ELSE', 'AND', 'OR', 'NOT', 'BY', 'DISTINCT']);

/** Where the parentheses end that open at `i` around one call and nothing else: PostgreSQL's grammar takes no aggregate in them. */
function loneCallEnd(state: State, i: number): number | undefined {
  if (state.dialect === 'mysql' || sign(state, i + 2) !== '(' || isGrammarWord(word(state, i + 1), state.dialect)) return undefined;
  const before = state.tokens[i - 1];
  const isOperand =
    before?.kind === 'sign' ? before.value !== ')' : before?.kind === 'word' && BEFORE_AN_OPERAND.has(before.value.toUpperCase());
  if (!isOperand || state.tokens[i + 1]?.kind !== 'word') return undefined;
  let at = closing(state, i + 2);
  while ((word(state, at + 1) === 'FILTER' || word(state, at + 1) === 'OVER') && sign(state, at + 2) === '(') at = closing(state, at + 2);
  return sign(state, at + 1) === ')' ? at + 1 : undefined;
}

/** The parenthesis that closes the one at `i`; the last token where none does. */
function closing(state: State, i: number): number {
  let depth = 0;
  for (let at = i; at < state.tokens.length; at++) {
    if (sign(state, at) === '(') depth++;
    if (sign(state, at) === ')' && --depth === 0) return at;
  }
  return state.tokens.length - 1;
}

const ORDERED_SETS = new Set(['PERCENTILE_CONT', 'PERCENTILE_DISC', 'MODE']);

/** `percentile_cont(q) WITHIN GROUP (ORDER BY x)` is in none of the grammars: it becomes a call with `x` as its last argument. */
function opensOrder(state: State, i: number): boolean {
  if (state.dialect !== 'postgresql' || !ORDERED_SETS.has(state.frames.at(-1)?.opener ?? '')) return false;
  const words = [1, 2, 4, 5].map((step) => word(state, i + step)).join(' ');
  return words === 'WITHIN GROUP ORDER BY' && sign(state, i + 3) === '(';
}

/** IS [NOT] DISTINCT FROM is in none of the grammars. */
function takeIs(state: State, i: number): number {
  const negated = word(state, i + 1) === 'NOT' ? 1 : 0;
  if (word(state, i + 1 + negated) !== 'DISTINCT' || word(state, i + 2 + negated) !== 'FROM' || state.dialect === 'mysql') {
    return put(state, i, 'IS');
  }
  put(state, i, negated === 1 ? '&&' : '!=');
  return 3 + negated;
}

function takeInterval(state: State, i: number): number {
  const amount = state.tokens[i + 1];
  put(state, i, 'INTERVAL');
  if (amount?.kind !== 'number' && amount?.kind !== 'text') throw new DialectRefused('INTERVAL of an expression', offsetOf(state, i));
  put(state, i + 1, amount.kind === 'number' ? String(NUMBER_BASE + i + 1) : `'zq${i + 1}'`);
  const unit = word(state, i + 2).replace(/S$/, '');
  if (!UNITS.has(unit)) return 2;
  put(state, i + 2, unit);
  return 3;
}

/** FETCH FIRST 5 ROWS ONLY. */
function takeFetch(state: State, i: number): number {
  const [amount, rows, only] = [state.tokens[i + 2], word(state, i + 3), word(state, i + 4)];
  if (amount?.kind !== 'number' || !/^ROWS?$/.test(rows) || only !== 'ONLY') throw new DialectRefused('FETCH', offsetOf(state, i));
  put(state, i, 'LIMIT');
  put(state, i + 2, String(NUMBER_BASE + i + 2));
  return 5;
}

function takeType(state: State, i: number, spell: (type: string) => string, from: number, opener = 'CAST'): number {
  const read = readType(state.tokens, i, state.dialect);
  if (read === undefined) throw new DialectRefused(`the type ${word(state, i)}`, offsetOf(state, i));
  state.types.set(i, { type: read.type, lenient: opener === 'TRY_CAST' });
  put(state, from, spell(`DECIMAL(${NUMBER_BASE + i})`));
  return read.length;
}

/** MySQL takes a string where an alias may stand. */
function isAlias(state: State, i: number): boolean {
  return state.dialect === 'mysql' && (word(state, i - 1) === 'AS' || endsOperand(state, i - 1));
}

function endsOperand(state: State, i: number): boolean {
  const token = state.tokens[i];
  if (token === undefined) return false;
  if (token.kind === 'sign') return token.value === ')';
  if (token.kind !== 'word') return true;
  const here = token.value.toUpperCase();
  return here === 'END' || !(isGrammarWord(here, state.dialect) || here === 'DATE' || here === 'TIMESTAMP');
}

/** Takes out parentheses directly within parentheses, which node-sql-parser loses. After IN they make a list of a query. */
function withoutDoubled(pieces: readonly Piece[]): readonly Piece[] {
  const open: number[] = [];
  const closedBy = new Map<number, number>();
  const dropped = new Set<number>();
  pieces.forEach((piece, index) => {
    if (piece.text.endsWith('(')) open.push(index);
    if (piece.text !== ')') return;
    const from = open.pop() ?? -1;
    closedBy.set(from, index);
    if (
      pieces[from]?.text === '(' &&
      pieces[from + 1]?.text === '(' &&
      closedBy.get(from + 1) === index - 1 &&
      pieces[from - 1]?.text !== 'IN'
    ) {
      dropped.add(from + 1).add(index - 1);
    }
  });
  return pieces.filter((_, index) => !dropped.has(index));
}

function put(state: State, token: number, text: string): number {
  if (text !== '') state.pieces.push({ text, token });
  return 1;
}

/** The unquoted word at `i` in upper case; empty if there is none. */
function word(state: State, i: number): string {
  const token = state.tokens[i];
  return token?.kind === 'word' ? token.value.toUpperCase() : '';
}

function sign(state: State, i: number): string {
  const token = state.tokens[i];
  return token?.kind === 'sign' ? token.value : '';
}

function offsetOf(state: State, i: number): number {
  return state.tokens[i]?.offset ?? 0;
}
