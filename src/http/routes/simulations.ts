import { Readable } from 'node:stream';
import { z } from 'zod';
import { answer, asItems, sendDownload } from '../answer.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { datasetName, items, noQuery } from '../schemas/common.ts';
import { simulationBody, simulationSchema } from '../schemas/data.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

export function registerSimulations(app: App, { operations, longHandlerTimeoutMs }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/simulations',
    handlerTimeout: longHandlerTimeoutMs,
    config: { permission: 'simulate' },
    schema: {
      tags: ['simulations'],
      summary: 'Makes simulation data from the declaration alone',
      querystring: noQuery,
      body: simulationBody,
      response: { 201: simulationSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const made = await operations.simulate(actorOf(request), request.body);
      if (made.ok) reply.header('location', `/v1/simulations?dataset=${encodeURIComponent(made.value.dataset)}`);
      return answer(request, reply, made, undefined, 201);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/simulations',
    config: { permission: 'listSimulations' },
    schema: {
      tags: ['simulations'],
      summary: 'Simulations of a dataset',
      querystring: z.strictObject({ dataset: datasetName }),
      response: { 200: items(simulationSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.listSimulations(actorOf(request), request.query.dataset), asItems),
  });
  app.route({
    method: 'GET',
    url: '/v1/simulations/:id/tables/:table',
    handlerTimeout: longHandlerTimeoutMs,
    config: { permission: 'simulationCsv' },
    schema: {
      tags: ['simulations'],
      summary: 'One table of a simulation as CSV, UTF-8',
      params: z.strictObject({ id: z.string().min(1).max(200), table: z.string().min(1).max(200) }),
      querystring: noQuery,
      response: { 200: { description: 'CSV with a header', content: { 'text/csv': { schema: z.string() } } }, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const csv = await operations.simulationCsv(actorOf(request), request.params);
      if (!csv.ok) return sendProblems(request, reply, csv.error);
      return sendDownload(reply, 'text/csv; charset=utf-8', Readable.from(csv.value, { objectMode: false }));
    },
  });
}
