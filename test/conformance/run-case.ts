import { type Attempt, attempt } from './attempt.ts';
import type { ConformanceCase } from './case-file.ts';
import { type Judged, judgeExpectation } from './judge-expectation.ts';
import type { PreparedData } from './prepared-data.ts';

export interface CaseResult extends Judged {
  readonly id: string;
  readonly cls: string;
  readonly expect: string;
}

/** Runs the statements of a case in order, each through the whole pipeline, and judges the last one. */
export async function runCase(item: ConformanceCase, prepared: PreparedData): Promise<CaseResult> {
  const attempts: Attempt[] = [];
  try {
    for (const statement of item.statements) {
      if (statement.by === 'source') await prepared.refresh(statement.sql);
      else attempts.push(await attempt(statement.sql, prepared.context(item.policy), prepared.enclave));
    }
    const judged = await judgeExpectation(item, attempts, prepared);
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
