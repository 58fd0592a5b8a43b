import { z } from 'zod';
import { answer } from '../answer.ts';
import { answerPage } from '../page.ts';
import { actorOf } from '../plugins/identity.ts';
import { datasetName, noQuery, page, pageQuery } from '../schemas/common.ts';
import { grantBody, grantSchema } from '../schemas/data.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

export function registerGrants(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/grants',
    config: { permission: 'createGrant' },
    schema: {
      tags: ['grants'],
      summary: 'Lets a merchant query named tables and columns of a dataset for one scenario',
      querystring: noQuery,
      body: grantBody,
      response: { 201: grantSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.createGrant(actorOf(request), request.body), undefined, 201),
  });
  app.route({
    method: 'GET',
    url: '/v1/grants',
    config: { permission: 'listGrants' },
    schema: {
      tags: ['grants'],
      summary: 'Grants the caller may see',
      querystring: z.strictObject({ dataset: datasetName.optional(), merchant: z.string().min(1).max(200).optional(), ...pageQuery }),
      response: { 200: page(grantSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { dataset, merchant } = request.query;
      const found = await operations.listGrants(actorOf(request), { ...(dataset === undefined ? {} : { dataset }) });
      return answerPage(request, reply, found, { keyOf: (item) => item.id, where: { merchant } });
    },
  });
}
