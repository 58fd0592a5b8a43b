import type { TextShape } from './text-shape.ts';

/** Longest token that is decoded; identifiers hidden twice stay below it. */
const MOST = 2048;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const ZBASE32 = 'ybndrfg8ejkmcpqxot1uwisza345h769';
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Bytes that a token can stand for, by the way of writing. */
export interface ByteReading {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const NOTHING: readonly ByteReading[] = [];

/** Every reading of a token as bytes: hexadecimal, base64, base32 and its kin, base58, ascii85, lists of character codes, bits. Source: RFC 4648. */
export function byteReadings(token: string, shape: TextShape): readonly ByteReading[] {
  const text = token.trim();
  if (text.length < 9 || text.length > MOST) return NOTHING;
  const { digits, lowers, uppers } = shape;
  const isDense = (digits + lowers + uppers) * 2.1 >= text.length;
  const readings: ByteReading[] = [];
  const put = (name: string, bytes: Uint8Array | null): void => {
    if (bytes !== null && bytes.length >= 4) readings.push({ name, bytes });
  };
  if (digits + lowers + uppers >= 10 && isDense) put('hex', readHex(text));
  if (uppers > 0 && isDense) put('base64', readBase64(text));
  if (/^\+[A-Za-z0-9+/]{10,}-?$/.test(text)) put('UTF-7', readBase64(text.slice(1).replace(/-$/, '')));
  if (/^[!-`][ -`]{11,}$/.test(text) && text.length <= 64) put('uuencode', readUuencode(text));
  // `=` is the only other sign in what follows, up to ascii85.
  if (digits + lowers + uppers + shape.escapes >= text.length) readDense(text, put);
  if (text.length >= 12 && /[^0-9A-Za-z+/=_.:@ -]/.test(text) && /^(<~)?[!-u]{12,}(~>)?$/.test(text)) put('ascii85', readAscii85(text));
  if (digits >= 10 && lowers + uppers === 0) put('character codes', readCodes(text));
  if (/^[01][01 ]{50,}$/.test(text)) put('bits', readBitGroups(text));
  return readings;
}

/** Bases of 32 and 58 signs: letters and digits alone. */
function readDense(text: string, put: (name: string, bytes: Uint8Array | null) => void): void {
  if (/^[A-Za-z2-7]{10,}={0,6}$/.test(text)) put('base32', readBits(text.replace(/=+$/, '').toUpperCase(), BASE32, 5));
  if (/^[a-km-uw-z13-9]{10,}$/.test(text)) put('zbase32', readBits(text, ZBASE32, 5));
  if (/^[0-9A-TV-Z]{10,}$/i.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text))
    put('base32 (Crockford)', readBits(text.toUpperCase(), CROCKFORD, 5));
  if (/^[0-9A-V]{12,}={0,6}$/i.test(text) && /[A-Va-v]/.test(text))
    put('base32hex', readBits(text.replace(/=+$/, '').toUpperCase(), '0123456789ABCDEFGHIJKLMNOPQRSTUV', 5));
  if (text.length >= 12 && text.length <= 64 && /^[1-9A-HJ-NP-Za-km-z]+$/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text))
    put('base58', readBase58(text));
}

