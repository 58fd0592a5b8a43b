import { z } from 'zod';
import { answer, asItems } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { items, noQuery } from '../schemas/common.ts';
import { externalBody, externalQuery, externalSchema, externalWithdrawalBody } from '../schemas/external-data.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

const common = { tags: ['masking'] };

/** Lists of people that others have, against which masked datasets are checked. Source: requirements.md §10.2 (L). */
export function registerExternalData(app: App, { operations, inboxFileLimitBytes }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/external-data',
    config: { permission: 'registerExternalData' },
    bodyLimit: inboxFileLimitBytes,
    schema: {
      ...common,
      summary: 'Registers a list of people that others have; masked datasets of the table are checked against it from then on',
      querystring: noQuery,
      body: externalBody,
      response: { 201: externalSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.registerExternalData(actorOf(request), request.body), undefined, 201),
  });
  app.route({
    method: 'GET',
    url: '/v1/external-data',
    config: { permission: 'listExternalData' },
    schema: {
      ...common,
      summary: 'Registered lists, newest first; never their rows',
      querystring: externalQuery,
      response: { 200: items(externalSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { dataset } = request.query;
      return answer(request, reply, await operations.listExternalData(actorOf(request), dataset === undefined ? {} : { dataset }), asItems);
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/external-data/:id/withdrawal',
    config: { permission: 'withdrawExternalData' },
    schema: {
      ...common,
      summary: 'Withdraws a list and destroys its rows',
      params: z.strictObject({ id: z.string().max(100) }),
      querystring: noQuery,
      body: externalWithdrawalBody,
      response: { 200: externalSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.withdrawExternalData(actorOf(request), { ...request.params, ...request.body })),
  });
}
