import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { OidcConfig } from '../config.ts';
import type { Authenticate } from '../http/plugins/identity.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Actor } from '../operations/actor.ts';

/** Asymmetric ones alone: with a shared secret, whoever verifies could sign. Source: RFC 8725 §3.1; models-and-audit.md §3.1. */
const ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'];
const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const CLOCK_TOLERANCE_SECONDS = 5;
/** Longest life that we believe in, whatever the token says. */
const MOST_AGE = '12h';

/** Whether a text has the form of a signed token; API keys never have. */
export function isToken(text: string): boolean {
  return FORM.test(text);
}

/**
 * Access tokens of a configured issuer: signature by one of its keys, issuer, audience, type, algorithm, time. The token
 * tells who somebody is and nothing else: organisation, roles and whether he is suspended stand in our own records, and a
 * principal must be there before. Null for everything else; an issuer that cannot be reached lets nobody in.
 * Source: RFC 7519, RFC 8725, RFC 9068.
 */
export function tokenVerifier(oidc: OidcConfig, actor: (id: string) => Promise<Actor | null>, clock: Clock): Authenticate {
  const keys = createRemoteJWKSet(new URL(oidc.jwksUrl), { cacheMaxAge: 600_000, cooldownDuration: 30_000, timeoutDuration: 5000 });
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: oidc.issuer,
        audience: oidc.audience,
        algorithms: ALGORITHMS,
        typ: oidc.type,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'iat', oidc.claim],
        maxTokenAge: MOST_AGE,
        currentDate: clock.now(),
      });
      const id = payload[oidc.claim];
      return typeof id === 'string' ? await actor(id) : null;
    } catch {
      return null;
    }
  };
}
