import { z } from 'zod';
import { answer, withWordedProblems } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { datasetName, noQuery } from '../schemas/common.ts';
import { fidelityBody, fitBody, fitBudgetSchema } from '../schemas/data.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { jobSchema } from '../schemas/work.ts';
import type { App, RouteContext } from './route-context.ts';

/** Fits under differential privacy, what is left for them, and comparisons of sets with real data. Source: synthetic-and-masking.md §4. */
export function registerFits(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/fits',
    config: { permission: 'fitModel' },
    schema: {
      tags: ['simulations'],
      summary: 'Fits a model of the version in force under differential privacy; what comes out is an egress request',
      querystring: noQuery,
      body: fitBody,
      response: { 202: jobSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const job = await operations.fitModel(actorOf(request), request.body);
      if (job.ok) reply.header('location', `/v1/jobs/${encodeURIComponent(job.value.id)}`);
      return answer(request, reply, job, (view) => withWordedProblems(view, request), 202);
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/fidelity-reports',
    config: { permission: 'measureFidelity' },
    schema: {
      tags: ['simulations'],
      summary: 'Compares a set with the version in force, inside; what comes out are numbers, as an egress request',
      querystring: noQuery,
      body: fidelityBody,
      response: { 202: jobSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const job = await operations.measureFidelity(actorOf(request), request.body);
      if (job.ok) reply.header('location', `/v1/jobs/${encodeURIComponent(job.value.id)}`);
      return answer(request, reply, job, (view) => withWordedProblems(view, request), 202);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/datasets/:dataset/fit-budget',
    config: { permission: 'showFitBudget' },
    schema: {
      tags: ['simulations'],
      summary: 'Budget of a dataset for fits, in ρ',
      params: z.strictObject({ dataset: datasetName }),
      querystring: noQuery,
      response: { 200: fitBudgetSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.showFitBudget(actorOf(request), request.params.dataset)),
  });
}
