import { harmlessText } from '../kernel/csv-text.ts';
import { isNumberCell } from './cell-types.ts';
import type { ReleaseTable } from './release-content.ts';

/** The table with harmless names and texts, for formats that end in spreadsheets by way of others; numbers keep their sign. Source: OWASP, "CSV Injection". */
export function harmlessTable({ columns, rows }: ReleaseTable): ReleaseTable {
  return {
    columns: columns.map((column) => ({ ...column, name: harmlessText(column.name) })),
    rows: rows.map((row) =>
      row.map((cell, at) => (typeof cell === 'string' && !isNumberCell(columns[at]?.type ?? '', cell) ? harmlessText(cell) : cell)),
    ),
  };
}
