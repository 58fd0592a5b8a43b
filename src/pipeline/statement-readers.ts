import type { Dataset } from '../catalog/dataset.ts';
import { readSealedSchema } from '../catalog/sealed-layout.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Enclave, EnclaveFailure, EnclaveSession } from '../sandbox/enclave/port.ts';
import { ADMISSION_LIMITS, ADMISSION_MOUNTS, cloneSchema, type Reading, readText, saysOfText } from './read-statement.ts';

/** Reads texts in processes that are kept for the next text over the same schema. */
export interface StatementReaders {
  read(sql: string, dataset: Dataset): Promise<Result<Reading, readonly Problem[]>>;
}

interface ReaderRules {
  /** Texts read at one time, and processes kept; the other texts wait in order of arrival. */
  readonly atOnce: number;
  /** Texts that may wait; one more is told that the enclave is busy. */
  readonly mostWaiting: number;
  /** Texts that one process reads before it ends. */
  readonly textsEach: number;
  /** How long a process without work is kept. */
  readonly idleMs: number;
}

const RULES: ReaderRules = { atOnce: 2, mostWaiting: 1000, textsEach: 200, idleMs: 30_000 };
const ATTEMPTS = 2;

/** A session lives for many texts; the time of each is watched here. */
const SESSION_LIMITS = { ...ADMISSION_LIMITS, timeoutMs: 3_600_000 } as const;

interface Reader {
  readonly schema: string;
  readonly session: EnclaveSession;
  texts: number;
  idle?: NodeJS.Timeout;
}

/**
 * What submissions are read with: `readStatement` without a process of its own for every text, which two hundred merchants at once could
 * not be served with. A process holds an empty clone of one schema and no data; it ends after its share of texts, when it has nothing to
 * do, and after any failure. A job reads its text again in a process of its own before it runs: what is found here decides only whether it
 * is queued. Sessions end with the enclave at the latest. Source: issue 6 ("200 concurrent merchants"); ADR 0038.
 */
export function statementReaders(enclave: Enclave, rules: ReaderRules = RULES): StatementReaders {
  const idle: Reader[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;

  const end = (reader: Reader): void => {
    clearTimeout(reader.idle);
    if (idle.includes(reader)) idle.splice(idle.indexOf(reader), 1);
    void reader.session.close().catch(() => undefined);
  };
  const keep = (reader: Reader): void => {
    reader.idle = setTimeout(() => end(reader), rules.idleMs).unref();
    idle.push(reader);
    const oldest = idle[0];
    if (idle.length > rules.atOnce && oldest !== undefined) end(oldest);
  };
  const take = async (dataset: Dataset): Promise<Result<Reader, EnclaveFailure>> => {
    const statements = readSealedSchema(dataset);
    const schema = statements.join(';');
    const kept = idle.findLast((reader) => reader.schema === schema);
    if (kept === undefined) return openReader(enclave, schema, statements);
    clearTimeout(kept.idle);
    idle.splice(idle.indexOf(kept), 1);
    return ok(kept);
  };
  const readOnce = async (sql: string, dataset: Dataset): Promise<Result<Reading, EnclaveFailure>> => {
    const taken = await take(dataset);
    if (!taken.ok) return taken;
    const reader = taken.value;
    reader.texts += 1;
    const read = await inTime(reader.session, () => readText(reader.session, sql));
    if (read.ok && reader.texts < rules.textsEach) keep(reader);
    else end(reader);
    return read;
  };
  return {
    async read(sql, dataset) {
      if (running < rules.atOnce) running += 1;
      else if (waiting.length >= rules.mostWaiting) return err([problem('enclave.busy', {})]);
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
          const read = await readOnce(sql, dataset);
          if (read.ok) return read;
          if (read.error === 'isolation_unavailable') return err([problem('enclave.isolation_unavailable', {})]);
          if (saysOfText(read.error)) return err([problem('sql.syntax', { line: 1, column: 1 })]);
        }
        return err([problem('enclave.busy', {})]);
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next(); // takes over the place
      }
    },
  };
}

async function openReader(enclave: Enclave, schema: string, statements: readonly string[]): Promise<Result<Reader, EnclaveFailure>> {
  const opened = await enclave.open(ADMISSION_MOUNTS, SESSION_LIMITS);
  if (!opened.ok) return opened;
  const session = opened.value;
  let isKept = false;
  try {
    const cloned = await inTime(session, () => cloneSchema(session, statements));
    isKept = cloned.ok;
    return cloned.ok ? ok({ schema, session, texts: 0 }) : cloned;
  } finally {
    if (!isKept) await session.close();
  }
}

/** Ends the session where the work takes longer than admission may. */
async function inTime<T>(session: EnclaveSession, work: () => Promise<T>): Promise<T> {
  const limit = setTimeout(() => void session.close().catch(() => undefined), ADMISSION_LIMITS.timeoutMs);
  try {
    return await work();
  } finally {
    clearTimeout(limit);
  }
}
