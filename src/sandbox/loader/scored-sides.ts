import { type Dataset, isSealedColumn, type Table } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import type { EnclaveSession } from '../enclave/port.ts';
import { rowCount, rowsOf } from './file-tables.ts';

/** Where the tables of one side stand, as text columns, and how rows joined from them are kept. */
export interface ScoredSide {
  readonly session: EnclaveSession;
  /** Name of a table in the session, quoted where it must be; by its place in the dataset. */
  readonly table: (index: number) => string;
  /** Keeps what `select` gives and says under which name; what was kept before goes. */
  readonly keepJoined: (select: string) => Promise<string>;
  /** Whether a table stands there whole. */
  readonly isWhole: (index: number) => boolean;
}

/** Real rows and simulated ones, in one session or in two. */
export interface ScoredSides {
  readonly real: ScoredSide;
  readonly synthetic: ScoredSide;
}

/** Names of the tables of real and synthetic rows in a session over files. */
export const SCORED = {
  real: (index: number): string => `real_${index}`,
  synthetic: (index: number): string => `synthetic_${index}`,
} as const;

/** Both sides in one session over files, whose tables have the names of `SCORED`. Source: formats.md (`synth score`). */
export function fileSides(session: EnclaveSession): ScoredSides {
  const side = (name: keyof typeof SCORED): ScoredSide => ({
    session,
    table: SCORED[name],
    isWhole: () => true,
    async keepJoined(select) {
      await rowsOf(session, `CREATE OR REPLACE TABLE joined_${name} AS ${select}`);
      return `joined_${name}`;
    },
  });
  return { real: side('real'), synthetic: side('synthetic') };
}

/** What of a dataset stands in a sealed version: no direct identifiers, and no keys or links made of them. Source: gate.md §2. */
export function sealedPart(dataset: Dataset): Dataset {
  const isThere = (table: string, columns: readonly string[]): boolean => {
    const kept = dataset.tables.find((item) => item.name === table)?.columns.filter(isSealedColumn) ?? [];
    return columns.every((name) => kept.some((column) => column.name === name));
  };
  const part = (table: Table): Table => ({
    ...table,
    columns: table.columns.filter(isSealedColumn),
    primaryKey: isThere(table.name, table.primaryKey) ? table.primaryKey : [],
    foreignKeys: table.foreignKeys.filter((key) => isThere(table.name, key.columns) && isThere(key.table, key.references)),
  });
  return { ...dataset, tables: dataset.tables.map(part) };
}

/** Rows of a table that are scored; of a larger one as many, drawn. */
const MOST_ROWS = 300_000;

/** A name of the one form that a sealed session keeps rows under. Source: ADR 0020. */
const keptName = (number: number): string => quoteName(`__m${number.toString(16).padStart(16, '0')}`);

/**
 * One side in a session over a sealed version: its tables as text, kept in the memory of the worker. `part`: what `sealedPart` gives.
 * Throws `SessionFailed`. Source: gate.md §2; ADR 0020.
 */
export async function sealedSide(session: EnclaveSession, part: Dataset): Promise<ScoredSide> {
  const whole: boolean[] = [];
  for (const [index, table] of part.tables.entries()) {
    const columns = table.columns.map(({ name }) => `${quoteName(name)}::VARCHAR AS ${quoteName(name)}`);
    const isWhole = (await rowCount(session, quoteName(table.name))) <= MOST_ROWS;
    const drawn = isWhole ? '' : ` USING SAMPLE reservoir(${MOST_ROWS} ROWS) REPEATABLE (1)`;
    const select = `SELECT ${columns.join(', ')} FROM ${quoteName(table.name)}${drawn}`;
    await rowsOf(session, `CREATE TEMP TABLE IF NOT EXISTS ${keptName(index)} AS ${select}`);
    whole.push(isWhole);
  }
  const joined = keptName(part.tables.length);
  return {
    session,
    table: keptName,
    isWhole: (index) => whole[index] === true,
    async keepJoined(select) {
      await rowsOf(session, `DROP TABLE IF EXISTS temp.main.${joined}`);
      await rowsOf(session, `CREATE TEMP TABLE IF NOT EXISTS ${joined} AS ${select}`);
      return joined;
    },
  };
}
