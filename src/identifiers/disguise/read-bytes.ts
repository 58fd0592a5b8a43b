import { inflate } from './inflate.ts';

/** A text behind bytes, and how it was read. */
export interface ByteText {
  readonly name: string;
  readonly text: string;
}

const MOST_INFLATED = 4096;
const MOST_MASKED = 40;

/**
 * Every text that bytes can be: UTF-8, UTF-16, GB 18030, gzip and its kin, EBCDIC digits, packed digits, a double, each byte masked by one
 * constant or shifted. Only printable texts count, so that chance gives none. Source: RFC 1952, IEEE 754.
 */
export function byteTexts(bytes: Uint8Array): readonly ByteText[] {
  const texts: ByteText[] = [];
  const put = (name: string, text: string | null): void => {
    if (text !== null) texts.push({ name, text });
  };
  put('', printable(bytes));
  if (texts.length > 0) return [...texts, ...maskedTexts(bytes)];
  if (bytes.length >= 10 && bytes.length % 2 === 0) {
    const [first = 0, second = 0] = bytes;
    if (first === 0 || (first === 0xfe && second === 0xff)) put('UTF-16', printableText(decoded(bytes, 'utf-16be')));
    if (second === 0 || (first === 0xff && second === 0xfe)) put('UTF-16', printableText(decoded(bytes, 'utf-16le')));
  }
  if (bytes.length >= 12 && (bytes[0] === 0x1f || ((bytes[0] ?? 0) & 15) === 8)) {
    const inflated = inflate(bytes, MOST_INFLATED);
    put('gzip', inflated === null ? null : printable(inflated));
  } else if (bytes.length >= 8 && bytes.length <= 400 && ((bytes[0] ?? 0) & 7) === 3) {
    const inflated = inflate(bytes, MOST_INFLATED);
    put('deflate', inflated === null ? null : printable(inflated));
  }
  if (bytes.length >= 11 && bytes.every((byte) => byte >= 0xf0 && byte <= 0xf9))
    put('EBCDIC', String.fromCharCode(...bytes.map((byte) => byte - 0xf0 + 48)));
  if (bytes.length === 8) for (const value of doublesOf(bytes)) put('float bits', value);
  return [...texts, ...maskedTexts(bytes)];
}

const UTF8 = new TextDecoder();

function printable(bytes: Uint8Array): string | null {
  return isUtf8Text(bytes) ? printableText(UTF8.decode(bytes)) : null;
}

/** Well-formed UTF-8 without control characters. Faster than a decoder that throws, and most bytes are no text. Source: RFC 3629. */
function isUtf8Text(bytes: Uint8Array): boolean {
  let following = 0;
  for (const byte of bytes) {
    if (following > 0) {
      if ((byte & 0xc0) !== 0x80) return false;
      following -= 1;
    } else if (byte >= 0xc2 && byte <= 0xf4) following = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    else if (byte >= 0x7f || (byte < 0x20 && (byte < 9 || byte > 13))) return false;
  }
  return following === 0;
}

function printableText(text: string | null): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is not printable is what is refused here.
  return text !== null && text.length >= 2 && !/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufffd]/.test(text) ? text : null;
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Doubles of eight bytes in both orders, only where they are whole numbers of eleven to eighteen digits. */
function doublesOf(bytes: Uint8Array): readonly string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return [view.getFloat64(0), view.getFloat64(0, true)].flatMap((value) =>
    Number.isInteger(value) && value >= 1e10 && value < 1e18 ? [String(BigInt(value))] : [],
  );
}

/** One constant added to, or xored with, each byte: a run of digits then differs from digits by it. Other lengths give none. */
export function maskedTexts(bytes: Uint8Array): readonly ByteText[] {
  const texts: ByteText[] = [];
  if (bytes.length < 11 || bytes.length > MOST_MASKED || bytes.every(isDigitCode)) return texts;
  const [first = 0] = bytes;
  for (const code of DIGIT_CODES) {
    const [key, by] = [first ^ code, (first - code) & 255];
    if (key !== 0 && bytes.every((byte) => isDigitCode(byte ^ key)))
      texts.push({ name: 'xor', text: String.fromCharCode(...bytes.map((byte) => byte ^ key)) });
    if (by !== 0 && bytes.every((byte) => isDigitCode((byte - by) & 255)))
      texts.push({ name: 'shift', text: String.fromCharCode(...bytes.map((byte) => (byte - by) & 255)) });
  }
  return texts;
}

const DIGIT_CODES = [...'0123456789X'].map((sign) => sign.charCodeAt(0));

function isDigitCode(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 88;
}
