import type { LoadFailureKind } from '../../problems/codes/load.ts';
import type { Cell, EnclaveFailure, EnclaveSession } from '../enclave/port.ts';

/** The load cannot go on, for a reason that says nothing about the data. Caught once, in `loadDataset`. */
export class LoadStopped extends Error {
  readonly failure: LoadFailureKind;
  constructor(failure: LoadFailureKind) {
    super(`Load stopped: ${failure}`);
    this.failure = failure;
  }
}

const KINDS: Readonly<Partial<Record<EnclaveFailure, LoadFailureKind>>> = {
  out_of_memory: 'memory',
  out_of_disk: 'disk',
  timeout: 'time',
  cancelled: 'cancelled',
  worker_lost: 'lost',
  isolation_unavailable: 'isolation',
};

export function loadFailure(failure: EnclaveFailure): LoadFailureKind {
  return KINDS[failure] ?? 'other';
}

/** Failures that a badly formed file or filter causes; everything else stops the load. */
const INPUT_FAILURES: ReadonlySet<EnclaveFailure> = new Set(['syntax', 'binder', 'conversion', 'file', 'other', 'too_large']);

type Parameter = string | number | boolean | null;

/** The loader's session: statements give rows or stop the load. Name of the attached staging database: `staging`. */
export interface StagedSession {
  run(sql: string, parameters?: readonly Parameter[]): Promise<readonly (readonly Cell[])[]>;
  /** As `run`, but null where the input is to blame. */
  tryRun(sql: string, parameters?: readonly Parameter[]): Promise<readonly (readonly Cell[])[] | null>;
  readonly transcode: EnclaveSession['transcode'];
}

export function stagedSession(session: EnclaveSession): StagedSession {
  const attempt = async (sql: string, parameters: readonly Parameter[]): ReturnType<StagedSession['tryRun']> => {
    const outcome = await session.query(sql, parameters);
    if (outcome.ok) return outcome.value.rows;
    if (INPUT_FAILURES.has(outcome.error)) return null;
    throw new LoadStopped(loadFailure(outcome.error));
  };
  return {
    run: async (sql, parameters = []) => {
      const rows = await attempt(sql, parameters);
      if (rows === null) throw new LoadStopped('other');
      return rows;
    },
    tryRun: (sql, parameters = []) => attempt(sql, parameters),
    transcode: (source, target, encoding) => session.transcode(source, target, encoding),
  };
}
