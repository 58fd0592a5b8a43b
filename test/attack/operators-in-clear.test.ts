import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyPolicy } from '../../src/masking/policy/apply-policy.ts';
import { readFilePolicy } from '../../src/masking/policy/mask-policy.ts';
import { fixedRng } from '../support/fixed-rng.ts';

/* Values and forms that nobody had in mind, through every operator that hides values one by one. Source: issue "Masking" (unknown formats fail closed; nothing passes in clear). */

const VALUES = [
  ...[
    '张三',
    '欧阳娜娜',
    '𠮷野家子',
    '張三豐',
    '阿卜杜热西提·买买提',
    '买买提．艾力',
    '古丽娜尔﹒吐尔逊',
    'John Ronald Smith',
    'Søren Åse',
    'ДМИТРИЙ',
    '金正民',
    'Zhang San',
  ],
  ...[
    '13812345678',
    '138-1234-5678',
    '+8613812345678',
    '0086 138 1234 5678',
    '13812345678.0',
    '1.3812345678e10',
    '-13812345678',
    '010-12345678',
    '400-800-8888',
  ],
  ...[
    '11010519491231002X',
    '110105491231002',
    '810000199001011239',
    '830000199001011239',
    'H1234567890',
    'C12345678',
    'A123456(7)',
    'A123456789',
    '台胞证12345678',
  ],
  ...[
    'G12345678',
    'EA1234567',
    'K1234567',
    'M12345678',
    '123456789',
    'P<CHNZHANG<<SAN',
    '6222021234567890123',
    '4111111111111111',
    '91350100M000100Y43',
  ],
  ...[
    '京A12345',
    '粤Z1234港',
    '使123456',
    '京AD12345',
    'WJ京1234J',
    '192.168.1.1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
    'fe80::1%eth0',
    '10.0.0.1:8080',
  ],
  ...[
    '北京市陈建国旗舰店',
    '浙江省杭州市王小明区建国路1号',
    '香港九龙旺角弥敦道1号',
    'No. 5, Nanjing Road',
    '新疆维吾尔自治区和田地区墨玉县1号',
  ],
  ...['zhang.san@example.com', 'zhangsan@zhangsan.com', '张三@例子.中国', 'a@zhang13812345678.com', '"zhang san"@x.com', 'zhang@[1.2.3.4]'],
  ...['1949-12-31', '2024-02-29', '1900-02-29', '31/12/1949', '1949年12月31日', '19491231', '0001-01-01', '9999-12-31'],
  ...['42.5', '-0', '1e300', '99999999999999999999', '٤٢', '４２', 'NaN', '0x1F', '12.5%', '1,234,567'],
  ...['null', 'true', '{"id":"11010519491231002X"}', '<b>张三</b>', '=1+1', 'x'.repeat(5000)],
] as const;
const AROUND: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => `\uFEFF${value}`,
  (value) => `${value}\r\n`,
  (value) => `"${value}"`,
  (value) => `${value}\u200B`,
  (value) => [...value].join('\u200D'),
  (value) => ` ${value}\u3000`,
  (value) => `${value}/${value}`,
  (value) => `电话${value}转1`,
  (value) => value.normalize('NFD').replace(/(?<=\p{L})/u, '\u0301'),
  (value) =>
    [...value].map((character) => (/[!-~]/.test(character) ? String.fromCharCode(character.charCodeAt(0) + 0xfee0) : character)).join(''),
];
const HIDING: readonly object[] = [
  { operator: 'redact' },
  ...['name', 'mobile', 'landline', 'plate', 'bankCard', 'passport', 'ip', 'residentId', 'uscc', 'address', 'email'].map((kind) => ({
    operator: 'partial',
    kind,
  })),
  { operator: 'partial', kind: 'email', style: 'both' },
  { operator: 'partial', kind: 'characters', first: 1, last: 1 },
  { operator: 'generalise', date: 'month' },
  { operator: 'generalise', number: { width: 10 } },
  { operator: 'generalise', number: { width: 0.5, bottom: 0, top: 100 } },
  { operator: 'generalise', region: 'prefecture' },
  { operator: 'pseudonym', hash: 'hmac-sha256' },
  { operator: 'ff1', kind: 'residentId' },
  { operator: 'ff1', kind: 'digits' },
  { operator: 'dateShift', days: 20 },
  { operator: 'noise', step: 1, scale: 2 },
  { operator: 'microAggregate', k: 3 },
];

/** What a reader sees: forms folded, marks that are not seen and separators left out. */
const seen = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}\s\-_.,()"'·/]/gu, '');
const runs = (text: string): readonly string[] => seen(text).match(/\d{7,}/g) ?? [];

function masked(operator: object, values: readonly string[]): readonly (string | null)[] {
  const policy = readFilePolicy({ policy: 'attack', version: 1, unit: 'u', columns: { u: { operator: 'drop' }, c: operator } });
  if (!policy.ok) throw new Error('The policy of the test is refused');
  const table = new Map<string, readonly string[]>([
    ['u', values.map((_, at) => `u${at}`)],
    ['c', values],
  ]);
  const made = applyPolicy(policy.value, table, { rng: fixedRng('in-clear'), master: new Uint8Array(32).fill(7), hierarchies: new Map() });
  if (!made.ok) throw new Error('The operator refuses');
  return made.value.find(({ column }) => column === 'c')?.values ?? [];
}

/** Bins and means of quantities may show an edge, or a mean, that some value has; numbers that name somebody may not pass. */
const isQuantity = (value: string): boolean =>
  /^[+-]?\d{1,10}(\.\d+)?(e\+?\d+)?$/.test(seen(value).slice(0, 40)) || /^\W*\d{1,10}\W/.test(value);

/** Three digits may stand in the 64 of a hash by chance, nine do not. */
const leastSeen = (operator: object): number => ('hash' in operator ? 9 : 3);

function expectHidden(operator: object, all: readonly string[]): void {
  const isBinned = 'number' in operator || 'k' in operator;
  const values = all.filter((value) => !isBinned || !isQuantity(value));
  for (const [at, result] of masked(operator, values).entries()) {
    const value = values[at] ?? '';
    const told = JSON.stringify([operator, value.slice(0, 40), result?.slice(0, 40)]);
    expect(result, told).not.toBe(value);
    if (seen(value).length >= leastSeen(operator)) expect(seen(result ?? '').includes(seen(value)), told).toBe(false);
    // A long number that shows is an identifier that shows; what replaces digits by digits is drawn anew.
    const shown = seen(result ?? '');
    if (!('kind' in operator && 'operator' in operator && operator.operator === 'ff1'))
      for (const run of runs(value)) expect(shown.includes(run), told).toBe(false);
  }
}

describe.each(HIDING.map((operator) => [JSON.stringify(operator), operator] as const))('%s', (_name, operator) => {
  test('shows none of the strange values', () => {
    expectHidden(
      operator,
      VALUES.flatMap((value) => AROUND.map((around) => around(value))),
    );
  });
  test('shows no value that was drawn', () => {
    const drawn = fc.oneof(
      fc.string({ unit: 'binary', minLength: 3, maxLength: 30 }),
      fc.string({ unit: fc.constantFrom(...'张王李·0123456789Xx-. @区市县旗'), minLength: 3, maxLength: 24 }),
      fc.bigInt({ min: 10n ** 6n, max: 10n ** 20n }).map(String),
      fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2099-12-31') }).map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(fc.uniqueArray(drawn, { minLength: 4, maxLength: 30 }), (values) =>
        expectHidden(
          operator,
          values.filter((value) => seen(value).length > 2),
        ),
      ),
      { numRuns: 60 },
    );
  });
});
