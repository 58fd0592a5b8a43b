/** Groups of digits with little between them. `X` counts where it ends a group of 17 digits. */
export interface NumberChunk {
  readonly groups: readonly string[];
  /** Between the groups, so one fewer. */
  readonly separators: readonly string[];
  /** Character before and after; empty at an edge. */
  readonly before: string;
  readonly after: string;
  /** Where it begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

const SEPARATORS = ' -._·/(),:\t‐–—−、，';
const MOST_BETWEEN = 2;
const MOST_GROUPS = 64;
/** Shorter than any number that identifies. */
const LEAST_DIGITS = 7;

/** The numbers of a folded text, each with its groups; those of fewer than seven digits are left out. Own design: ADR 0017. */
export function numberChunks(text: string): readonly NumberChunk[] {
  const chunks: NumberChunk[] = [];
  let at = 0;
  while (at < text.length) {
    if (!isDigit(text, at)) {
      at += 1;
      continue;
    }
    const chunk = readChunk(text, at);
    at = chunk.end;
    let digits = 0;
    for (const group of chunk.groups) digits += group.length;
    if (digits >= LEAST_DIGITS) chunks.push(chunk);
  }
  return chunks;
}

function readChunk(text: string, start: number): NumberChunk {
  const groups: string[] = [];
  const separators: string[] = [];
  let at = start;
  for (;;) {
    const end = groupEnd(text, at);
    groups.push(text.slice(at, end));
    at = end;
    let next = at;
    while (next < text.length && next - at < MOST_BETWEEN && SEPARATORS.includes(text.charAt(next))) next += 1;
    if (next === at || !isDigit(text, next) || groups.length === MOST_GROUPS) break;
    separators.push(text.slice(at, next));
    at = next;
  }
  return { groups, separators, before: text.charAt(start - 1), after: text.charAt(at), start, end: at };
}

function groupEnd(text: string, start: number): number {
  let end = start;
  while (isDigit(text, end)) end += 1;
  // The check character of a resident id, alone or after separated digits; letters behind it only where seventeen digits stand before.
  const sign = text.charAt(end);
  const behind = text.charAt(end + 1);
  if ((sign === 'X' || sign === 'x') && (!/[0-9A-Za-z]/.test(behind) || (end - start === 17 && !/[0-9]/.test(behind)))) end += 1;
  return end;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
