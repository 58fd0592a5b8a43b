import type { EnclaveFailure, EnclaveSession, QueryRows } from '../sandbox/enclave/port.ts';

/** A statement of ours did not come back. Caught once, in `execute`; its kind goes to operators, never to merchants. */
export class EnclaveFault extends Error {
  readonly failure: EnclaveFailure;
  constructor(failure: EnclaveFailure) {
    super(failure);
    this.failure = failure;
  }
}

export type RunStatement = (sql: string) => Promise<QueryRows>;

/** Runs statements in a session and throws EnclaveFault where one fails. */
export function statementRunner(session: EnclaveSession): RunStatement {
  return async (sql) => {
    const answer = await session.query(sql);
    if (!answer.ok) throw new EnclaveFault(answer.error);
    return answer.value;
  };
}
