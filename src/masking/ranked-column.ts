import { compareDecimals, type Decimal, parseDecimal } from '../kernel/decimal.ts';

/** A number of a column and the row it stands in. */
export interface RankedNumber {
  readonly row: number;
  readonly number: Decimal;
  readonly text: string;
}

/** The numbers of a column from small to large, equal ones in their order; what is no number is left out. Source: Moore 1996 (rank swapping). */
export function rankNumbers(values: readonly (string | null)[]): readonly RankedNumber[] {
  const found: RankedNumber[] = [];
  for (const [row, text] of values.entries()) {
    const number = text === null ? undefined : parseDecimal(text.trim());
    if (text !== null && number !== undefined) found.push({ row, number, text });
  }
  return found.sort((a, b) => compareDecimals(a.number, b.number) || a.row - b.row);
}
