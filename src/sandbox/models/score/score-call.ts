/** Texts, quoted names, comments and words as a whole, everything else a character at a time. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_][A-Za-z0-9_$]*|[\s\S]/gu;

interface Part {
  readonly text: string;
  readonly start: number;
}

/** `score(…)` in a query: where it stands and what it is given. */
export interface ScoreCall {
  readonly start: number;
  readonly end: number;
  readonly arguments: readonly string[];
}

function partsOf(sql: string): readonly Part[] {
  return [...sql.matchAll(PARTS)].map((match) => ({ text: match[0], start: match.index }));
}

const isBlank = ({ text }: Part): boolean => /^(\s|--|\/\*)/.test(text);

/**
 * Every call of `score` in a merchant's text, outermost ones. What it makes of a text is a text again, which the gate reads like any other: a
 * reading that is wrong leads to a refusal, never past the gate. Source: issue "Models" (`model score --onnx FILE --sql FILE`).
 */
export function scoreCalls(sql: string): readonly ScoreCall[] {
  const parts = partsOf(sql).filter((part) => !isBlank(part));
  const calls: ScoreCall[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    if (parts[at]?.text.toLowerCase() !== 'score' || parts[at + 1]?.text !== '(' || parts[at - 1]?.text === '.') continue;
    const close = closing(parts, at + 1);
    if (close === -1) return calls;
    calls.push({
      start: parts[at]?.start ?? 0,
      end: (parts[close]?.start ?? 0) + 1,
      arguments: argumentsOf(sql, parts.slice(at + 1, close + 1)),
    });
    at = close;
  }
  return calls;
}

function closing(parts: readonly Part[], open: number): number {
  let depth = 0;
  for (let at = open; at < parts.length; at += 1) {
    if (parts[at]?.text === '(') depth += 1;
    if (parts[at]?.text === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function argumentsOf(sql: string, inside: readonly Part[]): readonly string[] {
  const found: string[] = [];
  let [depth, from] = [0, (inside[0]?.start ?? 0) + 1];
  for (const { text, start } of inside) {
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if ((text === ',' && depth === 1) || depth === 0) {
      found.push(sql.slice(from, start).trim());
      from = start + 1;
    }
  }
  return found.length === 1 && found[0] === '' ? [] : found;
}

/** The text with `column` in the place of each call. */
export function withColumn(sql: string, calls: readonly ScoreCall[], column: string): string {
  let [text, last] = ['', 0];
  for (const { start, end } of calls) {
    text += sql.slice(last, start) + column;
    last = end;
  }
  return text + sql.slice(last);
}

/** Places of the bare word `score` that can be a column: neither called, nor given as a name by AS. */
export function scoreWords(sql: string): readonly ScoreCall[] {
  const parts = partsOf(sql).filter((part) => !isBlank(part));
  return parts.flatMap(({ text, start }, at): readonly ScoreCall[] => {
    const isName = text.toLowerCase() === 'score' || text.toLowerCase() === '"score"';
    if (!isName || parts[at + 1]?.text === '(' || parts[at - 1]?.text.toLowerCase() === 'as') return [];
    return [{ start, end: start + text.length, arguments: [] }];
  });
}

/** Whether a text names a table or column outside texts and comments. */
export function namesWord(sql: string, word: string): boolean {
  return partsOf(sql).some(({ text }) => (text.startsWith('"') ? text.slice(1, -1) : text).toLowerCase() === word.toLowerCase());
}

/** Names before a point in some arguments: `r` of `r.income`. */
export function qualifiers(texts: readonly string[]): readonly string[] {
  const found = texts.flatMap((text) => {
    const parts = partsOf(text).filter((part) => !isBlank(part));
    return parts.flatMap((part, at) =>
      parts[at + 1]?.text === '.' && /^[A-Za-z_"]/.test(part.text) ? [part.text.replaceAll('"', '')] : [],
    );
  });
  return [...new Set(found)];
}

/** Tables that a text calls by a name: `residents` of `FROM residents AS r`. */
export function calledTables(sql: string, name: string): readonly string[] {
  const words = partsOf(sql)
    .filter((part) => !isBlank(part))
    .map(({ text }) => text.replaceAll('"', ''));
  return words.flatMap((word, at) => {
    if (word.toLowerCase() !== name.toLowerCase()) return [];
    const before = words[at - 1]?.toLowerCase() === 'as' ? words[at - 2] : words[at - 1];
    return before === undefined ? [] : [before];
  });
}
