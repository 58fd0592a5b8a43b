import { z } from 'zod';
import { jobHasEnded } from '../../operations/job-events.ts';
import type { JobView } from '../../operations/operations.ts';
import { problem } from '../../problems/problem.ts';
import { answer, within, withWordedProblems } from '../answer.ts';
import { LONGEST_STREAM_MS, type Polled } from '../event-streams.ts';
import { answerPage, pageWish } from '../page.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery, page, waitQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { jobBody, jobQuery, jobSchema } from '../schemas/work.ts';
import type { App, RouteContext } from './route-context.ts';

const LAST_EVENT = /^\d{1,9}$/;

/** The states of a job as they come. Source: issue 6 ("server-sent events for jobs with replay"). */
function registerEvents(app: App, { operations, streams }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/jobs/:id/events',
    handlerTimeout: LONGEST_STREAM_MS + 60_000,
    config: { permission: 'jobEvents' },
    schema: {
      tags: ['jobs'],
      summary: 'States of a job as server-sent events, those before too; Last-Event-ID goes on after the one named',
      params: idParams,
      querystring: noQuery,
      response: {
        200: { description: 'A stream of events', content: { 'text/event-stream': { schema: z.string() } } },
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const { id } = request.params;
      const first = await operations.jobEvents(actor, id);
      if (!first.ok) return sendProblems(request, reply, first.error);
      const last = String(request.headers['last-event-id'] ?? '');
      let known: typeof first | null = first;
      const poll = async (after: string | null): Promise<Polled | null> => {
        const found = known ?? (await operations.jobEvents(actor, id));
        known = null;
        if (!found.ok) return null;
        const events = found.value.filter((event) => event.seq > Number(after ?? 0));
        return { events: events.map((event) => ({ id: String(event.seq), event: 'state', data: event })), isEnd: jobHasEnded(found.value) };
      };
      if (streams.open(reply, actor.id, poll, LAST_EVENT.test(last) ? last : null)) return reply;
      reply.header('retry-after', '10');
      return sendProblems(request, reply, [problem('request.too_many', { retryAfterSeconds: 10 })]);
    },
  });
}

export function registerJobs(app: App, context: RouteContext): void {
  const { operations } = context;
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
      const filter = {
        ...(dataset === undefined ? {} : { dataset }),
        ...(state === undefined ? {} : { state }),
        ...(target === undefined ? {} : { target }),
        page: pageWish(request),
      };
      const shape = (view: JobView): unknown => withWordedProblems(view, request);
      return answerPage(request, reply, await operations.listJobs(actorOf(request), filter), {
        keyOf: (item) => item.id,
        shape,
        isCut: true,
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
  registerEvents(app, context);
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
