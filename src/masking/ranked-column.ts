import { isMobile } from '../identifiers/mobile.ts';
import { compareDecimals, type Decimal, parseDecimal } from '../kernel/decimal.ts';

/** A number of a column and the row it stands in. */
export interface RankedNumber {
  readonly row: number;
  readonly number: Decimal;
  readonly text: string;
}

/** Digits of a whole number from which it is no quantity any more but names somebody or something: cards, accounts, documents. */
const LONGEST_QUANTITY = 13;

/**
 * A quantity, or undefined: no number, or one that by its form is a mobile number, or has as many digits as cards and documents have. Moving such a one about, or a little, would pass it in clear.
 * Source: issue "Masking" (unknown formats fail closed); YD/T 1131; ISO/IEC 7812-1.
 */
export function readQuantity(text: string): Decimal | undefined {
  const trimmed = text.trim();
  const [whole = ''] = trimmed.replace(/^[+-]/, '').split('.');
  if (/^\d+$/.test(trimmed) && isMobile(trimmed)) return undefined;
  return /^\d+$/.test(whole) && whole.length >= LONGEST_QUANTITY ? undefined : parseDecimal(trimmed);
}

/** The numbers of a column from small to large, equal ones in their order; what is no quantity is left out. Source: Moore 1996 (rank swapping). */
export function rankNumbers(values: readonly (string | null)[]): readonly RankedNumber[] {
  const found: RankedNumber[] = [];
  for (const [row, text] of values.entries()) {
    const number = text === null ? undefined : readQuantity(text);
    if (text !== null && number !== undefined) found.push({ row, number, text });
  }
  return found.sort((a, b) => compareDecimals(a.number, b.number) || a.row - b.row);
}
