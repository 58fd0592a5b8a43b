import { z } from 'zod';
import { answer } from '../answer.ts';
import { answerPage } from '../page.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery, page, pageQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { deliverySchema, newWebhookSchema, webhookBody, webhookSchema } from '../schemas/webhook.ts';
import type { App, RouteContext } from './route-context.ts';

/** Notices sent on. Source: tracker issue 5 ("notices … in an inbox and by signed webhook"). */
export function registerWebhooks(app: App, context: RouteContext): void {
  registerCollection(app, context);
  const { operations } = context;
  app.route({
    method: 'GET',
    url: '/v1/webhooks/:id',
    config: { permission: 'showWebhook' },
    schema: {
      tags: ['webhooks'],
      summary: 'A webhook of the caller',
      params: idParams,
      querystring: noQuery,
      response: { 200: webhookSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.showWebhook(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'POST',
    url: '/v1/webhooks/:id/end',
    config: { permission: 'endWebhook' },
    schema: {
      tags: ['webhooks'],
      summary: 'Sends nothing there any more, for good',
      params: idParams,
      querystring: noQuery,
      response: { 200: webhookSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.endWebhook(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'POST',
    url: '/v1/webhooks/:id/pings',
    config: { permission: 'pingWebhook' },
    schema: {
      tags: ['webhooks'],
      summary: 'Sends a signed notice of kind webhook.ping, to try the address',
      params: idParams,
      querystring: noQuery,
      response: { 202: webhookSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.pingWebhook(actorOf(request), request.params.id), undefined, 202),
  });
  app.route({
    method: 'GET',
    url: '/v1/webhooks/:id/deliveries',
    config: { permission: 'listDeliveries' },
    schema: {
      tags: ['webhooks'],
      summary: 'What was sent there, what waits, and what came of it; newest first',
      params: idParams,
      querystring: z.strictObject({ state: z.string().min(1).max(20).optional(), ...pageQuery }),
      response: { 200: page(deliverySchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const found = await operations.listDeliveries(actorOf(request), request.params.id);
      return answerPage(request, reply, found, { keyOf: (item) => item.id, where: { state: request.query.state } });
    },
  });
}

function registerCollection(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/webhooks',
    config: { permission: 'createWebhook', answersSecret: true },
    schema: {
      tags: ['webhooks'],
      summary: 'Sends notices of the caller to an address, signed; the secret is shown in this answer and never again',
      querystring: noQuery,
      body: webhookBody,
      response: { 201: newWebhookSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const made = await operations.createWebhook(actorOf(request), request.body);
      if (made.ok) reply.header('location', `/v1/webhooks/${made.value.id}`);
      return answer(request, reply, made, undefined, 201);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/webhooks',
    config: { permission: 'listWebhooks' },
    schema: {
      tags: ['webhooks'],
      summary: 'Webhooks of the caller',
      querystring: z.strictObject(pageQuery),
      response: { 200: page(webhookSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answerPage(request, reply, await operations.listWebhooks(actorOf(request)), { keyOf: (item) => item.id }),
  });
}
