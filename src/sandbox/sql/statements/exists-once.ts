const EXISTS = 'EXISTS (';
const TEXT = /('(?:[^']|'')*')/;
const REFERENCE = /\bt\d+\."(?:[^"]|"")+"/g;

/**
 * `SELECT columns FROM rows` with every EXISTS that stands in the columns more than once computed once: the engine
 * computes each by itself otherwise. The text is the plain one where none repeats, or where another query stands in a
 * column. Own design: ADR 0020 (what a statement reads twice costs twice).
 *
 * @param columns  expressions over the rows, each with its name.
 * @param rows     what follows FROM.
 */
export function selectExistsOnce(columns: readonly string[], rows: string): string {
  const plain = `SELECT ${columns.join(', ')} FROM ${rows}`;
  const found = columns.flatMap(existsIn);
  const repeated = [...new Set(found)].filter((text) => found.indexOf(text) !== found.lastIndexOf(text));
  if (repeated.length === 0) return plain;
  const once = [...new Set(found)];
  const rest = columns.map((column) => once.reduce((text, part, index) => text.replaceAll(part, `e${index}`), column));
  if (rest.some((text) => text.includes('SELECT'))) return plain;
  const references: string[] = [];
  const renamed = rest.map((column) =>
    column
      .split(TEXT)
      .map((part, index) => (index % 2 === 0 ? part.replace(REFERENCE, (name) => nameIn(references, name)) : part))
      .join(''),
  );
  const inner = [...references.map((name, index) => `${name} AS r${index}`), ...once.map((text, index) => `${text} AS e${index}`)];
  return `SELECT ${renamed.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${rows})`;
}

function nameIn(references: string[], name: string): string {
  const at = references.indexOf(name);
  return `r${at < 0 ? references.push(name) - 1 : at}`;
}

/** Every `EXISTS (…)` of an expression, the outermost ones. */
function existsIn(expression: string): readonly string[] {
  const found: string[] = [];
  for (let from = startAfter(expression, 0); from >= 0; ) {
    const end = closing(expression, from + EXISTS.length - 1);
    if (end < 0) return [];
    found.push(expression.slice(from, end + 1));
    from = startAfter(expression, end + 1);
  }
  return found;
}

/** Where the next EXISTS outside of texts and names begins, or −1. */
function startAfter(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === "'" || mark === '"') at = text.indexOf(mark, at + 1);
    else if (text.startsWith(EXISTS, at)) return at;
    if (at < 0) return -1;
  }
  return -1;
}

/** The parenthesis that closes the one at a place, or −1. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === "'" || mark === '"') at = text.indexOf(mark, at + 1);
    else if (mark === '(') depth += 1;
    else if (mark === ')') depth -= 1;
    if (at < 0) return -1;
    if (depth === 0) return at;
  }
  return -1;
}
