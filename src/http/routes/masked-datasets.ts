import { answer, withWordedProblems } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { noQuery } from '../schemas/common.ts';
import { maskedDatasetBody, subjectBody, subjectSchema } from '../schemas/masking.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { jobSchema } from '../schemas/work.ts';
import type { App, RouteContext } from './route-context.ts';

/** Masked datasets of sealed versions, and subjects of consents. Source: issue "Masking" (masked datasets, consent). */
export function registerMaskedDatasets(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/masked-datasets',
    config: { permission: 'maskDataset' },
    schema: {
      tags: ['masking'],
      summary: 'Makes a masked dataset of the version in force; what comes out is an egress request of kind masked_dataset',
      querystring: noQuery,
      body: maskedDatasetBody,
      response: { 202: jobSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const job = await operations.maskDataset(actorOf(request), request.body);
      if (job.ok) reply.header('location', `/v1/jobs/${encodeURIComponent(job.value.id)}`);
      return answer(request, reply, job, (view) => withWordedProblems(view, request), 202);
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/consent-subjects',
    config: { permission: 'hashSubject' },
    schema: {
      tags: ['masking'],
      summary: 'The keyed hash by which a record of consent names its subject',
      querystring: noQuery,
      body: subjectBody,
      response: { 200: subjectSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.hashSubject(actorOf(request), request.body)),
  });
}
