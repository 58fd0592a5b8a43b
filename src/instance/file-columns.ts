import { resolve } from 'node:path';
import { quoteName } from '../catalog/identifier.ts';
import type { Config } from '../config.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { Problem } from '../problems/problem.ts';
import { type FileTable, rowCount, textColumn, withFileTables } from '../sandbox/loader/file-tables.ts';
import { withSynthWorkbench } from './synth-workbench.ts';

/** Columns of a file as texts, in the order asked for; an empty field is null. */
export interface FileColumns {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, readonly (string | null)[]>;
}

/** A file and the headers wanted of it. */
export type WantedFile = Pick<FileTable, 'path' | 'shown' | 'delimiter'> & { readonly headers: readonly string[] };

/**
 * Reads columns of a CSV or Parquet file through an enclave of its own, gone with the work. The whole file is refused where the engine cannot read a row of it.
 * Source: formats.md (commands over files); ADR 0002 (one door to the engine).
 */
export function readFileColumns(config: Config, rng: Rng, file: WantedFile): Promise<Result<FileColumns, readonly Problem[]>> {
  const names = file.headers.map((header, index) => ({ name: `c${index}`, header }));
  return withSynthWorkbench(config, rng, ({ enclave }) =>
    withFileTables(enclave, [{ ...file, name: 'wanted', path: resolve(file.path), columns: names }], async (session) => {
      const rows = await rowCount(session, 'wanted');
      const columns = new Map<string, readonly (string | null)[]>();
      for (const { name, header } of names) columns.set(header, await textColumn(session, quoteName(name), 'wanted', rows));
      return ok({ rows, columns });
    }),
  );
}
