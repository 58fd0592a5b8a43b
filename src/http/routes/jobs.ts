import type { JobView } from '../../operations/operations.ts';
import { answer, within, withWordedProblems } from '../answer.ts';
import { answerPage } from '../page.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery, page, waitQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { jobBody, jobQuery, jobSchema } from '../schemas/work.ts';
import type { App, RouteContext } from './route-context.ts';

export function registerJobs(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/jobs',
    config: { permission: 'submitJob' },
    schema: {
      tags: ['jobs'],
      summary: 'Submits a query to simulation data or, once it passed there, to real data',
      querystring: noQuery,
      body: jobBody,
      response: { 202: jobSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const job = await operations.submitJob(actorOf(request), request.body);
      if (job.ok) reply.header('location', `/v1/jobs/${encodeURIComponent(job.value.id)}`);
      return answer(request, reply, job, (view) => withWordedProblems(view, request), 202);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/jobs',
    config: { permission: 'listJobs' },
    schema: {
      tags: ['jobs'],
      summary: 'Jobs the caller may see',
      querystring: jobQuery,
      response: { 200: page(jobSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { dataset, state, target } = request.query;
      const filter = { ...(dataset === undefined ? {} : { dataset }), ...(state === undefined ? {} : { state }) };
      const shape = (view: JobView): unknown => withWordedProblems(view, request);
      return answerPage(request, reply, await operations.listJobs(actorOf(request), filter), {
        keyOf: (item) => item.id,
        where: { target },
        shape,
      });
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/jobs/:id',
    config: { permission: 'showJob' },
    schema: {
      tags: ['jobs'],
      summary: 'State of a job; simulation jobs with their whole verdict',
      params: idParams,
      querystring: waitQuery,
      response: { 200: jobSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const { waitMs } = request.query;
      const ended = waitMs === undefined ? null : await within(operations.awaitJob(actor, request.params.id), waitMs);
      return answer(request, reply, ended ?? (await operations.showJob(actor, request.params.id)), (view) =>
        withWordedProblems(view, request),
      );
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/jobs/:id/cancellation',
    config: { permission: 'cancelJob' },
    schema: {
      tags: ['jobs'],
      summary: 'Stops a job that is queued or running',
      params: idParams,
      querystring: noQuery,
      response: { 200: jobSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.cancelJob(actorOf(request), request.params.id), (view) => withWordedProblems(view, request)),
  });
}