function readHex(text: string): Uint8Array | null {
  if (/[g-wyzG-WYZ]/.test(text)) return null;
  const plain = /^[0-9a-f]+$/i.test(text)
    ? text
    : text
        .replace(/^(0x|\\x|x'|#|u\+)/i, '')
        .replaceAll(/(?:[ :,_-]|\\x|0x)(?=[0-9a-f]{2})/gi, '')
        .replace(/'$/, '');
  if (plain.length < 10 || plain.length % 2 === 1 || !/^[0-9a-f]+$/i.test(plain)) return null;
  const bytes = new Uint8Array(plain.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = 16 * hexValue(plain.charCodeAt(2 * at)) + hexValue(plain.charCodeAt(2 * at + 1));
  return mayBeText(bytes) ? bytes : null;
}

/** A line: its length as a sign, then four signs for three bytes. Only digits and letters count: most texts of capitals would decode to something. */
function readUuencode(text: string): Uint8Array | null {
  const length = (text.charCodeAt(0) - 32) & 63;
  // Blanks at the end are zeros, and are often cut.
  if (text.length - 1 > 4 * Math.ceil(length / 3) || text.length + 1 < Math.ceil((4 * length) / 3)) return null;
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    const from = 1 + 4 * Math.floor(at / 3) + (at % 3);
    const [high, low] = [((text.charCodeAt(from) || 32) - 32) & 63, ((text.charCodeAt(from + 1) || 32) - 32) & 63];
    bytes[at] = ((high << (2 * (1 + (at % 3)))) | (low >> (4 - 2 * (at % 3)))) & 255;
  }
  return bytes.every((byte) => byte >= 48 && byte <= 90) ? bytes : null;
}

function hexValue(code: number): number {
  return code <= 57 ? code - 48 : (code & 15) + 9;
}

const BASE64_VALUES = new Int8Array(128).fill(-1);
for (const [value, sign] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  BASE64_VALUES[sign.charCodeAt(0)] = value;
BASE64_VALUES['-'.charCodeAt(0)] = 62;
BASE64_VALUES['_'.charCodeAt(0)] = 63;

function readBase64(text: string): Uint8Array | null {
  const start = text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
  let end = text.length;
  while (end > start && text.charAt(end - 1) === '=') end -= 1;
  if ((end - start) % 4 === 1) return null;
  const bytes = new Uint8Array(((end - start) * 3) >> 2);
  let held = 0;
  let bits = 0;
  let length = 0;
  for (let at = start; at < end; at += 1) {
    const value = BASE64_VALUES[text.charCodeAt(at)] ?? -1;
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length] = (held >> bits) & 255;
    length += 1;
    // Most tokens are no base64: their first bytes already show it.
    if (length === 6 && !mayBeText(bytes.subarray(0, 6))) return null;
  }
  return mayBeText(bytes) ? bytes : null;
}

/** Whether bytes begin like text, a compressed stream, a wide encoding, or digits that share one mask. What is none of these is not read on. */
function mayBeText(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  if (first === 0x1f || first === 0xfe || first === 0xff || first === 0 || second === 0 || (first & 15) === 8 || bytes.length === 8)
    return true;
  if ((first & 7) === 3 || ((first & 7) === 5 && bytes.length > 40)) return true;
  let isText = true;
  let nibbles = 0;
  const most = Math.min(bytes.length, 6);
  for (let at = 0; at < most; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x7f || (byte < 0x20 && (byte < 9 || byte > 13)) || byte > 0xf4 || byte === 0xc0 || byte === 0xc1) isText = false;
    nibbles |= 1 << (byte >> 4);
  }
  return isText || countBits(nibbles) <= 2;
}

function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) count += 1;
  return count;
}

function readBits(text: string, alphabet: string, size: number): Uint8Array | null {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const sign of text) {
    const value = alphabet.indexOf(sign);
    if (value < 0) return null;
    held = ((held << size) | value) & 0xffff;
    bits += size;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
  }
  return Uint8Array.from(bytes);
}

function readBase58(text: string): Uint8Array {
  let value = 0n;
  for (const sign of text) value = value * 58n + BigInt(BASE58.indexOf(sign));
  return bytesOf(value);
}

/** Big-endian bytes of a number. */
export function bytesOf(value: bigint): Uint8Array {
  const digits = value.toString(16);
  const even = digits.length % 2 === 1 ? `0${digits}` : digits;
  return Uint8Array.from({ length: even.length / 2 }, (_, at) => Number.parseInt(even.slice(2 * at, 2 * at + 2), 16));
}

function readAscii85(text: string): Uint8Array | null {
  const plain = text.replace(/^<~/, '').replace(/~>$/, '').replaceAll('z', '!!!!!');
  const bytes: number[] = [];
  for (let at = 0; at < plain.length; at += 5) {
    const group = plain.slice(at, at + 5);
    let value = 0;
    for (const sign of group.padEnd(5, 'u')) value = value * 85 + sign.charCodeAt(0) - 33;
    if (value > 0xffff_ffff || group.length === 1) return null;
    for (let index = 0; index < group.length - 1; index += 1) bytes.push(Math.floor(value / 256 ** (3 - index)) % 256);
  }
  return Uint8Array.from(bytes);
}

/** Decimal or octal codes of characters: `49 51 56`, `49,51`, `061 063`, or two decimal digits each without anything between. */
function readCodes(text: string): Uint8Array | null {
  const codes = text.split(/[ ,;|/-]+/);
  if (codes.length >= 5 && codes.every((code) => /^\d{2,3}$/.test(code))) {
    const isOctal =
      codes.every((code) => /^0?[0-7]{2,3}$/.test(code) && Number.parseInt(code, 8) >= 32) &&
      codes.some((code) => code.startsWith('0') || Number(code) > 99);
    return Uint8Array.from(codes, (code) => Number.parseInt(code, isOctal ? 8 : 10));
  }
  if (!/^(?:4[5-9]|5[0-7]|88|32){9,20}$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], Number);
}

function readBitGroups(text: string): Uint8Array | null {
  const bits = text.replaceAll(' ', '');
  for (const size of [8, 7]) {
    if (bits.length % size !== 0) continue;
    const bytes = Uint8Array.from({ length: bits.length / size }, (_, at) => Number.parseInt(bits.slice(size * at, size * (at + 1)), 2));
    if (bytes.every((byte) => byte >= 32 && byte < 127)) return bytes;
  }
  return null;
}
