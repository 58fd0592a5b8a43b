import { createHash } from 'node:crypto';
import type { QueryRows } from '../sandbox/enclave/port.ts';
import { madeTables } from '../sandbox/sql/statements/made-tables.ts';
import { preAggregated } from '../sandbox/sql/statements/pre-aggregated.ts';
import { EnclaveFault, type RunStatement } from './enclave-fault.ts';

/** By worker, the tables it keeps: name by text. */
const KEPT = new WeakMap<RunStatement, Map<string, string>>();
/** By runner of `keepingRows`, the worker's own. */
const WORKERS = new WeakMap<RunStatement, RunStatement>();

/** By runner of `keepingRows`, what was asked before its turn. */
const EARLY = new WeakMap<RunStatement, Map<string, Promise<QueryRows>>>();

/** More are not kept: each holds memory until the job ends. */
const MOST_KEPT = 24;

/**
 * Runs statements in a worker that computes each table of per-unit features once and keeps it in its memory: most
 * statements of a gate read the same ones, and to make them costs more than all else. Rows are the same, since sealed
 * data do not change. `forgetRows` lets go of them. Throws what the worker throws.
 *
 * @param uniqueColumns  those of the program.
 *
 * Source: performance.md §3.12 (per-unit features), ADR 0020.
 */
export function keepingRows(run: RunStatement, uniqueColumns: readonly string[] = []): RunStatement {
  const unique = new Set(uniqueColumns);
  const worker = WORKERS.get(run) ?? run;
  const early = new Map<string, Promise<QueryRows>>();
  const keeping: RunStatement = async (sql) => {
    const asked = early.get(sql);
    if (asked !== undefined) return asked;
    const kept = tablesOf(worker);
    for (const { select } of madeTables(sql)) {
      if (kept.has(select) || kept.size >= MOST_KEPT) continue;
      const name = `__m${createHash('sha256').update(select).digest('hex').slice(0, 16)}`;
      await worker(`CREATE TEMP TABLE IF NOT EXISTS "${name}" AS ${preAggregated(select, unique)}`);
      kept.set(select, name);
    }
    return worker(withKept(sql, worker));
  };
  WORKERS.set(keeping, worker);
  EARLY.set(keeping, early);
  return keeping;
}

/**
 * Asks a statement before its turn, beside those that run: whoever asks the same text of this runner later gets its
 * answer, or its failure. Nothing happens where the worker takes one statement after another, or where the statement
 * reads rows that the worker keeps or would keep. Gives what was asked, of which a failure is told to whoever asks later.
 * Own design: ADR 0034.
 */
export function askEarly(run: RunStatement, sql: string): Promise<QueryRows | undefined> | undefined {
  const [early, beside] = [EARLY.get(run), (WORKERS.get(run) ?? run).beside];
  if (early === undefined || beside === undefined || madeTables(sql).length > 0 || withKept(sql, run) !== sql) return undefined;
  const asked = beside(sql);
  early.set(sql, asked);
  return asked.catch(() => undefined); // whoever waits for it sees it
}

/** The statement, reading what the worker keeps already, and making the rest. */
export function withKept(sql: string, run: RunStatement): string {
  const kept = tablesOf(WORKERS.get(run) ?? run);
  if (kept.size === 0) return sql;
  let [text, last] = ['', 0];
  for (const { start, end, select } of madeTables(sql)) {
    const name = kept.get(select);
    if (name === undefined) continue;
    text += `${sql.slice(last, start)}"${name}"`;
    last = end;
  }
  return text + sql.slice(last);
}

/** Lets go of all that a worker keeps; of one that is gone already there is nothing to let go of. */
export async function forgetRows(run: RunStatement): Promise<void> {
  const worker = WORKERS.get(run) ?? run;
  const names = [...tablesOf(worker).values()];
  KEPT.delete(worker);
  try {
    for (const name of names) await worker(`DROP TABLE IF EXISTS temp.main."${name}"`);
  } catch (fault) {
    if (!(fault instanceof EnclaveFault)) throw fault;
  }
}

function tablesOf(worker: RunStatement): Map<string, string> {
  const known = KEPT.get(worker) ?? new Map<string, string>();
  KEPT.set(worker, known);
  return known;
}
