import { z } from 'zod';
import { type FromWorker, WORKER_FAILURES } from './messages.ts';
import type { Cell } from './port.ts';

/**
 * What the supervisor (parent) takes from a worker (child), which it treats as hostile: every answer is parsed with this schema.
 * Source: gate.md §10, style.md §4.8 (Temporal's pattern).
 */

const requestId = z.int().min(1);

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

export const fromWorker: z.ZodType<FromWorker> = z.discriminatedUnion('type', [
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
