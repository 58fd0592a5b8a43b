import type { EgressFinding } from './finding.ts';
import type { ReleaseTable } from './release-content.ts';

/** Caps of what leaves at once. Source: egress-rules.md §3 (row and size caps), §7 (suggested policy). */
const MOST_ROWS = 5000;
/** Of kinds whose rows are masked and marked one by one; what one sealed content holds in memory. Own design: ADR 0026. */
const MOST_MASKED_ROWS = 1_000_000;
const MOST_CHARACTERS = 16 * 1024 * 1024;
const MOST_MASKED_CHARACTERS = 256 * 1024 * 1024;
const LONGEST_CELL = 400;
const LONGEST_NAME = 128;
/** What a browser, a spreadsheet or a terminal would run. Formulas are neutralised by the writer of CSV and pass. */
const ACTIVE =
  /<\s*(?:script|iframe|object|embed|svg|img|link|style)|javascript:|vbscript:|data:text\/html|\{\{|\$\{|=\s*(?:cmd|dde|hyperlink|webservice|importxml)\s*[(|]/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|[\u{e0000}-\u{e01ef}]/u;

/**
 * S: whether a table may be written at all: caps on rows, characters, cells and names, whole rows, no active content, no invisible characters. Nothing is
 * changed here; formulas are made harmless by `writeCsv`. Source: requirements.md §10.2 (S); OWASP, "CSV Injection".
 */
export function formatFindings(table: ReleaseTable, isRowLevel = false): readonly EgressFinding[] {
  const findings: EgressFinding[] = [];
  const [mostRows, mostCharacters] = isRowLevel ? [MOST_MASKED_ROWS, MOST_MASKED_CHARACTERS] : [MOST_ROWS, MOST_CHARACTERS];
  const put = (rule: string, threshold: string, text: string, fix: string): void => {
    if (!findings.some((finding) => finding.rule === rule))
      findings.push({ rule, severity: 'hard', check: 'S', version: '1', threshold, text, fix });
  };
  if (table.rows.length > mostRows)
    put(
      'format.rows',
      String(mostRows),
      'The result has more rows than may leave at once.',
      'Group more coarsely, or ask for less at a time.',
    );
  if (table.rows.some((row) => row.length !== table.columns.length))
    put('format.shape', '0', 'Rows and columns do not fit together.', 'Run the job again.');
  let characters = 0;
  const look = (text: string, longest: number): void => {
    characters += text.length;
    if (text.length > longest)
      put('format.length', String(longest), 'A text is longer than labels are.', 'Leave free text out of the result.');
    if (ACTIVE.test(text)) put('format.active', '0', 'A text holds active content.', 'Leave the column out, or name it otherwise.');
    if (HIDDEN.test(text))
      put('format.hidden', '0', 'A text holds characters that nobody sees.', 'Leave the column out, or name it otherwise.');
  };
  for (const column of table.columns) look(column.name, LONGEST_NAME);
  for (const row of table.rows) for (const cell of row) if (typeof cell === 'string') look(cell, LONGEST_CELL);
  if (characters > mostCharacters)
    put('format.size', String(mostCharacters), 'The result is larger than may leave at once.', 'Ask for less at a time.');
  return findings;
}
