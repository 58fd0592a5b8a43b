import { mkdtemp } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { detectHeader, detectTable, type TableFind } from '../identifiers/detect-table.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import { type TextTable, withTextTables } from '../sandbox/loader/text-table.ts';
import { withOwnEnclave } from './own-enclave.ts';

/** Rows that are looked at as one piece. */
const PIECE = 20_000;

/** Finds of one piece of a file with the names of all its columns. */
export interface FilePiece {
  readonly names: readonly string[];
  readonly finds: readonly TableFind[];
  /** Places of columns whose names are identifiers themselves. */
  readonly hidden: ReadonlySet<number>;
  /** Kinds in the file's own name and in what it says beside its rows. */
  readonly outside: readonly TableFind[];
}

/** Looks through a file piece by piece; `put` gets the finds of each. Gives how many rows there were. Source: formats.md, "detect". */
export function detectInFile(config: Config, path: string, put: (piece: FilePiece) => void): Promise<Result<number, readonly Problem[]>> {
  return withTables(config, [path], async ([table]) => {
    if (table === undefined) throw new Error('A table without a file');
    const hidden = new Set(detectHeader(table.names).map((find) => find.column));
    const outside = detectTable([{ name: '', cells: [basename(path), ...table.metadata] }]);
    for (let from = 0; from === 0 || from < table.rows; from += PIECE) {
      const cells = await table.read(from, from + PIECE);
      const columns = table.names.map((name, at) => ({ name, cells: cells[at] ?? [] }));
      put({ names: table.names, hidden, finds: detectTable(columns, from + 1), outside: from === 0 ? outside : [] });
    }
    return ok(table.rows);
  });
}

/** Opens files as tables of texts for the length of `work`. */
export function withTables<T>(
  config: Config,
  paths: readonly string[],
  work: (tables: readonly TextTable[]) => Promise<Result<T, readonly Problem[]>>,
): Promise<Result<T, readonly Problem[]>> {
  return withOwnEnclave(config, async (enclave, root) => {
    const folder = await mkdtemp(join(root, 'decoded-'));
    const files = paths.map((path) => ({ path: resolve(path), shown: basename(path) }));
    return withTextTables(enclave, files, folder, work);
  });
}
