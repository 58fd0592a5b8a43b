import type { Position } from '../ast.ts';
import { DialectRefused, type ForeignDialect } from './dialect.ts';

/**
 * `word`: unquoted, as written. `name`: quoted, its value without quotes. `text`: a string, decoded. `number`: as
 * written. `sign`: an operator or a mark.
 */
export type TokenKind = 'word' | 'name' | 'text' | 'number' | 'sign';

export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** UTF-16 offset in the merchant's text. */
  readonly offset: number;
}

/** Longest first. What is not here (`@ ? [ ] { } ~ ^ & | # \ $ -> :=`) has no translation. */
const SIGNS = ['<=>', '<>', '!=', '<=', '>=', '||', '&&', '::', '(', ')', ',', '.', ';', '+', '-', '*', '/', '%', '=', '<', '>', '!'];
const NUMBER = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/;
const WORD = /^[\p{L}_][\p{L}\p{M}\p{N}_]*/u;
const ASCII_WORD = /^[A-Za-z_][A-Za-z0-9_]*$/;
const ESCAPED: Readonly<Record<string, string>> = { b: '\b', n: '\n', r: '\r', t: '\t', '%': '\\%', _: '\\_' };
/** Words that a quote may follow without a blank; any other is a prefix (`E''`, `N''`, `x''`) with rules of its own. */
const BEFORE_QUOTE = new Set(['DATE', 'TIMESTAMP', 'INTERVAL', 'AS', 'IN', 'LIKE', 'ILIKE', 'AND', 'OR', 'THEN', 'ELSE', 'WHEN']);

interface Scanner {
  readonly sql: string;
  readonly dialect: ForeignDialect;
  offset: number;
}

/**
 * Takes a text of another dialect apart by that dialect's rules of quoting, escaping and comments, which
 * node-sql-parser does not keep to (it reads backslashes in strings alike everywhere). Comments are left out.
 * Throws DialectRefused for characters and spellings without a translation.
 * Source: MySQL 8.4 manual ch. 11, PostgreSQL 17 manual §4.1, Trino's SqlBase.g4 (lexical rules).
 */
export function tokenise(sql: string, dialect: ForeignDialect): readonly Token[] {
  const scanner: Scanner = { sql, dialect, offset: 0 };
  const tokens: Token[] = [];
  while (skipBlanks(scanner)) {
    const start = scanner.offset;
    const { kind, value } = nextToken(scanner);
    if (kind === 'text' && tokens.at(-1)?.kind === 'text') throw new DialectRefused('adjacent strings', start);
    tokens.push({ kind, value, offset: start });
  }
  return tokens;
}

/** Line and column, in characters from 1, of a UTF-16 offset. */
export function positionIn(sql: string, offset: number): Position {
  const lines = sql.slice(0, offset).split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

function nextToken(scanner: Scanner): { readonly kind: TokenKind; readonly value: string } {
  const { sql, offset, dialect } = scanner;
  const first = sql[offset] ?? '';
  const next = sql[offset + 1] ?? '';
  if (first === "'" || (first === '"' && dialect === 'mysql')) return { kind: 'text', value: quoted(scanner, dialect === 'mysql') };
  if (first === '"' || (first === '`' && dialect === 'mysql')) return { kind: 'name', value: quoted(scanner, false) };
  if (/\d/.test(first) || (first === '.' && /\d/.test(next))) return numberToken(scanner);
  const word = WORD.exec(sql.slice(offset, offset + 300))?.[0];
  if (word !== undefined) return wordToken(scanner, word);
  const sign = SIGNS.find((item) => sql.startsWith(item, offset));
  if (sign === undefined) throw refuse(scanner, `the character ${String.fromCodePoint(sql.codePointAt(offset) ?? 32)}`);
  scanner.offset += sign.length;
  return { kind: 'sign', value: sign };
}

function numberToken(scanner: Scanner): { readonly kind: TokenKind; readonly value: string } {
  const value = NUMBER.exec(scanner.sql.slice(scanner.offset, scanner.offset + 300))?.[0] ?? '';
  const after = scanner.sql.slice(scanner.offset + value.length);
  if (value.length > 100 || WORD.test(after) || /^[.\d$]/.test(after)) throw refuse(scanner, 'a number followed by letters');
  scanner.offset += value.length;
  return { kind: 'number', value };
}

function wordToken(scanner: Scanner, word: string): { readonly kind: TokenKind; readonly value: string } {
  const after = scanner.sql[scanner.offset + word.length] ?? '';
  if (word.length > 128 || after === '$') throw refuse(scanner, 'a name with $ or of more than 128 characters');
  const isPrefix = after === "'" || after === '"' || after === '`';
  if (isPrefix && !BEFORE_QUOTE.has(word.toUpperCase())) throw refuse(scanner, `a string prefixed by ${word}`);
  if (scanner.dialect === 'trino' && !ASCII_WORD.test(word)) throw refuse(scanner, `${word} without double quotes`);
  scanner.offset += word.length;
  return { kind: 'word', value: word };
}

/** The content of the quoted piece at hand; a doubled quote is one. */
function quoted(scanner: Scanner, backslashes: boolean): string {
  const { sql, offset: start } = scanner;
  const quote = sql[start] ?? '';
  let value = '';
  for (let i = start + 1; i < sql.length; i += 1) {
    const character = sql[i] ?? '';
    if (character === quote && sql[i + 1] !== quote) {
      scanner.offset = i + 1;
      if (value.includes('\0')) throw new DialectRefused('a string with a NUL character', start);
      return value;
    }
    if (character === quote) i += 1;
    if (character === '\\' && backslashes) {
      i += 1;
      const escaped = sql[i] ?? '';
      value += escaped === '0' ? '\0' : escaped === 'Z' ? '\u001a' : (ESCAPED[escaped] ?? escaped);
    } else value += character;
  }
  throw refuse(scanner, 'a quote that is not closed');
}

/** Moves over blanks and comments. False at the end of the text. */
function skipBlanks(scanner: Scanner): boolean {
  const { sql, dialect } = scanner;
  for (;;) {
    const rest = sql.slice(scanner.offset, scanner.offset + 3);
    const lineComment = rest.startsWith('--') && (dialect !== 'mysql' || !/^--[^\s\p{Cc}]/u.test(rest));
    if (rest === '') return false;
    if (/^[ \t\r\n\f\v]/.test(rest)) scanner.offset += 1;
    else if (lineComment || (dialect === 'mysql' && rest.startsWith('#'))) {
      const end = sql.indexOf('\n', scanner.offset);
      scanner.offset = end < 0 ? sql.length : end;
    } else if (rest.startsWith('/*')) skipBlock(scanner);
    else return true;
  }
}

/** Block comments nest in PostgreSQL only. MySQL executes a block that opens with an exclamation mark. */
function skipBlock(scanner: Scanner): void {
  const { sql, dialect, offset } = scanner;
  if (dialect === 'mysql' && sql[offset + 2] === '!') throw refuse(scanner, 'an executable comment');
  let depth = 1;
  let i = offset + 2;
  for (; i < sql.length && depth > 0; i += 1) {
    const pair = sql.slice(i, i + 2);
    if (pair === '*/') depth -= 1;
    else if (pair === '/*' && dialect === 'postgresql') depth += 1;
    else continue;
    i += 1;
  }
  if (depth > 0) throw refuse(scanner, 'a comment that is not closed');
  scanner.offset = i;
}

function refuse(scanner: Scanner, construct: string): DialectRefused {
  return new DialectRefused(construct, scanner.offset);
}
