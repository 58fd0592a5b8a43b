import type { TextReading } from './text-decoders.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const BASES = [
  [2, 'bits', /^[01]{33,64}$/],
  [3, 'base3', /^[012]{20,40}$/],
  [8, 'octal', /^0?o?[0-7]{11,21}$/],
  [16, 'hex number', /^(?:0x|#)?[0-9a-f]{9,16}$/i],
  [32, 'base32 number', /^[0-9a-v]{7,13}$/i],
  [36, 'base36', /^[0-9a-z]{7,13}$/i],
] as const;
const DATED = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/;
const BASE62 = [
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
] as const;

/**
 * Rearrangements and substitutions of a row of digits: turned, rotated, shifted, complemented, interleaved, in pairs. Each could be chance
 * for a number without a check digit; whoever uses them weighs that. Own design: ADR 0017.
 */
export function digitReadings(token: string): readonly TextReading[] {
  const text = token.toUpperCase();
  if (!/^[0-9X]{11,18}$/.test(text) || ![11, 15, 17, 18].includes(text.length)) return [];
  const readings: TextReading[] = [{ name: 'reversed', text: [...text].reverse().join('') }];
  for (let by = 1; by < 10; by += 1) readings.push({ name: 'shift', text: mapDigits(text, (digit) => (digit + by) % 10) });
  readings.push(
    { name: 'complement', text: mapDigits(text, (digit) => 9 - digit) },
    { name: 'complement', text: mapDigits(text, (digit) => (10 - digit) % 10) },
  );
  for (let by = 1; by < text.length; by += 1) readings.push({ name: 'rotated', text: text.slice(by) + text.slice(0, by) });
  readings.push({ name: 'pairs', text: text.replaceAll(/(.)(.)/g, '$2$1') });
  readings.push(
    { name: 'interleaved', text: unriffle(text) },
    { name: 'interleaved', text: riffle(text) },
    {
      name: 'halves',
      text: [...text.slice(0, text.length >> 1)].reverse().join('') + [...text.slice(text.length >> 1)].reverse().join(''),
    },
  );
  readings.push({
    name: 'running shift',
    text: [...text].map((sign, at) => (sign === 'X' ? sign : String((Number(sign) + 100 - (at % 10)) % 10))).join(''),
  });
  readings.push({ name: 'differences', text: runningSum(text) });
  return readings;
}

function mapDigits(text: string, change: (digit: number) => number): string {
  return text.replaceAll(/\d/g, (sign) => String(change(Number(sign))));
}

function unriffle(text: string): string {
  const half = Math.ceil(text.length / 2);
  return [...text].map((_, at) => text.charAt(at % 2 === 0 ? at / 2 : half + (at - 1) / 2)).join('');
}

function riffle(text: string): string {
  const even = [...text].filter((_, at) => at % 2 === 0);
  return even.join('') + [...text].filter((_, at) => at % 2 === 1).join('');
}

function runningSum(text: string): string {
  let sum = 0;
  let read = '';
  for (const sign of text) {
    if (sign !== 'X') sum = (sum + Number(sign)) % 10;
    read += sign === 'X' ? sign : String(sum);
  }
  return read;
}

/**
 * Numbers of eleven or eighteen digits within a longer row: every window, and every second or third digit. Only a whole column in which
 * the same window gives a number each time says anything. Own design: ADR 0017.
 */
export function windowReadings(token: string): readonly TextReading[] {
  const text = token.toUpperCase();
  if (!/^[0-9X]{12,60}$/.test(text)) return [];
  const readings: TextReading[] = [];
  for (const width of [11, 18]) {
    // Years of the tens, read from the third digit on, look like mobile numbers.
    for (let from = width === 11 && DATED.test(text) ? 8 : 0; from + width <= text.length; from += 1) {
      if (text.length > width) readings.push({ name: `window ${from}`, text: text.slice(from, from + width) });
    }
    for (const stride of [2, 3]) {
      for (let from = 0; from < stride; from += 1) {
        const picked = [...text].filter((_, at) => at % stride === from).join('');
        if (picked.length === width) readings.push({ name: `every ${stride} from ${from}`, text: picked });
      }
    }
  }
  return readings;
}

/** Whole numbers that a token writes in another base, with an exponent, with a point inside, or as bits of a double; in decimal digits. Source: IEEE 754, RFC 4648. */
export function numberReadings(token: string): readonly TextReading[] {
  const text = token.replaceAll(/[\s_,]/g, '');
  if (text.length < 6 || text.length > 64) return [];
  const readings: TextReading[] = [];
  for (const [base, name, form] of BASES) {
    // Small bases write digits only; in large ones a text without letters is a decimal number.
    if (form.test(text) && (base < 10 || /[a-z]/i.test(text)))
      readings.push({ name, text: numberIn(text.replace(/^(?:0[xo]|#)/i, ''), base) });
  }
  if (/^[0-9A-Za-z]{6,11}$/.test(text) && /[A-Za-z]/.test(text)) {
    for (const alphabet of BASE62) readings.push({ name: 'base62', text: inAlphabet(text, alphabet) });
  }
  if (/^[a-z]{8,14}$/i.test(text)) readings.push({ name: 'base26', text: inAlphabet(text.toLowerCase(), ALPHABET) });
  if (/^[0-9a-f]{9,15}h$/i.test(text)) readings.push({ name: 'hex number', text: numberIn(text.slice(0, -1), 16) });
  readings.push(...writtenNumbers(text), ...hexTexts(text));
  return readings;
}

/** Forms of decimal numbers other than plain digits. */
function writtenNumbers(text: string): readonly TextReading[] {
  const exponent = /^[-+]?(\d)\.?(\d*)e\+?(\d{1,2})$/i.exec(text);
  if (exponent !== null) {
    const [, first = '', rest = '', power = '0'] = exponent;
    const places = Number(power);
    if (places === 17 && rest.length === 16) return [{ name: 'exponent', text: first + rest }];
    if (rest.length > places && places === 10) return [{ name: 'exponent', text: String(Math.round(Number(text))) }];
    return rest.length <= places && places <= 18 ? [{ name: 'exponent', text: (first + rest).padEnd(places + 1, '0') }] : [];
  }
  const fraction = /^[-+]?(\d{1,17})\.(\d{1,24})$/.exec(text);
  if (fraction !== null) {
    const [, whole = '', rest = ''] = fraction;
    const joined = (whole + rest).replace(/^0+/, '');
    const isEmpty = /^0*$/.test(rest);
    return rest.length >= 5 && !isEmpty
      ? [
          { name: 'point', text: joined },
          { name: 'point', text: rest },
          { name: 'point', text: rest.replace(/^0+/, '') },
        ]
      : [];
  }
  return /^-\d{11,18}$/.test(text) ? [{ name: 'sign', text: text.slice(1) }] : [];
}

/** A double by its bits, and digits behind leading zeros, in hexadecimal text. */
function hexTexts(text: string): readonly TextReading[] {
  if (/^\d{17,19}$/.test(text)) return doubleOf(BigInt(text));
  if (/^-?\d\.\d+e-[23]\d\d$/i.test(text)) return bitsOf(Number(text));
  const plain = text.replaceAll(/^(0x|\{)|-|\}$/gi, '');
  if (/^0{6,}[1-9a-f][0-9a-f]{8,15}$/i.test(plain))
    return [
      { name: 'hex number', text: numberIn(plain, 16) },
      { name: 'padding', text: plain.replace(/^0+/, '') },
    ];
  return [];
}

function doubleOf(bits: bigint): readonly TextReading[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, bits));
  const value = view.getFloat64(0);
  return Number.isInteger(value) && value >= 1e9 && value < 1e18 ? [{ name: 'float bits', text: String(BigInt(value)) }] : [];
}

function bitsOf(value: number): readonly TextReading[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return [{ name: 'float bits', text: String(view.getBigUint64(0)) }];
}

function numberIn(text: string, base: number): string {
  return inAlphabet(text.toLowerCase(), `0123456789${ALPHABET}`.slice(0, base));
}

function inAlphabet(text: string, alphabet: string): string {
  const base = alphabet.length;
  if (text.length * Math.log2(base) < 52) {
    let value = 0;
    for (const sign of text) value = value * base + alphabet.indexOf(sign);
    return String(value);
  }
  let value = 0n;
  for (const sign of text) value = value * BigInt(base) + BigInt(Math.max(0, alphabet.indexOf(sign)));
  return String(value);
}
