import { z } from 'zod';
import { datasetName } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

/** The fields of the disclosure policy, all of them and no others. Source: formats.md "Commands" (ledger replay). */
const policySchema = z.strictObject({
  k: z.int(),
  dominance: z.strictObject({ units: z.literal(2), share: z.number() }),
  pShare: z.number(),
});

/** `after`: number of the last entry of the stretch before; absent at the start. */
export const ledgerReplayBody = z.strictObject({ dataset: datasetName, policy: policySchema, after: z.int().min(0).optional() });

export const ledgerReplaySchema = z
  .object({
    dataset: z.string(),
    policy: z.object({ k: z.number(), dominance: z.object({ units: z.number(), share: z.number() }), pShare: z.number() }),
    replayed: z.number(),
    remaining: z.number(),
    next: z.number().nullable(),
    failing: z.array(
      z.object({
        release: z.string().nullable(),
        job: z.string(),
        dataset: z.string(),
        rule: z.string(),
        entries: z.array(z.number()),
        against: z.array(z.number()),
        releases: z.array(z.string()),
      }),
    ),
  })
  .register(API_SCHEMAS, { id: 'LedgerReplay' });
