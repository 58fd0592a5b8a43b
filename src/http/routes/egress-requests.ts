import { answer, asItems } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, items, noQuery, reasonBody } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { egressQuery, egressSchema, filingBody, releaseSchema } from '../schemas/work.ts';
import type { App, RouteContext } from './route-context.ts';

/** Steps of a review that take a reason: the noun of the route, the operation behind it, what it does. */
const STEPS = [
  { noun: 'approvals', operation: 'approve', summary: 'An operator’s approving vote' },
  { noun: 'rejections', operation: 'reject', summary: 'An operator’s rejecting vote' },
  { noun: 'returns', operation: 'returnToMerchant', summary: 'Sends the request back to its merchant' },
  { noun: 'withdrawals', operation: 'withdraw', summary: 'The merchant takes its request back' },
  { noun: 'recalls', operation: 'recall', summary: 'Calls a released result back' },
] as const;

export function registerEgressRequests(app: App, context: RouteContext): void {
  registerReading(app, context);
  for (const step of STEPS) {
    app.route({
      method: 'POST',
      url: `/v1/egress-requests/:id/${step.noun}`,
      config: { permission: step.operation },
      schema: {
        tags: ['egress'],
        summary: step.summary,
        params: idParams,
        querystring: noQuery,
        body: reasonBody,
        response: { 200: egressSchema, ...PROBLEM_RESPONSES },
      },
      handler: async (request, reply) =>
        answer(request, reply, await context.operations[step.operation](actorOf(request), { ...request.params, ...request.body })),
    });
  }
  registerFilingAndRelease(app, context);
}

function registerReading(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/egress-requests',
    config: { permission: 'listEgress' },
    schema: {
      tags: ['egress'],
      summary: 'Egress requests the caller may see',
      querystring: egressQuery,
      response: { 200: items(egressSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.listEgress(actorOf(request), request.query), asItems),
  });
  app.route({
    method: 'GET',
    url: '/v1/egress-requests/:id',
    config: { permission: 'showEgress' },
    schema: {
      tags: ['egress'],
      summary: 'One egress request; reviewers also see findings, votes and what would leave',
      params: idParams,
      querystring: noQuery,
      response: { 200: egressSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.showEgress(actorOf(request), request.params.id)),
  });
}

function registerFilingAndRelease(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/egress-requests/:id/filings',
    config: { permission: 'file' },
    schema: {
      tags: ['egress'],
      summary: 'Records the receipt of the filing with the supervisor',
      params: idParams,
      querystring: noQuery,
      body: filingBody,
      response: { 200: egressSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.file(actorOf(request), { id: request.params.id, receipt: request.body.receipt })),
  });
  app.route({
    method: 'POST',
    url: '/v1/egress-requests/:id/releases',
    config: { permission: 'release' },
    schema: {
      tags: ['egress'],
      summary: 'Checks state, votes and digest again and writes the release package',
      params: idParams,
      querystring: noQuery,
      response: { 201: releaseSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const released = await operations.release(actorOf(request), request.params.id);
      if (released.ok) reply.header('location', `/v1/releases/${encodeURIComponent(released.value.id)}`);
      return answer(request, reply, released, undefined, 201);
    },
  });
}
