import type { IdentifierKind } from '../identifier-kind.ts';

/** What the name of a column says of its cells. */
export type ColumnContext = ReadonlySet<IdentifierKind>;

export const NO_CONTEXT: ColumnContext = new Set();

/** Words of column names in Chinese, English and the initials of pinyin that forms of offices use. Own compilation. */
const WORDS: readonly (readonly [IdentifierKind, RegExp])[] = [
  [
    'residentId',
    /身份证|公民身份|证件号|身份号码|^(sfz(h|hm)?|zjhm)$|id_?card|identity_?(no|number)|^id_?(no|num|number)$|(resident|citizen|national)_?id/i,
  ],
  ['uscc', /信用代码|组织机构代码|机构代码|税号|纳税人识别|uscc|credit_?code|org(anisation|anization)?_?code|^(tyshxydm|xydm)$/i],
  ['mobile', /手机|移动电话|联系电话|联系方式|mobile|cell_?(phone|no)|^(sjh|sjhm|lxdh)$|phone|^tel(_?(no|num|number))?$/i],
  ['landline', /座机|固定电话|固话|电话|传真|landline|telephone|^tel(_?(no|num|number))?$|^fax/i],
  ['bankCard', /银行卡|卡号|银行账[号户]|账号|bank_?(card|account)|card_?(no|num|number)$|^yhkh$|account_?(no|number)$/i],
  ['plate', /车牌|号牌|plate|licen[cs]e_?(no|number)|^cphm?$/i],
  ['passport', /护照|passport|通行证/i],
  ['email', /邮箱|电子邮件|e-?mail/i],
  ['ip', /ip_?(addr|address)?$|^ip/i],
  ['coordinate', /经度|纬度|经纬|坐标|longitude|latitude|(^|_)(lng|lon|lat)($|_)|coord|geo_?point/i],
  [
    'name',
    /姓名|名字|联系人|法定代表人|法人代表|户主|经办人|负责人|申请人|^(xm|name)$|(full|first|last|given|family|person|patient|real|contact|customer|user|owner)_?name/i,
  ],
  ['address', /地址|住址|住所|详址|address|(^|_)addr($|_)|^(dz|zz|jtzz)$/i],
];

/** Names that only look like it: counts and rates of the thing, not the thing. */
const MEASURES =
  /数量?$|[人次]数|率$|金额|合计|平均|比例|(^|_)(count|cnt|num_of|sum|avg|mean|rate|ratio|share|total|n)(_|$)|行业|类型|类别|_?type$|_?kind$/i;

/** Kinds that a column of this name holds. Knows common words only: an unknown name says nothing. Source: egress-rules.md §7.5 (context). */
export function columnContext(name: string): ColumnContext {
  const spoken = name
    .normalize('NFKC')
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2');
  if (MEASURES.test(spoken)) return NO_CONTEXT;
  const kinds = WORDS.filter(([, words]) => words.test(spoken)).map(([kind]) => kind);
  return kinds.length === 0 ? NO_CONTEXT : new Set(kinds);
}
