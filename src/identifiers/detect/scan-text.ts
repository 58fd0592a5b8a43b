import { foldText } from '../fold-text.ts';
import type { IdentifierEvidence, IdentifierFind, IdentifierKind } from '../identifier-kind.ts';
import { type ColumnContext, NO_CONTEXT } from './column-context.ts';
import { findAddresses, findMarks } from './find-marks.ts';
import { findNames } from './find-names.ts';
import { findCodes, findNumbers, isDialledMobile } from './find-numbers.ts';
import { findCoordinates, findPostalAddresses } from './find-places.ts';
import { isAreaNumber } from './landline-number.ts';

/** Longest part of a text that is read; longer texts are read in parts that overlap. */
const PART = 4096;
const OVERLAP = 256;

/** Which signs a text has; most texts have too few of them to hold anything. */
interface Signs {
  readonly digits: number;
  readonly longestRun: number;
  readonly letters: number;
  readonly others: number;
  readonly colons: number;
  readonly dots: number;
  readonly marks: number;
}

/**
 * The kinds of identifiers that stand openly in a text: also in full-width, styled or Chinese digits, with separators, or inside other
 * words. Each kind once, with its best evidence. Works in time linear in the text. Does not undo encodings (`disguise/`).
 * Source: requirements.md §10.2 (M); GB 11643-1999, GB 32100-2015.
 */
export function scanText(text: string, context: ColumnContext = NO_CONTEXT): readonly IdentifierFind[] {
  if (text.length < 2) return NOTHING;
  if (text.length > PART) return scanLong(text, context);
  if (context.size === 0 && isShortNumber(text)) return scanShortNumber(text);
  const signs = readSigns(text);
  if (isBare(signs, text, context)) return NOTHING;
  const folded = foldText(text);
  return scanFolded(folded, folded === text ? signs : readSigns(folded), context);
}

/** Texts that are too short of signs to hold anything: small numbers, amounts, dates and times, short words. */
function isBare({ digits, letters, others, dots, colons, marks, longestRun }: Signs, text: string, context: ColumnContext): boolean {
  if (context.size > 0) return digits < 4 && others < 2 && marks === 0 && longestRun < 7 && colons < 2 && !context.has('name');
  if (letters === 0 && others === 0) return (digits <= 10 && dots < 2 && colons < 2) || (colons > 0 && TIME.test(text));
  if (digits < 4 && others < 2 && marks === 0 && colons < 2) return longestRun < 7;
  return letters <= 2 && colons === 2 && TIME.test(text);
}

const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/;

const NOTHING: readonly IdentifierFind[] = [];
const A_MOBILE: readonly IdentifierFind[] = [{ kind: 'mobile', evidence: 'format' }];
const A_LANDLINE: readonly IdentifierFind[] = [{ kind: 'landline', evidence: 'format' }];

/** Eleven to fourteen digits and nothing else, as most long cells of registers are. */
function isShortNumber(text: string): boolean {
  if (text.length < 11 || text.length > 14) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** What `findNumbers` says of such a text: too short for a card, an id or a code, and nothing around it. */
function scanShortNumber(text: string): readonly IdentifierFind[] {
  if (isDialledMobile(text)) return A_MOBILE;
  return isAreaNumber(text) ? A_LANDLINE : NOTHING;
}

function scanFolded(folded: string, signs: Signs, context: ColumnContext): readonly IdentifierFind[] {
  const found = new Map<IdentifierKind, IdentifierEvidence>();
  const put = (kind: IdentifierKind, evidence: IdentifierEvidence): void => {
    const before = found.get(kind);
    if (before === undefined || RANK[evidence] > RANK[before]) found.set(kind, evidence);
  };
  const putOne = (kind: IdentifierKind, evidence: IdentifierEvidence | null): void => {
    if (evidence !== null) put(kind, evidence);
  };
  const { digits, longestRun, letters, others, colons, dots, marks } = signs;
  if (digits >= 7) findNumbers(folded, context, put);
  if (longestRun >= 9 && digits >= 6) findCodes(folded, longestRun, context, put);
  if (letters > 0 && digits >= 4 && (others > 0 || digits >= 7)) findMarks(folded, context, put);
  if (marks > 0 || dots >= 3 || colons >= 2 || (letters >= 8 && /\bat\b|[[({<]at|#/i.test(folded)))
    findAddresses(folded, { dots, colons }, put);
  if (dots >= 2 || /[°度]/.test(folded) || context.has('coordinate')) putOne('coordinate', findCoordinates(folded, context));
  if (others >= 3 || (context.has('address') && letters > 3) || (letters >= 10 && digits > 0))
    putOne('address', findPostalAddresses(folded, context));
  if (others >= 2 || (context.has('name') && letters > 2)) putOne('name', findNames(folded, context));
  if (found.size === 0) return NOTHING;
  return [...found].map(([kind, evidence]) => ({ kind, evidence }));
}

const RANK: Readonly<Record<IdentifierEvidence, number>> = { format: 0, dictionary: 1, context: 2, checksum: 3 };

function readSigns(text: string): Signs {
  const counted = { digits: 0, longestRun: 0, letters: 0, others: 0, colons: 0, dots: 0, marks: 0 };
  let run = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      counted.digits += 1;
      run += 1;
    } else if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) {
      counted.letters += 1;
      run += 1;
    } else {
      if (code > 0x7e) counted.others += 1;
      else if (code === 58) counted.colons += 1;
      else if (code === 46) counted.dots += 1;
      else if (code === 64) counted.marks += 1;
      // A credit code is often written with spaces or hyphens.
      if (code !== 32 && code !== 45) run = 0;
    }
    if (run > counted.longestRun) counted.longestRun = run;
  }
  return counted;
}

function scanLong(text: string, context: ColumnContext): readonly IdentifierFind[] {
  const found = new Map<IdentifierKind, IdentifierFind>();
  for (let at = 0; at < text.length; at += PART - OVERLAP) {
    for (const find of scanText(text.slice(at, at + PART), context)) if (!found.has(find.kind)) found.set(find.kind, find);
  }
  return [...found.values()];
}
