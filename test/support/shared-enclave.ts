import { ok } from '../../src/kernel/result.ts';
import type { Enclave, EnclaveFailure, EnclaveSession, QueryRows, SessionLimits } from '../../src/sandbox/enclave/port.ts';

const LONG: SessionLimits = { memoryMiB: 600, threads: 1, tempMiB: 256, timeoutMs: 600_000, maxRows: 200_000 };
const NOTHING: QueryRows = { columns: [], rows: [] };
/** Statements after which an idle worker is replaced: its memory grows slowly, and starting one takes as long as fifty statements. */
const REPLACED_AFTER = 6000;
/** And milliseconds: a worker has an end of its own, which a busy machine comes to first. */
const REPLACED_AFTER_MS = LONG.timeoutMs / 2;
/** Failures after which a session answers nothing any more, or is better not asked. */
const DEADLY: ReadonlySet<EnclaveFailure> = new Set(['worker_lost', 'timeout', 'cancelled', 'protocol', 'out_of_memory', 'other']);

interface Kept {
  readonly join: () => EnclaveSession;
  readonly isWornOut: () => boolean;
  readonly end: () => Promise<void>;
}

export interface SharedEnclave extends Enclave {
  /** Ends the kept workers; the enclave they come from stays. */
  endWorkers(): Promise<void>;
}

/**
 * An enclave that keeps one worker for admission and one for each sealed file, so that hundreds of statements take
 * seconds. The engine and its fences are the real ones; only the start of a process per job is saved.
 */
export function sharedEnclave(enclave: Enclave): SharedEnclave {
  const kept = new Map<string, Kept>();
  return {
    isolation: enclave.isolation,
    open: async (mounts, _limits, signal) => {
      const { database } = mounts;
      const name = database.kind === 'sealed' ? database.path : database.kind;
      const known = kept.get(name);
      if (known !== undefined && !known.isWornOut()) return ok(known.join());
      if (known !== undefined) {
        kept.delete(name);
        await known.end();
      }
      const opened = await enclave.open(mounts, LONG, signal);
      if (!opened.ok) return opened;
      const made = keptOpen(opened.value);
      kept.set(name, made);
      return ok(made.join());
    },
    warm: (mounts, limits) => enclave.warm(mounts, limits),
    close: () => enclave.close(),
    endWorkers: async () => {
      await Promise.all([...kept.values()].map((worker) => worker.end()));
      kept.clear();
    },
  };
}

/** A session whose `close` does nothing, and whose tables are made once. Worn out only while no job has it open. */
function keptOpen(session: EnclaveSession): Kept {
  const made = new Set<string>();
  let asked = 0;
  let jobs = 0;
  let isLost = false;
  const since = performance.now();
  const query: EnclaveSession['query'] = async (sql, parameters) => {
    asked += 1;
    const answered = await session.query(sql, parameters);
    isLost ||= !answered.ok && DEADLY.has(answered.error);
    return answered;
  };
  const shared: EnclaveSession = {
    isolation: session.isolation,
    query: async (sql, parameters) => {
      if (!sql.startsWith('CREATE TABLE ')) return query(sql, parameters);
      const missing = sql.split(/;\n(?=CREATE TABLE )/).filter((statement) => !made.has(statement));
      for (const statement of missing) made.add(statement);
      return missing.length === 0 ? ok(NOTHING) : query(missing.join(';\n'), parameters);
    },
    transcode: (source, target, encoding) => session.transcode(source, target, encoding),
    progress: () => session.progress(),
    close: () => {
      jobs -= 1;
      return Promise.resolve();
    },
  };
  const join = (): EnclaveSession => {
    jobs += 1;
    return shared;
  };
  const isOld = (): boolean => asked >= REPLACED_AFTER || performance.now() - since > REPLACED_AFTER_MS;
  return { join, isWornOut: () => (isLost || isOld()) && jobs === 0, end: () => session.close() };
}
