import { createHash } from 'node:crypto';
import { byShare, type ColumnPair, distinctOf, type ReversibilityFinding } from './tested-table.ts';
import { plain, readingsOf } from './text-readings.ts';

const HASHES = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sm3', 'ripemd160'] as const;
const MOST_DICTIONARY = 20_000;
const MOST_DECODED = 400;
const LEAST_DIGEST = 8;

/**
 * Inverses that everybody knows: the value itself in any spelling, reversed, hexadecimal, base64 and their kin, URL, gzip, one constant xored with or
 * added to every byte. A finding for identity and one for encodings, each with the share of rows restored.
 * Source: models-and-audit.md M32 b.
 */
export function textInverses({ released, original, pairs }: ColumnPair): readonly ReversibilityFinding[] {
  if (pairs.length === 0) return [];
  const same = pairs.filter(([left, right]) => left === right || plain(left) === plain(right)).length / pairs.length;
  // A column of few values agrees with others by chance.
  const isInformative = distinctOf(pairs.map(([, right]) => right)) > 1 || released.name === original.name;
  const about = { column: released.name, original: original.name };
  const findings: ReversibilityFinding[] = [
    { ...about, test: 'identity', result: isInformative ? byShare(same) : 'notFound', value: same },
  ];
  const few = pairs.slice(0, MOST_DECODED);
  const ways = new Map<string, number>();
  for (const [left, right] of few) {
    if (plain(left) === plain(right)) continue;
    for (const way of waysTo(left, plain(right))) ways.set(way, (ways.get(way) ?? 0) + 1);
  }
  const [best] = [...ways].toSorted((one, other) => other[1] - one[1]);
  const share = (best?.[1] ?? 0) / few.length;
  findings.push({
    ...about,
    test: best === undefined || byShare(share) === 'notFound' ? 'encoding' : best[0],
    result: byShare(share),
    value: share,
  });
  return findings;
}

/** The ways in which a released text reads as the original, two over one another. */
function waysTo(left: string, wanted: string): readonly string[] {
  return [...new Set([...readingsOf(left)].flatMap(([read, way]) => (plain(read) === wanted ? [way] : [])))];
}

/**
 * Unkeyed digests: every original value is hashed as an attacker would who enumerates its domain (mobile numbers, resident ids, plates, names),
 * and looked up among the released texts; also cut short, in capitals, as base64, hashed twice. Needs no matching rows. Does not find keyed digests.
 * Source: models-and-audit.md M32 b; synthetic-and-masking.md §6.3.
 */
export function unkeyedHash(
  released: readonly string[],
  original: readonly string[],
): { readonly test: string; readonly share: number } | null {
  const wanted = new Set(released);
  const [first = ''] = wanted;
  const length = first.length;
  const isDigest = length >= LEAST_DIGEST && [...wanted].every((text) => text.length === length && /^[0-9a-zA-Z+/=_-]+$/.test(text));
  if (!isDigest) return null;
  let best = { test: '', share: 0 };
  const values = [...new Set(original)].slice(0, MOST_DICTIONARY);
  for (const hash of HASHES) {
    for (const [spelling, spell] of SPELLINGS) {
      const forms = new Map<string, Set<string>>();
      for (const [index, value] of values.entries()) {
        for (const [form, text] of digestForms(hash, spell(value), length)) {
          if (!wanted.has(text)) continue;
          const group = forms.get(form) ?? new Set();
          forms.set(form, group.add(text));
        }
        // The first hundred show whether there is anything to find.
        if (index === 100 && forms.size === 0) break;
      }
      for (const [form, found] of forms) {
        const share = found.size / wanted.size;
        if (share > best.share) best = { test: `hash ${hash}${form}${spelling}`, share };
      }
    }
    if (best.share > 0.9) break;
  }
  return best.share === 0 ? { test: 'hash', share: 0 } : best;
}

const SPELLINGS: readonly (readonly [string, (value: string) => string])[] = [
  ['', (value) => value],
  [', lower case', (value) => value.toLowerCase()],
  [', upper case', (value) => value.toUpperCase()],
  [', with a newline', (value) => `${value}\n`],
  [', digits only', (value) => value.replaceAll(/\D/g, '')],
  [', with +86', (value) => `+86${value}`],
];

function digestForms(hash: string, value: string, length: number): readonly (readonly [string, string])[] {
  const digest = createHash(hash).update(value).digest();
  const hex = digest.toString('hex');
  const again = createHash(hash).update(hex).digest('hex');
  const base64 = digest.toString('base64');
  const forms: (readonly [string, string])[] = [];
  for (const [name, text] of [
    ['', hex],
    [', capitals', hex.toUpperCase()],
    [', twice', again],
    [', base64', base64],
    [', base64url', digest.toString('base64url')],
  ] as const) {
    if (text.length < length) continue;
    const cut = text.length === length ? '' : ', cut';
    forms.push([name + cut, text.slice(0, length)]);
    if (cut !== '') forms.push([`${name}, end`, text.slice(-length)]);
  }
  return forms;
}
