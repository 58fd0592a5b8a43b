import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Enclave, EnclaveSession } from '../../src/sandbox/enclave/port.ts';
import { type CitySize, enterprisesSql, hospitalsSql, residentsSql, taxSql, type Vocabulary, visitsSql } from './city-sql.ts';
import { encodeGb18030, twoByteTable } from './gb18030.ts';

export const CITY_DECLARATION = fileURLToPath(new URL('./declaration.json', import.meta.url));

const FULL: CitySize = { residents: 200_000, visits: 2_000_000, enterprises: 8_000 };
const LIMITS = { memoryMiB: 1536, threads: 2, tempMiB: 8192, timeoutMs: 600_000, maxRows: 10 } as const;

export interface CityOptions {
  readonly enclave: Enclave;
  /** Share of the full size; default 1. What makes the city interesting (tiny villages, rare diseases) stays. */
  readonly scale?: number;
}

export interface GeneratedCity {
  /** In `outFolder`, ready for `dataset load`. */
  readonly declaration: string;
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Writes the demonstration city into `outFolder`: five CSV files and their declaration. Everything is invented, nothing is
 * drawn from real data, and the same version of this generator always writes the same bytes for one scale.
 * Throws where the enclave refuses: a demonstration without data is a fault.
 */
export async function generateCity(outFolder: string, options: CityOptions): Promise<GeneratedCity> {
  const folder = resolve(outFolder);
  await mkdir(folder, { recursive: true });
  const scale = options.scale ?? 1;
  const size: CitySize = {
    residents: Math.max(500, Math.round(FULL.residents * scale)),
    visits: Math.max(5000, Math.round(FULL.visits * scale)),
    enterprises: Math.max(100, Math.round(FULL.enterprises * scale)),
  };
  const words = await vocabulary();
  const opened = await options.enclave.open({ database: { kind: 'memory' }, readable: [], writable: [folder] }, LIMITS);
  if (!opened.ok) throw new Error(`The enclave did not open: ${opened.error}`);
  const session = opened.value;
  try {
    for (const sql of [hospitalsSql(words), enterprisesSql(words, size), taxSql(), ...residentsSql(words, size)]) await run(session, sql);
    const [visits = ''] = visitsSql(words, size);
    const rows = {
      hospitals: await write(session, folder, 'hospitals', 'SELECT * FROM hospitals'),
      enterprises: await write(session, folder, 'enterprises.utf8', 'SELECT * EXCLUDE (__r, __size) FROM enterprises ORDER BY uscc'),
      tax: await write(session, folder, 'tax', 'SELECT * FROM tax ORDER BY uscc, year'),
      residents: await write(session, folder, 'residents', 'SELECT * EXCLUDE (__r) FROM residents ORDER BY resident_id'),
      visits: await write(session, folder, 'visits', visits),
    };
    await toGb18030(join(folder, 'enterprises.utf8.csv'), join(folder, 'enterprises.csv'));
    const declaration = join(folder, 'declaration.json');
    await copyFile(CITY_DECLARATION, declaration);
    return { declaration, rows };
  } finally {
    await session.close();
  }
}

async function vocabulary(): Promise<Vocabulary> {
  const declared = JSON.parse(await readFile(CITY_DECLARATION, 'utf8')) as {
    tables: Record<string, { columns: Record<string, { domain?: (string | number)[] }> }>;
  };
  return (name) => {
    const [table = '', column = ''] = name.split('.');
    const domain = declared.tables[table]?.columns[column]?.domain;
    if (domain === undefined) throw new Error(`The declaration has no list for ${name}`);
    return domain;
  };
}

async function write(session: EnclaveSession, folder: string, name: string, select: string): Promise<number> {
  const target = join(folder, `${name}.csv`).replaceAll("'", "''");
  const rows = await run(session, `COPY (${select}) TO '${target}' (FORMAT csv, HEADER true)`);
  return Number(rows[0]?.[0] ?? 0);
}

async function run(session: EnclaveSession, sql: string): Promise<readonly (readonly unknown[])[]> {
  const result = await session.query(sql);
  if (!result.ok) throw new Error(`The city could not be generated: ${result.error}`);
  return result.value.rows;
}

/** Departments still deliver such files; the loader must read them. */
async function toGb18030(source: string, target: string): Promise<void> {
  await writeFile(target, encodeGb18030(await readFile(source, 'utf8'), twoByteTable()));
  await rm(source);
}

if (import.meta.main) {
  const [folder = 'city-health-data', scale = '1'] = process.argv.slice(2);
  const { createEnclave } = await import('../../src/sandbox/enclave/create-enclave.ts');
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: join(resolve(folder), '.tmp') });
  try {
    const city = await generateCity(folder, { enclave, scale: Number(scale) });
    process.stdout.write(`${JSON.stringify(city.rows)}\n`);
  } finally {
    await enclave.close();
    await rm(join(resolve(folder), '.tmp'), { recursive: true, force: true });
  }
}
