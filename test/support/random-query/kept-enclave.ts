import { ok } from '../../../src/kernel/result.ts';
import type { Enclave, EnclaveSession, SessionLimits } from '../../../src/sandbox/enclave/port.ts';

const LIMITS: SessionLimits = { memoryMiB: 3000, threads: 1, tempMiB: 256, timeoutMs: 600_000, maxRows: 200_000 };

/** A worker holds on to memory of statements long answered: a new one now and then. */
const MOST_STATEMENTS = 4000;

interface Kept {
  readonly session: EnclaveSession;
  readonly made: Set<string>;
  statements: number;
  failed: boolean;
}

/**
 * An enclave that keeps one worker for admission and one for each sealed file, for thousands of statements; a worker
 * that failed, or that answered very many, is replaced. The engine and its fences are the real ones.
 */
export function keptEnclave(enclave: Enclave): Enclave {
  const kept = new Map<string, Kept>();
  return {
    isolation: enclave.isolation,
    open: async (mounts, _limits, signal) => {
      const { database } = mounts;
      const name = database.kind === 'sealed' ? database.path : database.kind;
      const known = kept.get(name);
      if (known !== undefined && !known.failed && known.statements < MOST_STATEMENTS) return ok(view(known));
      await known?.session.close();
      const opened = await enclave.open(mounts, LIMITS, signal);
      if (!opened.ok) return opened;
      const fresh: Kept = { session: opened.value, made: new Set(), statements: 0, failed: false };
      kept.set(name, fresh);
      return ok(view(fresh));
    },
    warm: (mounts, limits) => enclave.warm(mounts, limits),
    close: () => enclave.close(),
  };
}

/** A session whose `close` does nothing, and whose tables are made once. */
function view(kept: Kept): EnclaveSession {
  const { session, made } = kept;
  return {
    isolation: session.isolation,
    query: async (sql, parameters) => {
      const isTable = sql.startsWith('CREATE TABLE ');
      if (isTable && made.has(sql)) return ok({ columns: [], rows: [] });
      if (isTable) made.add(sql);
      kept.statements++;
      const answer = await session.query(sql, parameters);
      if (!answer.ok) kept.failed = true;
      return answer;
    },
    transcode: (source, target, encoding) => session.transcode(source, target, encoding),
    progress: () => session.progress(),
    close: () => Promise.resolve(),
  };
}
