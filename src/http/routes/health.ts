import { z } from 'zod';
import { scopeOf } from '../../identity/permit.ts';
import { problem } from '../../problems/problem.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { noQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

export function registerHealth(app: App, { isReady, metrics }: RouteContext): void {
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
      response: {
        200: z.object({ status: z.literal('ready') }),
        503: z.object({ status: z.enum(['stopping', 'unavailable']) }),
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (_request, reply) => {
      const state = await isReady();
      return state === 'ready' ? reply.send({ status: state }) : reply.code(503).send({ status: state });
    },
  });
  app.route({
    method: 'GET',
    url: '/metrics',
    config: { permission: 'readMetrics' },
    schema: {
      tags: ['health'],
      summary: 'Counts and durations in the text format of Prometheus, without a label that identifies anybody or any data',
      produces: ['text/plain'],
      querystring: noQuery,
      response: { 200: z.string(), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      if (scopeOf(actorOf(request), 'metrics.read') === null)
        return sendProblems(request, reply, [problem('access.forbidden', { action: 'metrics.read' })]);
      return reply
        .type('text/plain; version=0.0.4; charset=utf-8')
        .serializer((text: string) => text)
        .send(metrics.text());
    },
  });
}
