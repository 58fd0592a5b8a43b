import { ok } from '../../src/kernel/result.ts';
import type { Enclave, EnclaveSession, QueryRows, SessionLimits } from '../../src/sandbox/enclave/port.ts';

const LONG: SessionLimits = { memoryMiB: 400, threads: 1, tempMiB: 256, timeoutMs: 600_000, maxRows: 200_000 };
const NOTHING: QueryRows = { columns: [], rows: [] };

/**
 * An enclave that keeps one worker for admission and one for each sealed file, so that hundreds of statements take
 * seconds. The engine and its fences are the real ones; only the start of a process per job is saved.
 */
export function sharedEnclave(enclave: Enclave): Enclave {
  const kept = new Map<string, EnclaveSession>();
  return {
    isolation: enclave.isolation,
    open: async (mounts, _limits, signal) => {
      const { database } = mounts;
      const name = database.kind === 'sealed' ? database.path : database.kind;
      const known = kept.get(name);
      if (known !== undefined) return ok(known);
      const opened = await enclave.open(mounts, LONG, signal);
      if (!opened.ok) return opened;
      const session = keptOpen(opened.value);
      kept.set(name, session);
      return ok(session);
    },
    warm: (mounts, limits) => enclave.warm(mounts, limits),
    close: () => enclave.close(),
  };
}

/** A session whose `close` does nothing, and whose tables are made once. */
function keptOpen(session: EnclaveSession): EnclaveSession {
  const made = new Set<string>();
  return {
    isolation: session.isolation,
    query: async (sql, parameters) => {
      if (!sql.startsWith('CREATE TABLE ')) return session.query(sql, parameters);
      if (made.has(sql)) return ok(NOTHING);
      made.add(sql);
      return session.query(sql, parameters);
    },
    transcode: (source, target, encoding) => session.transcode(source, target, encoding),
    progress: () => session.progress(),
    close: () => Promise.resolve(),
  };
}
