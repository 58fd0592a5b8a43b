export type TextCell = string | number | boolean | null | undefined;

/** Columns set in text: numbers to the right, everything else to the left, wide characters counted as two. */
export function textTable(header: readonly string[], rows: readonly (readonly TextCell[])[]): string {
  const texts = rows.map((row) => header.map((_, index) => cellText(row[index])));
  const widths = header.map((name, index) => Math.max(widthOf(name), ...texts.map((row) => widthOf(row[index] ?? ''))));
  const right = header.map((_, index) => rows.length > 0 && rows.every((row) => isNumeric(row[index])));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, right[index] ?? false))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '─'.repeat(width))), ...texts.map(line)].join('\n');
}

function cellText(cell: TextCell): string {
  // Control characters of a value must not move the cursor of the person who reads it.
  return cell === null || cell === undefined ? '–' : String(cell).replaceAll(/\p{Cc}/gu, '·');
}

function isNumeric(cell: TextCell): boolean {
  return cell === null || cell === undefined || typeof cell === 'number' || (typeof cell === 'string' && /^-?\d+(\.\d+)?$/.test(cell));
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

/** Cells a terminal uses. Source: Unicode UAX #11, the wide ranges that Chinese text uses. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += /[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]|[\u{20000}-\u{3fffd}]/u.test(character) ? 2 : 1;
  return width;
}
