import { readFile } from 'node:fs/promises';
import { readAll } from './api-client.ts';
import { UsageError } from './outcome.ts';
import type { CliEnvironment } from './session.ts';

/** The query in a file, or on standard input for `-`. Source: formats.md, "Commands" (`--sql FILE|-`). */
export async function readSql(file: string, environment: Pick<CliEnvironment, 'stdin'>): Promise<string> {
  try {
    const bytes = file === '-' ? await readAll(environment.stdin as AsyncIterable<Uint8Array>) : await readFile(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`The query cannot be read as a UTF-8 text file: ${file}`);
  }
}
