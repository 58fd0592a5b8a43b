import { isBankCard } from '../bank-card.ts';
import type { IdentifierEvidence, IdentifierKind } from '../identifier-kind.ts';
import { isMobile } from '../mobile.ts';
import { isOldResidentId, isPlausibleResidentId, isResidentId } from '../resident-id.ts';
import { checkUscc, organisationCheckCharacter } from '../uscc.ts';
import type { ColumnContext } from './column-context.ts';
import { isAreaNumber } from './landline-number.ts';
import { type NumberChunk, numberChunks } from './number-chunks.ts';

const MOST_WINDOW = 18;
/** Issuers of cards by the length of their numbers. Source: ISO/IEC 7812-1; published ranges of the card schemes. */
const CARD = /^(?:62\d{14,17}|(?:4\d|5[1-5]|35)\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13})$/;
/** Registering department and kind. Source: GB 32100-2015, table 1 and amendment 1. */
const USCC_CATEGORY =
  /^(1[1239]|2[19]|3[1-59]|4[19]|5[1-59]|6[129]|7[129]|8[19]|9[123]|A[19]|N[1239]|Y1)(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]|10)/;
const USCC_RUN = /(?<![0-9A-Za-z])[0-9A-Z]{2}[ -]?\d{6}[ -]?[0-9A-Z]{8}[ -]?[0-9A-Z][ -]?[0-9A-Z](?![0-9A-Za-z])/gi;
const BEFORE_CHECK = /-[0-9Xx](?![0-9A-Za-z])/;
const ORGANISATION = /(?<![0-9A-Za-z])([0-9A-Z]{8})-([0-9X])(?![0-9A-Za-z])/gi;
const DIALLED = /^(?:86|0086|0)?1[3-9]\d{9}$/;
const HEX_TOKEN = /(?<![0-9A-Za-z])[0-9a-f]{16,}(?![0-9A-Za-z])/i;

type Put = (kind: IdentifierKind, evidence: IdentifierEvidence) => void;
type Hit = readonly [IdentifierKind, IdentifierEvidence];

/**
 * Resident ids, mobile and landline numbers and bank cards of a folded text, with or without separators. The kinds of `context` are also
 * found without their check digit. Does not find credit codes. Source: GB 11643-1999, ISO/IEC 7812-1, YD/T 1131.
 */
export function findNumbers(text: string, context: ColumnContext, put: Put): void {
  for (const chunk of numberChunks(text)) {
    for (const index of chunk.groups.keys()) {
      const hit = judgeGroup(chunk, index, text, context);
      if (hit !== null) put(...hit);
    }
    if (chunk.groups.length > 1) judgeJoined(chunk, context, put);
  }
}

function judgeGroup(chunk: NumberChunk, index: number, text: string, context: ColumnContext): Hit | null {
  const group = chunk.groups[index] ?? '';
  if (group.length < 7) return null;
  const byForm = (kind: IdentifierKind): Hit => [kind, context.has(kind) ? 'context' : 'format'];
  if (group.length === 18 && isResidentId(group)) return ['residentId', 'checksum'];
  if (context.has('residentId') && isPlausibleResidentId(group)) return ['residentId', 'context'];
  if (isInHexadecimal(group, chunk, index, text) || isAmount(chunk, index)) return null;
  if (group.length === 15 && isOldResidentId(group)) return byForm('residentId');
  if (isDialledMobile(group)) return byForm('mobile');
  if (group.length >= 16 && CARD.test(group) && isBankCard(group)) return ['bankCard', 'checksum'];
  if (context.has('bankCard') && /^\d{12,19}$/.test(group)) return ['bankCard', 'context'];
  if (isAreaNumber(group)) return byForm('landline');
  const isLocal = context.has('landline') && chunk.groups.length === 1 && /^[2-8]\d{6,7}$/.test(group);
  return isLocal ? ['landline', 'context'] : null;
}

/** A mobile number, also with country code or trunk zero. Source: ITU-T E.164. */
export function isDialledMobile(digits: string): boolean {
  return DIALLED.test(digits);
}

/** Digits inside a long hexadecimal token are part of a digest. */
function isInHexadecimal(group: string, chunk: NumberChunk, index: number, text: string): boolean {
  const isFirst = index === 0 && /[A-Za-z]/.test(chunk.before);
  const isLast = index === chunk.groups.length - 1 && /[A-Za-z]/.test(chunk.after);
  if (!isFirst && !isLast) return false;
  const token = HEX_TOKEN.exec(text);
  return token !== null && token[0].length > group.length && token[0].includes(group);
}

/** A number with a fraction other than zeros, or the fraction itself. */
function isAmount({ groups, separators }: NumberChunk, index: number): boolean {
  if (separators.filter((sign) => sign === '.').length !== 1) return false;
  const hasFraction = separators[index] === '.' && /[1-9]/.test(groups[index + 1] ?? '');
  return hasFraction || (index > 0 && separators[index - 1] === '.');
}

/** Neighbouring groups of one number that stands with separators. */
interface Window {
  readonly joined: string;
  readonly sizes: readonly number[];
  readonly between: readonly string[];
  /** Whether nothing else stands in the chunk. */
  readonly isWhole: boolean;
  /** Whether no neighbour stands behind a separator of the same sort: a part of a longer number is no number. */
  readonly isClosed: boolean;
}

function judgeJoined({ groups, separators }: NumberChunk, context: ColumnContext, put: Put): void {
  for (let from = 0; from < groups.length; from += 1) {
    let joined = '';
    for (let to = from; to < groups.length && joined.length <= MOST_WINDOW; to += 1) {
      joined += groups[to];
      if (to === from || joined.length < 10 || !mayIdentify(joined)) continue;
      const sizes = groups.slice(from, to + 1).map((group) => group.length);
      const between = separators.slice(from, to);
      const isClosed = !between.includes(separators[from - 1] ?? '') && !between.includes(separators[to] ?? '');
      const hit = judgeWindow({ joined, sizes, between, isWhole: from === 0 && to === groups.length - 1, isClosed }, context);
      if (hit !== null) put(...hit);
    }
  }
}

