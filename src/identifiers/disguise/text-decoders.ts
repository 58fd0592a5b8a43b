import type { TextShape } from './text-shape.ts';

/** A text behind another, and the way it was hidden. */
export interface TextReading {
  readonly name: string;
  readonly text: string;
}

const WORDS: readonly (readonly [string, RegExp])[] = [
  [
    'words',
    /^(?:zero|oh|one|two|three|four|five|six|seven|eight|niner?|ten|x(?:-?ray)?)(?:[\s,_-]*(?:zero|oh|one|two|three|four|five|six|seven|eight|niner?|ten|x(?:-?ray)?)){8,}$/i,
  ],
  ['words', /^(?:ling|yi|yao|er|san|si|wu|liu|qi|ba|jiu)(?:[\s,_-]+(?:ling|yi|yao|er|san|si|wu|liu|qi|ba|jiu)){8,}$/i],
];
const WORD_VALUES: Readonly<Record<string, string>> = {
  ...{
    zero: '0',
    oh: '0',
    one: '1',
    two: '2',
    three: '3',
    four: '4',
    five: '5',
    six: '6',
    seven: '7',
    eight: '8',
    nine: '9',
    ten: 'X',
    x: 'X',
  },
  ...{ ling: '0', yi: '1', yao: '1', er: '2', san: '3', si: '4', wu: '5', liu: '6', qi: '7', ba: '8', jiu: '9' },
};
const MORSE = ['-----', '.----', '..---', '...--', '....-', '.....', '-....', '--...', '---..', '----.'];
const ROMAN: Readonly<Record<string, string>> = {
  I: '1',
  II: '2',
  III: '3',
  IV: '4',
  V: '5',
  VI: '6',
  VII: '7',
  VIII: '8',
  IX: '9',
  O: '0',
  N: '0',
  X: 'X',
};
const ROMAN_TEXT = /^(?:I{1,3}|IV|VI{0,3}|IX|[ONX])(?:[ ,.·-](?:I{1,3}|IV|VI{0,3}|IX|[ONX])){8,}$/;
const KEYBOARD = [
  '0123456789',
  'abcdefghij',
  'pqwertyuio',
  'qwertyuiop',
  'jabcdefghi',
  'klmnopqrst',
  '零一二三四五六七八九',
  '癸甲乙丙丁戊己庚辛壬',
  '甲乙丙丁戊己庚辛壬癸',
  '子丑寅卯辰巳午未申酉',
];
const STYLED_BITS = /(?:\u200b|\u200c|\u200d|\u2060|\ufeff|\u180e){8,}/gu;

/** Every reading of a text as another text: escapes, words for digits, letters for digits, invisible signs. Backwards is one too. Bounded by a few times the text. Own design: ADR 0017. */
export function textReadings(text: string, shape: TextShape): readonly TextReading[] {
  const readings: TextReading[] = [];
  const put = (name: string, read: string | null): void => {
    if (read !== null && read !== text && read.length >= 4) readings.push({ name, text: read });
  };
  if (shape.escapes > 0) putEscapes(text, put);
  if (text.includes('(') && /chr?(?:ar)?\s?\(/i.test(text))
    put('character codes', [...text.matchAll(/\bchr?(?:ar)?\s?\(\s?(\d{2,6})\s?\)/gi)].map(([, code]) => character(Number(code))).join(''));
  if (text.includes('<') && text.length >= 20) put('tags', text.replaceAll(/<[^<>]{0,80}>/g, ''));
  if (text.includes('+') && /U\+/i.test(text))
    put(
      'escapes',
      text.replaceAll(/\s?U\+([0-9a-f]{2,6})\s?/gi, (_, code: string) => character(Number.parseInt(code, 16))),
    );
  const { digits, lowers, uppers, ideographs } = shape;
  const letters = lowers + uppers;
  if (digits === 0 && letters >= 20) for (const [name, words] of WORDS) if (words.test(text.trim())) put(name, wordsAsDigits(text));
  if (shape.invisible >= 5 && letters >= 10 && digits === 0) put('words', tonedWords(text));
  if (letters + digits === 0 && text.length >= 20 && /^[\s./|·•−–—_-]+$/u.test(text)) put('morse', morse(text));
  if (uppers >= 9 && lowers === 0 && ROMAN_TEXT.test(text))
    put(
      'roman',
      text
        .split(/[ ,.·-]/)
        .map((sign) => ROMAN[sign] ?? '')
        .join(''),
    );
  if (digits === 0 && letters + ideographs >= 10) for (const row of lettersAsDigits(text)) put('letters', row);
  if (digits >= 3 && letters > 0) put('look-alikes', leet(text));
  if (shape.invisible >= 8 || shape.spaces >= 40) put('invisible', invisible(text));
  if (digits >= 11 && lowers + uppers >= 10 && /^(?:\d([A-Za-z]))(?:\d\1)+[\dX]$/.test(text))
    put('interleaved', text.replaceAll(/[^\dX]/g, ''));
  if (shape.hasAt || mayBeTurned(text, shape)) put('reversed', [...text].reverse().join(''));
  return readings;
}

function putEscapes(text: string, put: (name: string, read: string | null) => void): void {
  if (text.includes('%')) put('url', unescaped(text, /%([0-9a-f]{2})/gi));
  if (text.includes('=')) put('quoted-printable', unescaped(text, /=([0-9a-f]{2})/gi));
  if (text.includes('\\'))
    put(
      'escapes',
      unescaped(unescaped(text, /\\u\{?0{0,4}([0-9a-f]{2,4})\}?/gi), /\\x([0-9a-f]{2})/gi).replaceAll(
        /\\(0?[0-7]{2,3})/g,
        (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)),
      ),
    );
  if (text.includes('&'))
    put(
      'entities',
      text.replaceAll(/&#(x?)([0-9a-f]{1,6});?/gi, (_, isHex: string, code: string) =>
        character(Number.parseInt(code, isHex === '' ? 10 : 16)),
      ),
    );
}

