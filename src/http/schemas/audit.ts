import { z } from 'zod';
import { EXPORT_FORMATS } from '../../audit/export-formats.ts';
import { LOG_FAULTS, type LogFaultKind } from '../../audit/log-fault.ts';
import { SIGNAL_KINDS } from '../../audit/signals.ts';
import { API_SCHEMAS } from './registry.ts';

export const auditEntrySchema = z
  .object({
    seq: z.number(),
    at: z.string(),
    actor: z.string(),
    organisation: z.string(),
    operation: z.string(),
    object: z.object({ kind: z.string(), id: z.string() }),
    outcome: z.string(),
    facts: z.record(z.string(), z.unknown()),
    trace: z.string().optional(),
    hash: z.string(),
  })
  .register(API_SCHEMAS, { id: 'AuditEntry' });

const faultKind = z.enum(Object.keys(LOG_FAULTS) as [LogFaultKind, ...LogFaultKind[]]);

export const auditVerificationSchema = z
  .object({
    verified: z.boolean(),
    entries: z.number(),
    checkpoint: z.object({ size: z.number(), hash: z.string() }).nullable(),
    faults: z.array(z.object({ seq: z.number().nullable(), kind: faultKind })),
    root: z.string(),
    lastRight: z.object({ size: z.number(), at: z.string().nullable() }).nullable(),
  })
  .register(API_SCHEMAS, { id: 'AuditVerification' });

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const limit = (most: number, preset: number) => wholeNumber.pipe(z.int().min(1).max(most)).default(preset);

export const auditQuery = z.strictObject({ after: wholeNumber.default(0), limit: limit(1000, 100) });
/** Base64url of a note that a witness kept. */
export const verificationQuery = z.strictObject({
  witnessed: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,8000}$/)
    .optional(),
});

const name = z.string().min(1).max(200);
const isoTime = z.iso.datetime();
const filterFields = {
  actor: name.optional(),
  organisation: name.optional(),
  operation: name.optional(),
  object: name.optional(),
  trace: name.optional(),
  outcome: name.optional(),
  dataset: name.optional(),
  table: name.optional(),
  column: name.optional(),
  verdict: name.optional(),
  rule: name.optional(),
  digest: name.optional(),
  shape: name.optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
};
const searchName = z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/);
export const searchQuery = z.strictObject({
  ...filterFields,
  before: wholeNumber.optional(),
  limit: limit(1000, 100),
  saved: searchName.optional(),
  save: searchName.optional(),
});
export const searchSchema = z
  .object({ entries: z.array(auditEntrySchema), next: z.number().nullable() })
  .register(API_SCHEMAS, { id: 'AuditSearch' });

export const traceSchema = z
  .object({
    id: z.string(),
    steps: z.array(z.object({ node: z.string(), distance: z.number() })),
    links: z.array(z.object({ from: z.string(), to: z.string() })),
    entries: z.array(auditEntrySchema),
    isComplete: z.boolean(),
  })
  .register(API_SCHEMAS, { id: 'AuditTrace' });

export const signalSchema = z
  .object({
    kind: z.enum(SIGNAL_KINDS),
    subject: z.string(),
    dataset: z.string().nullable(),
    reason: z.object({ counted: z.number(), threshold: z.number(), windowHours: z.number().nullable(), what: z.string() }),
    entries: z.array(z.number()),
  })
  .register(API_SCHEMAS, { id: 'AuditSignal' });
export const signalQuery = z.strictObject({ days: wholeNumber.pipe(z.int().min(1).max(366)).default(30) });

export const entryParams = z.strictObject({ seq: wholeNumber });
export const receiptSchema = z.object({ receipt: z.string() }).register(API_SCHEMAS, { id: 'AuditReceipt' });
export const checkpointSchema = z
  .object({ checkpoint: z.string(), keys: z.array(z.string()) })
  .register(API_SCHEMAS, { id: 'AuditCheckpoint' });
export const queryTextSchema = z
  .object({ job: z.string(), shape: z.string(), digest: z.string(), at: z.string() })
  .register(API_SCHEMAS, { id: 'AuditQueryText' });
export const openingSchema = z
  .object({ id: z.string(), job: z.string(), requestedBy: z.string(), approvedBy: z.string().nullable(), text: z.string().optional() })
  .register(API_SCHEMAS, { id: 'AuditOpening' });
export const openingBody = z.strictObject({ job: name, reason: z.string().max(4000) });

export const exportQuery = z.strictObject({ format: z.enum(EXPORT_FORMATS), after: wholeNumber.default(0), limit: limit(1000, 1000) });
export const exportSchema = z
  .object({ format: z.enum(EXPORT_FORMATS), first: z.number(), last: z.number(), text: z.string(), note: z.string() })
  .register(API_SCHEMAS, { id: 'AuditExport' });
export const pruneSchema = z.object({ entries: z.number(), ranges: z.array(z.string()) }).register(API_SCHEMAS, { id: 'AuditPruning' });
export const holdSchema = z
  .object({ id: z.string(), subject: z.string(), setBy: z.string(), at: z.string() })
  .register(API_SCHEMAS, { id: 'AuditHold' });
export const holdBody = z.strictObject({ subject: z.string().regex(/^(\*|[A-Za-z0-9_.:@/-]{1,200})$/), reason: z.string().max(4000) });
export const unholdBody = z.strictObject({ reason: z.string().max(4000) });
