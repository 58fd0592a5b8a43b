import { answer } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery } from '../schemas/common.ts';
import { egressSchema } from '../schemas/egress.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import {
  answersSchema,
  apiAnswerSchema,
  apiBody,
  callBody,
  keysBody,
  stopBody,
  stopSchema,
  verificationBody,
} from '../schemas/products.ts';
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
  registerVerifications(app, operations);
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

function registerVerifications(app: App, operations: RouteContext['operations']): void {
  app.route({
    method: 'POST',
    url: '/v1/products/verifications',
    config: { permission: 'createVerification' },
    schema: {
      tags: ['products'],
      summary: 'Opens the egress request of a verification service: yes, no or unknown on keys',
      querystring: noQuery,
      body: verificationBody,
      response: { 201: egressSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.createVerification(actorOf(request), request.body), undefined, 201),
  });
  app.route({
    method: 'POST',
    url: '/v1/products/:id/verifications',
    config: { permission: 'verifyKeys' },
    schema: {
      tags: ['products'],
      summary: 'Verifies a batch of keys on a basis; answered whole or not at all',
      params: idParams,
      querystring: noQuery,
      body: keysBody,
      response: { 200: answersSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.verifyKeys(actorOf(request), { ...request.params, ...request.body })),
  });
}
