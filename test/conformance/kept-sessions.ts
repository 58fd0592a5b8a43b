import { ok } from '../../src/kernel/result.ts';
import type { Enclave, EnclaveFailure, EnclaveSession, QueryRows, SessionLimits } from '../../src/sandbox/enclave/port.ts';

const LONG: SessionLimits = { memoryMiB: 400, threads: 2, tempMiB: 256, timeoutMs: 600_000, maxRows: 200_000 };
/** Failures after which a session answers nothing any more. */
const DEADLY: ReadonlySet<EnclaveFailure> = new Set(['worker_lost', 'timeout', 'cancelled', 'protocol', 'out_of_memory', 'other']);
const NOTHING: QueryRows = { columns: [], rows: [] };

export interface KeptSessions {
  readonly enclave: Enclave;
  /** Closes the workers; the enclave below stays. */
  close(): Promise<void>;
}

/**
 * An enclave over another that keeps one worker for admission and one per sealed file, for all cases of one setup. Engine
 * and fences are the real ones; only the start of a process per job is saved.
 */
export function keptSessions(below: Enclave): KeptSessions {
  const kept = new Map<string, EnclaveSession>();
  const enclave: Enclave = {
    isolation: below.isolation,
    open: async (mounts, _limits, signal) => {
      const { database } = mounts;
      const name = database.kind === 'sealed' ? database.path : database.kind;
      const known = kept.get(name);
      if (known !== undefined && (asked.get(known) ?? 0) < RECYCLED_AFTER) return ok(known);
      if (known !== undefined) await closers.get(known)?.();
      const opened = await below.open(mounts, LONG, signal);
      if (opened.ok)
        kept.set(
          name,
          lasting(opened.value, () => kept.delete(name)),
        );
      return opened.ok ? ok(kept.get(name) ?? opened.value) : opened;
    },
    warm: (mounts, limits) => below.warm(mounts, limits),
    close: () => Promise.resolve(),
  };
  return { enclave, close: async () => void (await Promise.all([...kept.values()].map((session) => closers.get(session)?.()))) };
}

/** Statements after which a worker is replaced: what engine and process hold on to would reach the memory limit of a job. */
const RECYCLED_AFTER = 100;
const asked = new WeakMap<EnclaveSession, number>();
const closers = new WeakMap<EnclaveSession, () => Promise<void>>();

/** A session whose `close` does nothing, and whose empty clone of the schema is made once. */
function lasting(session: EnclaveSession, lost: () => void): EnclaveSession {
  const made = new Set<string>();
  const kept: EnclaveSession = {
    isolation: session.isolation,
    query: async (sql, parameters) => {
      if (made.has(sql)) return ok(NOTHING);
      if (sql.startsWith('CREATE TABLE ')) made.add(sql);
      asked.set(kept, (asked.get(kept) ?? 0) + 1);
      const answer = await session.query(sql, parameters);
      if (!answer.ok && DEADLY.has(answer.error)) lost();
      return answer;
    },
    transcode: (source, target, encoding) => session.transcode(source, target, encoding),
    progress: () => session.progress(),
    close: () => Promise.resolve(),
  };
  closers.set(kept, () => session.close());
  return kept;
}
