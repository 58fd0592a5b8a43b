import { z } from 'zod';
import { answer, sendDownload } from '../answer.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery } from '../schemas/common.ts';
import { downloadTokenBody, downloadTokenSchema, traceBody, traceSchema } from '../schemas/egress.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { releaseSchema } from '../schemas/work.ts';
import type { App, RouteContext } from './route-context.ts';

export function registerReleases(app: App, { operations, longHandlerTimeoutMs }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/releases/:id',
    config: { permission: 'showRelease' },
    schema: {
      tags: ['releases'],
      summary: 'A release package: its files with digests',
      params: idParams,
      querystring: noQuery,
      response: { 200: releaseSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.showRelease(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'GET',
    url: '/v1/releases/:id/files/:name',
    handlerTimeout: longHandlerTimeoutMs,
    config: { permission: 'releaseFile' },
    schema: {
      tags: ['releases'],
      summary: 'One file of a release package, as bytes, for a token that goes with it',
      params: z.strictObject({ id: z.string().min(1).max(200), name: z.string().min(1).max(200) }),
      querystring: z.strictObject({ token: z.string().max(100).default('') }),
      response: {
        200: { description: 'The bytes of the file', content: { 'application/octet-stream': { schema: z.string() } } },
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (request, reply) => {
      const file = await operations.releaseFile(actorOf(request), { ...request.params, ...request.query });
      if (!file.ok) return sendProblems(request, reply, file.error);
      return sendDownload(reply, 'application/octet-stream', Buffer.from(file.value));
    },
  });
  registerTokensAndTraces(app, operations);
}

function registerTokensAndTraces(app: App, operations: RouteContext['operations']): void {
  app.route({
    method: 'POST',
    url: '/v1/releases/:id/download-tokens',
    config: { permission: 'issueDownloadToken', answersSecret: true },
    schema: {
      tags: ['releases'],
      summary: 'A right to fetch one file once, within ten minutes, for the recipient alone',
      params: idParams,
      querystring: noQuery,
      body: downloadTokenBody,
      response: { 201: downloadTokenSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const issued = await operations.issueDownloadToken(actorOf(request), { ...request.params, ...request.body });
      return answer(request, reply, issued, undefined, 201);
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/releases/traces',
    config: { permission: 'traceCopy' },
    schema: {
      tags: ['releases'],
      summary: 'Whose copy a table of rows is, by the watermark in it',
      querystring: noQuery,
      body: traceBody,
      response: { 200: traceSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.traceCopy(actorOf(request), request.body)),
  });
}
