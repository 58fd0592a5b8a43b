import { answer, asItems } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import {
  exportQuery,
  exportSchema,
  holdBody,
  holdSchema,
  openingBody,
  openingSchema,
  pruneSchema,
  queryTextSchema,
  unholdBody,
} from '../schemas/audit.ts';
import { idParams, items, noQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

/** Query texts and their openings, exports, pruning, holds. */
export function registerAuditKeeping(app: App, { operations }: RouteContext): void {
  registerOpenings(app, operations);
  app.route({
    method: 'GET',
    url: '/v1/audit/exports',
    config: { permission: 'exportAudit' },
    schema: {
      tags: ['audit'],
      summary: 'A stretch of the log as OCSF JSON lines, CSV or syslog, with a signed note over it',
      querystring: exportQuery,
      response: { 200: exportSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.exportAudit(actorOf(request), request.query)),
  });
  app.route({
    method: 'POST',
    url: '/v1/audit/prunings',
    config: { permission: 'pruneAudit' },
    schema: {
      tags: ['audit'],
      summary: 'Drops texts whose time is up; their hashes stay',
      querystring: noQuery,
      response: { 200: pruneSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.pruneAudit(actorOf(request))),
  });
  app.route({
    method: 'POST',
    url: '/v1/audit/holds',
    config: { permission: 'holdAudit' },
    schema: {
      tags: ['audit'],
      summary: 'Keeps all texts about an id, or all (*), from being pruned',
      querystring: noQuery,
      body: holdBody,
      response: { 200: holdSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.holdAudit(actorOf(request), request.body)),
  });
  app.route({
    method: 'POST',
    url: '/v1/audit/holds/:id/release',
    config: { permission: 'releaseAuditHold' },
    schema: {
      tags: ['audit'],
      summary: 'Ends a hold; gives those that stand',
      params: idParams,
      querystring: noQuery,
      body: unholdBody,
      response: { 200: items(holdSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.releaseAuditHold(actorOf(request), { id: request.params.id, ...request.body }), asItems),
  });
}

function registerOpenings(app: App, operations: RouteContext['operations']): void {
  app.route({
    method: 'GET',
    url: '/v1/audit/queries/:id',
    config: { permission: 'queryText' },
    schema: {
      tags: ['audit'],
      summary: 'The text of a job without its literals',
      params: idParams,
      querystring: noQuery,
      response: { 200: queryTextSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.queryText(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'POST',
    url: '/v1/audit/openings',
    config: { permission: 'requestOpening' },
    schema: {
      tags: ['audit'],
      summary: 'Asks for the literals of a query, with a reason; another person must agree',
      querystring: noQuery,
      body: openingBody,
      response: { 200: openingSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.requestOpening(actorOf(request), request.body)),
  });
  app.route({
    method: 'POST',
    url: '/v1/audit/openings/:id/approval',
    config: { permission: 'approveOpening' },
    schema: {
      tags: ['audit'],
      summary: 'Agrees to an opening that another person asked for',
      params: idParams,
      querystring: noQuery,
      response: { 200: openingSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.approveOpening(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'POST',
    url: '/v1/audit/openings/:id/text',
    config: { permission: 'openQueryText' },
    schema: {
      tags: ['audit'],
      summary: 'The whole query, to who asked, once another person agreed',
      params: idParams,
      querystring: noQuery,
      response: { 200: openingSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.openQueryText(actorOf(request), request.params.id)),
  });
}
