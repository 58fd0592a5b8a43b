import { z } from 'zod';
import { JOB_STATES } from '../../operations/job-states.ts';
import { datasetName } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

/** The specification is read by the use case, which says what is wrong with it. Source: models-and-audit.md §1.9. */
export const modelBody = z.strictObject({ specification: z.record(z.string(), z.unknown()), target: z.enum(['sim', 'real']) });
export const scoreBody = z.strictObject({
  dataset: datasetName,
  sql: z.string().min(1),
  target: z.enum(['sim', 'real']),
  model: z.strictObject({ format: z.enum(['onnx', 'wasm']), base64: z.base64() }),
});
export const modelForm = z.strictObject({ format: z.enum(['json', 'html']).default('json') });
export const modelQuery = z.strictObject({ dataset: datasetName.optional() });

const bilingual = z.object({ en: z.string(), zh: z.string() });

const reportSchema = z
  .object({
    verdict: z.enum(['pass', 'review', 'fail']),
    algorithm: z.string(),
    features: z.number(),
    metrics: z.record(z.string(), z.number()),
    findings: z.array(
      z.object({
        rule: z.string(),
        verdict: z.enum(['pass', 'review', 'fail']),
        value: z.number().nullable(),
        threshold: z.number(),
        version: z.string(),
        seed: z.number(),
        title: bilingual,
        fix: bilingual.optional(),
      }),
    ),
    files: z.array(z.object({ name: z.string(), bytes: z.number() })),
    pictures: z
      .object({
        attacks: z.array(z.object({ rule: z.string(), points: z.array(z.tuple([z.number(), z.number()])) })),
        support: z.object({ of: z.enum(['leaves', 'clusters', 'bins']), units: z.array(z.number()), least: z.number() }),
      })
      .optional(),
  })
  .register(API_SCHEMAS, { id: 'ModelReport' });

export const modelSchema = z
  .object({
    id: z.string(),
    dataset: z.string(),
    target: z.enum(['sim', 'real']),
    state: z.enum(JOB_STATES),
    merchant: z.string(),
    algorithm: z.string(),
    specification: z.string(),
    createdAt: z.string(),
    verdict: z.enum(['releasable', 'withheld']).optional(),
    egressId: z.string().optional(),
    progress: z.object({ step: z.enum(['reading', 'learning', 'learning_again', 'checking']), percent: z.number() }).optional(),
    report: reportSchema.optional(),
    files: z.array(z.object({ name: z.string(), base64: z.string() })).optional(),
  })
  .register(API_SCHEMAS, { id: 'Model' });
