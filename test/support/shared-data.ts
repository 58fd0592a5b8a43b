import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the public data beside the project, or null where it is not there. */
export const SHARED_DATA: string | null = [join(import.meta.dirname, '../../../shared/data')].find((path) => existsSync(path)) ?? null;

/** Rows of a small CSV file without quotes, by column; an empty field is null. */
export function readSharedCsv(name: string): ReadonlyMap<string, readonly (string | null)[]> {
  const [head = '', ...lines] = readFileSync(join(SHARED_DATA ?? '', name), 'utf8')
    .trimEnd()
    .split(/\r?\n/);
  const rows = lines.map((line) => line.split(','));
  return new Map(head.split(',').map((column, index) => [column, rows.map((row) => (row[index] === '' ? null : (row[index] ?? null)))]));
}

export interface AdultData {
  readonly names: readonly string[];
  readonly cells: readonly number[];
  readonly codes: readonly Int32Array[];
}

/** UCI Adult as coded in ../shared/data/adult. */
export function readAdult(): AdultData {
  const domain = JSON.parse(readFileSync(join(SHARED_DATA ?? '', 'adult/adult-domain.json'), 'utf8')) as Record<string, number>;
  const columns = readSharedCsv('adult/adult-coded.csv');
  const names = [...columns.keys()];
  return {
    names,
    cells: names.map((name) => domain[name] ?? 1),
    codes: [...columns.values()].map((values) => Int32Array.from(values, Number)),
  };
}
