import { isNumberCell } from './cell-types.ts';
import { harmlessText } from './formula.ts';
import type { ReleaseCell, ReleaseTable } from './release-content.ts';

function quoted(text: string, always: boolean): string {
  return always || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function textField(text: string): string {
  const harmless = harmlessText(text);
  return quoted(harmless, harmless === '' || harmless !== text);
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
