import { numberReadings, windowReadings } from './digit-decoders.ts';
import type { TextReading } from './text-decoders.ts';

const TIME = /^[-+]?\d{4,6}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:?\d\d)?$/;
/** Bases beside those that have names of their own. */
const BASES = [7, 9, ...Array.from({ length: 25 }, (_, at) => 11 + at)].filter((base) => base !== 16 && base !== 32);
/** What mobile numbers and resident ids are between. */
const RANGES = [
  [13_000_000_000n, 19_999_999_999n],
  [110_000_190_000_000_000n, 660_000_209_999_999_999n],
] as const;

/**
 * Numbers in the form of something else: of a UUID, a network or hardware address, colours, a time counted from 1970, a square, a base that nobody
 * uses. Each could be chance; only whole columns count. Source: RFC 9562, RFC 4291; own design: ADR 0017.
 */
export function laidOutReadings(text: string): readonly TextReading[] {
  const readings: TextReading[] = [];
  if (/[-:.#,]/.test(text) && text.length <= 60) {
    const bare = text.replaceAll(/[-:.#,\s{}]/g, '');
    if (/^[0-9a-f]{12,40}$/i.test(bare)) {
      const digits = bare.replaceAll(/a/gi, 'X');
      for (const { name, text: read } of windowReadings(digits)) readings.push({ name: `layout, ${name}`, text: read });
      const number = bare.replace(/^0+/, '');
      for (const { name, text: read } of numberReadings(number)) readings.push({ name: `layout, ${name}`, text: read });
    }
  }
  if (TIME.test(text)) {
    const [plain, zone] = [text.replace(' ', 'T').replace(/(?:Z|[-+]\d\d:?\d\d)$/, ''), /[-+]\d\d:?\d\d$/.exec(text.slice(12))?.[0]];
    for (const time of [Date.parse(`${plain}Z`), ...(zone === undefined ? [] : [Date.parse(plain + zone)])]) {
      if (Number.isFinite(time) && time > 0)
        readings.push({ name: 'time', text: String(time) }, { name: 'time', text: String(Math.floor(time / 1000)) });
    }
  }
  if (/^\d{20,36}$/.test(text)) {
    const root = squareRoot(BigInt(text));
    if (root !== null) readings.push({ name: 'square', text: String(root) });
  }
  if (/^[0-9a-z]{7,21}$/i.test(text)) readings.push(...unusualBases(text.toLowerCase()));
  return readings;
}

function unusualBases(text: string): readonly TextReading[] {
  const least = Math.max(...[...text].map((sign) => Number.parseInt(sign, 36))) + 1;
  return BASES.flatMap((base) => {
    if (base < least || (base < 10 && /[a-z]/.test(text))) return [];
    const approximate = Number.parseInt(text, base);
    const range = RANGES.find(([low, high]) => approximate >= Number(low) && approximate <= Number(high));
    if (range === undefined) return [];
    let value = 0n;
    for (const sign of text) value = value * BigInt(base) + BigInt(Number.parseInt(sign, 36));
    return [{ name: `base ${base}`, text: String(value) }];
  });
}

/** The root of a whole square; null where it is none. */
function squareRoot(value: bigint): bigint | null {
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  for (let step = 0; step < 8; step += 1) root = (root + value / root) / 2n;
  for (const near of [root - 1n, root, root + 1n]) if (near * near === value) return near;
  return null;
}
