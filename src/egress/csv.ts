import type { ReleaseCell, ReleaseTable } from './release-content.ts';

const NUMERIC_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL|FLOAT|DOUBLE|REAL)\b/;
const NUMBER_TEXT = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
/** First characters that spreadsheets take for a formula; the full-width ones count in Chinese and Japanese editions. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;

/** Whether values of an engine type are numbers. */
export function isNumericType(type: string): boolean {
  return NUMERIC_TYPE.test(type.toUpperCase());
}

/** Whether a cell is written as a number: by its column's type and its own text, so that text cannot pass as one. */
export function isNumberCell(type: string, cell: ReleaseCell): boolean {
  if (typeof cell === 'number') return true;
  return typeof cell === 'string' && isNumericType(type) && NUMBER_TEXT.test(cell);
}

function quoted(text: string, always: boolean): string {
  return always || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function textField(text: string): string {
  if (FORMULA_START.test(text)) return quoted(`'${text}`, true);
  return quoted(text, text === '');
}

function field(type: string, cell: ReleaseCell): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'true' : 'false';
  if (isNumberCell(type, cell)) return String(cell);
  return textField(String(cell));
}

/**
 * One canonical CSV text of a table: UTF-8 without byte-order mark, comma, CRLF, header first; NULL is an empty
 * field, empty text is `""`. Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers keep
 * their sign. Does not round or reorder anything.
 * Source: RFC 4180; OWASP, "CSV Injection".
 */
export function writeCsv(table: ReleaseTable): string {
  const lines = [table.columns.map((column) => textField(column.name)).join(',')];
  for (const row of table.rows) lines.push(table.columns.map((column, at) => field(column.type, row[at] ?? null)).join(','));
  return `${lines.join('\r\n')}\r\n`;
}
