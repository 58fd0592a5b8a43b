import { foldText } from '../fold-text.ts';
import type { IdentifierKind } from '../identifier-kind.ts';
import { isMobile } from '../mobile.ts';
import { isPlausibleResidentId, isResidentId, residentIdCheckCharacter } from '../resident-id.ts';
import { type Hint, numberHints } from './number-hints.ts';

/** What a whole column hides: every cell that takes part is one find. */
export interface ColumnDisguise {
  readonly kind: IdentifierKind;
  readonly disguise: string;
}

/** Fewer distinct cells than these may all be chance. */
const LEAST_CELLS = 5;
const LEAST_CHECKED = 2;
const MOST_HINTED = 200;
const LEAST_SHARE = 0.9;
const MOST_CELLS = 2000;
const MOST_SHIFT = 1000n;

/**
 * What a column's numbers are when all are read in the same way: nearly all of its distinct cells (of the first 200), at least five, or two by
 * check digit, and spread as real numbers are. A single number proves nothing where a tenth of all numbers would pass.
 * Own design: ADR 0017.
 */
export function rearrangedDisguise(distinct: readonly string[]): ColumnDisguise | null {
  const cells = distinct.slice(0, MOST_HINTED);
  const groups = new Map<string, Hint[]>();
  for (const [index, cell] of cells.entries()) {
    for (const hint of numberHints(cell)) {
      const key = `${hint.kind}|${hint.disguise}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [hint]);
      else group.push(hint);
    }
    // Nothing agrees with the first few: nothing will.
    if (index === LEAST_CELLS && [...groups.values()].every((group) => group.length < LEAST_CELLS - 1)) return null;
  }
  for (const group of groups.values()) {
    const numbers = [...new Set(group.map((hint) => hint.digits))];
    const [first] = group;
    const least = first?.kind === 'residentId' && first.digits.length > 15 ? LEAST_CHECKED : LEAST_CELLS;
    if (first === undefined || numbers.length < least || numbers.length < LEAST_SHARE * cells.length) continue;
    if (isSpread(numbers, first.kind)) return { kind: first.kind, disguise: first.disguise };
  }
  return null;
}

/** Mobile numbers of a population begin in several ways; a running number or a date shifted into their range does not. */
function isSpread(numbers: readonly string[], kind: IdentifierKind): boolean {
  if (kind !== 'mobile') return true;
  const distinct = (from: number, to: number): number => new Set(numbers.map((digits) => digits.slice(from, to))).size;
  return distinct(1, 2) >= 3 && distinct(1, 3) >= 4 && distinct(7, 11) >= Math.min(numbers.length * 0.8, 50);
}

/**
 * A column of whole numbers that are `a · x + b` of mobile numbers or resident ids, with any whole a and small b: the greatest common
 * divisor of the differences gives a. Also b alone, up to a thousand, for resident ids. Null where neither holds; a column of
 * fewer than five distinct numbers is not judged. Own design: ADR 0017.
 */
export function affineDisguise(cells: readonly string[]): ColumnDisguise | null {
  const numbers = [...new Set(cells)].slice(0, MOST_CELLS).flatMap((cell) => wholeNumber(cell));
  const [first] = numbers;
  if (first === undefined || numbers.length < LEAST_CELLS || numbers.length < Math.min(cells.length, new Set(cells).size) * LEAST_SHARE)
    return null;
  const factor = numbers.reduce((common, value) => divisor(common, value - first), 0n);
  if (factor === 0n) return null;
  if (factor > 1n && factor < 10n ** 15n && !/^[125]0+$/.test(String(factor))) {
    const found = undone(numbers, factor);
    if (found !== null) return { kind: found, disguise: 'affine' };
  }
  // The divisor of few numbers may be a multiple of the factor.
  for (const part of [2n, 3n, 4n, 5n, 6n]) {
    if (factor % part !== 0n || factor / part < 2n || factor > 10n ** 15n) continue;
    const found = undone(numbers, factor / part);
    if (found !== null) return { kind: found, disguise: 'affine' };
  }
  return shiftedIds(numbers) ? { kind: 'residentId', disguise: 'affine' } : null;
}

function wholeNumber(cell: string): readonly bigint[] {
  const text = foldText(cell).trim().replace(/\.0+$/, '');
  return /^-?\d{5,40}$/.test(text) ? [BigInt(text)] : [];
}

function divisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}

function undone(numbers: readonly bigint[], factor: bigint): IdentifierKind | null {
  for (const sign of [1n, -1n]) {
    for (let shift = -3n; shift <= 3n; shift += 1n) {
      const texts = numbers.map((value) => String((sign * value - ((((sign * value) % factor) + factor) % factor)) / factor + shift));
      if (texts.every((text) => text.length === 18 && isPlausibleResidentId(text) && isResidentId(text))) return 'residentId';
      if (texts.every(isIdBody)) return 'residentId';
      if (shift === 0n && texts.every(isMobile) && isSpread(texts, 'mobile')) return 'mobile';
    }
  }
  return null;
}

function isIdBody(text: string): boolean {
  return /^\d{17}$/.test(text) && isPlausibleResidentId(text + residentIdCheckCharacter(text)) && /^.{6}(19|20)/.test(text);
}

function shiftedIds(numbers: readonly bigint[]): boolean {
  const few = numbers.slice(0, 40);
  if (!few.every((value) => value > 10n ** 17n && value < 10n ** 18n)) return false;
  for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT; shift += 1n) {
    if (shift !== 0n && few.every((value) => isResidentId(String(value - shift)))) return true;
  }
  return false;
}
