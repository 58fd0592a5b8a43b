import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import type { AccountDoor } from '../../operations/account-door.ts';
import type { Actor } from '../../operations/actor.ts';
import type { Operations } from '../../operations/operations.ts';
import { problem } from '../../problems/problem.ts';
import { clientKeyDigest } from './client-certificate.ts';
import { sendProblems } from './errors.ts';
import { comesFromOwnPage, sessionOf } from './sessions.ts';

/** The operation whose permission check guards the route; `uploadInboxFile`, `readMetrics` and `whoAmI` are the door's own. */
export type Permission = keyof Operations | 'uploadInboxFile' | 'readMetrics' | 'whoAmI';

/** API key or token → who it belongs to; null when it belongs to nobody. Must not tell by its timing how near a guess was. */
export type Authenticate = (apiKey: string) => Promise<Actor | null>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Exactly one of `permission` and `public` stands on every route. */
    permission?: Permission;
    public?: true;
    /** The media type of the body, if not JSON. */
    mediaType?: string;
    /** The answer tells a secret once: no copy of it is kept anywhere. */
    answersSecret?: true;
    /** The route compares If-Match with a revision of its own. */
    ownRevision?: true;
  }
  interface FastifyRequest {
    actor: Actor | null;
    knownBy: KnownBy | null;
  }
}

/** How somebody was known. */
export type KnownBy = 'bearer' | 'session' | 'certificate';

/** Ways to know somebody besides what stands in `Authorization`. */
export interface OtherWays {
  readonly session: AccountDoor['session'];
  readonly certificateHolder: AccountDoor['certificateHolder'];
  /** Proxies whose `Client-Cert` header is believed; empty: nobody's. */
  readonly certificateProxies: readonly string[];
  readonly clock: Clock;
}

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{16,8192})$/i;

/**
 * Deny by default: a route without `config.permission` or `config.public`, or without response schemas, stops the start.
 * Every route that is not public needs an API key or token, a client certificate or a session, looked at before the body is read. What the actor may do is
 * decided by the operation, once, and not here.
 */
export function registerIdentity(app: FastifyInstance, authenticate: Authenticate, others: OtherWays): void {
  app.decorateRequest('actor', null);
  app.decorateRequest('knownBy', null);
  app.addHook('onRoute', assertGuarded);
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 || request.routeOptions.config.public === true) return;
    const known = await knownAsker(request, authenticate, others);
    if (known === null) return sendProblems(request, reply, [problem('access.unauthenticated', {})]);
    if (known === 'forged') return sendProblems(request, reply, [problem('access.csrf', {})]);
    request.actor = known.actor;
    request.knownBy = known.by;
  });
}

/** What stands in `Authorization` counts alone where it is there; then the certificate; then the session of a browser. */
async function knownAsker(
  request: FastifyRequest,
  authenticate: Authenticate,
  others: OtherWays,
): Promise<{ readonly actor: Actor; readonly by: KnownBy } | 'forged' | null> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const key = BEARER.exec(authorization)?.[1];
    const actor = key === undefined ? null : await authenticate(key);
    return actor === null ? null : { actor, by: 'bearer' };
  }
  const digest = clientKeyDigest(request, others.certificateProxies, others.clock.now());
  const holder = digest === null ? null : await others.certificateHolder(digest);
  if (holder !== null) return { actor: holder, by: 'certificate' };
  const session = sessionOf(request);
  const person = session === null ? null : await others.session(session);
  if (session === null || person === null) return null;
  return comesFromOwnPage(request, session) ? { actor: person, by: 'session' } : 'forged';
}

/** Throws for a route that says nothing about who may call it or what it answers. */
export function assertGuarded(route: RouteOptions): void {
  const name = `${String(route.method)} ${route.url}`;
  const isPublic = route.config?.public === true;
  const hasPermission = route.config?.permission !== undefined;
  if (isPublic === hasPermission) throw new Error(`Route ${name} needs either a permission or "public: true"`);
  if (route.schema?.response === undefined) throw new Error(`Route ${name} has no response schema`);
}

/** The authenticated asker; a route that reaches this without one is a bug. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new Error('Route without an authenticated actor');
  return request.actor;
}
