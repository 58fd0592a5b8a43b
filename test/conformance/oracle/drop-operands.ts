/**
 * The canonical text with the operands that were dropped for a cell put out of force: TRUE under AND and for a whole
 * condition, FALSE under OR. Works on text alone.
 *
 * @returns null where an operand cannot be found: then nobody can say what was answered.
 * Source: gate.md §6 (neutral operands).
 */
export function dropOperands(sql: string, operands: readonly string[]): string | null {
  let text = sql;
  // A parent takes its parts with it, so longer texts go first; parts that are gone with a parent need no second drop.
  const parents = operands.toSorted((a, b) => b.length - a.length);
  const gone: string[] = [];
  for (const operand of parents) {
    const at = findOperand(text, operand);
    if (at < 0) {
      if (gone.some((parent) => parent.includes(operand))) continue;
      return null;
    }
    text = `${text.slice(0, at)}${isUnderOr(text, at, operand.length) ? 'FALSE' : 'TRUE'}${text.slice(at + operand.length)}`;
    gone.push(operand);
  }
  return text;
}

/** First place where the operand stands whole: between brackets, connectives or the ends of a clause. */
function findOperand(text: string, operand: string): number {
  const from = Math.max(0, text.search(/\bWHERE\b/));
  for (let at = text.indexOf(operand, from); at >= 0; at = text.indexOf(operand, at + 1)) {
    const before = /(\(|\bAND|\bOR|\bWHERE|\bON|\bHAVING|\bWHEN)\s*$/.test(text.slice(0, at));
    const after = /^\s*(\)|AND\b|OR\b|GROUP BY\b|ORDER BY\b|THEN\b|JOIN\b|$)/.test(text.slice(at + operand.length));
    if (before && after) return at;
  }
  return -1;
}

function isUnderOr(text: string, at: number, length: number): boolean {
  return /\bOR\s*$/.test(text.slice(0, at)) || /^\s*OR\b/.test(text.slice(at + length));
}
