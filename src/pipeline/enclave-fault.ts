import type { EnclaveFailure, EnclaveSession, QueryRows } from '../sandbox/enclave/port.ts';

/** A statement of ours did not come back. Caught once, in `execute`; its kind goes to operators, never to merchants. */
export class EnclaveFault extends Error {
  readonly failure: EnclaveFailure;
  constructor(failure: EnclaveFailure) {
    super(failure);
    this.failure = failure;
  }
}

export interface RunStatement {
  (sql: string): Promise<QueryRows>;
  /** The same for a SELECT over sealed tables alone that need not wait for others. Absent where all wait. */
  readonly beside?: (sql: string) => Promise<QueryRows>;
}

/** Runs statements in a session and throws EnclaveFault where one fails. */
export function statementRunner(session: EnclaveSession): RunStatement {
  const certainly = async (asked: ReturnType<EnclaveSession['query']>): Promise<QueryRows> => {
    const answer = await asked;
    if (!answer.ok) throw new EnclaveFault(answer.error);
    return answer.value;
  };
  const run = (sql: string): Promise<QueryRows> => certainly(session.query(sql));
  if (session.queryBeside === undefined) return run;
  return Object.assign(run, { beside: (sql: string): Promise<QueryRows> => certainly(session.queryBeside?.(sql) ?? session.query(sql)) });
}
