import { readFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { withTables } from '../instance/file-workbench.ts';
import { ok } from '../kernel/result.ts';
import type { ResultTable } from '../pipeline.ts';
import { Refused, UsageError } from './outcome.ts';
import { refusalOf } from './refusal.ts';
import { tableOfCsv } from './table-of-csv.ts';

/**
 * A file as a table: CSV by our own reader, `data.json` of a release package, any other form through a worker with no network.
 * Throws a usage error where there is no such file, a refusal where it cannot be read. Source: formats.md, "Commands" (release trace).
 */
export async function tableOfFile(config: Config, path: string, language: 'en' | 'zh'): Promise<ResultTable> {
  const bytes = await readFile(path).catch(() => {
    throw new UsageError(`There is no such file: ${path}`);
  });
  if (/\.(csv|txt)$/i.test(path)) return tableOfCsv(bytes.toString('utf8'));
  const packaged = /\.json$/i.test(path) ? packagedTable(bytes.toString('utf8')) : null;
  if (packaged !== null) return packaged;
  const read = await withTables(config, [path], async ([table]) => {
    if (table === undefined) throw new Error('A table without a file');
    const cells = await table.read(0, table.rows);
    const rows = Array.from({ length: table.rows }, (_, row) => table.names.map((_name, column) => cells[column]?.[row] ?? null));
    return ok({ columns: table.names.map((name) => ({ name, type: 'VARCHAR' })), rows });
  });
  if (!read.ok) throw new Refused(refusalOf(read.error, language, 'release trace', 'files.failed'));
  return read.value;
}

function packagedTable(text: string): ResultTable | null {
  try {
    const { table } = JSON.parse(text) as { readonly table?: Partial<ResultTable> };
    return Array.isArray(table?.columns) && Array.isArray(table.rows) ? { columns: table.columns, rows: table.rows } : null;
  } catch {
    return null;
  }
}
