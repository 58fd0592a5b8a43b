import { join } from 'node:path';
import { type Problem, problem } from '../../problems/problem.ts';
import { answer, within, withWordedProblems } from '../answer.ts';
import { inboxFolderOf, isPlainFileName } from '../inbox.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery, waitQuery } from '../schemas/common.ts';
import { loadBody, loadSchema } from '../schemas/data.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

export function registerLoads(app: App, context: RouteContext): void {
  const { operations } = context;
  app.route({
    method: 'POST',
    url: '/v1/loads',
    config: { permission: 'startLoad' },
    schema: {
      tags: ['datasets'],
      summary: 'Starts loading a declaration whose files are in the caller’s inbox',
      querystring: noQuery,
      body: loadBody,
      response: { 202: loadSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { declaration, localFolder } = request.body;
      const refused = localFolder === undefined ? namesOutsideInbox(declaration) : localFolderProblems(context);
      if (refused.length > 0) return sendProblems(request, reply, refused);
      const actor = actorOf(request);
      const baseFolder = localFolder ?? join(context.inboxFolder, inboxFolderOf(actor));
      const started = await operations.startLoad(actor, { declaration, baseFolder });
      if (started.ok) reply.header('location', `/v1/loads/${encodeURIComponent(started.value.id)}`);
      return answer(request, reply, started, (task) => withWordedProblems(task, request), 202);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/loads/:id',
    config: { permission: 'showLoad' },
    schema: {
      tags: ['datasets'],
      summary: 'State of a load',
      params: idParams,
      querystring: waitQuery,
      response: { 200: loadSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const { waitMs } = request.query;
      const ended = waitMs === undefined ? null : await within(operations.awaitLoad(actor, request.params.id), waitMs);
      return answer(request, reply, ended ?? (await operations.showLoad(actor, request.params.id)), (task) =>
        withWordedProblems(task, request),
      );
    },
  });
}

function localFolderProblems(context: RouteContext): readonly Problem[] {
  return context.allowLocalFolders ? [] : [problem('request.local_folder', {})];
}

/** Files that do not lie in the inbox by their very name; everything else about the declaration is the loader's to judge. */
function namesOutsideInbox(declaration: Readonly<Record<string, unknown>>): readonly Problem[] {
  const tables = declaration['tables'];
  if (typeof tables !== 'object' || tables === null) return [];
  return Object.entries(tables).flatMap(([table, body]) => {
    const file: unknown = typeof body === 'object' && body !== null ? (body as { file?: unknown }).file : undefined;
    return typeof file === 'string' && !isPlainFileName(file) ? [problem('request.file_name', { table: table.slice(0, 100) })] : [];
  });
}
