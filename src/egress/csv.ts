import { csvText } from '../kernel/csv-text.ts';
import { isNumberCell } from './cell-types.ts';
import type { ReleaseCell, ReleaseTable } from './release-content.ts';

function field(type: string, cell: ReleaseCell): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'true' : 'false';
  if (isNumberCell(type, cell)) return String(cell);
  return csvText(String(cell));
}

/**
 * One canonical CSV text of a table: UTF-8 without byte-order mark, comma, CRLF, header first; NULL is an empty
 * field, empty text is `""`. Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers keep
 * their sign. Does not round or reorder anything.
 * Source: RFC 4180; OWASP, "CSV Injection".
 */
export function writeCsv(table: ReleaseTable): string {
  const lines = [table.columns.map((column) => csvText(column.name)).join(',')];
  for (const row of table.rows) lines.push(table.columns.map((column, at) => field(column.type, row[at] ?? null)).join(','));
  return `${lines.join('\r\n')}\r\n`;
}
