/** Cutting canonical SQL into its parts: brackets and quotes are respected, nothing else is understood. */

/** The place of the bracket that closes the one at `open`. */
export function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    if (char === "'" || char === '"') at = text.indexOf(char, at + 1);
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return at;
  }
  throw new Error(`A bracket is not closed: ${text}`);
}

/** Places of a word outside brackets and quotes. */
function placesOf(text: string, word: string): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "'" || char === '"') at = text.indexOf(char, at + 1);
    else if (char === '(') at = closing(text, at);
    else if (text.startsWith(word, at)) {
      found.push(at);
      at += word.length - 1;
    }
  }
  return found;
}

/** The parts between occurrences of a word outside brackets and quotes. */
export function split(text: string, word: string): readonly string[] {
  const places = placesOf(text, word);
  const starts = [0, ...places.map((place) => place + word.length)];
  return starts.map((start, index) => text.slice(start, places[index] ?? text.length));
}

/** What stands before a word and after it; null where it does not stand there. */
export function cut(text: string, word: string): readonly [string, string] | null {
  const [place] = placesOf(text, word);
  return place === undefined ? null : [text.slice(0, place), text.slice(place + word.length)];
}

/** The inside of brackets that enclose the whole text; null where there are none. */
export function inside(text: string): string | null {
  return text.startsWith('(') && closing(text, 0) === text.length - 1 ? text.slice(1, -1) : null;
}
