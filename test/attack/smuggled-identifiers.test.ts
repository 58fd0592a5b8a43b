import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type DetectedColumn, detectTable } from '../../src/identifiers/detect-table.ts';
import { makeResidentId } from '../../src/identifiers/resident-id.ts';

/** Numbers of nobody, spread as a population's are. */
const MOBILES = Array.from(
  { length: 24 },
  (_, at) => `1${['3', '5', '7', '8', '9'][at % 5]}${String((at * 379_193_171 + 21_345_678) % 1e9).padStart(9, '0')}`,
);
const IDS = Array.from({ length: 12 }, (_, at) =>
  makeResidentId({
    region: ['110105', '310104', '440106', '510104'][at % 4] ?? '',
    birthDate: `19${60 + at}-0${1 + (at % 9)}-1${at % 9}`,
    sequence: 17 + at * 71,
  }),
);
const NUMBERS = { mobile: MOBILES, residentId: IDS } as const;
type Way = (text: string) => string;

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
const hexOf = (buffer: Uint8Array): string => Buffer.from(buffer).toString('hex');
const each = (text: string, change: (sign: string, at: number) => string): string => [...text].map(change).join('');

function radix(buffer: Uint8Array, alphabet: string, size: number): string {
  const bits = [...buffer].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(new RegExp(`.{1,${size}}`, 'g')) ?? [])
    .map((part) => alphabet.charAt(Number.parseInt(part.padEnd(size, '0'), 2)))
    .join('');
}

