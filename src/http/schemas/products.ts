import { z } from 'zod';
import { datasetName, resultTableSchema } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

/* Source: requirements.md §10.3 (api), QY-24c. */

const value = z.union([z.string().max(200), z.number()]);
const domain = z.union([
  z.strictObject({ values: z.array(value).min(1).max(1000) }),
  z.strictObject({ from: z.int(), to: z.int(), step: z.int() }),
]);

export const apiBody = z.strictObject({
  dataset: datasetName,
  template: z.string().min(1).max(200_000),
  parameters: z.array(z.strictObject({ name: z.string().max(40), type: z.enum(['integer', 'date', 'text']), domain })).max(100),
  callsPerDay: z.int(),
  callsPerMinute: z.int(),
});
export const callBody = z.strictObject({ values: z.record(z.string().max(40), value) });
export const apiAnswerSchema = z
  .object({
    call: z.string(),
    release: z.string(),
    table: resultTableSchema,
    withheldBand: z.string(),
    caution: z.object({ en: z.string(), zh: z.string() }),
  })
  .register(API_SCHEMAS, { id: 'ApiAnswer' });
export const verificationBody = z.strictObject({
  dataset: datasetName,
  table: z.string().min(1).max(200),
  keyColumn: z.string().min(1).max(200),
  compareColumn: z.string().min(1).max(200).nullable(),
  basis: z.strictObject({ kind: z.enum(['law', 'consent']), reference: z.string().max(500) }),
  batchMinimum: z.int(),
  keysPerDay: z.int(),
});
export const keysBody = z.strictObject({
  reference: z.string().max(4000),
  items: z.array(z.strictObject({ key: z.string().max(200), claim: z.string().max(500).optional() })).max(1000),
});
export const answersSchema = z
  .object({ release: z.string(), answers: z.array(z.enum(['yes', 'no', 'unknown'])) })
  .register(API_SCHEMAS, { id: 'VerificationAnswers' });
export const stopBody = z.strictObject({ isStopped: z.boolean(), reason: z.string().max(4000) });
export const stopSchema = z.object({ isStopped: z.boolean() }).register(API_SCHEMAS, { id: 'StopSwitch' });
