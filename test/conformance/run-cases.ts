import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnclave } from '../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave } from '../../src/sandbox/enclave/port.ts';
import type { ConformanceCase } from './case-file.ts';
import { type PreparedData, prepareData } from './prepared-data.ts';
import { type CaseResult, runCase } from './run-case.ts';

type Report = (result: CaseResult) => void;

/** Runs all cases, those of one setup together, and reports each when it is done. */
export async function runCases(cases: readonly ConformanceCase[], report: Report): Promise<void> {
  const texts = cases.flatMap((item) => item.statements.map((statement) => statement.sql));
  const folder = await mkdtemp(join(tmpdir(), 'sluice-conformance-workers-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: folder, poolSize: 1 });
  try {
    for (const group of byData(cases)) await runGroup(group, texts, enclave, report);
  } finally {
    await enclave.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Cases with equal data share one load; one that refreshes its data has its own. */
function byData(cases: readonly ConformanceCase[]): readonly (readonly ConformanceCase[])[] {
  const groups = new Map<string, ConformanceCase[]>();
  for (const [index, item] of cases.entries()) {
    const refreshes = item.statements.some((statement) => statement.by === 'source');
    const name = `${JSON.stringify(item.data)}${refreshes ? index : ''}`;
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return [...groups.values()];
}

async function runGroup(group: readonly ConformanceCase[], texts: readonly string[], enclave: Enclave, report: Report): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  let prepared: PreparedData;
  try {
    prepared = await prepareData(first.data, texts, enclave);
  } catch (error) {
    const facts = [error instanceof Error ? error.message : String(error)];
    for (const item of group) report({ id: item.id, cls: item.cls, expect: item.expect, got: 'NOT-LOADED', ok: false, facts });
    return;
  }
  try {
    for (const item of group) report(await runCase(item, prepared));
  } finally {
    await prepared.close();
  }
}
