import { answer } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery } from '../schemas/common.ts';
import { egressSchema } from '../schemas/egress.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { apiAnswerSchema, apiBody, callBody, stopBody, stopSchema } from '../schemas/products.ts';
import type { App, RouteContext } from './route-context.ts';

/** Products that answer after their release. Source: requirements.md §10.3 (O), QY-24c. */
export function registerProducts(app: App, { operations, longHandlerTimeoutMs }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/products/apis',
    config: { permission: 'createApi' },
    schema: {
      tags: ['products'],
      summary: 'Opens the egress request of an interface: a query with typed parameters',
      querystring: noQuery,
      body: apiBody,
      response: { 201: egressSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.createApi(actorOf(request), request.body), undefined, 201),
  });
  app.route({
    method: 'POST',
    url: '/v1/products/:id/calls',
    handlerTimeout: longHandlerTimeoutMs,
    config: { permission: 'callApi' },
    schema: {
      tags: ['products'],
      summary: 'One call of a released interface, gated like a job',
      params: idParams,
      querystring: noQuery,
      body: callBody,
      response: { 200: apiAnswerSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.callApi(actorOf(request), { ...request.params, ...request.body })),
  });
  app.route({
    method: 'POST',
    url: '/v1/products/:id/stop-switch',
    config: { permission: 'stopProduct' },
    schema: {
      tags: ['products'],
      summary: 'Stops a product, or lets it answer again',
      params: idParams,
      querystring: noQuery,
      body: stopBody,
      response: { 200: stopSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.stopProduct(actorOf(request), { ...request.params, ...request.body })),
  });
}
