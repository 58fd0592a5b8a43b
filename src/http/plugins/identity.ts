import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Actor } from '../../operations/actor.ts';
import type { Operations } from '../../operations/operations.ts';
import { problem } from '../../problems/problem.ts';
import { sendProblems } from './errors.ts';

/** The operation whose permission check guards the route; `uploadInboxFile` and `readMetrics` are the door's own. */
export type Permission = keyof Operations | 'uploadInboxFile' | 'readMetrics';

/** API key → who it belongs to; null when it belongs to nobody. Must not tell by its timing how near a guess was. */
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
  }
}

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{16,512})$/i;

/**
 * Deny by default: a route without `config.permission` or `config.public`, or without response schemas, stops the start.
 * Every route that is not public needs a Bearer API key, looked at before the body is read. What the actor may do is
 * decided by the operation, once, and not here.
 */
export function registerIdentity(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorateRequest('actor', null);
  app.addHook('onRoute', assertGuarded);
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 || request.routeOptions.config.public === true) return;
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const actor = key === undefined ? null : await authenticate(key);
    if (actor === null) return sendProblems(request, reply, [problem('access.unauthenticated', {})]);
    request.actor = actor;
  });
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
