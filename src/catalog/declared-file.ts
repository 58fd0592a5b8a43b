import type { DeclarationReason } from '../problems/codes/declaration.ts';
import type { DeclaredTable } from './declaration-schema.ts';

/** The file of one table. `file` is relative to the folder of the declaration. */
export interface DeclaredFile {
  readonly file: string;
  readonly format: 'csv' | 'parquet' | 'json';
  readonly encoding: 'utf-8' | 'gb18030';
}

/** Reads the file of a table: a plain relative path with a known ending. Does not touch the file system. */
export function readDeclaredFile(table: DeclaredTable): DeclaredFile | DeclarationReason | undefined {
  if (table.file === undefined) return table.encoding === undefined ? undefined : 'fileFormat';
  if (!isPlainRelativePath(table.file)) return 'filePath';
  const format = /\.(csv|parquet|json)$/.exec(table.file)?.[1] as DeclaredFile['format'] | undefined;
  if (format === undefined || (table.encoding !== undefined && format !== 'csv')) return 'fileFormat';
  return { file: table.file, format, encoding: table.encoding ?? 'utf-8' };
}

function isPlainRelativePath(path: string): boolean {
  // `:` starts drives and protocols; `*?[]{}` are wildcards to DuckDB; quotes and control characters have no business here.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f\\:*?[\]{}'"<>|]/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.startsWith('~'));
}
