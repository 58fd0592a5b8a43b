import { z } from 'zod';
import { problem } from '../../problems/problem.ts';
import { modelReportPage } from '../../sandbox/models/check/report-page.ts';
import { answer, asItems, withWordedProblems } from '../answer.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, items, noQuery } from '../schemas/common.ts';
import { modelBody, modelForm, modelQuery, modelSchema, scoreBody } from '../schemas/model.ts';
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
      querystring: modelForm,
      response: {
        200: {
          description: 'In the form that was asked for: the page has the report alone, with pictures',
          content: { 'application/json': { schema: modelSchema }, 'text/html': { schema: z.string() } },
        },
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (request, reply) => {
      const shown = await operations.showModel(actorOf(request), request.params.id);
      if (request.query.format === 'json' || !shown.ok) return answer(request, reply, shown);
      const { id, report } = shown.value;
      if (report === undefined) return sendProblems(request, reply, [problem('access.not_found', { kind: 'model' })]);
      const policy = "default-src 'none'; style-src 'unsafe-inline'";
      return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(modelReportPage(id, report));
    },
  });
}
