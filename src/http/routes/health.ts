import { z } from 'zod';
import { noQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

export function registerHealth(app: App, { isReady }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/health/live',
    config: { public: true },
    schema: {
      tags: ['health'],
      summary: 'The process answers',
      security: [],
      querystring: noQuery,
      response: { 200: z.object({ status: z.literal('live') }), ...PROBLEM_RESPONSES },
    },
    handler: async (_request, reply) => reply.send({ status: 'live' }),
  });
  app.route({
    method: 'GET',
    url: '/health/ready',
    config: { public: true },
    schema: {
      tags: ['health'],
      summary: 'The instance takes requests',
      security: [],
      querystring: noQuery,
      response: { 200: z.object({ status: z.literal('ready') }), 503: z.object({ status: z.literal('stopping') }), ...PROBLEM_RESPONSES },
    },
    handler: async (_request, reply) => (isReady() ? reply.send({ status: 'ready' }) : reply.code(503).send({ status: 'stopping' })),
  });
}
