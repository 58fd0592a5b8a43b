/** First characters that spreadsheets take for a formula; the full-width ones count in Chinese and Japanese editions. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that no spreadsheet runs: one that would be a formula gets a leading apostrophe. Source: OWASP, "CSV Injection". */
export function harmlessText(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

/** A text as a field of CSV that no spreadsheet runs; empty text is `""`, so that an empty field can stand for NULL. Source: RFC 4180; OWASP, "CSV Injection". */
export function csvText(text: string): string {
  const harmless = harmlessText(text);
  const isQuoted = harmless === '' || harmless !== text || /[",\r\n]|^\s|\s$/.test(harmless);
  return isQuoted ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
