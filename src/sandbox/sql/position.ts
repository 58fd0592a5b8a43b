import type { Position } from './ast.ts';

/**
 * Turns the engine's byte offsets into lines and columns (in characters) of the merchant's text; line 1, column 1 for
 * what is no offset. Source: gate.md §3 (a refusal names line and column).
 */
export function positionFinder(sql: string): (byteOffset: number) => Position {
  const bytes = new TextEncoder().encode(sql);
  const decoder = new TextDecoder();
  return (byteOffset) => {
    if (!Number.isSafeInteger(byteOffset) || byteOffset < 0 || byteOffset > bytes.length) return { line: 1, column: 1 };
    const before = decoder.decode(bytes.subarray(0, byteOffset));
    const lines = before.split('\n');
    return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
  };
}
