import type { IdentifierEvidence } from '../identifier-kind.ts';
import type { ColumnContext } from './column-context.ts';

const PAIR =
  /(?<![\d.])([-+]?\d{1,3}\.\d{3,})\s*[°度]?\s*([NSEW北南东西]?)\s*[,;/| ]\s*([NSEW北南东西]?)\s*([-+]?\d{1,3}\.\d{3,})(?![\d.])/i;
const DEGREES = /\d{1,3}\s*[°度]\s*\d{1,2}\s*['′分]\s*\d{1,2}(?:\.\d+)?\s*(?:["″秒]|''|′′)/;
const NAMED =
  /(?:[东西]经|[南北]纬|longitude|latitude|\blng|\blon|\blat)[\s:：="']{0,4}[-+]?\d{1,3}\.\d{3,}[^\d]{0,20}?(?:[东西]经|[南北]纬|longitude|latitude|\blng|\blon|\blat)[\s:：="']{0,4}[-+]?\d{1,3}\.\d{3,}/i;
const SINGLE = /^\s*[-+]?\d{1,3}\.\d{3,}\s*$/;
const HOUSE =
  /[\p{Script=Han}A-Za-z0-9]{1,24}(?:路|街|巷|弄|大道|胡同|里|村|小区|花园|新村|公寓|大厦|广场|苑|庄|屯|组|园|镇|乡|道)[\p{Script=Han}A-Za-z0-9（）()-]{0,12}?[0-9一二三四五六七八九十甲乙丙]{1,6}\s*(?:号|弄|栋|幢|单元|室|座|组|队|户|之|楼|#)/u;
/** Without one of these no house is named; asking for them first keeps long texts cheap. */
const HOUSE_SIGN = /[号弄栋幢元室座组队户楼之#]/;
const ROOM_SIGN = /[栋幢楼元座]/;
const REGION = /(?:省|自治区|市|自治州|盟|地区|县|区|旗)/u;
const ROOM = /\d{1,4}\s*(?:栋|幢|号楼|单元|座)[-\s]?\d{1,4}\s*(?:室|号|单元|房)?/u;
const ENGLISH = /(?:\bNo\.?\s?\d+|\b\d{1,5})\s?,?\s[A-Z][A-Za-z]+(?:\s[A-Z][A-Za-z]+)?\s(?:Road|Rd|Street|St|Avenue|Ave|Lane|District)\b/;

/** Coordinates of a folded text: a pair with three decimals or more, degrees with minutes and seconds, a single one under a name that says so. Source: ISO 6709. */
export function findCoordinates(text: string, context: ColumnContext): IdentifierEvidence | null {
  const pair = PAIR.exec(text);
  if (pair !== null) {
    const [first, second] = [Number(pair[1]), Number(pair[4])];
    if (context.has('coordinate') || isPlace(first, second) || isPlace(second, first))
      return context.has('coordinate') ? 'context' : 'format';
  }
  if (DEGREES.test(text) || NAMED.test(text)) return 'format';
  return context.has('coordinate') && SINGLE.test(text) && Math.abs(Number(text)) <= 180 ? 'context' : null;
}

/** Within the box of the country, or with four decimals anywhere but where figures near zero stand. */
function isPlace(latitude: number, longitude: number): boolean {
  return latitude >= 3 && latitude <= 54 && longitude >= 73 && longitude <= 136;
}

/** Postal addresses of a folded text down to a house, and shorter ones under a name that says so. A district alone is none. Source: GB/T 23705-2009. */
export function findPostalAddresses(text: string, context: ColumnContext): IdentifierEvidence | null {
  if (HOUSE_SIGN.test(text) && HOUSE.test(text)) return REGION.test(text) ? 'dictionary' : 'format';
  if (ROOM_SIGN.test(text) && ROOM.test(text) && /\p{Script=Han}{3,}/u.test(text)) return 'format';
  if (!context.has('address')) return ENGLISH.test(text) ? 'format' : null;
  if (/[*＊●]/.test(text)) return null;
  const isChinese = /\p{Script=Han}{4,}/u.test(text) && /[0-9路街巷弄道村镇乡小区苑园号]/u.test(text);
  return isChinese || /\d+.*[A-Za-z]{3,}|[A-Za-z]{3,}.*\d+/.test(text) ? 'context' : null;
}
