import type { IdentifierEvidence } from '../identifier-kind.ts';
import { DOUBLE_FAMILY_NAMES, FAMILY_SIGNS, GIVEN_SIGNS, NO_NAMES } from '../name-characters.ts';
import type { ColumnContext } from './column-context.ts';

const BEFORE =
  /(?:姓\s?名|名字|联系人|患者|户主|法定代表人|法人|经办人|申请人|收件人|负责人|监护人|客户|受理人|当事人|居民|业主|投保人|持卡人|车主)\s*[:：为是]?\s*(\p{Script=Han}{2,4})/u;
const AFTER = /(\p{Script=Han}{2,4}?)(?:先生|女士|同志|小姐|老师|医生|大夫|经理|主任)/gu;
/** Cheap questions before the dear ones. */
const PERSON = /[姓名人者主客民]/;
const TITLE = /先生|女士|同志|小姐|老师|医生|大夫|经理|主任/;
const PLACE_END =
  /[省市区县州镇乡村街路巷道江河湖海岛湾港桥站局厅院校馆所处科室部办委会社店厂司组队团所行楼层号型类级种项率量额值数度型业费税款]$/u;
const WESTERN = /^[A-Z][a-z]+(?:[- ][A-Z][a-z']+){1,3}$|^[A-Z]{2,}(?: [A-Z]{2,}){1,3}$/;

/**
 * Personal names in a folded text: a whole text of two to four characters that names are made of, a name beside a word that says so, and under a
 * column of names whatever can be one. Does not find a lone foreign name elsewhere. Own design: ADR 0017.
 */
export function findNames(text: string, context: ColumnContext): IdentifierEvidence | null {
  const whole = text.trim();
  if (context.has('name') && isNameLike(whole)) return 'context';
  if (whole.length <= 32 && /[·•]/.test(whole) && /^\p{Script=Han}{2,8}(?:[·•]\p{Script=Han}{1,9}){1,3}$/u.test(whole)) return 'format';
  if (whole.length <= 4 && isListedName(whole)) return 'dictionary';
  const named = whole.length > 3 && PERSON.test(whole) ? BEFORE.exec(text) : null;
  if (named !== null && startsWithName(named[1] ?? '')) return 'dictionary';
  for (const [, before = ''] of TITLE.test(whole) ? text.matchAll(AFTER) : []) {
    if ([before, before.slice(-3), before.slice(-2)].some(isListedName)) return 'dictionary';
  }
  return /^(mr|mrs|ms|dr|miss)\.? [a-z]+/i.test(whole) ? 'format' : null;
}

/** Whether a whole text is a Chinese name by family name and given characters, and no common word. */
export function isListedName(text: string): boolean {
  if (!/^\p{Script=Han}{2,4}$/u.test(text) || NO_NAMES.has(text)) return false;
  const signs = [...text];
  const isDouble = signs.length >= 3 && DOUBLE_FAMILY_NAMES.has(signs.slice(0, 2).join(''));
  const given = signs.slice(isDouble ? 2 : 1);
  if (given.length > 2 || (!isDouble && !FAMILY_SIGNS.has(signs[0] ?? ''))) return false;
  return given.every((sign) => GIVEN_SIGNS.has(sign)) && (given.length === 2 || !PLACE_END.test(text));
}

/** A name at the beginning of what follows a word for persons: two or three characters. */
function startsWithName(text: string): boolean {
  return isListedName(text.slice(0, 3)) || isListedName(text.slice(0, 2)) || isListedName(text);
}

function isNameLike(text: string): boolean {
  if (/[*＊●○0-9]/.test(text)) return false;
  if (/^\p{Script=Han}{2,4}$/u.test(text))
    return (
      !/(公司|中心|学校|医院|银行|有限|合作社)/u.test(text) &&
      !(PLACE_END.test(text) && !isListedName(text) && !FAMILY_SIGNS.has(text.charAt(0)))
    );
  return /^\p{Script=Han}{1,9}[·•]\p{Script=Han}{1,9}/u.test(text) || WESTERN.test(text);
}
