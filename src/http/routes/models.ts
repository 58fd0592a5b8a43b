import { answer, asItems, withWordedProblems } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, items, noQuery } from '../schemas/common.ts';
import { modelBody, modelQuery, modelSchema, scoreBody } from '../schemas/model.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { jobSchema } from '../schemas/work.ts';
import type { App, RouteContext } from './route-context.ts';

/** A model of 4 MiB in base64, and a query. */
const SCORE_BODY_BYTES = 6 * 1024 * 1024;

/** Models learnt from specifications. Source: issue "Models" (API). */
export function registerModels(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/models',
    config: { permission: 'trainModel' },
    schema: {
      tags: ['models'],
      summary: 'Learns a model from a specification, of simulation data or, once it was releasable there, of real data',
      querystring: noQuery,
      body: modelBody,
      response: { 202: jobSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const job = await operations.trainModel(actorOf(request), request.body);
      if (job.ok) reply.header('location', `/v1/jobs/${encodeURIComponent(job.value.id)}`);
      return answer(request, reply, job, (view) => withWordedProblems(view, request), 202);
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/models/scores',
    config: { permission: 'scoreModel' },
    bodyLimit: SCORE_BODY_BYTES,
    schema: {
      tags: ['models'],
      summary: 'A query over the scores of a model file; scores stay inside, and gates decide on the figures as on any others',
      querystring: noQuery,
      body: scoreBody,
      response: { 202: jobSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const job = await operations.scoreModel(actorOf(request), request.body);
      if (job.ok) reply.header('location', `/v1/jobs/${encodeURIComponent(job.value.id)}`);
      return answer(request, reply, job, (view) => withWordedProblems(view, request), 202);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/models',
    config: { permission: 'listModels' },
    schema: {
      tags: ['models'],
      summary: 'Models the caller may see',
      querystring: modelQuery,
      response: { 200: items(modelSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.listModels(actorOf(request), request.query), asItems),
  });
  app.route({
    method: 'GET',
    url: '/v1/models/:id',
    config: { permission: 'showModel' },
    schema: {
      tags: ['models'],
      summary: 'One model with the report of its release check; files of simulation data only',
      params: idParams,
      querystring: noQuery,
      response: { 200: modelSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.showModel(actorOf(request), request.params.id)),
  });
}
