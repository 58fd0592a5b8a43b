import { z } from 'zod';
import { answer, sendDownload } from '../answer.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery } from '../schemas/common.ts';
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
      summary: 'One file of a release package, as bytes',
      params: z.strictObject({ id: z.string().min(1).max(200), name: z.string().min(1).max(200) }),
      querystring: noQuery,
      response: {
        200: { description: 'The bytes of the file', content: { 'application/octet-stream': { schema: z.string() } } },
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (request, reply) => {
      const file = await operations.releaseFile(actorOf(request), request.params);
      if (!file.ok) return sendProblems(request, reply, file.error);
      return sendDownload(reply, 'application/octet-stream', Buffer.from(file.value));
    },
  });
}
