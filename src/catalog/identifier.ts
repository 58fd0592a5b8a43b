const IDENTIFIER = /^(?!__)[\p{L}_][\p{L}\p{M}\p{N}_]*$/u;
const DATASET = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** DuckDB gives every table a column of this name; a declared one would hide it. */
const RESERVED = 'rowid';

/** Whether `text` may name a table, a column or a unit: letters of any script, digits, underscore; `__` is the product's own. */
export function isIdentifier(text: string): boolean {
  return text.length <= 63 && IDENTIFIER.test(text) && text.normalize('NFC') === text && foldName(text) !== RESERVED;
}

/** Whether `text` may name a dataset. It becomes the name of a folder. */
export function isDatasetName(text: string): boolean {
  return DATASET.test(text);
}

/** The form in which two names are the same to SQL. */
export function foldName(text: string): string {
  return text.toLowerCase();
}

/** Quotes a name for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal for SQL. For declared values, paths and bound literals; keys and data go as parameters. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
