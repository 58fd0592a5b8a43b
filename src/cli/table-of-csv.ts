import type { ResultTable } from '../pipeline.ts';
import { UsageError } from './outcome.ts';

/**
 * A CSV text as a table of texts, empty fields as null; the apostrophe with which our own writer disarms formulas is taken off.
 * Throws a usage error where a row has another number of fields than the header. Source: RFC 4180; csv.ts (writer).
 */
export function tableOfCsv(text: string): ResultTable {
  const [header = [], ...rows] = recordsOf(text.replace(/^\uFEFF/, ''));
  if (rows.some((row) => row.length !== header.length))
    throw new UsageError('A row of the file has another number of fields than its header');
  return {
    columns: header.map((name) => ({ name, type: 'VARCHAR' })),
    rows: rows.map((row) => row.map((field) => (field === '' ? null : field.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, '')))),
  };
}

function recordsOf(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain = '', end = ''] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '' && record.length === 0) break;
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    records.push(record);
    record = [];
    if (end === '') break;
  }
  return records;
}
