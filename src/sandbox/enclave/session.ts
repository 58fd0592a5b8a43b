import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../kernel/result.ts';
import { CLOSE_TIMEOUT_MS } from './limits.ts';
import type { ToWorker } from './messages.ts';
import type { EnclaveFailure, EnclaveSession, IsolationLevel, QueryRows, SessionLimits } from './port.ts';
import type { StartedWorker } from './start-worker.ts';

export interface SessionParts {
  readonly worker: StartedWorker;
  readonly isolation: IsolationLevel;
  readonly limits: SessionLimits;
  /** Where the database that the session builds goes when it is closed; null if it builds none. */
  readonly publishTo: string | null;
  readonly signal: AbortSignal | undefined;
}

/** A session over a worker whose database is open. Watches its time; its folders go when its worker is gone. */
export class Session implements EnclaveSession {
  readonly #parts: SessionParts;
  readonly #removed: Promise<void>;
  #deadline: NodeJS.Timeout | null = null;
  #running = 0;
  #closing: Promise<void> | null = null;
  #publishing: Promise<void> = Promise.resolve();

  constructor(parts: SessionParts) {
    this.#parts = parts;
    parts.signal?.addEventListener('abort', this.#cancel, { once: true });
    if (parts.signal?.aborted === true) this.#cancel();
    this.#removed = this.#worker.gone
      .then(() => this.#publishing)
      .finally(() => {
        if (this.#deadline !== null) clearTimeout(this.#deadline);
        parts.signal?.removeEventListener('abort', this.#cancel);
        return parts.worker.removeFolders();
      });
    this.#removed.catch(() => undefined); // whoever closes the session sees it
  }

  get isolation(): IsolationLevel {
    return this.#parts.isolation;
  }

  /** Settles when the worker is gone and its folders are; rejects where they cannot be removed. */
  get removed(): Promise<void> {
    return this.#removed;
  }

  get #worker(): StartedWorker['process'] {
    return this.#parts.worker.process;
  }

  query(sql: string, parameters: readonly (string | number | boolean | null)[] = []): Promise<Result<QueryRows, EnclaveFailure>> {
    return this.#ask({ type: 'query', sql, parameters: [...parameters] });
  }

  queryBeside(sql: string): Promise<Result<QueryRows, EnclaveFailure>> {
    return this.#ask({ type: 'query', sql, parameters: [], beside: true });
  }

  async #ask(message: Omit<Extract<ToWorker, { type: 'query' }>, 'requestId'>): Promise<Result<QueryRows, EnclaveFailure>> {
    const answer = await this.#timed(() => this.#worker.call(message, 'rows'));
    if (!answer.ok) return answer;
    if (answer.value.rows.length > this.#parts.limits.maxRows) {
      this.#worker.kill('protocol'); // the worker was told the limit and claims to have kept it
      return err('protocol');
    }
    return ok({ columns: answer.value.columns, rows: answer.value.rows });
  }

  async transcode(
    source: string,
    target: string,
    encoding: 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be',
  ): Promise<Result<{ readonly badLine: number | null }, EnclaveFailure>> {
    const answer = await this.#timed(() => this.#worker.call({ type: 'transcode', source, target, encoding }, 'transcoded'));
    return answer.ok ? ok({ badLine: answer.value.badLine }) : answer;
  }

  async progress(): Promise<number> {
    const answer = await this.#worker.call({ type: 'progress' }, 'progress');
    return answer.ok ? answer.value.percentage : -1;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { publishTo, worker } = this.#parts;
    if (publishTo !== null && worker.buildFolder !== null && this.#running === 0 && this.#worker.failure === null) {
      this.#publishing = this.#publish(join(worker.buildFolder, 'sealed.duckdb'), publishTo);
      await this.#publishing.catch(() => undefined); // told by #removed below
    }
    if (this.#running > 0) this.#worker.interrupt('cancelled');
    else this.#worker.kill('cancelled');
    await this.#removed;
  }

  /** Lets the worker write its database out, then gives the file its name. Nothing appears there if that fails. */
  async #publish(from: string, to: string): Promise<void> {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    const limit = new AbortController();
    const answer = await Promise.race([
      this.#worker.call({ type: 'close' }, 'closed'),
      delay(CLOSE_TIMEOUT_MS, err('timeout' as const), { signal: limit.signal }).catch(() => err('timeout' as const)),
    ]);
    limit.abort();
    if (answer.ok) await rename(from, to);
  }

  /** The clock of a session starts with its first statement. */
  async #timed<T>(call: () => Promise<Result<T, EnclaveFailure>>): Promise<Result<T, EnclaveFailure>> {
    this.#deadline ??= setTimeout(() => this.#worker.interrupt('timeout'), this.#parts.limits.timeoutMs);
    this.#running += 1;
    try {
      return await call();
    } finally {
      this.#running -= 1;
    }
  }

  readonly #cancel = (): void => this.#worker.interrupt('cancelled');
}
