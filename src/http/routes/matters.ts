import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fields } from '../../governance/field.ts';
import type { Machine } from '../../governance/machine.ts';
import { MACHINES } from '../../governance/machines.ts';
import type { Result } from '../../kernel/result.ts';
import type { MatterView } from '../../operations/matter-view.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { answer } from '../answer.ts';
import { answerPage, pageWish } from '../page.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery, page } from '../schemas/common.ts';
import { catalogueEntrySchema, catalogueQuery, matterBodies, matterNoticeSchema, matterSchema, noticeQuery } from '../schemas/matter.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

/** Notices that are kept in sight. */
const MOST_NOTICES = 1000;

const ETAG = /^"(\d{1,9})"$/;

/** The matter with its revision as ETag; what a step must send back as If-Match. Source: RFC 9110 §8.8.3, §13.1.1. */
function answerMatter(
  request: FastifyRequest,
  reply: FastifyReply,
  matter: Result<MatterView, readonly Problem[]>,
  status = 200,
): FastifyReply {
  if (matter.ok) reply.header('etag', `"${matter.value.revision}"`);
  return answer(request, reply, matter, undefined, status);
}

/** Proceedings of government: the same routes for every kind, from its table. Source: requirements.md §5. */
export function registerMatters(app: App, context: RouteContext): void {
  for (const machine of MACHINES) {
    registerLists(app, context, machine);
    registerOne(app, context, machine);
  }
  registerShared(app, context);
}

function registerLists(app: App, { operations }: RouteContext, machine: Machine): void {
  const { noun, plural, title } = machine;
  const bodies = matterBodies(machine);
  app.route({
    method: 'GET',
    url: `/v1/${plural}`,
    config: { permission: 'listMatters' },
    schema: {
      tags: ['governance'],
      summary: `${title.en} (${title.zh}): those the caller may see`,
      querystring: bodies.filter,
      response: { 200: page(matterSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { state } = request.query;
      const found = await operations.listMatters(actorOf(request), {
        noun,
        ...(state === undefined ? {} : { state }),
        page: pageWish(request),
      });
      return answerPage(request, reply, found, { keyOf: (item) => item.id, isCut: true });
    },
  });
  app.route({
    method: 'POST',
    url: `/v1/${plural}`,
    config: { permission: 'openMatter' },
    schema: {
      tags: ['governance'],
      summary: `${title.en} (${title.zh}): opens one under the rules of a city`,
      querystring: noQuery,
      body: bodies.open,
      response: { 201: matterSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { city, fields } = request.body;
      const opened = await operations.openMatter(actorOf(request), { noun, city, fields: given(fields) });
      if (opened.ok) reply.header('location', `/v1/${plural}/${encodeURIComponent(opened.value.id)}`);
      return answerMatter(request, reply, opened, 201);
    },
  });
}

function registerOne(app: App, { operations }: RouteContext, machine: Machine): void {
  const { noun, plural, title } = machine;
  app.route({
    method: 'GET',
    url: `/v1/${plural}/:id`,
    config: { permission: 'showMatter' },
    schema: {
      tags: ['governance'],
      summary: `${title.en} (${title.zh}): one, with its steps and time limits`,
      params: idParams,
      querystring: noQuery,
      response: { 200: matterSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answerMatter(request, reply, await operations.showMatter(actorOf(request), { noun, id: request.params.id })),
  });
  app.route({
    method: 'POST',
    url: `/v1/${plural}/:id/steps`,
    config: { permission: 'stepMatter', ownRevision: true },
    schema: {
      tags: ['governance'],
      summary: `${title.en} (${title.zh}): takes a step; needs If-Match with the ETag that was read`,
      params: idParams,
      querystring: noQuery,
      body: matterBodies(machine).step,
      response: { 200: matterSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const revision = ETAG.exec(request.headers['if-match'] ?? '')?.[1];
      if (revision === undefined) return sendProblems(request, reply, [problem('matter.revision_missing', {})]);
      const { step, fields, reason } = request.body;
      const input = { noun, id: request.params.id, step, fields: given(fields), reason, revision: Number(revision) };
      return answerMatter(request, reply, await operations.stepMatter(actorOf(request), input));
    },
  });
}

function registerShared(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/matter-notices',
    config: { permission: 'listMatterNotices' },
    schema: {
      tags: ['governance'],
      summary: 'What the caller, as one of his roles or for his organisation, should know; newest first',
      querystring: noticeQuery,
      response: { 200: page(matterNoticeSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const found = await operations.listMatterNotices(actorOf(request), { limit: MOST_NOTICES });
      return answerPage(request, reply, found, { keyOf: (item) => item.id });
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/catalogue',
    config: { public: true },
    schema: {
      tags: ['governance'],
      summary: 'The published catalogue, for everybody',
      security: [],
      querystring: catalogueQuery,
      response: { 200: page(catalogueEntrySchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { query, shareType, provider } = request.query;
      const found = await operations.searchCatalogue({ query, shareType });
      return answerPage(request, reply, found, { keyOf: (item) => item.id, where: { provider } });
    },
  });
}

/** Fields that were sent; absent ones are not set to nothing. */
function given(fields: Readonly<Record<string, Fields[string] | undefined>> = {}): Fields {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Fields[string]] => entry[1] !== undefined));
}
