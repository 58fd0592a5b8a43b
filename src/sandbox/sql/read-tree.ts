/**
 * Parses the engine's JSON without losing digits: whole numbers beyond 2^53 come as text.
 * Throws SyntaxError when the text is no JSON.
 */
export function readTree(json: string): unknown {
  const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    const source = context?.source;
    if (typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)) return source;
    return value;
  };
  return JSON.parse(json, keepDigits as (key: string, value: unknown) => unknown);
}
