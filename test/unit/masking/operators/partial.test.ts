import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PartialRule, partial } from '../../../../src/masking/operators/partial.ts';

const mask = (rule: PartialRule, value: string): string => partial(rule).mask(value, null).text;
const characters = (rule: Partial<Extract<PartialRule, { kind: 'characters' }>>): PartialRule => ({
  kind: 'characters',
  first: 0,
  last: 0,
  hide: 'inner',
  fill: '*',
  least: 1,
  ...rule,
});

// Source of the vectors: synthetic-and-masking.md §6.2 (hutool, PostgreSQL Anonymizer, MySQL, Percona, Greenmask, Hive).
test.each<[PartialRule, string, string]>([
  [{ kind: 'name' }, '段正淳', '段**'],
  [{ kind: 'residentId' }, '51343620000320711X', '5***************1X'],
  [{ kind: 'landline' }, '09157518479', '0915*****79'],
  [{ kind: 'mobile' }, '18049531999', '180****1999'],
  [{ kind: 'address', hide: 8 }, '北京市海淀区马连洼街道289号', '北京市海淀区马********'],
  [{ kind: 'address', hide: 5 }, '北京市海淀区马连洼街道289号', '北京市海淀区马连洼街*****'],
  [{ kind: 'email' }, 'duandazhi@126.com', 'd********@126.com'],
  [{ kind: 'plate' }, '苏D40000', '苏D4***0'],
  [{ kind: 'plate' }, '陕A12345D', '陕A1****D'],
  [{ kind: 'bankCard' }, '11011111222233333256', '1101 **** **** **** 3256'],
  [{ kind: 'bankCard' }, '6227880100100105123', '6227 **** **** **** 123'],
  [{ kind: 'ip' }, '192.168.1.1', '192.*.*.*'],
  [{ kind: 'ip' }, '2001:0db8:86a3:08d3:1319:8a2e:0370:7344', '2001:*:*:*:*:*:*:*'],
  [{ kind: 'email', style: 'both' }, 'daamien@gmail.com', 'da******@gm******.com'],
  [characters({ first: 0 }), '1234567890', '**********'],
  [characters({ first: 1, last: 3, fill: 'xxxx' }), 'abcdefgh', 'axxxxfgh'],
  [characters({ first: 5, last: 1, fill: 'X' }), 'This is a string', 'This XXXXXXXXXXg'],
  [characters({ first: 1, last: 2, fill: 'X' }), '123456789', '1XXXXXX89'],
  [characters({ first: 4, last: 3 }), '0987654321', '0987***321'],
  [characters({ first: 6, last: 4 }), '1234567890123456', '123456******3456'],
  [characters({ first: 3, last: 10, fill: '****' }), 'ggw.chang@gmail.com', 'ggw****@gmail.com'],
  [characters({ first: 1, last: 1 }), 'ABCD', 'A**D'],
  [characters({ first: 4, hide: 'outer', fill: 'class' }), 'Aa12-5678-8765-4321', 'Xxnn-5678-8765-4321'],
  [characters({ last: 4, fill: 'class' }), '1234-5678-8765-4321', 'nnnn-nnnn-nnnn-4321'],
])('%o masks %s as %s', (rule, value, expected) => {
  expect(mask(rule, value)).toBe(expected);
});

test.each<[PartialRule['kind'], string, string]>([
  ['name', '欧阳娜娜', '欧阳**'],
  ['name', '诸葛亮', '诸葛*'],
  ['name', '李四', '李*'],
  ['name', '欧阳', '欧*'],
  ['name', '买买提·吐尔逊', '买**·**'],
  ['name', '阿不都热合曼•买买提', '阿**·**'],
  ['mobile', '+86 180-4953-1999', '180****1999'],
  ['mobile', '8618049531999', '180****1999'],
  ['landline', '010-62345678', '010******78'],
  ['plate', '京AD12345', '京AD****5'],
  ['passport', 'E12345678', 'E1*******'],
  ['address', '广东省广州市越秀区东风中路5号', '广东省广州市越秀区****'],
])('a %s written %s is masked as %s', (kind, value, expected) => {
  expect(mask({ kind } as PartialRule, value)).toBe(expected);
});

