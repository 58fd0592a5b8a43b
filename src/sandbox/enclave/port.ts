import type { Result } from '../../kernel/result.ts';

/** How well a worker is fenced in, best first. Written on every result (gate.md §10). */
export type IsolationLevel = 'bubblewrap' | 'namespaces' | 'process';

/** Closed list of what can go wrong inside a worker. The engine's own words never leave it. */
export type EnclaveFailure =
  | 'syntax'
  | 'binder'
  | 'conversion'
  | 'constraint'
  | 'out_of_memory'
  | 'out_of_disk'
  | 'timeout'
  | 'cancelled'
  | 'file'
  | 'digest_mismatch'
  | 'worker_lost'
  | 'protocol'
  | 'too_large'
  | 'isolation_unavailable'
  | 'other';

export type Cell = string | number | boolean | null | readonly Cell[];

/**
 * Rows as the DuckDB JSON converter gives them: BIGINT, HUGEINT and DECIMAL as decimal text, INTEGER and smaller and
 * DOUBLE as number, dates and timestamps as ISO text, lists as arrays.
 */
export interface QueryRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface SessionLimits {
  readonly memoryMiB: number;
  readonly threads: number;
  readonly tempMiB: number;
  /** For the whole session, from its first statement. */
  readonly timeoutMs: number;
  /** Rows a single statement may return; more fails with `too_large`. */
  readonly maxRows: number;
}

/** What a worker may touch. Nothing else of the file system is visible to it where isolation allows. */
export interface SessionMounts {
  /** Opened as the session's database: read-only, absent (in memory), or created anew at this path. */
  readonly database:
    | { readonly kind: 'memory' }
    | { readonly kind: 'sealed'; readonly path: string; readonly digest: string }
    | { readonly kind: 'create'; readonly path: string };
  /** Extra files readable by file functions (loader input). Only for `create` and `memory`. */
  readonly readable: readonly string[];
  /** Folders writable (loader staging, simulation output). Only for `create` and `memory`. */
  readonly writable: readonly string[];
}

/** One worker process with one database, alive until `close`. Statements run one after another. */
export interface EnclaveSession {
  readonly isolation: IsolationLevel;
  query(sql: string, parameters?: readonly (string | number | boolean | null)[]): Promise<Result<QueryRows, EnclaveFailure>>;
  /** A SELECT that need not wait for others; over a sealed database it runs beside one of them. It sees no rows that are kept. */
  queryBeside?(sql: string): Promise<Result<QueryRows, EnclaveFailure>>;
  /** Decodes a file into UTF-8 inside the worker; fails with `conversion` and the 1-based line of the first undecodable byte. */
  transcode(
    source: string,
    target: string,
    encoding: 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be',
  ): Promise<Result<{ readonly badLine: number | null }, EnclaveFailure>>;
  /** Percentage of the running statement as the engine estimates it, 0…100, or −1. Loader and simulation only. */
  progress(): Promise<number>;
  /** Interrupts, kills, removes the temp folder. Safe to call twice. */
  close(): Promise<void>;
}

/** The only door to DuckDB. */
export interface Enclave {
  readonly isolation: IsolationLevel;
  /** Starts (or takes from the warm pool) a worker for these mounts. Sealed files are digest-checked before they are opened. */
  open(mounts: SessionMounts, limits: SessionLimits, signal?: AbortSignal): Promise<Result<EnclaveSession, EnclaveFailure>>;
  /** Keeps one worker ready for these mounts. */
  warm(mounts: SessionMounts, limits: SessionLimits): Promise<void>;
  close(): Promise<void>;
}
