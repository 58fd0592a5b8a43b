import canonicalize from 'canonicalize';

/**
 * The one serialisation that is hashed and signed (RFC 8785, JSON Canonicalization Scheme).
 * Throws on values JSON cannot hold (undefined at the top, NaN, infinities, bigint).
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('Value has no JSON form');
  return text;
}
