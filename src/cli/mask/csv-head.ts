import { open } from 'node:fs/promises';
import { UsageError } from '../outcome.ts';

/** The first line of a CSV file, cut at the character that separates its fields. */
export interface CsvHead {
  readonly delimiter: ',' | ';' | '\t';
  readonly headers: readonly string[];
}

const MOST_BYTES = 256 * 1024;
const DELIMITERS = [',', ';', '\t'] as const;

/** Reads the header; of comma, semicolon and tab the one that cuts it most often is the delimiter. Ends the command where there is none, or where two columns have one name. Source: RFC 4180. */
export async function readCsvHead(file: string): Promise<CsvHead> {
  const line = await firstLine(file);
  if (line.trim() === '') throw new UsageError(`There is no header in ${file}`);
  const cuts = DELIMITERS.map((delimiter) => ({ delimiter, headers: fieldsOf(line, delimiter) }));
  const [best] = cuts.sort((a, b) => b.headers.length - a.headers.length);
  if (best === undefined) throw new Error('There are delimiters');
  const folded = best.headers.map((header) => header.toLowerCase());
  if (new Set(folded).size < folded.length) throw new UsageError(`Two columns of ${file} have one name: nobody could say which is meant`);
  return best;
}

async function firstLine(file: string): Promise<string> {
  const handle = await open(file).catch(() => {
    throw new UsageError(`There is no such file: ${file}`);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return (
      buffer
        .subarray(0, bytesRead)
        .toString('utf8')
        .replace(/^\uFEFF/, '')
        .split(/\r?\n/)[0] ?? ''
    ).trim();
  } catch {
    throw new UsageError(`This is no file that can be read: ${file}`);
  } finally {
    await handle.close();
  }
}

function fieldsOf(line: string, delimiter: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (const [index, character] of [...line].entries()) {
    if (character === '"') {
      if (quoted && line.charAt(index + 1) === '"') field += '"';
      quoted = !quoted;
    } else if (character === delimiter && !quoted) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return [...fields, field];
}
