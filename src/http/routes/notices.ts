import { z } from 'zod';
import { answer } from '../answer.ts';
import { answerPage } from '../page.ts';
import { actorOf } from '../plugins/identity.ts';
import { noQuery, page, pageQuery } from '../schemas/common.ts';
import { affiliationBody, affiliationEndBody, affiliationSchema, noticeSchema } from '../schemas/egress.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

/** What people are told unasked. Source: requirements.md §5.6 (RECALLED, RETURNED). */
export function registerNotices(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/notices',
    config: { permission: 'listNotices' },
    schema: {
      tags: ['notices'],
      summary: 'Recalls, returns and verdicts that concern the caller, newest first',
      querystring: z.strictObject({ kind: z.string().min(1).max(60).optional(), ...pageQuery }),
      response: { 200: page(noticeSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const where = { kind: request.query.kind };
      return answerPage(request, reply, await operations.listNotices(actorOf(request)), { keyOf: (item) => item.id, where });
    },
  });
}

/** Organisations that belong together. Source: requirements.md §6.2 S6. */
export function registerAffiliations(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/affiliations',
    config: { permission: 'declareAffiliation' },
    schema: {
      tags: ['affiliations'],
      summary: 'Declares two organisations to belong together, for good or for some days',
      querystring: noQuery,
      body: affiliationBody,
      response: { 201: affiliationSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.declareAffiliation(actorOf(request), request.body), undefined, 201),
  });
  app.route({
    method: 'POST',
    url: '/v1/affiliations/ends',
    config: { permission: 'endAffiliation' },
    schema: {
      tags: ['affiliations'],
      summary: 'Writes the last day of an affiliation that has none; its term is kept',
      querystring: noQuery,
      body: affiliationEndBody,
      response: { 201: affiliationSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.endAffiliation(actorOf(request), request.body), undefined, 201),
  });
  app.route({
    method: 'GET',
    url: '/v1/affiliations',
    config: { permission: 'listAffiliations' },
    schema: {
      tags: ['affiliations'],
      summary: 'Organisations that belong with one, today and in every term that was declared',
      querystring: z.strictObject({ organisation: z.string().min(1).max(200) }),
      response: { 200: affiliationSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.listAffiliations(actorOf(request), request.query)),
  });
}
