import { deflateRawSync, deflateSync, gzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnContext } from '../../../src/identifiers/detect/column-context.ts';
import { scanText } from '../../../src/identifiers/detect/scan-text.ts';
import { detectTable } from '../../../src/identifiers/detect-table.ts';
import { inflate } from '../../../src/identifiers/disguise/inflate.ts';
import { foldText } from '../../../src/identifiers/fold-text.ts';
import { isOldResidentId, makeResidentId } from '../../../src/identifiers/resident-id.ts';
import { FAMILY_NAMES, GIVEN_FEMALE, GIVEN_MALE } from '../../../src/synthetic/dictionaries.ts';

const kinds = (text: string, column = ''): readonly string[] =>
  scanText(text, columnContext(column)).map((find) => `${find.kind} ${find.evidence}`);

describe('identifiers that stand openly', () => {
  test.each([
    ['11010519491231002X', 'residentId checksum'],
    ['11010519491231002x', 'residentId checksum'],
    ['１１０１０５１９４９１２３１００２Ｘ', 'residentId checksum'],
    ['110105 19491231 002X', 'residentId checksum'],
    ['身份证110105-19491231-002X号', 'residentId checksum'],
    ['150102880730303', 'residentId format'],
    ['91350100M000100Y43', 'uscc checksum'],
    ['91110000600037341l', 'uscc checksum'],
    ['91350100 M000100Y4 3', 'uscc checksum'],
    ['13800138000', 'mobile format'],
    ['138-0013-8000', 'mobile format'],
    ['+86 138 0013 8000', 'mobile format'],
    ['0086-13800138000', 'mobile format'],
    ['tel13800138000ok', 'mobile format'],
    ['一三八零零一三八零零零', 'mobile format'],
    ['壹叁捌零零壹叁捌零零零', 'mobile format'],
    ['1\u200b38\u200b0013\u20608000', 'mobile format'],
    ['①③⑧⓪⓪①③⑧⓪⓪⓪', 'mobile format'],
    ['𝟭𝟯𝟴𝟬𝟬𝟭𝟯𝟴𝟬𝟬𝟬', 'mobile format'],
    ['١٣٨٠٠١٣٨٠٠٠', 'mobile format'],
    ['१३८००१३८०००', 'mobile format'],
    ['no11010519491231002Xok', 'residentId checksum'],
    ['1\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e30013800\ufe0f\u20e30', 'mobile format'],
    ['010-62345678', 'landline format'],
    ['+86-10-62345678', 'landline format'],
    ['0086 755 8888 6666', 'landline format'],
    ['(0755) 8888-6666', 'landline format'],
    ['01062345678', 'landline format'],
    ['6222 0212 3456 7890 128', 'bankCard checksum'],
    ['4111 1111 1111 1111', 'bankCard checksum'],
    ['京A·12345', 'plate format'],
    ['粤BD12345', 'plate format'],
    ['川A1234警', 'plate format'],
    ['E12345678', 'passport format'],
    ['护照号 P12345678', 'passport context'],
    ['a.b@example.com', 'email format'],
    ['a.b (at) example (dot) com', 'email format'],
    ['ａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'email format'],
    ['张三@例子.公司', 'email format'],
    ['192.168.1.1', 'ip format'],
    ['备注：2001:db8::8a2e:370:7334', 'ip format'],
    ['39.9042, 116.4074', 'coordinate format'],
    ['POINT(116.4074 39.9042)', 'coordinate format'],
    ['39°54\'26"N', 'coordinate format'],
    ['39°54′15″N 116°24′27″E', 'coordinate format'],
    ['北纬39.9042 东经116.4074', 'coordinate format'],
    ['lat=39.9042, lon=116.4074', 'coordinate format'],
    ['王小明', 'name dictionary'],
    ['联系人：张三，已核', 'name dictionary'],
    ['阿依古丽·买买提', 'name format'],
    ['北京市海淀区中关村大街27号', 'address dictionary'],
    ['长安路12号3单元401室', 'address format'],
  ])('%s', (text, kind) => expect(kinds(text)).toContain(kind));

  test.each([
    ['62345678', '电话', 'landline context'],
    ['Wang Xiaoming', 'full_name', 'name context'],
    ['39.90421', 'lat', 'coordinate context'],
    ['110105194912310021', '身份证号', 'residentId context'],
    ['6212345678901234', '卡号', 'bankCard context'],
    ['海淀区中关村', '住址', 'address context'],
    ['MA01A2B35', '组织机构代码', ''],
  ])('%s under "%s"', (text, column, kind) => expect(kinds(text, column)).toEqual(kind === '' ? [] : [kind]));
});

describe('honest results', () => {
  test.each(
    '2024-01-15|2024-01-15 12:30:45|2024-01-15T12:30:45.123Z|1,381,234,567|13812345678.90|15/03/2024 120|12,345,678,901.50|1.23e10|0.914238810306415|-15.25|98.6%|[100, 200)|1700000000000|20240101001|ORD-2024-000123|v1.2.3.4|550e8400-e29b-41d4-a716-446655440000|d41d8cd98f00b204e9800998ecf8427e|E11.900|G20240101|00:1A:2B:3C:4D:5E|std::vector|a::b|110105194912310021|6222021234567890123|91350100M000100Y44|海淀区|北京市|三亚市|高血压|黄金|文化|第一人民医院|制造业|王府井|138****5678|段**|2023年度|本期共受理1381件，占比23%'.split(
      '|',
    ),
  )('%s is nothing', (text) => expect(detectTable([{ name: 'value', cells: [text] }])).toEqual([]));

  test('counts of mobile phones are counts', () => {
    expect(columnContext('mobile_count').size).toBe(0);
    expect(columnContext('手机用户数').size).toBe(0);
    expect(columnContext('mobilePhone').has('mobile')).toBe(true);
  });

  test('a column of words is not one of names, although some could be', () => {
    const cells = [
      '高血压',
      '糖尿病',
      '冠心病',
      '肺炎',
      '骨折',
      '白内障',
      '胃炎',
      '哮喘',
      '贫血',
      '肝炎',
      '肾炎',
      '中风',
      '痛风',
      '感冒',
      '发热',
      '头痛',
      '腹泻',
      '皮炎',
      '湿疹',
      '王明',
      '失眠',
      '近视',
      '龋齿',
    ];
    expect(detectTable([{ name: 'value', cells }])).toEqual([]);
    expect(detectTable([{ name: 'value', cells: ['王明'] }])).toHaveLength(1);
  });

  test('a figure over many is no mobile number, but a resident id is one anywhere', () => {
    const figures = (cells: readonly string[]) => detectTable([{ name: 'total', cells, isFigure: true }]);
    expect(figures(['13812345678', '15512345678'])).toEqual([]);
    expect(figures(['440524188001010014', '11'])).toMatchObject([{ row: 1, kind: 'residentId' }]);
  });
});

describe('places', () => {
  test('row 0 is the header and rows count from 1', () => {
    const finds = detectTable([
      { name: 'n13800138000', cells: [null, 'x'] },
      { name: 'b', cells: ['', 'a@example.com'] },
    ]);
    expect(finds).toEqual([
      { kind: 'mobile', evidence: 'format', row: 0, column: 0 },
      { kind: 'email', evidence: 'format', row: 2, column: 1 },
    ]);
  });
});

describe('folding and inflating', () => {
  test('folding keeps what has nothing to fold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(foldText(text)).toBe(text);
      }),
    );
  });

  test('inflates what others deflated, and nothing over the cap', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, isRepeated) => {
        const plain = isRepeated ? Buffer.concat([bytes, bytes, bytes]) : Buffer.from(bytes);
        for (const deflated of [gzipSync(plain), deflateSync(plain)]) expect(Buffer.from(inflate(deflated, 4096) ?? [])).toEqual(plain);
        expect(inflate(gzipSync(Buffer.alloc(5000, 65)), 4096)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  test('whatever bytes it is given, it ends and never gives what the runtime does not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 3, maxLength: 80 }), (bytes) => {
        const own = inflate(bytes, 2048);
        if (own === null || bytes[0] === 0x1f || ((bytes[0] ?? 0) & 15) === 8) return;
        expect(Buffer.from(own)).toEqual(inflateRawSync(bytes));
      }),
      { numRuns: 300 },
    );
    expect(Buffer.from(inflate(deflateRawSync(Buffer.from('13800138000')), 100) ?? []).toString()).toBe('13800138000');
  });
});

test('names that the simulation draws are found', () => {
  const names = FAMILY_NAMES.flatMap((family) => [...GIVEN_MALE, ...GIVEN_FEMALE].map((given) => family + given));
  const missed = names.filter((name) => !scanText(name).some((find) => find.kind === 'name'));
  expect(missed.length / names.length).toBeLessThan(0.02);
});

test('ids of the old form by region and date', () => {
  expect(isOldResidentId('150102880730303')).toBe(true);
  for (const text of ['360198910283844', '201511221897205', '815727834224151', '111111111111111', '150102880730000'])
    expect(isOldResidentId(text)).toBe(false);
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1900-01-01'), max: new Date('1999-12-31'), noInvalidDate: true }),
      fc.integer({ min: 1, max: 999 }),
      (date, sequence) => {
        const id = makeResidentId({ region: '110105', birthDate: date.toISOString().slice(0, 10), sequence });
        expect(isOldResidentId(id.slice(0, 6) + id.slice(8, 17))).toBe(true);
      },
    ),
  );
});
