/**
 * What the engine writes for a place, a column or a count that there is none of: nearly all its long numbers. A quote after a letter and
 * before a colon ends a key, since quotes within texts are escaped; so this is never part of a text.
 */
const NONE = /"([a-z_]+)":18446744073709551615(?=[,}])/g;

/** A number that may be beyond 2^53, or a text that looks like one. */
const LONG_NUMBER = /(?:^|[:,[-])\s*\d{16}/;

/**
 * Parses the engine's JSON without losing digits: whole numbers beyond 2^53 come as text.
 *
 * @returns undefined when the text is no JSON. The engine writes `Infinity` for a literal beyond the range of DOUBLE.
 * Source: gate.md §3 (unknown = refused).
 */
export function readTree(json: string): unknown {
  const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    const source = context?.source;
    if (typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)) return source;
    return value;
  };
  try {
    const quoted = json.replace(NONE, '"$1":"18446744073709551615"');
    if (!LONG_NUMBER.test(quoted)) return JSON.parse(quoted); // most texts, in a third of the time
    return JSON.parse(json, keepDigits as (key: string, value: unknown) => unknown);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
