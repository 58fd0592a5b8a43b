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
