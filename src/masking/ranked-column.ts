import { isMobile } from '../identifiers/mobile.ts';
import { absoluteDecimal, compareDecimals, type Decimal, decimalText, parseDecimal } from '../kernel/decimal.ts';

/** A number of a column and the row it stands in. */
export interface RankedNumber {
  readonly row: number;
  readonly number: Decimal;
  readonly text: string;
}

/** Digits of a whole number from which it is no quantity any more but names somebody or something: cards, accounts, documents. */
const LONGEST_QUANTITY = 13;

/**
 * A quantity, or undefined: no number, or one that by its value is a mobile number (with its country or without), or has as many digits as cards and documents have, however it is written. Moving such a one about, or a
 * little, would pass it in clear. Source: issue "Masking" (unknown formats fail closed); YD/T 1131; ISO/IEC 7812-1.
 */
export function readQuantity(text: string): Decimal | undefined {
  const number = parseDecimal(text.trim());
  return number === undefined || namesSomething(number) ? undefined : number;
}

/** Whether the whole part of a number is a mobile number by its form, or as long as a card. Source: YD/T 1131; ISO/IEC 7812-1. */
export function namesSomething(number: Decimal): boolean {
  const [whole = ''] = decimalText(absoluteDecimal(number)).split('.');
  return whole.length >= LONGEST_QUANTITY || isMobile(whole);
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
