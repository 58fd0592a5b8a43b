import type { Cell } from './port.ts';

/** Messages between the supervisor (parent) and a worker (child), as plain shapes. Source: gate.md §10. */

export interface EngineSettings {
  readonly memoryMiB: number;
  readonly threads: number;
  /** null: no spilling. */
  readonly spill: { readonly directory: string; readonly maxMiB: number } | null;
  readonly maxRows: number;
}

/** The database as the worker sees it: its path inside the sandbox. */
export type WorkerDatabase = { readonly kind: 'memory' } | { readonly kind: 'sealed' | 'create'; readonly path: string };

export interface OpenMessage {
  readonly type: 'open';
  readonly requestId: number;
  readonly database: WorkerDatabase;
  readonly settings: EngineSettings;
  readonly allowedPaths: readonly string[];
  readonly allowedDirectories: readonly string[];
}

export interface QueryMessage {
  readonly type: 'query';
  readonly requestId: number;
  readonly sql: string;
  readonly parameters: readonly (string | number | boolean | null)[];
  /** It does not wait for the statements that were asked before it. */
  readonly beside?: boolean | undefined;
}

export const ENCODINGS = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const;

export interface TranscodeMessage {
  readonly type: 'transcode';
  readonly requestId: number;
  readonly source: string;
  readonly target: string;
  readonly encoding: (typeof ENCODINGS)[number];
}

export type ToWorker =
  | OpenMessage
  | QueryMessage
  | TranscodeMessage
  | { readonly type: 'progress'; readonly requestId: number }
  | { readonly type: 'interrupt' }
  | { readonly type: 'close'; readonly requestId: number };

/** What a worker may say went wrong. The other failures are found by the parent and cannot be claimed. */
export const WORKER_FAILURES = [
  'syntax',
  'binder',
  'conversion',
  'constraint',
  'out_of_memory',
  'out_of_disk',
  'cancelled',
  'file',
  'too_large',
  'other',
] as const;
export type WorkerFailure = (typeof WORKER_FAILURES)[number];

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'opened'; readonly requestId: number }
  | {
      readonly type: 'rows';
      readonly requestId: number;
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly type: 'transcoded'; readonly requestId: number; readonly badLine: number | null }
  | { readonly type: 'progress'; readonly requestId: number; readonly percentage: number }
  | { readonly type: 'failed'; readonly requestId: number; readonly failure: WorkerFailure }
  | { readonly type: 'closed'; readonly requestId: number };
export type AnswerType = Exclude<FromWorker['type'], 'ready' | 'failed'>;

/** One frame: a line of JSON. JSON text never holds a raw newline. */
export function encodeFrame(message: ToWorker | FromWorker): string {
  return `${JSON.stringify(message)}\n`;
}
