import { z } from 'zod';
import type { Cell } from './port.ts';

/**
 * Messages between the supervisor (parent) and a worker (child). Both sides parse what they receive with these
 * schemas; the parent treats the child as hostile. Source: gate.md §10, style.md §4.8 (Temporal's pattern).
 */

const requestId = z.int().min(1);
const path = z.string().min(1).max(4096);

const engineSettings = z.strictObject({
  memoryMiB: z.int().min(1),
  threads: z.int().min(1),
  /** null: no spilling. */
  spill: z.strictObject({ directory: path, maxMiB: z.int().min(1) }).nullable(),
  maxRows: z.int().min(0),
});

/** The database as the worker sees it: its path inside the sandbox. */
const database = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('memory') }),
  z.strictObject({ kind: z.literal('sealed'), path }),
  z.strictObject({ kind: z.literal('create'), path }),
]);

export const toWorker = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('open'),
    requestId,
    database,
    settings: engineSettings,
    allowedPaths: z.array(path),
    allowedDirectories: z.array(path),
  }),
  z.strictObject({
    type: z.literal('query'),
    requestId,
    sql: z.string(),
    parameters: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
    /** It does not wait for the statements that were asked before it. */
    beside: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('transcode'),
    requestId,
    source: path,
    target: path,
    encoding: z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']),
  }),
  z.strictObject({ type: z.literal('progress'), requestId }),
  z.strictObject({ type: z.literal('interrupt') }),
  z.strictObject({ type: z.literal('close'), requestId }),
]);
export type ToWorker = z.infer<typeof toWorker>;
export type OpenMessage = Extract<ToWorker, { type: 'open' }>;

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

const MAX_CELL_DEPTH = 16;

function isCell(value: unknown, depth = 0): value is Cell {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return Array.isArray(value) && depth < MAX_CELL_DEPTH && value.every((item) => isCell(item, depth + 1));
}

/** Looked at in place: a copy of ten thousands of rows costs as much as to read them. */
const rows = z.custom<Cell[][]>(
  (value) => Array.isArray(value) && value.every((row) => Array.isArray(row) && row.every((cell) => isCell(cell))),
);
const columns = z.array(z.strictObject({ name: z.string(), type: z.string() }));

export const fromWorker = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('opened'), requestId }),
  z
    .strictObject({ type: z.literal('rows'), requestId, columns, rows })
    .refine((message) => message.rows.every((row) => row.length === message.columns.length)),
  z.strictObject({ type: z.literal('transcoded'), requestId, badLine: z.int().min(1).nullable() }),
  z.strictObject({ type: z.literal('progress'), requestId, percentage: z.number().min(-1).max(100) }),
  z.strictObject({ type: z.literal('failed'), requestId, failure: z.enum(WORKER_FAILURES) }),
  z.strictObject({ type: z.literal('closed'), requestId }),
]);
export type FromWorker = z.infer<typeof fromWorker>;
export type AnswerType = Exclude<FromWorker['type'], 'ready' | 'failed'>;

/** One frame: a line of JSON. JSON text never holds a raw newline. */
export function encodeFrame(message: ToWorker | FromWorker): string {
  return `${JSON.stringify(message)}\n`;
}

/** Null for everything that is not a message of the schema: the caller decides what a lie costs. */
export function decodeFrame<T>(schema: z.ZodType<T>, line: Uint8Array): T | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line);
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
