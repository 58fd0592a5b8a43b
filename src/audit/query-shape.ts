import { textDigest } from './fact-values.ts';

/** A query's text without its literals, and the literals in order. */
export interface QueryShape {
  /** Each literal is a `?`. */
  readonly text: string;
  readonly literals: readonly string[];
  /** SHA-256 of `text`: the same for queries that differ in literals alone. */
  readonly digest: string;
}

/** Quoted names and comments stay, texts and numbers go; what is none of these is copied. */
const PARTS = /"(?:[^"]|"")*"|'(?:[^']|'')*'|(?<![\w."$])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_][\w$]*|[\s\S]/gu;

/**
 * Takes the literals out of a canonical query (the text our own printer wrote: texts in single quotes, names in double
 * ones, no comments). A text with a quote that does not end loses everything from there on: nothing of it may stay.
 * Source: requirements.md §7.6 ("normalised form + hash, literals redacted or sealed").
 */
export function queryShape(canonicalSql: string): QueryShape {
  const literals: string[] = [];
  let text = '';
  for (const { 0: part, index } of canonicalSql.matchAll(PARTS)) {
    if (part === "'" || part === '"') {
      text += '?';
      literals.push(canonicalSql.slice(index));
      break;
    }
    const isLiteral = part.startsWith("'") || /^\d/.test(part);
    if (isLiteral) literals.push(part);
    text += isLiteral ? '?' : part;
  }
  return { text, literals, digest: textDigest(text) };
}
