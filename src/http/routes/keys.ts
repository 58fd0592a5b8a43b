import { answer } from '../answer.ts';
import { answerPage } from '../page.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery, page } from '../schemas/common.ts';
import { issuedKeySchema, keyBody, keyQuery, keySchema, rotationBody } from '../schemas/key.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

/** API keys. Source: models-and-audit.md §3.1 ("show once; expiry, scopes, last-used, rotation overlap"). */
export function registerKeys(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/keys',
    config: { permission: 'createKey', answersSecret: true },
    schema: {
      tags: ['keys'],
      summary: 'Makes an API key; it is shown in this answer and never again',
      querystring: noQuery,
      body: keyBody,
      response: { 201: issuedKeySchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.createKey(actorOf(request), request.body), undefined, 201),
  });
  app.route({
    method: 'GET',
    url: '/v1/keys',
    config: { permission: 'listKeys' },
    schema: {
      tags: ['keys'],
      summary: "The caller's API keys, or as an operator those of a merchant; never the key itself",
      querystring: keyQuery,
      response: { 200: page(keySchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { principal } = request.query;
      return answerPage(request, reply, await operations.listKeys(actorOf(request), { principal }), { keyOf: (item) => item.id });
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/keys/:id/rotation',
    config: { permission: 'rotateKey', answersSecret: true },
    schema: {
      tags: ['keys'],
      summary: 'Puts a new key in the place of one, which goes on for the overlap',
      params: idParams,
      querystring: noQuery,
      body: rotationBody,
      response: { 201: issuedKeySchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const input = { id: request.params.id, overlapHours: request.body.overlapHours };
      return answer(request, reply, await operations.rotateKey(actorOf(request), input), undefined, 201);
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/keys/:id/revocation',
    config: { permission: 'revokeKey' },
    schema: {
      tags: ['keys'],
      summary: 'Ends a key at once and for good',
      params: idParams,
      querystring: noQuery,
      response: { 200: keySchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.revokeKey(actorOf(request), request.params.id)),
  });
}
