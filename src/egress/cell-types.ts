import type { ReleaseCell } from './release-content.ts';

const NUMERIC_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL|FLOAT|DOUBLE|REAL)\b/;
const NUMBER_TEXT = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Whether values of an engine type are numbers. Source: requirements.md §10.2 (S). */
export function isNumericType(type: string): boolean {
  return NUMERIC_TYPE.test(type.toUpperCase());
}

/** Whether a cell is written as a number: by its column's type and its own text, so that text cannot pass as one. Source: requirements.md §10.2 (S). */
export function isNumberCell(type: string, cell: ReleaseCell): boolean {
  if (typeof cell === 'number') return true;
  return typeof cell === 'string' && isNumericType(type) && NUMBER_TEXT.test(cell);
}
