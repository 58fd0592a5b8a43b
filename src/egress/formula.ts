import { isNumberCell } from './cell-types.ts';
import type { ReleaseTable } from './release-content.ts';

/** First characters that spreadsheets take for a formula; the full-width ones count in Chinese and Japanese editions. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that no spreadsheet runs: one that would be a formula gets a leading apostrophe. Source: OWASP, "CSV Injection". */
export function harmlessText(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

/** The table with harmless names and texts, for formats that end in spreadsheets by way of others; numbers keep their sign. Source: OWASP, "CSV Injection". */
export function harmlessTable({ columns, rows }: ReleaseTable): ReleaseTable {
  return {
    columns: columns.map((column) => ({ ...column, name: harmlessText(column.name) })),
    rows: rows.map((row) =>
      row.map((cell, at) => (typeof cell === 'string' && !isNumberCell(columns[at]?.type ?? '', cell) ? harmlessText(cell) : cell)),
    ),
  };
}
