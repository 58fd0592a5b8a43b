/**
 * One CSV field: NULL is an empty field, the empty text a quoted one; quotes only where they are needed. As the loader reads it.
 * Source: RFC 4180; formats.md (files).
 */
export function csvField(value: string | null): string {
  if (value === null) return '';
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

const LINES = 4096;

/** CSV text of columns of equal length, in pieces: a header and one line per row. Source: RFC 4180. */
export function* csvText(header: readonly string[], columns: readonly (readonly (string | null)[])[], rows: number): Generator<string> {
  yield `${header.map(csvField).join(',')}\n`;
  for (let start = 0; start < rows; start += LINES) {
    let text = '';
    for (let row = start; row < Math.min(rows, start + LINES); row += 1) {
      for (const [index, column] of columns.entries()) text += `${index === 0 ? '' : ','}${csvField(column[row] ?? null)}`;
      text += '\n';
    }
    yield text;
  }
}
