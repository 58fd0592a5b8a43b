import { kinFamilies } from '../../src/catalog/kin-families.ts';
import { memoryLedger } from '../support/memory-ledger.ts';
import { attempt, type Placed } from './attempt.ts';
import type { ConformanceCase } from './case-file.ts';
import { type Judged, judgeExpectation } from './judge-expectation.ts';
import type { PreparedData } from './prepared-data.ts';

export interface CaseResult extends Judged {
  readonly id: string;
  readonly cls: string;
  readonly expect: string;
}

/**
 * Runs the statements of a case in order, each through the whole pipeline, and judges the last one. Every statement of a
 * merchant is a job of its own on one fresh ledger, released before the next; a refresh of the data keeps the ledger.
 */
export async function runCase(item: ConformanceCase, prepared: PreparedData): Promise<CaseResult> {
  const attempts: Placed[] = [];
  const ledger = memoryLedger();
  let jobs = 0;
  try {
    const ask = async (sql: string): Promise<Placed> => {
      const job = `job-${++jobs}`;
      const context = prepared.context(item.policy);
      const kin = kinFamilies(context.dataset, context.version.profile);
      const made = await attempt(sql, context, prepared.enclave, ledger.of(job, item.policy, kin));
      if (made.outcome === 'answered') ledger.release(job);
      else ledger.drop(job);
      return { ...made, real: prepared.real, known: ledger.size };
    };
    for (const statement of item.statements) {
      if (statement.by === 'source') await prepared.refresh(statement.sql);
      else attempts.push(await ask(statement.sql));
    }
    const judged = await judgeExpectation(item, attempts, prepared, ask);
    return { id: item.id, cls: item.cls, expect: item.expect, ...judged };
  } catch (error) {
    return {
      id: item.id,
      cls: item.cls,
      expect: item.expect,
      got: 'RUNNER-ERROR',
      ok: false,
      facts: [error instanceof Error ? error.message : String(error)],
    };
  }
}
