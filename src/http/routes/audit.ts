import { answer, asItems } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { items, noQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { auditEntrySchema, auditQuery, auditVerificationSchema } from '../schemas/work.ts';
import type { App, RouteContext } from './route-context.ts';

export function registerAudit(app: App, { operations, longHandlerTimeoutMs }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/audit/entries',
    config: { permission: 'auditEntries' },
    schema: {
      tags: ['audit'],
      summary: 'Entries of the audit log after a sequence number',
      querystring: auditQuery,
      response: { 200: items(auditEntrySchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.auditEntries(actorOf(request), request.query), asItems),
  });
  app.route({
    method: 'GET',
    url: '/v1/audit/verification',
    handlerTimeout: longHandlerTimeoutMs,
    config: { permission: 'verifyAudit' },
    schema: {
      tags: ['audit'],
      summary: 'Recomputes the whole chain against the checkpoint kept outside the store',
      querystring: noQuery,
      response: { 200: auditVerificationSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.verifyAudit(actorOf(request))),
  });
}
