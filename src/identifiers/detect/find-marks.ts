import type { IdentifierEvidence, IdentifierKind } from '../identifier-kind.ts';
import { isPlate } from '../plate.ts';
import type { ColumnContext } from './column-context.ts';

type Put = (kind: IdentifierKind, evidence: IdentifierEvidence) => void;

const SIGNS = '京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新';
const PLATE = new RegExp(`([${SIGNS}])[ ]?([A-HJ-NP-Z])[ ·.\\-]?([A-HJ-NP-Z0-9]{4,6}[挂学警港澳试超]?)(?![0-9A-Za-z])`, 'giu');
const ANY_SIGN = new RegExp(`[${SIGNS}]`);
const MAY_BE_PASSPORT = /[EDSPGHM][A-Z0-9]\d{6}/i;
const SPECIAL_PLATE = new RegExp(`^[${SIGNS}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[挂学警港澳试超]$`, 'u');
const PASSPORT = /(?<![0-9A-Za-z])(E[A-Z0-9]\d{7}|[DSP]E\d{7}|[GDSPHM]\d{8}|[HM]\d{10})(?![0-9A-Za-z])/gi;
/** Letters that other codes begin with too, or digits that are a date: only beside a word that says passport. */
const DATE_CODE = /^[A-Z](19|20)\d{2}(0[1-9]|1[0-2])/i;
const EMAIL =
  /(?<![0-9A-Za-z\p{L}._%+-])[0-9A-Za-z\p{L}_%+-](?:[0-9A-Za-z\p{L}._%+-]{0,63})@(?:[0-9A-Za-z\p{L}](?:[0-9A-Za-z\p{L}-]{0,62})\.){1,8}[A-Za-z\p{L}]{2,24}/u;
const SPELT_EMAIL =
  /[0-9A-Za-z._%+-]{1,64}\s?(?:\(at\)|\[at\]|\{at\}|<at>| at |#|＃)\s?[0-9A-Za-z-]{1,63}\s?(?:\.|\(dot\)|\[dot\]|\{dot\}| dot )\s?(?:[0-9A-Za-z-]{1,63}\.)?(?:com|cn|net|org|edu|gov|io|hk|tw|me|top|xyz)(?![0-9A-Za-z])/i;
/** Asked first: the form itself is dear. */
const SPELT = /[([{<]at[)\]}>]| at |[#＃]/i;
const IPV4 = /(?<![0-9A-Za-z.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![0-9A-Za-z]|\.\d)/g;
const IPV6 = /(?<![0-9A-Za-z:.])[0-9a-f:]{6,40}(?:(?:\d{1,3}\.){3}\d{1,3})?(?![0-9A-Za-z:])/gi;
/** Words that make four numbers a version or a section, not an address. */
const VERSION = /(版本?|version|ver|\bv|rev|build|章|节|条|第)[\s:：.]{0,2}$/i;

/** Plates and passports of a folded text. Source: GA 36-2018; synthetic-and-masking.md §3.1. */
export function findMarks(text: string, context: ColumnContext, put: Put): void {
  for (const [, sign = '', letter = '', rest = ''] of ANY_SIGN.test(text) ? text.matchAll(PLATE) : []) {
    const plate = (sign + letter + rest).toUpperCase();
    const digits = plate.replace(/\D/g, '').length;
    if ((isPlate(plate) && digits >= 3) || SPECIAL_PLATE.test(plate)) put('plate', context.has('plate') ? 'context' : 'format');
  }
  for (const found of MAY_BE_PASSPORT.test(text) ? text.matchAll(PASSPORT) : []) {
    const isNear = context.has('passport') || /护照|passport|通行证/i.test(text.slice(Math.max(0, found.index - 14), found.index));
    if (isNear) put('passport', 'context');
    else if (/^([EG]|[DSP]E)/i.test(found[0]) && !DATE_CODE.test(found[0])) put('passport', 'format');
  }
}

/** E-mail and network addresses of a folded text, e-mail also with its signs spelt out. Does not ask whether a domain exists. Source: RFC 5321, RFC 4291. */
export function findAddresses(text: string, { dots, colons }: { readonly dots: number; readonly colons: number }, put: Put): void {
  if (text.includes('@') ? EMAIL.test(text) : SPELT.test(text) && SPELT_EMAIL.test(text)) put('email', 'format');
  for (const found of dots >= 3 ? text.matchAll(IPV4) : []) if (!VERSION.test(text.slice(0, found.index))) put('ip', 'format');
  for (const [run] of colons >= 2 ? text.matchAll(IPV6) : []) if (isIpv6(run)) put('ip', 'format');
}

/** Full or shortened form; a time of day or the name of something in a program is none. */
function isIpv6(text: string): boolean {
  // A colon of the words before stands at its beginning.
  const run = text.replace(/^:(?!:)/, '').replace(/(?:\d{1,3}\.){3}\d{1,3}$/, '0:0');
  const halves = run.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return false;
  if (halves.length === 1) return groups.length === 8;
  return groups.length <= 7 && groups.length >= 2 && (groups.length >= 3 || /^(fe80|fc|fd|2[0-9a-f]{3}|64)/i.test(run)) && /\d/.test(run);
}
