import { z } from 'zod';
import { ACTOR_ROLES } from '../../identity/actor.ts';
import { API_SCHEMAS } from './registry.ts';

const id = z.string().min(1).max(200);
const password = z.string().max(1000);

const principalName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.@-]{0,99}$/);
const organisationName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,99}$/u);

export const enrolBody = z.strictObject({
  token: z.string().max(100),
  password,
  principal: principalName.optional(),
  organisation: organisationName.optional(),
});

export const enrolledSchema = z
  .object({ principal: z.string(), totpSecret: z.string(), otpauth: z.string(), recoveryCodes: z.array(z.string()) })
  .register(API_SCHEMAS, { id: 'EnrolledAccount' });

export const signInBody = z.strictObject({ principal: id, password, code: z.string().max(40) });

export const signedInSchema = z
  .object({ principal: z.string(), csrfToken: z.string(), expiresAt: z.string() })
  .register(API_SCHEMAS, { id: 'SignedIn' });

export const whoSchema = z
  .object({
    principal: z.string(),
    organisation: z.string(),
    roles: z.array(z.enum(ACTOR_ROLES)),
    scopes: z.array(z.string()).optional(),
    knownBy: z.enum(['bearer', 'session', 'certificate']),
    csrfToken: z.string().optional(),
  })
  .register(API_SCHEMAS, { id: 'Who' });

export const merchantBody = z.strictObject({ principal: principalName, organisation: organisationName });

export const merchantSchema = z
  .object({ principal: z.string(), organisation: z.string(), state: z.string() })
  .register(API_SCHEMAS, { id: 'Merchant' });

export const invitationBody = z.strictObject({ principal: id });

export const invitationSchema = z
  .object({ principal: z.string().nullable(), token: z.string(), expiresAt: z.string() })
  .register(API_SCHEMAS, { id: 'Invitation' });