/** An id, base64 or hexadecimal read from its end; other texts mean nothing that way. */
function mayBeTurned(text: string, { digits, lowers, uppers }: TextShape): boolean {
  if (text.length < 12 || digits + lowers + uppers + 2 < text.length) return false;
  if (text.startsWith('=') || (lowers > 2 && uppers > 2)) return true;
  return text.length === 18 ? /^[0-9X]+$/i.test(text) : text.length >= 22 && text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text);
}

function unescaped(text: string, code: RegExp): string {
  if (text.search(code) < 0) return text;
  // Bytes of UTF-8 stand in a row; each run is decoded as a whole.
  return text.replaceAll(new RegExp(`(?:${code.source})+`, 'gi'), (run) => {
    const codes = [...run.matchAll(new RegExp(code.source, 'gi'))].map(([, hex = '']) => Number.parseInt(hex, 16));
    return codes.some((value) => value > 255) ? codes.map(character).join('') : new TextDecoder().decode(Uint8Array.from(codes));
  });
}

function character(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** Pinyin of digits with their tones. */
function tonedWords(text: string): string | null {
  const plain = text.normalize('NFD').replaceAll(/\p{Mn}/gu, '');
  return WORDS.some(([, words]) => words.test(plain.trim())) ? wordsAsDigits(plain) : null;
}

function wordsAsDigits(text: string): string {
  return (
    text.toLowerCase().match(/zero|one|two|three|four|five|six|seven|eight|nine|ten|ling|yao|yi|er|san|si|wu|liu|qi|ba|jiu|oh|x/g) ?? []
  )
    .map((word) => WORD_VALUES[word] ?? '')
    .join('');
}

function morse(text: string): string {
  return text
    .replaceAll(/[·•]/gu, '.')
    .replaceAll(/[−–—_]/gu, '-')
    .trim()
    .split(/[\s/|]+/)
    .map((sign) => (sign === '-..-' ? 'X' : MORSE.indexOf(sign) < 0 ? '?' : String(MORSE.indexOf(sign))))
    .join('');
}

/** Ten signs in the place of ten digits, nothing else besides. */
function lettersAsDigits(text: string): readonly string[] {
  const lower = text.toLowerCase().replaceAll(/[\s-]/g, '');
  if (lower.length < 11 || lower.length > 18 || /\d/.test(lower)) return [];
  return KEYBOARD.slice(1).flatMap((row) => {
    let read = '';
    for (const [at, sign] of [...lower].entries()) {
      const digit = [...row].indexOf(sign);
      if (digit >= 0) read += String(digit);
      else if (sign === 'x' && at === 17) read += 'X';
      else return [];
    }
    return [read];
  });
}

/** O for 0, l and I for 1 and their like, in texts that are mostly digits otherwise. */
function leet(text: string): string | null {
  const plain = text.replaceAll(' ', '');
  if (plain.length < 11 || plain.length > 20 || !/^[0-9OoQDlI|!iZzSsB]+[Xx]?$/.test(plain)) return null;
  const read = plain
    .replaceAll(/[OoQD]/g, '0')
    .replaceAll(/[lI|!i]/g, '1')
    .replaceAll(/[Zz]/g, '2')
    .replaceAll(/[Ss]/g, '5')
    .replaceAll('B', '8');
  return (plain.match(/\d/g) ?? []).length >= 3 ? read : null;
}

/** Bits or bytes in zero-width characters, tags, variation selectors, or spaces and tabs. Source: Unicode 16, chapter 23. */
function invisible(text: string): string | null {
  const tags = [...text].flatMap((sign) => {
    const code = sign.codePointAt(0) ?? 0;
    if (code >= 0xe0020 && code <= 0xe007e) return [code - 0xe0000];
    if (code >= 0xfe00 && code <= 0xfe0f) return [code - 0xfe00];
    return code >= 0xe0100 && code <= 0xe01ef ? [code - 0xe0100 + 16] : [];
  });
  if (tags.length >= 8) return String.fromCharCode(...tags);
  const runs = [...(text.match(STYLED_BITS) ?? []), ...(text.match(/[ \t]{40,}/g) ?? [])].join('');
  if (runs.length < 40) return null;
  const [zero, one] = [...new Set(runs)];
  if (zero === undefined || one === undefined) return null;
  for (const size of [8, 7]) {
    for (const sign of [zero, one]) {
      const bits = [...runs].map((bit) => (bit === sign ? '0' : '1')).join('');
      const codes = (bits.match(new RegExp(`.{${size}}`, 'g')) ?? []).map((byte) => Number.parseInt(byte, 2));
      if (codes.every((code) => code >= 32 && code < 127)) return String.fromCharCode(...codes);
    }
  }
  return null;
}
