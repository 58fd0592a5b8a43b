import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problem } from '../../problems/problem.ts';
import { sendProblems } from './errors.ts';

/** Headers that decide who asks and in which language: what is compared must be what the asker saw. */
const ASKERS_HEADERS = ['authorization', 'cookie', 'client-cert', 'accept-language', 'x-forwarded-for'] as const;

/**
 * ETags: every JSON answer to a GET carries one, made from its bytes, and is not sent again to who has it
 * (If-None-Match). A POST with If-Match is done only while the object it is about, the nearest address above it that
 * can be read, still has that tag (`request.precondition`); routes with revisions of their own compare those instead,
 * inside their transaction. Between the comparison and the step the states guard themselves (`from` of each step).
 * Source: RFC 9110 §8.8.3, §13.1.1, §13.1.2.
 */
export function registerEntityTags(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', request.method === 'GET' ? 'private, no-cache' : 'no-store');
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    if (!reply.hasHeader('etag')) reply.header('etag', tagOf(payload));
    const known = request.headers['if-none-match'];
    if (known === undefined || !names(known.replaceAll('W/', ''), String(reply.getHeader('etag')))) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
  app.addHook('preHandler', async (request, reply) => {
    const wanted = request.headers['if-match'];
    const { config } = request.routeOptions;
    if (request.method !== 'POST' || wanted === undefined || config.ownRevision === true) return;
    const address = readableAddressAbove(app, request);
    if (address === null) return;
    const headers = Object.fromEntries(
      ASKERS_HEADERS.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, request.headers[name]]])),
    );
    const present = await app.inject({ method: 'GET', url: address, headers, remoteAddress: request.socket.remoteAddress ?? '127.0.0.1' });
    // An object that cannot be read is refused by the step itself, in its own words.
    if (present.statusCode !== 200 || names(wanted, String(present.headers['etag']))) return;
    return sendProblems(request, reply, [problem('request.precondition', {})]);
  });
}

function tagOf(text: string): string {
  return `"${createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 22)}"`;
}

function names(header: string, tag: string): boolean {
  return header.trim() === '*' || header.split(',').some((item) => item.trim() === tag);
}

/** The longest beginning of the route that ends in a parameter and has a GET, filled from the request. */
function readableAddressAbove(app: FastifyInstance, request: FastifyRequest): string | null {
  const parts = (request.routeOptions.url ?? '').split('/');
  const asked = (request.url.split('?')[0] ?? '').split('/');
  for (let length = parts.length - 1; length > 1; length--) {
    const isOne = parts[length - 1]?.startsWith(':') === true;
    if (isOne && app.hasRoute({ method: 'GET', url: parts.slice(0, length).join('/') })) return asked.slice(0, length).join('/');
  }
  return null;
}
