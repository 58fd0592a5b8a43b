import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Declaration } from '../../catalog/declaration.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { stagedColumns, type TablePlan } from './table-plan.ts';

const GIB = 2 ** 30;

/** What staging and sealing may take on disk per byte of input: staged values, sealed file, and the sort's spill. */
const SPACE_PER_BYTE = { csv: 2.5, json: 2, parquet: 10 } as const;
/** Decoding GB18030 writes the file once more, three bytes for every two. */
const DECODED_PER_BYTE = 1.5;
const LEAST_SPACE = 64 * 2 ** 20;

/**
 * Finds the declared files: plain files inside the folder of the declaration, reached without any link. Looks at names
 * and sizes only.
 */
export async function findInputs(
  declaration: Declaration,
  baseFolder: string,
): Promise<{ readonly plans: readonly TablePlan[]; readonly problems: readonly Problem[] }> {
  const base = await realpath(baseFolder);
  const plans: TablePlan[] = [];
  const problems: Problem[] = [];
  for (const [number, table] of declaration.dataset.tables.entries()) {
    const input = declaration.files[table.name];
    if (input === undefined) {
      problems.push(problem('load.file_undeclared', { table: table.name }));
      continue;
    }
    const path = join(base, input.file);
    const bytes = await plainFileBytes(path);
    if (bytes === null) problems.push(problem('load.file_missing', { file: input.file }));
    else plans.push({ table, number, input, path, bytes, staged: stagedColumns(declaration.dataset, table) });
  }
  return { plans, problems };
}

/** Size of a plain file that stands exactly at `path`; null if there is none or a link leads there. */
async function plainFileBytes(path: string): Promise<number | null> {
  try {
    const [real, about] = await Promise.all([realpath(path), lstat(path)]);
    return real === path && about.isFile() ? about.size : null;
  } catch {
    return null;
  }
}

/** Bytes that a load of these inputs may need on disk. An estimate on the safe side. */
export function neededBytes(plans: readonly Pick<TablePlan, 'input' | 'bytes'>[]): number {
  return plans.reduce((sum, { input, bytes }) => {
    const decoded = input.encoding === 'gb18030' ? DECODED_PER_BYTE * bytes : 0;
    return sum + decoded + SPACE_PER_BYTE[input.format] * (decoded > 0 ? decoded : bytes);
  }, LEAST_SPACE);
}

/** The problem of too little disk, or null. */
export function diskProblem(plans: readonly TablePlan[], free: number): Problem | null {
  const needed = neededBytes(plans);
  return needed <= free ? null : problem('load.disk_full', { neededGiB: Math.ceil((10 * needed) / GIB) / 10 });
}