describe('what is not of the format is masked whole', () => {
  test.each<[PartialRule['kind'], string]>([
    ['name', '王'],
    ['name', 'John Smith'],
    ['name', '张三13812345678'],
    ['name', '中华人民共和国'],
    ['residentId', '513436200003207110'],
    ['residentId', '513436000320711'],
    ['residentId', ' '],
    ['mobile', '1804953199'],
    ['mobile', '12049531999'],
    ['mobile', '１８０４９５３１９９９'],
    ['landline', '62345678'],
    ['address', '马连洼街道289号'],
    ['address', '北京市海淀区'],
    ['email', 'duandazhi 126.com'],
    ['email', 'a@b@126.com'],
    ['email', 'a@zhang13812345678.com'],
    ['email', 'zhangsan@zhangsan.com'],
    ['email', 'me.wangxiaoming@mail.wangxiaoming.cn'],
    ['plate', '京A123'],
    ['bankCard', '622788010010'],
    ['ip', '192.168.1.256'],
    ['ip', '192.168.1.1:8080'],
    ['ip', '::1::'],
    ['passport', 'E1234567'],
    ['uscc', '91110000100003962X'],
  ])('%s: %s', (kind, value) => {
    expect(partial({ kind } as PartialRule).mask(value, null)).toEqual({ text: '***', anonymitySet: null, recognised: false });
  });

  test('and so are values too short for their rule', () => {
    for (const value of ['', 'a', 'ab', 'abc', 'abcd']) expect(mask(characters({ first: 2, last: 2, least: 4 }), value)).toBe('***');
  });
});

test('an ID whose ends leave a set that anybody lists is masked whole', () => {
  expect(partial({ kind: 'residentId', first: 14, last: 0 }).mask('51343620000320711X', null).recognised).toBe(false);
  expect(partial({ kind: 'residentId', first: 6, last: 4 }).mask('51343620000320711X', null).anonymitySet).toBeGreaterThan(4000);
});

test('nothing passes in clear, whatever the text', () => {
  const kinds = ['name', 'mobile', 'landline', 'plate', 'bankCard', 'passport', 'ip', 'residentId', 'uscc', 'address', 'email'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (kind, value) => {
      fc.pre(value !== '***');
      return mask({ kind }, value) !== value;
    }),
  );
  const rule = fc.record({
    first: fc.nat(8),
    last: fc.nat(8),
    least: fc.integer({ min: 1, max: 5 }),
    hide: fc.constantFrom('inner' as const, 'outer' as const),
    fill: fc.constantFrom('*', 'class', 'xxxx'),
  });
  fc.assert(
    fc.property(rule, fc.string({ minLength: 1, maxLength: 20 }), (given, value) => {
      fc.pre(value !== '***');
      return mask(characters(given), value) !== value;
    }),
  );
});

// Anything may stand in front of 市 or 区: only known divisions are shown.
test.each([
  '幸福小区3号楼502',
  '王小明住在幸福小区',
  '李明住在上海市',
  '张三，上海市浦东新区张江路1号',
  '王小明市朝阳区1号',
  '某某园区A座',
  'Room 5, 100 Some Road, Shanghai',
  '１２号',
])('an address that does not start with a known division is masked whole: %s', (value) => {
  expect(mask({ kind: 'address' }, value)).toBe('***');
});

test.each([
  ['上海市幸福小区3号楼', '上海市****'],
  ['苏州市姑苏区平江路1号', '苏州市姑苏区****'],
  ['四川省阿坝藏族羌族自治州汶川县威州镇1号', '四川省阿坝藏族羌族自治州汶川县****'],
  ['甘肃省临夏回族自治州积石山保安族东乡族撒拉族自治县某镇', '甘肃省临夏回族自治州积石山保安族东乡族撒拉族自治县****'],
  ['内蒙古自治区锡林郭勒盟正蓝旗上都镇', '内蒙古自治区锡林郭勒盟正蓝旗****'],
  ['湖北省神农架林区松柏镇', '湖北省神农架林区****'],
  ['北京市陈建国旗舰店', '北京市****'],
  ['浙江省杭州市王小明区建国路1号', '浙江省杭州市****'],
  ['广东省广州市张伟公寓区2栋', '广东省广州市****'],
  ['四川省李四县城', '四川省****'],
  ['杭州市李明市场部', '杭州市****'],
])('%s is shown as %s', (value, expected) => {
  expect(mask({ kind: 'address' }, value)).toBe(expected);
});
