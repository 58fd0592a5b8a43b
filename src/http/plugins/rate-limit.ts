import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import { problem } from '../../problems/problem.ts';
import { sendProblems } from './errors.ts';

export interface Rates {
  /** Requests of one principal. */
  readonly perPrincipal: number;
  /** Requests from one address, whoever asks. */
  readonly perAddress: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Holders of buckets that are remembered; beyond, the longest idle one starts anew. */
const MOST_BUCKETS = 20_000;
/** What a request with wrong credentials costs its address: guessing is slower than asking. */
const WRONG_CREDENTIALS_COST = 50;
const MINUTE_MS = 60_000;

/**
 * Token buckets, one a minute's worth deep, in the memory of this process: several processes let through that many times
 * more. `take` gives null, or the seconds to wait.
 */
export function tokenBuckets(perMinute: number, clock: Clock): { take(holder: string, cost?: number): number | null } {
  const buckets = new Map<string, Bucket>();
  return {
    take(holder, cost = 1) {
      const now = clock.now().getTime();
      const bucket = buckets.get(holder) ?? { tokens: perMinute, at: now };
      buckets.delete(holder);
      buckets.set(holder, bucket);
      if (buckets.size > MOST_BUCKETS) buckets.delete(buckets.keys().next().value ?? holder);
      bucket.tokens = Math.min(perMinute, bucket.tokens + (Math.max(0, now - bucket.at) / MINUTE_MS) * perMinute);
      bucket.at = now;
      if (bucket.tokens < 1) return Math.max(1, Math.ceil(((1 - bucket.tokens) / perMinute) * 60));
      bucket.tokens -= cost;
      return null;
    },
  };
}

/** Per address, before anybody is authenticated; wrong credentials weigh more. Register before identity. */
export function limitAddresses(app: FastifyInstance, perMinute: number, clock: Clock): void {
  const buckets = tokenBuckets(perMinute, clock);
  app.addHook('onRequest', async (request, reply) => {
    const wait = buckets.take(request.ip);
    if (wait !== null) return refuse(request, reply, wait);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode === 401) buckets.take(request.ip, WRONG_CREDENTIALS_COST);
  });
}

/** Per principal, however many keys and addresses it uses. Register after identity. Source: models-and-audit.md §3.1. */
export function limitPrincipals(app: FastifyInstance, perMinute: number, clock: Clock): void {
  const buckets = tokenBuckets(perMinute, clock);
  app.addHook('onRequest', async (request, reply) => {
    if (request.actor === null) return;
    const wait = buckets.take(request.actor.id);
    if (wait !== null) return refuse(request, reply, wait);
  });
}

function refuse(request: FastifyRequest, reply: FastifyReply, retryAfterSeconds: number): FastifyReply {
  reply.header('retry-after', String(retryAfterSeconds));
  return sendProblems(request, reply, [problem('request.too_many', { retryAfterSeconds })]);
}
