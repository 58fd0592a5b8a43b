import { answer, asItems } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import {
  auditEntrySchema,
  auditQuery,
  auditVerificationSchema,
  checkpointSchema,
  entryParams,
  receiptSchema,
  searchQuery,
  searchSchema,
  signalQuery,
  signalSchema,
  traceSchema,
  verificationQuery,
} from '../schemas/audit.ts';
import { idParams, items, noQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
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
      summary: 'Recomputes the whole tree against its checkpoint, and against a checkpoint that a witness kept',
      querystring: verificationQuery,
      response: { 200: auditVerificationSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { witnessed } = request.query;
      const notes = witnessed === undefined ? [] : [Buffer.from(witnessed, 'base64url').toString('utf8')];
      return answer(request, reply, await operations.verifyAudit(actorOf(request), { witnessed: notes }));
    },
  });
  registerAuditReading(app, operations);
}

function registerAuditReading(app: App, operations: RouteContext['operations']): void {
  app.route({
    method: 'GET',
    url: '/v1/audit/search',
    config: { permission: 'searchAudit' },
    schema: {
      tags: ['audit'],
      summary: 'Entries by actor, organisation, dataset, column, time, verdict, rule, digest; newest first',
      querystring: searchQuery,
      response: { 200: searchSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { before, limit, save, saved, ...filter } = request.query;
      return answer(request, reply, await operations.searchAudit(actorOf(request), { filter, before, limit, save, saved }));
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/audit/traces/:id',
    config: { permission: 'traceAudit' },
    schema: {
      tags: ['audit'],
      summary: 'From a released byte back to its sources, from a source forward to every recipient',
      params: idParams,
      querystring: noQuery,
      response: { 200: traceSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.traceAudit(actorOf(request), request.params.id)),
  });
  app.route({
    method: 'GET',
    url: '/v1/audit/signals',
    config: { permission: 'auditSignals' },
    schema: {
      tags: ['audit'],
      summary: 'What in the last days a person should look at, with the reason',
      querystring: signalQuery,
      response: { 200: items(signalSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.auditSignals(actorOf(request), request.query), asItems),
  });
  app.route({
    method: 'GET',
    url: '/v1/audit/receipts/:seq',
    config: { permission: 'auditReceipt' },
    schema: {
      tags: ['audit'],
      summary: 'Proof that an entry is in the log (C2SP tlog-proof)',
      params: entryParams,
      querystring: noQuery,
      response: { 200: receiptSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.auditReceipt(actorOf(request), request.params.seq)),
  });
  app.route({
    method: 'GET',
    url: '/v1/audit/checkpoint',
    config: { permission: 'auditCheckpoint' },
    schema: {
      tags: ['audit'],
      summary: 'A signed checkpoint over the log as it is now, and the keys of the log',
      querystring: noQuery,
      response: { 200: checkpointSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.auditCheckpoint(actorOf(request))),
  });
}
