import { z } from 'zod';
import { KEY_LIFE } from '../../identity/key-terms.ts';
import { pageQuery } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

const shown = {
  id: z.string(),
  principal: z.string(),
  label: z.string(),
  state: z.enum(['active', 'expired', 'revoked']),
  scopes: z.array(z.string()).optional(),
  createdAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().optional(),
  replacedBy: z.string().optional(),
};

export const keySchema = z.object(shown).register(API_SCHEMAS, { id: 'ApiKey' });

export const issuedKeySchema = z.object({ ...shown, key: z.string() }).register(API_SCHEMAS, { id: 'IssuedApiKey' });

export const keyBody = z.strictObject({
  principal: z.string().min(1).max(200).optional(),
  label: z.string().min(1).max(80),
  scopes: z.array(z.string().min(1).max(60)).min(1).max(60).optional(),
  days: z.int().min(1).max(KEY_LIFE.mostDays).optional(),
});

export const keyQuery = z.strictObject({ principal: z.string().min(1).max(200).optional(), ...pageQuery });

export const rotationBody = z.strictObject({ overlapHours: z.int().min(0).max(KEY_LIFE.mostOverlapHours) });
