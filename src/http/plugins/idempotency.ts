import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { AnswerStore, EarlierRequest, RequestMark } from '../../operations/answer-store.ts';
import type { ProblemCode } from '../../problems/catalogue.ts';
import { problem } from '../../problems/problem.ts';
import { sendProblems } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while the answer of this request is to be kept. */
    idempotent: RequestMark | null;
  }
}

/** Visible ASCII, in the quotation marks of a structured field or without. Source: RFC 9651 §3.3.3. */
const KEY = /^(?:"([!#-[\]-~]{1,200})"|([!#-[\]-~]{1,200}))$/;
const KEPT_HEADERS = ['content-type', 'content-language', 'location', 'etag'] as const;
const REFUSALS = {
  other: 'request.idempotency_reused',
  unsettled: 'request.idempotency_unsettled',
  secret: 'request.idempotency_secret',
} as const satisfies Partial<Record<EarlierRequest['kind'], ProblemCode>>;

/**
 * `Idempotency-Key` on every POST: the request is done once, and the same request with the same key gets the same answer
 * for a day, refusals included. The key is the principal's own and stands for method, address, body and If-Match
 * together. A fault leaves the key taken: nobody can tell what was done, so it is not done again.
 * Register after identity. Source: draft-ietf-httpapi-idempotency-key-header-07.
 */
export function registerIdempotency(app: FastifyInstance, answers: AnswerStore): void {
  app.decorateRequest('idempotent', null);
  app.addHook('preHandler', async (request, reply) => {
    const header = request.headers['idempotency-key'];
    if (request.method !== 'POST' || header === undefined || request.actor === null) return;
    const matched = KEY.exec(String(header));
    const key = matched?.[1] ?? matched?.[2];
    if (key === undefined) return sendProblems(request, reply, [problem('request.idempotency_key', {})]);
    const mark = { principal: request.actor.id, key, fingerprint: fingerprintOf(request) };
    const earlier = await answers.begin(mark);
    if (earlier.kind === 'none') {
      request.idempotent = mark;
      return;
    }
    return sendEarlier(request, reply, earlier);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const mark = request.idempotent;
    if (mark === null || reply.statusCode >= 500 || typeof payload !== 'string') return;
    request.idempotent = null;
    const isSecret = request.routeOptions.config.answersSecret === true && reply.statusCode < 300;
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => {
        const value = reply.getHeader(name);
        return typeof value === 'string' ? [[name, value]] : [];
      }),
    );
    await answers.settle(mark, isSecret ? null : { status: reply.statusCode, headers, body: payload });
  });
}

function sendEarlier(request: FastifyRequest, reply: FastifyReply, earlier: Exclude<EarlierRequest, { kind: 'none' }>): FastifyReply {
  if (earlier.kind !== 'answered') return sendProblems(request, reply, [problem(REFUSALS[earlier.kind], {})]);
  const { status, headers, body } = earlier.answer;
  return reply
    .code(status)
    .headers({ ...headers, 'idempotency-replayed': 'true' })
    .serializer((text: string) => text)
    .send(body);
}

function fingerprintOf(request: FastifyRequest): string {
  const { method, url, body } = request;
  const asked = { method, url, body: body ?? null, ifMatch: request.headers['if-match'] ?? null };
  return createHash('sha256').update(canonicalJson(asked), 'utf8').digest('hex');
}
