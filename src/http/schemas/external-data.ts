import { z } from 'zod';
import { EXTERNAL_STATES } from '../../operations/external-data-store.ts';
import { datasetName, resultTableSchema } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

/* Source: requirements.md §10.2 (L: external data). */

export const externalBody = z.strictObject({
  dataset: datasetName,
  table: z.string().min(1).max(200),
  name: z.string().min(1).max(200),
  source: z.string().max(4000).describe('where the list comes from and on what ground it is kept'),
  people: resultTableSchema.describe('one person a row; columns named as those of the table'),
});
export const externalQuery = z.strictObject({ dataset: datasetName.optional() });
export const externalWithdrawalBody = z.strictObject({ reason: z.string().max(4000) });
export const externalSchema = z
  .object({
    id: z.string(),
    dataset: z.string(),
    table: z.string(),
    name: z.string(),
    source: z.string(),
    state: z.enum(EXTERNAL_STATES),
    columns: z.array(z.string()),
    people: z.number(),
    digest: z.string(),
    registeredBy: z.string(),
    registeredAt: z.string(),
  })
  .register(API_SCHEMAS, { id: 'ExternalData' });
