import { z } from 'zod';
import { answer, asItems } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { items, noQuery } from '../schemas/common.ts';
import { policyBody, policyDecisionBody, policyQuery, policySchema } from '../schemas/masking.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

const params = z.strictObject({ id: z.string().max(100) });
const common = { tags: ['masking'] };

/** Masking policies of datasets. Source: issue "Masking" (policies); GZ-21c. */
export function registerMaskPolicies(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/mask-policies',
    config: { permission: 'proposeMaskPolicy' },
    schema: {
      ...common,
      summary: 'Proposes a version of a masking policy: label × role × purpose → operator',
      querystring: noQuery,
      body: policyBody,
      response: { 201: policySchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const made = await operations.proposeMaskPolicy(actorOf(request), request.body);
      if (made.ok) reply.header('location', `/v1/mask-policies/${encodeURIComponent(made.value.id)}`);
      return answer(request, reply, made, undefined, 201);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/mask-policies',
    config: { permission: 'listMaskPolicies' },
    schema: {
      ...common,
      summary: 'Versions of masking policies, newest first',
      querystring: policyQuery,
      response: { 200: items(policySchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { dataset } = request.query;
      const listed = await operations.listMaskPolicies(actorOf(request), dataset === undefined ? {} : { dataset });
      return answer(request, reply, listed, asItems);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/mask-policies/:id',
    config: { permission: 'showMaskPolicy' },
    schema: {
      ...common,
      summary: 'One version with who agreed to it',
      params,
      querystring: noQuery,
      response: { 200: policySchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.showMaskPolicy(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'POST',
    url: '/v1/mask-policies/:id/decision',
    config: { permission: 'decideMaskPolicy' },
    schema: {
      ...common,
      summary: 'One of the two owners agrees or refuses; the second approval puts the version in force',
      params,
      querystring: noQuery,
      body: policyDecisionBody,
      response: { 200: policySchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.decideMaskPolicy(actorOf(request), { id: request.params.id, ...request.body })),
  });
}
