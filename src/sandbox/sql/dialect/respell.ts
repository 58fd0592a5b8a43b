import type { Disguised } from './disguise.ts';

const TOKEN = /'[^']*'|[A-Za-z_0-9]+|<>|<=|>=|\|\||::|!=|&&|\S/g;
/** What node-sql-parser adds or leaves out without a change of meaning, and its quotes around names. */
const NOISE = new Set(['AS', 'INNER', 'OUTER', 'ASC', '`', '"']);

interface Mark {
  readonly text: string;
  readonly piece: number;
}

/**
 * Compares the disguised text with what node-sql-parser spells from its tree of it: the same words, signs and
 * parentheses in the same order. Whatever it lost or read as something else shows. The number of the first token that
 * differs; undefined if none does.
 * Source: ADR 0012.
 */
export function firstDifference(disguised: Disguised, spelled: string): number | undefined {
  const given = disguised.pieces.flatMap((piece) => marks(piece.text, piece.token));
  const back = marks(spelled, 0);
  const at = given.findIndex((mark, index) => mark.text !== back[index]?.text);
  if (at >= 0) return given[at]?.piece;
  return back.length === given.length ? undefined : (given.at(-1)?.piece ?? 0);
}

function marks(text: string, piece: number): readonly Mark[] {
  const found = text.match(TOKEN) ?? [];
  return found.map((mark) => ({ text: mark.toUpperCase(), piece })).filter((mark) => !NOISE.has(mark.text));
}
