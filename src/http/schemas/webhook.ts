import { z } from 'zod';
import { DELIVERY_FAILURES, DELIVERY_STATES, WEBHOOK_STATES } from '../../operations/webhook-store.ts';
import { API_SCHEMAS } from './registry.ts';

/* Source: tracker issue 5 (notices by signed webhook). */

const shown = { id: z.string(), url: z.string(), kinds: z.array(z.string()), state: z.enum(WEBHOOK_STATES), createdAt: z.string() };

export const webhookSchema = z.object(shown).register(API_SCHEMAS, { id: 'Webhook' });
export const newWebhookSchema = z.object({ ...shown, secret: z.string() }).register(API_SCHEMAS, { id: 'NewWebhook' });
export const webhookBody = z.strictObject({
  url: z.string().min(1).max(2000),
  kinds: z.array(z.string().min(1).max(80)).max(50).default([]),
});
export const deliverySchema = z
  .object({
    id: z.string(),
    notice: z.string(),
    kind: z.string(),
    state: z.enum(DELIVERY_STATES),
    attempts: z.number(),
    createdAt: z.string(),
    nextAt: z.string().optional(),
    status: z.number().optional(),
    failure: z.enum(DELIVERY_FAILURES).optional(),
  })
  .register(API_SCHEMAS, { id: 'WebhookDelivery' });
