import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../problems/problem.ts';
import { type FileSchema, readFileSchema } from '../../synthetic/file-schema.ts';
import { Refused, UsageError } from '../outcome.ts';
import { refusalOf } from '../refusal.ts';
import type { GlobalOptions } from '../session.ts';

/** Ends the command with these problems. */
export function refuse(problems: readonly Problem[], options: GlobalOptions, instance = 'synth'): never {
  throw new Refused(refusalOf(problems, options.language, instance, 'synth.failed'));
}

/** The schema of `--schema`; ends the command where it is none. */
export async function readSchema(file: string, options: GlobalOptions): Promise<FileSchema> {
  const text = await readText(file, 'The schema');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(`The schema is not JSON: ${file}`);
  }
  const schema = readFileSchema(json);
  return schema.ok ? schema.value : refuse(schema.error, options);
}

/** A UTF-8 text file named on the command line. */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch {
    throw new UsageError(`${what} cannot be read as a UTF-8 text file: ${file}`);
  }
}

/** File of each table: the one named, or those of a folder, by their declared name or `TABLE.csv`. */
export async function tableFiles(schema: FileSchema, path: string): Promise<ReadonlyMap<string, string>> {
  const found = await stat(path).catch(() => {
    throw new UsageError(`There is no such file or folder: ${path}`);
  });
  const { tables } = schema.dataset;
  if (found.isDirectory())
    return new Map(tables.map((table) => [table.name, join(path, schema.files[table.name]?.file ?? `${table.name}.csv`)]));
  const [only, ...more] = tables;
  if (only === undefined || more.length > 0) throw new UsageError('The schema has several tables: name the folder of their files');
  return new Map([[only.name, path]]);
}

/** Name in the schema of a column that a person calls by its name in the file, or by its own. */
export function columnNamed(schema: FileSchema, name: string): string {
  for (const headers of Object.values(schema.headers)) {
    const found = Object.entries(headers).find(([, header]) => header === name);
    if (found !== undefined) return found[0];
  }
  return name;
}
