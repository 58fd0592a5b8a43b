import { z } from 'zod';
import { EGRESS_CHECKS } from '../../egress/product-kinds.ts';
import { API_SCHEMAS } from './registry.ts';

/** Ids are opaque: a malformed one is answered like one that does not exist. */
export const idParams = z.strictObject({ id: z.string().min(1).max(200) });

/** A name that stands in the log as it is. Source: `src/audit/entry.ts`. */
export const recordedName = z.string().regex(/^[\p{L}\p{N}_.:@/-]{1,200}$/u);

export const datasetName = z.string().min(1).max(200);

/** Whether a reason suffices is the operation's to say, with advice. */
export const reasonBody = z.strictObject({ reason: z.string().max(4000) });

/** No query parameter is known here, and unknown ones are errors. */
export const noQuery = z.strictObject({});

/** Longest wait for an answer, so that proxies in between do not cut it. */
export const MAX_WAIT_MS = 25_000;

/** `waitMs`: answer when the thing has ended, or after this time, whichever comes first. */
export const waitQuery = z.strictObject({
  waitMs: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.int().max(MAX_WAIT_MS))
    .optional(),
});

export const problemItem = z.object({ code: z.string(), facts: z.record(z.string(), z.unknown()), title: z.string(), detail: z.string() });

export const resultTableSchema = z
  .object({
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  })
  .register(API_SCHEMAS, { id: 'ResultTable' });

export const findingSchema = z
  .object({
    rule: z.string(),
    severity: z.enum(['info', 'soft', 'hard']),
    cell: z.string().optional(),
    column: z.string().optional(),
    text: z.string(),
    check: z.enum(EGRESS_CHECKS).optional(),
    version: z.string().optional(),
    threshold: z.string().optional(),
    measuredBand: z.string().optional(),
    evidenceDigest: z.string().optional(),
    fix: z.string().optional(),
  })
  .register(API_SCHEMAS, { id: 'Finding' });

export const items = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

/** A stretch of a list; `next` is the cursor of what follows, absent at the end. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() });

/** What every list takes besides its filters. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(1000))
    .optional(),
  cursor: z.string().min(1).max(1000).optional(),
};
