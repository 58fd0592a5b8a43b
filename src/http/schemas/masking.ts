import { z } from 'zod';
import { datasetPolicySchema } from '../../masking/policy/dataset-policy.ts';
import { POLICY_OWNERS, POLICY_STATES } from '../../operations/mask-policy-store.ts';
import { datasetName } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

/* Source: issue "Masking" (policies; masked datasets). */

/** Whether its rules contradict each other is checked by `readDatasetPolicy`, which says where. */
export const policyBody = datasetPolicySchema;
export const policyDecisionBody = z.strictObject({ decision: z.enum(['approve', 'reject']), reason: z.string().max(4000) });
export const policyQuery = z.strictObject({ dataset: datasetName.optional() });
const wish = z.union([
  z.strictObject({
    column: z.string().min(1).max(200),
    diversity: z.union([
      z.strictObject({ kind: z.enum(['distinct', 'entropy']), l: z.number().min(1).max(1000) }),
      z.strictObject({ kind: z.literal('recursive'), l: z.int().min(1).max(1000), c: z.number().positive().max(1000) }),
    ]),
  }),
  z.strictObject({
    column: z.string().min(1).max(200),
    closeness: z.strictObject({ kind: z.enum(['equal', 'ordered']), t: z.number().min(0).max(1) }),
  }),
]);
export const maskedDatasetBody = z.strictObject({
  dataset: datasetName,
  table: z.string().min(1).max(200),
  k: z.int().min(2).max(1_000_000),
  wishes: z.array(wish).max(50).default([]),
  suppress: z.number().min(0).max(0.5).default(0),
  algorithm: z.enum(['lattice', 'mondrian']).default('lattice'),
  carry: z.array(z.string().min(1).max(200)).max(200).optional(),
  basis: z.enum(['mask', 'consent']).default('mask'),
});
export const subjectBody = z.strictObject({ dataset: datasetName, subject: z.string().min(1).max(400) });
export const subjectSchema = z.object({ dataset: z.string(), subjectHash: z.string() }).register(API_SCHEMAS, { id: 'ConsentSubject' });
export const policySchema = z
  .object({
    id: z.string(),
    dataset: z.string(),
    policy: z.string(),
    version: z.number(),
    state: z.enum(POLICY_STATES),
    rules: datasetPolicySchema.shape.rules,
    digest: z.string(),
    proposedBy: z.object({ id: z.string(), organisation: z.string() }),
    decisions: z.array(
      z.object({
        owner: z.enum(POLICY_OWNERS),
        by: z.string(),
        organisation: z.string(),
        decision: z.enum(['approve', 'reject']),
        reason: z.string(),
        at: z.string().optional(),
      }),
    ),
    createdAt: z.string(),
  })
  .register(API_SCHEMAS, { id: 'MaskPolicy' });