/** By length and first digit alone: most windows are none of what `judgeWindow` knows. */
function mayIdentify({ length, 0: first = '' }: string): boolean {
  return length === 18 || length === 15 || first <= '1' || first === '8' || (length >= 14 && first <= '6');
}

function judgeWindow(window: Window, context: ColumnContext): Hit | null {
  const { joined, sizes, between } = window;
  const byForm = (kind: IdentifierKind): Hit => [kind, context.has(kind) ? 'context' : 'format'];
  if (joined.length === 18 && isResidentId(joined)) return ['residentId', 'checksum'];
  if (!window.isClosed) return null;
  if (joined.length === 15 && isOldResidentId(joined) && between.every((sign) => !/[.,:/]/.test(sign))) return byForm('residentId');
  const local = joined.replace(/^(0086|86|0)(?=1[3-9]\d{9}$)/, '');
  if (isMobile(local) && isMobileGrouping(window, joined.length - local.length)) return byForm('mobile');
  const isCard = CARD.test(joined) && isBankCard(joined);
  const isCardGrouped = between.every((sign) => /^[ \-.·]{1,2}$/.test(sign)) && sizes.slice(0, -1).every((size) => size >= 3);
  if (isCard && isCardGrouped) return ['bankCard', 'checksum'];
  return isLandlineGrouping(joined, sizes) || isAbroad(joined, sizes) ? byForm('landline') : null;
}

/** Country code in the place of the trunk zero. Source: ITU-T E.164. */
function isAbroad(joined: string, [country = 0, area = 0, ...rest]: readonly number[]): boolean {
  const [, national = ''] = /^(?:00)?86([1-9]\d{8,12})$/.exec(joined) ?? [];
  return joined.length - national.length === country && isLandlineGrouping(`0${national}`, [area + 1, ...rest]);
}

/** Area code, local number in one or two groups, extension. */
function isLandlineGrouping(joined: string, [area = 0, first = 0, ...rest]: readonly number[]): boolean {
  if (first === 7 || first === 8) return rest.length <= 1 && (rest[0] ?? 0) <= 4 && isAreaNumber(joined.slice(0, area + first));
  const [second = 0, ...more] = rest;
  return (first === 3 || first === 4) && second === 4 && more.length === 0 && area <= 4 && isAreaNumber(joined);
}

/** Ways in which people (and smugglers) break eleven digits; a date beside a number is not among them. */
const MOBILE_GROUPINGS = new Set(
  '3,4,4 3,3,5 4,3,4 4,4,3 3,8 7,4 5,6 6,5 1,10 2,9 3,2,2,2,2 5,3,3 1,3,3,4 2,2,2,2,2,1 1,2,2,2,2,2 3,4,2,2'.split(' '),
);

function isMobileGrouping({ sizes, between, isWhole }: Window, prefix: number): boolean {
  const [first = 0, ...rest] = sizes;
  const own = first === prefix ? rest : [first - prefix, ...rest];
  if (own.length <= 1) return between.every((sign) => /^[ \-()]{1,2}$/.test(sign));
  const signs = between.slice(between.length - own.length + 1);
  if (!own.every((size) => size === 1) && !MOBILE_GROUPINGS.has(own.join(','))) return false;
  const isOneSign = signs.every((sign) => sign === signs[0]);
  if (!isWhole && signs.some((sign) => /[:,/]/.test(sign))) return false;
  if (own.length === 2) return isWhole && isOneSign && /^[ \-_·/]{1,2}$/.test(signs[0] ?? '');
  return own.join(',') === '3,4,4' ? signs.every((sign) => sign !== ',' || isOneSign) : isOneSign;
}

/** Credit codes of a folded text, also the organisation codes within them where they stand alone. Source: GB 32100-2015, GB 11714-1997. */
export function findCodes(text: string, longestRun: number, context: ColumnContext, put: Put): void {
  if (longestRun >= 18) findWholeCodes(text, context, put);
  if (BEFORE_CHECK.test(text)) findOrganisations(text, context, put);
  if (!context.has('uscc')) return;
  const bare = /^\s*([0-9A-Z]{8})([0-9X])\s*$/i.exec(text);
  const [, body = '', check = ''] = bare ?? [];
  if (bare !== null && organisationCheckCharacter(body.toUpperCase()) === check.toUpperCase()) put('uscc', 'checksum');
}

function findWholeCodes(text: string, context: ColumnContext, put: Put): void {
  for (const [run] of text.matchAll(USCC_RUN)) {
    const code = run.replaceAll(/[ -]/g, '').toUpperCase();
    const verdict = checkUscc(code);
    if (isResidentId(code)) continue;
    if (verdict === 'valid' && USCC_CATEGORY.test(code)) put('uscc', 'checksum');
    else if (verdict === 'organisation' && USCC_CATEGORY.test(code) && /^9[123]/.test(code)) put('uscc', 'format');
    else if (verdict !== 'form' && context.has('uscc')) put('uscc', 'context');
  }
}

/** Organisation codes with their hyphen. */
function findOrganisations(text: string, context: ColumnContext, put: Put): void {
  for (const [, body = '', check = ''] of text.matchAll(ORGANISATION)) {
    const isChecked = organisationCheckCharacter(body.toUpperCase()) === check.toUpperCase();
    if (isChecked && (context.has('uscc') || /^[A-Z]/i.test(body))) put('uscc', 'checksum');
  }
}
