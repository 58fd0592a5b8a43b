import type { Readable } from 'node:stream';
import { z } from 'zod';
import { scopeOf } from '../../identity/permit.ts';
import { problem } from '../../problems/problem.ts';
import { answer } from '../answer.ts';
import { receiveFile } from '../inbox.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { noQuery } from '../schemas/common.ts';
import { inboxFileSchema } from '../schemas/data.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

/** Raw bytes into the caller's inbox, streamed. Register in a scope of its own: its body parser must not serve other routes. */
export function registerInbox(app: App, context: RouteContext): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.route({
    method: 'PUT',
    url: '/v1/inbox/:name',
    bodyLimit: context.inboxFileLimitBytes,
    handlerTimeout: context.longHandlerTimeoutMs,
    config: { permission: 'uploadInboxFile', mediaType: 'application/octet-stream' },
    schema: {
      tags: ['datasets'],
      summary: 'Uploads one file of a load; the body is its bytes (application/octet-stream)',
      consumes: ['application/octet-stream'],
      params: z.strictObject({ name: z.string().min(1).max(100) }),
      querystring: noQuery,
      response: { 201: inboxFileSchema, ...PROBLEM_RESPONSES },
    },
    // Before the body is read: only those who load may fill the disk.
    preParsing: async (request, reply, payload) => {
      if (scopeOf(actorOf(request), 'dataset.load') === null) {
        return sendProblems(request, reply, [problem('access.forbidden', { action: 'dataset.load' })]);
      }
      return payload;
    },
    handler: async (request, reply) => {
      const stored = await receiveFile({
        inboxFolder: context.inboxFolder,
        actor: actorOf(request),
        name: request.params.name,
        content: request.body as Readable,
        limitBytes: context.inboxFileLimitBytes,
      });
      // The rest of a refused upload is not read: the connection ends with the answer.
      if (!stored.ok) reply.header('connection', 'close');
      return answer(request, reply, stored, undefined, 201);
    },
  });
}
