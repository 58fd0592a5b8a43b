import { readdir, readFile } from 'node:fs/promises';
import type { Dataset } from '../src/catalog/dataset.ts';
import { readDeclaration } from '../src/catalog/declaration.ts';
import type { Grant } from '../src/catalog/grant.ts';
import { readStatement } from '../src/pipeline/read-statement.ts';
import type { EnclaveSession, SessionLimits } from '../src/sandbox/enclave/port.ts';
import { compile } from '../src/sandbox/sql/compile/compile.ts';
import { rewrite } from '../src/sandbox/sql/compile/rewrite.ts';
import { NOTHING_DROPPED } from '../src/sandbox/sql/model/condition.ts';
import type { GateProgram, Rewritten } from '../src/sandbox/sql/model/program.ts';
import { parse } from '../src/sandbox/sql/read/parse.ts';
import { exactStatement } from '../src/sandbox/sql/statements/exact-statement.ts';
import { layoutOf, summandOf } from '../src/sandbox/sql/statements/layout.ts';
import { fromSql, groupBy, keyColumns, keyNames, where, whereSql } from '../src/sandbox/sql/statements/relation.ts';
import type { BenchData } from './gate-data.ts';

export const RUNS = 5;
export const BENCH_LIMITS: SessionLimits = { memoryMiB: 8192, threads: 2, tempMiB: 16_384, timeoutMs: 3_600_000, maxRows: 2_000_000 };

export function declaredDataset(declaration: unknown): Dataset {
  const read = readDeclaration(declaration);
  if (!read.ok) throw new Error(`The declaration is refused: ${JSON.stringify(read.error)}`);
  return read.value.dataset;
}

/** A grant of everything. */
export function wholeGrant(dataset: Dataset): Grant {
  const tables = Object.fromEntries(dataset.tables.map((table) => [table.name, '*' as const]));
  return { id: 'g', merchant: 'm', dataset: dataset.name, scenario: 'bench', tables, endsOn: '2099-12-31' };
}

/** The program of a text, or the codes of why it is refused. */
export async function programOf(sql: string, dataset: Dataset, data: BenchData): Promise<Rewritten | readonly string[]> {
  const reading = await readStatement(sql, dataset, data.enclave);
  const parsed = reading.ok ? parse(sql, reading.value.tree) : reading;
  const compiled = parsed.ok ? compile(parsed.value, dataset, wholeGrant(dataset), data.version.profile) : parsed;
  return compiled.ok ? rewrite(compiled.value) : compiled.error.map((problem) => problem.code);
}

export async function openSession(data: BenchData): Promise<EnclaveSession> {
  const { sealedPath: path, version } = data;
  const opened = await data.enclave.open(
    { database: { kind: 'sealed', path, digest: version.digest }, readable: [], writable: [] },
    BENCH_LIMITS,
  );
  if (!opened.ok) throw new Error(`No session: ${opened.error}`);
  return opened.value;
}

export interface Times {
  readonly wallMs: number;
  /** Of all processes below this one: what a machine with other work does not blur. 0 where the system does not say. */
  readonly processorMs: number;
}

export const NO_TIMES: Times = { wallMs: Number.NaN, processorMs: Number.NaN };

/** Median times of each work over alternating runs after one of each to warm up. */
export async function alternatingTimes(works: readonly (() => Promise<unknown>)[], runs = RUNS): Promise<readonly Times[]> {
  const times = works.map(() => ({ wall: [] as number[], processor: [] as number[] }));
  for (let round = 0; round <= runs; round++) {
    for (const [index, work] of works.entries()) {
      const [start, used] = [performance.now(), await descendantProcessorMs()];
      await work();
      if (round === 0) continue;
      times[index]?.wall.push(performance.now() - start);
      times[index]?.processor.push((await descendantProcessorMs()) - used);
    }
  }
  return times.map(({ wall, processor }) => ({ wallMs: median(wall), processorMs: median(processor) }));
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** What a gate without buckets would run beside it: the figures with the number of units, and exact evidence of all cells. */
export function exactBesides(gate: GateProgram): { readonly distinct: string; readonly twoLevel: string } {
  const layout = layoutOf(gate);
  const sums = layout.sums.map((sum, index) => `sum(${summandOf(gate, sum, NOTHING_DROPPED)}) AS s${index}`);
  const figures = ['count(*) AS n', ...sums, `count(DISTINCT ${gate.units[0]?.number ?? 'NULL'}) AS u`];
  const rows = `${fromSql(gate, null, NOTHING_DROPPED)}${where([whereSql(gate, NOTHING_DROPPED)])}`;
  const distinct = `SELECT ${[...keyColumns(gate), ...figures].join(', ')} FROM ${rows}${groupBy(keyNames(gate))}`;
  return { distinct, twoLevel: exactStatement(gate, 0, { reduction: NOTHING_DROPPED, selection: null }) };
}

/** Processor time of all threads of processes below this one (Linux; elsewhere 0). */
async function descendantProcessorMs(): Promise<number> {
  let nanoseconds = 0;
  for (const pid of await descendants()) {
    for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const text = await readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8').catch(() => '');
      nanoseconds += Number(text.split(' ')[0] ?? 0);
    }
  }
  return nanoseconds / 1e6;
}

async function descendants(): Promise<readonly number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === process.pid || (parent > 1 && isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}

/** Largest resident memory, in MiB, that any process below this one ever had (Linux; elsewhere 0). */
export async function largestDescendantMiB(): Promise<number> {
  const peaks: number[] = [];
  for (const pid of await descendants()) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    peaks.push(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
  }
  return Math.max(0, ...peaks);
}