function base58(buffer: Uint8Array): string {
  let value = BigInt(`0x${hexOf(buffer)}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'.charAt(Number(value % 58n)) + text;
  return text;
}

function ascii85(buffer: Uint8Array): string {
  let text = '';
  for (let at = 0; at < buffer.length; at += 4) {
    const group = [...buffer.slice(at, at + 4)];
    let value = [...group, 0, 0, 0].slice(0, 4).reduce((sum, byte) => sum * 256 + byte, 0);
    const signs = Array.from({ length: 5 }, () => {
      const sign = String.fromCharCode(33 + (value % 85));
      value = Math.floor(value / 85);
      return sign;
    }).reverse();
    text += signs.slice(0, group.length + 1).join('');
  }
  return text;
}

const ENCODED: Readonly<Record<string, (buffer: Buffer) => string>> = {
  hex: (buffer) => hexOf(buffer),
  'upper hex': (buffer) => hexOf(buffer).toUpperCase(),
  '0x hex': (buffer) => `0x${hexOf(buffer)}`,
  'spaced hex': (buffer) => hexOf(buffer).replaceAll(/..(?=.)/g, '$& '),
  'colon hex': (buffer) => hexOf(buffer).replaceAll(/..(?=.)/g, '$&:'),
  base64: (buffer) => buffer.toString('base64'),
  'bare base64': (buffer) => buffer.toString('base64').replace(/=+$/, ''),
  base64url: (buffer) => buffer.toString('base64url'),
  'data url': (buffer) => `data:text/plain;base64,${buffer.toString('base64')}`,
  base32: (buffer) => radix(buffer, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 5),
  'lower base32': (buffer) => radix(buffer, 'abcdefghijklmnopqrstuvwxyz234567', 5),
  base32hex: (buffer) => radix(buffer, '0123456789ABCDEFGHIJKLMNOPQRSTUV', 5),
  crockford: (buffer) => radix(buffer, '0123456789ABCDEFGHJKMNPQRSTVWXYZ', 5),
  zbase32: (buffer) => radix(buffer, 'ybndrfg8ejkmcpqxot1uwisza345h769', 5),
  base58,
  ascii85,
  'base64 twice': (buffer) => bytes(buffer.toString('base64')).toString('base64'),
  'hex in base64': (buffer) => bytes(hexOf(buffer)).toString('base64'),
  'base64 in hex': (buffer) => hexOf(bytes(buffer.toString('base64'))),
  'base32 in base64': (buffer) => bytes(radix(buffer, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 5)).toString('base64'),
};
const COMPRESSED: Readonly<Record<string, (buffer: Buffer) => Buffer>> = {
  plain: (buffer) => buffer,
  gzip: (buffer) => gzipSync(buffer),
  zlib: (buffer) => deflateSync(buffer),
  deflate: (buffer) => deflateRawSync(buffer),
  'xor 5a': (buffer) => Buffer.from(buffer.map((byte) => byte ^ 0x5a)),
  'xor ff': (buffer) => Buffer.from(buffer.map((byte) => byte ^ 0xff)),
  'shift 13': (buffer) => Buffer.from(buffer.map((byte) => (byte + 13) & 255)),
  'shift 200': (buffer) => Buffer.from(buffer.map((byte) => (byte + 200) & 255)),
  'utf-16': (buffer) => Buffer.from(buffer.toString(), 'utf16le'),
};

/** Ways that need no encoding of bytes. */
const WRITTEN: Readonly<Record<string, Way>> = {
  'full width': (text) => each(text, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
  'leading apostrophe': (text) => `'${text}`,
  'in words': (text) => `见附件 ${text} 已核`,
  'beside letters': (text) => `ref${text}z`,
  'zero-width between': (text) => each(text, (sign) => `${sign}\u200b`),
  'soft hyphens': (text) => each(text, (sign) => `${sign}\u00ad`),
  'combining marks': (text) => each(text, (sign) => `${sign}\u0301`),
  circled: (text) => each(text, (sign) => (sign === 'X' ? sign : ('⓪①②③④⑤⑥⑦⑧⑨'.charAt(Number(sign)) ?? ''))),
  'mathematical bold': (text) => each(text, (sign) => (sign === 'X' ? sign : String.fromCodePoint(0x1d7ce + Number(sign)))),
  superscript: (text) => each(text, (sign) => (sign === 'X' ? sign : '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(sign)))),
  'Arabic-Indic': (text) => each(text, (sign) => (sign === 'X' ? sign : String.fromCodePoint(0x660 + Number(sign)))),
  Devanagari: (text) => each(text, (sign) => (sign === 'X' ? sign : String.fromCodePoint(0x966 + Number(sign)))),
  'Cyrillic check sign': (text) => text.replace('X', 'Х'),
  'Chinese numerals': (text) => each(text, (sign) => (sign === 'X' ? sign : '〇一二三四五六七八九'.charAt(Number(sign)))),
  'capital numerals': (text) => each(text, (sign) => (sign === 'X' ? sign : '零壹贰叁肆伍陆柒捌玖'.charAt(Number(sign)))),
  'heavenly stems': (text) => each(text, (sign) => (sign === 'X' ? sign : '癸甲乙丙丁戊己庚辛壬'.charAt(Number(sign)))),
  spaced: (text) => each(text, (sign) => `${sign} `).trim(),
  dashed: (text) => [...text].join('-'),
  commas: (text) => [...text].join(','),
  'letters a to j': (text) => each(text, (sign) => (sign === 'X' ? sign : 'abcdefghij'.charAt(Number(sign)))),
  'upper letters A to J': (text) => each(text, (sign) => (sign === 'X' ? sign : 'ABCDEFGHIJ'.charAt(Number(sign)))),
  keyboard: (text) => each(text, (sign) => (sign === 'X' ? sign : 'pqwertyuio'.charAt(Number(sign)))),
  'O and l': (text) => text.replaceAll('0', 'O').replaceAll('1', 'l'),
  'S and Z': (text) => text.replaceAll('5', 'S').replaceAll('2', 'Z'),
  url: (text) => each(text, (sign) => `%${hexOf(bytes(sign))}`),
  'quoted-printable': (text) => each(text, (sign) => `=${hexOf(bytes(sign)).toUpperCase()}`),
  'decimal entities': (text) => each(text, (sign) => `&#${sign.charCodeAt(0)};`),
  'hex entities': (text) => each(text, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
  'u escapes': (text) => each(text, (sign) => `\\u00${hexOf(bytes(sign))}`),
  'x escapes': (text) => each(text, (sign) => `\\x${hexOf(bytes(sign))}`),
  'octal escapes': (text) => each(text, (sign) => `\\0${sign.charCodeAt(0).toString(8)}`),
  'U+ names': (text) => [...text].map((sign) => `U+00${hexOf(bytes(sign)).toUpperCase()}`).join(' '),
  'character codes': (text) => [...bytes(text)].join(' '),
  'character codes with commas': (text) => [...bytes(text)].join(','),
  'character codes without anything': (text) => [...bytes(text)].join(''),
  'octal codes': (text) => [...bytes(text)].map((code) => code.toString(8).padStart(3, '0')).join(' '),
  bits: (text) => [...bytes(text)].map((code) => code.toString(2).padStart(8, '0')).join(''),
  'spaced bits': (text) => [...bytes(text)].map((code) => code.toString(2).padStart(8, '0')).join(' '),
  'English words': (text) =>
    [...text]
      .map((sign) => ({ X: 'ten' })[sign] ?? ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][Number(sign)])
      .join(' '),
  pinyin: (text) =>
    [...text]
      .map((sign) => (sign === 'X' ? 'yi' : ['ling', 'yao', 'er', 'san', 'si', 'wu', 'liu', 'qi', 'ba', 'jiu'][Number(sign)]))
      .join(' '),
  morse: (text) =>
    [...text]
      .map((sign) =>
        sign === 'X' ? '-..-' : ['-----', '.----', '..---', '...--', '....-', '.....', '-....', '--...', '---..', '----.'][Number(sign)],
      )
      .join(' '),
  Roman: (text) =>
    [...text].map((sign) => (sign === 'X' ? 'X' : ['O', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX'][Number(sign)])).join(' '),
  'tag characters': (text) => `ok${each(text, (sign) => String.fromCodePoint(0xe0000 + sign.charCodeAt(0)))}`,
  'zero-width bits': (text) =>
    `ok${[...bytes(text)].map((code) => code.toString(2).padStart(8, '0').replaceAll('0', '\u200b').replaceAll('1', '\u200c')).join('')}`,
  'letters between': (text) => [...text].join('q'),
  reversed: (text) => [...text].reverse().join(''),
  'reversed base64': (text) => [...bytes(text).toString('base64')].reverse().join(''),
};

/** Ways of numbers, which only the whole column shows. */
const REARRANGED: Readonly<Record<string, Way>> = {
  'rotated by 3': (text) => text.slice(3) + text.slice(0, 3),
  'rotated by 7': (text) => text.slice(7) + text.slice(0, 7),
  'every digit plus 3': (text) => each(text, (sign) => (sign === 'X' ? sign : String((Number(sign) + 3) % 10))),
  'every digit plus 9': (text) => each(text, (sign) => (sign === 'X' ? sign : String((Number(sign) + 9) % 10))),
  'nine minus digit': (text) => each(text, (sign) => (sign === 'X' ? sign : String(9 - Number(sign)))),
  'pairs swapped': (text) => text.replaceAll(/(.)(.)/g, '$2$1'),
  'between fixed digits': (text) => `000${text}999`,
  'behind a day': (text) => `20240315${text}`,
  'before noise': (text) => text + String((Number(text.slice(0, 11)) * 7919) % 1e6).padStart(6, '0'),
  'noise between': (text) => each(text, (sign, at) => sign + String((at * 7 + Number(text.slice(3, 9))) % 10)),
  'odd places first': (text) => [...text].filter((_, at) => at % 2 === 0).join('') + [...text].filter((_, at) => at % 2 === 1).join(''),
};
const AS_NUMBER: Readonly<Record<string, (value: bigint) => string>> = {
  base36: (value) => value.toString(36),
  'upper base36': (value) => value.toString(36).toUpperCase(),
  'hex number': (value) => value.toString(16),
  'padded hex number': (value) => value.toString(16).padStart(16, '0'),
  octal: (value) => value.toString(8),
  binary: (value) => value.toString(2),
  base32: (value) => value.toString(32),
  'times seven plus one': (value) => String(value * 7n + 1n),
  'times three': (value) => String(value * 3n),
  'times 1009 minus 17': (value) => String(value * 1009n - 17n),
  'minus times 13': (value) => String(-13n * value),
  'float bits': (value) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, Number(value));
    return String(view.getBigInt64(0));
  },
  'bits as a float': (value) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, value);
    return String(view.getFloat64(0));
  },
};

const honest = { name: 'total', cells: MOBILES.map((_, at) => String(at * 17 + 3)) } satisfies DetectedColumn;

function foundShare(kind: keyof typeof NUMBERS, cells: readonly string[], name = 'x'): number {
  const finds = detectTable([
    { name, cells },
    { ...honest, cells: honest.cells.slice(0, cells.length) },
  ]);
  return new Set(finds.filter((find) => find.kind === kind && find.column === 0).map((find) => find.row)).size / cells.length;
}

describe.each(['mobile', 'residentId'] as const)('%s smuggled as text', (kind) => {
  const ways = Object.entries(ENCODED).flatMap(([name, encode]) =>
    Object.entries(COMPRESSED)
      .filter(([how]) => name !== 'ascii85' || !/xor|shift/.test(how))
      .map(([how, pack]) => [`${how}, ${name}`, (text: string) => encode(pack(bytes(text)))] as const),
  );
  // Masked bytes in ascii85 look like any other signs: they are left to the raw match and the reversibility test.
  test.each(ways)('%s', (_, way) => expect(foundShare(kind, NUMBERS[kind].map(way))).toBeGreaterThanOrEqual(0.8));

  test.each(Object.entries(WRITTEN))('%s', (name, way) => {
    const numbers = NUMBERS[kind].filter((text) => name !== 'pinyin' || !text.endsWith('X'));
    expect(foundShare(kind, numbers.map(way))).toBeGreaterThanOrEqual(0.8);
  });
  test.each(Object.entries(WRITTEN))('%s, in a single cell of a long table', (name, way) => {
    if (name === 'reversed' && kind === 'mobile') return;
    const numbers = NUMBERS[kind].filter((text) => !text.endsWith('X'));
    const cells = [...honest.cells, way(numbers[3] ?? ''), ...honest.cells];
    expect(foundShare(kind, cells)).toBeGreaterThan(0);
  });
  test.each(Object.entries(REARRANGED))('%s', (_, way) => expect(foundShare(kind, NUMBERS[kind].map(way))).toBe(1));
});

describe('numbers smuggled as other numbers', () => {
  test.each(Object.entries(AS_NUMBER))('mobile: %s', (_, way) =>
    expect(
      foundShare(
        'mobile',
        MOBILES.map((text) => way(BigInt(text))),
      ),
    ).toBe(1),
  );
  test.each(Object.entries(AS_NUMBER).filter(([name]) => name !== 'float bits'))('residentId: %s', (_, way) => {
    const numbers = IDS.filter((text) => !text.endsWith('X')).map((text) => way(BigInt(text)));
    expect(foundShare('residentId', numbers)).toBe(1);
  });
  test('an exponent, a point, a sign', () => {
    expect(
      foundShare(
        'mobile',
        MOBILES.map((text) => Number(text).toExponential()),
      ),
    ).toBe(1);
    expect(
      foundShare(
        'mobile',
        MOBILES.map((text) => `${text.slice(0, 3)}.${text.slice(3)}`),
      ),
    ).toBe(1);
    expect(
      foundShare(
        'mobile',
        MOBILES.map((text) => `0.${text}`),
      ),
    ).toBe(1);
    expect(
      foundShare(
        'mobile',
        MOBILES.map((text) => `-${text}`),
      ),
    ).toBe(1);
    expect(
      foundShare(
        'mobile',
        MOBILES.map((text) => `${text}.0`),
      ),
    ).toBe(1);
  });
});

describe('numbers split or laid out', () => {
  const split = (
    numbers: readonly string[],
    sizes: readonly number[],
    cut: (part: string) => string = (part) => part,
  ): readonly DetectedColumn[] => {
    let from = 0;
    return sizes.map((size, at) => {
      const start = from;
      from += size;
      return { name: `p${at}`, cells: numbers.map((text) => cut(text.slice(start, start + size))) };
    });
  };
  const kindsOf = (columns: readonly DetectedColumn[]) => new Set(detectTable(columns).map((find) => find.kind));

  test.each([[[3, 4, 4]], [[4, 7]], [[5, 6]], [[7, 4]], [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]], [[2, 3, 3, 3]]])(
    'mobile over columns of %j digits',
    (sizes) => {
      expect(kindsOf(split(MOBILES, sizes))).toContain('mobile');
      expect(kindsOf(split(MOBILES, sizes, (part) => String(Number(part))))).toContain('mobile');
      expect(kindsOf(split(MOBILES, sizes).toReversed())).toContain('mobile');
    },
  );
  test.each([[[6, 8, 4]], [[9, 9]], [[14, 4]], [[3, 3, 4, 4, 4]], [Array.from({ length: 18 }, () => 1)]])(
    'resident id over columns of %j signs',
    (sizes) => {
      expect(kindsOf(split(IDS, sizes))).toContain('residentId');
      expect(kindsOf([...split(IDS, sizes).slice(1), ...split(IDS, sizes).slice(0, 1)]).has('residentId') || sizes.length > 3).toBe(true);
    },
  );
  test('down a column, one sign a row', () => {
    expect(kindsOf([{ name: 'd', cells: IDS.flatMap((text) => [...text]) }])).toContain('residentId');
    expect(kindsOf([{ name: 'd', cells: MOBILES.flatMap((text) => [...text]) }])).toContain('mobile');
  });
  test('in the names of columns, alone and together', () => {
    const names = (list: readonly string[]) => kindsOf(list.map((name) => ({ name, cells: ['1'] })));
    expect(names(['district', '13812345678'])).toContain('mobile');
    expect(names(['district', `n_${bytes('13812345678').toString('hex')}`])).toContain('mobile');
    expect(names(['a110105', 'b19491231', 'c002X'])).toContain('residentId');
    expect(names(['王小明', 'x'])).toContain('name');
  });
  test('row order alone is no find: results leave in an order that is computed from their released cells', () => {
    expect(kindsOf([{ name: 'v', cells: ['3', '1', '2'] }]).size).toBe(0);
  });
});

describe('honest columns are left alone', () => {
  const table = (cells: readonly string[]) => detectTable([{ name: 'v', cells }]);
  const rows = Array.from({ length: 60 }, (_, at) => at);
  test.each<readonly [string, (at: number) => string]>([
    ['amounts', (at) => (((at * 7_919_317) % 1e9) / 100).toFixed(2)],
    ['large totals', (at) => String(23_000_000_000n + BigInt(at) * 1_917_317_423n)],
    ['totals of a tenth of a million each', (at) => String(200_000_000_000 + at * 100_000)],
    ['averages', (at) => String(Math.sqrt(at + 2) * 17.3)],
    ['shares', (at) => String(1 / (at + 3))],
    ['days', (at) => new Date(1.6e12 + at * 86_400_000 * 3).toISOString().slice(0, 10)],
    ['compact days', (at) => new Date(1.6e12 + at * 86_400_000 * 3).toISOString().slice(0, 10).replaceAll('-', '')],
    ['orders by day', (at) => `20240${1 + (at % 9)}${10 + (at % 19)}${String(at * 37).padStart(3, '0')}`],
    ['times to the second', (at) => new Date(1.36e12 + at * 3_719_317_000).toISOString().slice(0, 19).replaceAll(/\D/g, '')],
    [
      'orders by second',
      (at) =>
        `${new Date(1.36e12 + at * 3_719_317_000).toISOString().slice(0, 19).replaceAll(/\D/g, '')}${String((at * 7919) % 1e4).padStart(4, '0')}`,
    ],
    ['bar codes', (at) => String(6_901_234_000_000 + at * 7_919_317)],
    ['long numbers', (at) => String((BigInt(at) * 7_919_317_379_193_171n + 1_234_567_890_123n) % 10n ** 18n).padStart(18, '1')],
    ['epoch in millionths', (at) => String(1_700_000_000_000_000 + at * 3_600_123_457)],
    ['digests', (at) => hexOf(bytes(String(at * 7_919_317))).padEnd(64, 'a7c3')],
    ['codes', (at) => `ORD-2024-${String(at * 7919).padStart(6, '0')}`],
    ['regions', (at) => String(110_101 + at)],
    ['regions of twelve', (at) => String(110_101_001_000 + at * 1000)],
    ['epoch', (at) => String(1_700_000_000 + at * 3600)],
    ['epoch in thousandths', (at) => String(1_700_000_000_000 + at * 3_600_000)],
    ['ranges', (at) => `[${at * 10}, ${at * 10 + 10})`],
    ['words', (at) => ['海淀区', '朝阳区', '西城区', '制造业', '糖尿病', '本科'][at % 6] ?? ''],
    ['months', (at) => `${2010 + (at % 12)}年${1 + (at % 12)}月`],
    ['short codes', (at) => (at * 7_919_317 + 1_000_000).toString(36)],
  ])('%s', (_, make) => expect(table(rows.map(make)).length).toBeLessThanOrEqual(1));
});
