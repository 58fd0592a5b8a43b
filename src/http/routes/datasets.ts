import { z } from 'zod';
import { answer } from '../answer.ts';
import { answerPage } from '../page.ts';
import { actorOf } from '../plugins/identity.ts';
import { datasetName, noQuery, page, pageQuery } from '../schemas/common.ts';
import { datasetSchema, versionSchema, withdrawalBody } from '../schemas/data.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

export function registerDatasets(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/datasets',
    config: { permission: 'listDatasets' },
    schema: {
      tags: ['datasets'],
      summary: 'Datasets the caller may know of',
      querystring: z.strictObject({ provider: z.string().min(1).max(200).optional(), ...pageQuery }),
      response: { 200: page(datasetSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const where = { provider: request.query.provider };
      return answerPage(request, reply, await operations.listDatasets(actorOf(request)), { keyOf: (item) => item.dataset, where });
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/datasets/:dataset',
    config: { permission: 'showDataset' },
    schema: {
      tags: ['datasets'],
      summary: 'One dataset: its declaration, never a row',
      params: z.strictObject({ dataset: datasetName }),
      querystring: noQuery,
      response: { 200: datasetSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.showDataset(actorOf(request), request.params.dataset)),
  });
  app.route({
    method: 'POST',
    url: '/v1/datasets/:dataset/versions/:version/withdrawal',
    config: { permission: 'withdrawVersion' },
    schema: {
      tags: ['datasets'],
      summary: 'Takes a version out of use; with "erase", destroys its sealed file for good',
      params: z.strictObject({ dataset: datasetName, version: z.string().min(1).max(50) }),
      querystring: noQuery,
      body: withdrawalBody,
      response: { 200: versionSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.withdrawVersion(actorOf(request), { ...request.params, ...request.body })),
  });
}
