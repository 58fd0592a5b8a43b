import { z } from 'zod';
import { modeSchema } from '../../catalog/disclosure-mode.ts';
import { PRODUCT_KINDS } from '../../egress/product-kinds.ts';
import { JOB_STATES } from '../../operations/job-states.ts';
import { datasetName, findingSchema, pageQuery, problemItem, resultTableSchema } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

const jobState = z.enum(JOB_STATES);

const admittedSchema = z.object({
  canonicalSql: z.string(),
  artefactHash: z.string(),
  mode: modeSchema.optional(),
  noise: z.array(z.string()).optional(),
  tables: z.array(z.string()),
  columns: z.array(z.string()),
  translation: z.object({ dialect: z.string(), differences: z.array(z.string()) }).optional(),
  roundings: z.array(z.object({ column: z.string(), from: z.string(), to: z.string(), line: z.number(), at: z.number() })),
});

export const jobSchema = z
  .object({
    id: z.string(),
    dataset: z.string(),
    target: z.enum(['sim', 'real']),
    state: jobState,
    merchant: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    admitted: admittedSchema.optional(),
    problems: z.array(problemItem).optional(),
    simulation: z.object({ table: resultTableSchema, withheldRows: z.number(), findings: z.array(findingSchema) }).optional(),
    verdict: z.enum(['releasable', 'withheld']).optional(),
    egressId: z.string().optional(),
    isolation: z.string().optional(),
    datasetVersion: z.string().optional(),
    productKind: z.enum(PRODUCT_KINDS).optional(),
  })
  .register(API_SCHEMAS, { id: 'Job' });

export const jobBody = z.strictObject({
  dataset: datasetName,
  sql: z.string().min(1).max(200_000),
  target: z.enum(['sim', 'real']),
  dialect: z.string().max(32).optional(),
  productKind: z.string().max(40).optional(),
});
export const jobQuery = z.strictObject({
  dataset: datasetName.optional(),
  state: jobState.optional(),
  target: z.enum(['sim', 'real']).optional(),
  ...pageQuery,
});

export const releaseSchema = z
  .object({
    id: z.string(),
    egress: z.string(),
    recipient: z.string(),
    releasedAt: z.string(),
    state: z.enum(['available', 'recalled']),
    files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  })
  .register(API_SCHEMAS, { id: 'Release' });
