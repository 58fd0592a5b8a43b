import type { Position } from '../ast.ts';

/** The place of what has no place of its own. */
export const START: Position = { line: 1, column: 1 };

/**
 * Turns the engine's byte offsets into lines and columns (in characters) of the merchant's text; `undefined` for what is
 * no offset into it. Source: gate.md §3 (a refusal names line and column).
 */
export function positionFinder(sql: string): (byteOffset: unknown) => Position | undefined {
  const byByte: Position[] = [];
  let line = 1;
  let column = 1;
  for (const character of sql) {
    const bytes = utf8Length(character.codePointAt(0) ?? 0);
    for (let at = 0; at < bytes; at += 1) byByte.push({ line, column });
    if (character === '\n') {
      line += 1;
      column = 1;
    } else {
      column += 1;
    }
  }
  byByte.push({ line, column });
  return (byteOffset) => (typeof byteOffset === 'number' ? byByte[byteOffset] : undefined);
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
