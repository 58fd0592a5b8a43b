import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvText } from '../synthetic/csv-lines.ts';
import type { Artefact } from '../synthetic/fit/artefact.ts';
import { type SampledTable, sampleTables } from '../synthetic/fit/sample-tables.ts';
import { givenFileName } from '../synthetic/plan-simulation.ts';
import type { GivenRows } from '../synthetic/table-context.ts';

/**
 * Draws rows from a model and writes them into the folder where the generators find them; what they need to know of them comes
 * back. The same seed gives the same rows. Source: synthetic-and-masking.md §4.1 (sample).
 */
export async function writeSampledRows(
  artefact: Artefact,
  options: { readonly rows: number; readonly seed: string },
  folder: string,
): Promise<ReadonlyMap<string, GivenRows>> {
  const given = new Map<string, GivenRows>();
  for (const table of sampleTables(artefact, options.rows, options.seed)) {
    given.set(table.table, await writeGiven(table, join(folder, givenFileName(table.table))));
  }
  return given;
}

/** The file that the generators read: row index, modelled columns, and the row of the parent. */
async function writeGiven(table: SampledTable, path: string): Promise<GivenRows> {
  const names = [...table.columns.keys()];
  const index = Array.from({ length: table.rows }, (_, row) => String(row));
  const links = table.parent === undefined || table.parent.table === null ? [] : [table.parent.columns];
  const parents = links.length === 0 ? [] : [Array.from(table.parent?.rowOf ?? [], String)];
  const header = ['__r', ...names, ...parents.map((_, at) => `__parent_${at}`)];
  await pipeline(Readable.from(csvText(header, [index, ...table.columns.values(), ...parents], table.rows)), createWriteStream(path));
  return { rows: table.rows, columns: names, links };
}
