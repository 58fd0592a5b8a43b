import { decimalText, parseDecimal } from '../../kernel/decimal.ts';
import { readDate } from '../operators/generalise-date.ts';
import type { QuasiIdentifier } from './anonymise.ts';
import { ANY } from './coded-column.ts';
import { defaultLevels } from './default-hierarchy.ts';

/**
 * What a value from elsewhere may be shown as in a masked dataset made of this column: itself, its name at every level, or anything. Ranges `[least,most]`, which Mondrian writes, are for the reader to compare. Dates and numbers are brought
 * to one form first. For columns without a hierarchy file. Source: issue "Masking" (linkage with registered external data); LeFevre et al. 2006.
 */
export function possibleLabels({ values, family, bounds, semantic }: QuasiIdentifier): (value: string) => readonly string[] {
  const operators = defaultLevels(family, values, bounds, semantic) ?? [];
  return (value) => {
    const form = formOf(value.trim(), family);
    const names = operators.map((operator) => operator.mask(form, null)).flatMap(({ text, recognised }) => (recognised ? [text] : []));
    return [...new Set([value, form, ...names, ANY])];
  };
}

function formOf(value: string, family: QuasiIdentifier['family']): string {
  if (family === 'date') {
    const date = readDate(value);
    if (date === undefined) return value;
    const [year, month, day] = [String(date.year).padStart(4, '0'), String(date.month).padStart(2, '0'), String(date.day).padStart(2, '0')];
    return `${year}-${month}-${day}`;
  }
  const number = family === 'integer' || family === 'decimal' || family === 'float' ? parseDecimal(value) : undefined;
  return number === undefined ? value : decimalText(number);
}
