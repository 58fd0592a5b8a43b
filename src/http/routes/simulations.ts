import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SIMULATION_STATES } from '../../operations/simulation-states.ts';
import { answer, sendDownload } from '../answer.ts';
import { answerPage } from '../page.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { datasetName, idParams, noQuery, page, pageQuery, reasonBody, resultTableSchema } from '../schemas/common.ts';
import { kitSchema, simulationBody, simulationSchema, underWaySchema } from '../schemas/data.ts';
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
      if (made.ok) reply.header('location', `/v1/simulations/${encodeURIComponent(made.value.id)}`);
      return answer(request, reply, made, undefined, 201);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/simulations/under-way',
    config: { permission: 'simulationsUnderWay' },
    schema: {
      tags: ['simulations'],
      summary: 'Sets of a dataset that are being made, with their progress',
      querystring: z.strictObject({ dataset: datasetName, ...pageQuery }),
      response: { 200: page(underWaySchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const found = await operations.simulationsUnderWay(actorOf(request), request.query.dataset);
      return answerPage(request, reply, found, { keyOf: (item) => item.id, where: {} });
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/simulations',
    config: { permission: 'listSimulations' },
    schema: {
      tags: ['simulations'],
      summary: 'Simulations of a dataset',
      querystring: z.strictObject({ dataset: datasetName, state: z.enum(SIMULATION_STATES).optional(), ...pageQuery }),
      response: { 200: page(simulationSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { dataset, state } = request.query;
      const found = await operations.listSimulations(actorOf(request), dataset);
      return answerPage(request, reply, found, { keyOf: (item) => item.id, where: { state } });
    },
  });
  registerLifecycle(app, operations, longHandlerTimeoutMs);
  registerRows(app, operations, longHandlerTimeoutMs);
}

const tableParams = z.strictObject({ id: z.string().min(1).max(200), table: z.string().min(1).max(200) });
const MOST_PREVIEW_ROWS = 100;
const previewQuery = z.strictObject({
  rows: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number)
    .pipe(z.int().max(MOST_PREVIEW_ROWS))
    .optional(),
});
const MEDIA = { csv: 'text/csv; charset=utf-8', parquet: 'application/vnd.apache.parquet', duckdb: 'application/octet-stream' } as const;

/** Looking at one set, and what operators do with it. */
function registerLifecycle(app: App, operations: RouteContext['operations'], handlerTimeout: number): void {
  const base = { tags: ['simulations'], params: idParams, querystring: noQuery };
  const response = { 200: simulationSchema, ...PROBLEM_RESPONSES };
  app.route({
    method: 'GET',
    url: '/v1/simulations/:id',
    config: { permission: 'showSimulation' },
    schema: { ...base, summary: 'One simulation set', response },
    handler: async (request, reply) => answer(request, reply, await operations.showSimulation(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'POST',
    url: '/v1/simulations/:id/check',
    handlerTimeout,
    config: { permission: 'checkSimulation' },
    schema: { ...base, summary: 'Makes the set again from its seed and compares every byte', response },
    handler: async (request, reply) => answer(request, reply, await operations.checkSimulation(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'POST',
    url: '/v1/simulations/:id/publication',
    handlerTimeout,
    config: { permission: 'publishSimulation' },
    schema: { ...base, summary: 'Publishes a set, checking it first where nobody has', response },
    handler: async (request, reply) => answer(request, reply, await operations.publishSimulation(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'POST',
    url: '/v1/simulations/:id/withdrawal',
    config: { permission: 'withdrawSimulation' },
    schema: { ...base, summary: 'Takes a set out of use for good', body: reasonBody, response },
    handler: async (request, reply) =>
      answer(request, reply, await operations.withdrawSimulation(actorOf(request), { ...request.params, ...request.body })),
  });
  app.route({
    method: 'GET',
    url: '/v1/simulations/:id/kit',
    config: { permission: 'simulationKit' },
    schema: { ...base, summary: 'What admission reads, for work without a server', response: { 200: kitSchema, ...PROBLEM_RESPONSES } },
    handler: async (request, reply) =>
      answer(request, reply, await operations.simulationKit(actorOf(request), request.params.id), (kit) => ({ ...kit })),
  });
}

/** Rows: a look, one table, the whole set. */
function registerRows(app: App, operations: RouteContext['operations'], handlerTimeout: number): void {
  app.route({
    method: 'GET',
    url: '/v1/simulations/:id/tables/:table/preview',
    config: { permission: 'previewSimulation' },
    schema: {
      tags: ['simulations'],
      summary: 'The first rows of one table',
      params: tableParams,
      querystring: previewQuery,
      response: { 200: resultTableSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(
        request,
        reply,
        await operations.previewSimulation(actorOf(request), { ...request.params, rows: request.query.rows ?? DEFAULT_PREVIEW_ROWS }),
        ({ columns, rows }) => ({ columns: [...columns], rows: rows.map((row) => [...row]) }),
      ),
  });
  app.route({
    method: 'GET',
    url: '/v1/simulations/:id/tables/:table',
    handlerTimeout,
    config: { permission: 'simulationFile' },
    schema: {
      tags: ['simulations'],
      summary: 'One table of a simulation as CSV (UTF-8) or Parquet',
      params: tableParams,
      querystring: z.strictObject({ format: z.enum(['csv', 'parquet']).optional() }),
      response: {
        200: {
          description: 'The table',
          content: { 'text/csv': { schema: z.string() }, 'application/vnd.apache.parquet': { schema: z.string() } },
        },
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (request, reply) => {
      const { format = 'csv' } = request.query;
      return sendFile(request, reply, await operations.simulationFile(actorOf(request), { ...request.params, format }), format);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/simulations/:id/database',
    handlerTimeout,
    config: { permission: 'simulationFile' },
    schema: {
      tags: ['simulations'],
      summary: 'The whole set as one DuckDB file',
      params: idParams,
      querystring: noQuery,
      response: {
        200: { description: 'A DuckDB file', content: { 'application/octet-stream': { schema: z.string() } } },
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (request, reply) =>
      sendFile(request, reply, await operations.simulationFile(actorOf(request), { ...request.params, format: 'duckdb' }), 'duckdb'),
  });
}

const DEFAULT_PREVIEW_ROWS = 20;

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: Awaited<ReturnType<RouteContext['operations']['simulationFile']>>,
  format: keyof typeof MEDIA,
): FastifyReply {
  if (!file.ok) return sendProblems(request, reply, file.error);
  return sendDownload(reply, MEDIA[format], Readable.from(file.value, { objectMode: false }));
}
