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
    return JSON.parse(json, keepDigits as (key: string, value: unknown) => unknown);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
