import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Report } from '../../governance/report/report.ts';
import { reportCsv, reportPage } from '../../governance/report/report-texts.ts';
import { answer } from '../answer.ts';
import { answerPage } from '../page.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery, page, pageQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { keptContentSchema, keptQuery, keptSchema, reportQuery, reportSchema, scheduleBody, scheduleSchema } from '../schemas/report.ts';
import type { App, RouteContext } from './route-context.ts';

const TEXTS = { 'text/csv': { schema: z.string() }, 'text/html': { schema: z.string() } } as const;

function sendText(reply: FastifyReply, report: Report, format: 'csv' | 'html'): FastifyReply {
  const file = `attachment; filename="${report.name}-${report.from}-${report.to}.csv"`;
  if (format === 'csv') return reply.type('text/csv; charset=utf-8').header('content-disposition', file).send(reportCsv(report));
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(reportPage(report));
}

/** Periodic reports as JSON, CSV and a printable page. Source: requirements.md §9. */
export function registerReports(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/reports/:name',
    config: { permission: 'makeReport' },
    schema: {
      tags: ['reports'],
      summary: 'A report over some days: egress, onboarding, use, demand, quality, contribution, disclosure',
      params: z.strictObject({ name: z.string().min(1).max(40) }),
      querystring: reportQuery,
      response: {
        200: {
          description: 'In the form that was asked for',
          content: { 'application/json': { schema: reportSchema }, ...TEXTS },
        },
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (request, reply) => {
      const { from, to, format } = request.query;
      const made = await operations.makeReport(actorOf(request), { name: request.params.name, from, to });
      if (!made.ok) return sendProblems(request, reply, made.error);
      if (format === 'json') return answer(request, reply, made);
      return sendText(reply, made.value, format);
    },
  });
}

/** Reports on schedule: who asked for what, and what was made. Source: requirements.md §9; QZ-3.1.8c. */
export function registerReportSchedules(app: App, context: RouteContext): void {
  registerKept(app, context);
  const { operations } = context;
  app.route({
    method: 'POST',
    url: '/v1/report-schedules',
    config: { permission: 'scheduleReport' },
    schema: {
      tags: ['reports'],
      summary: 'Has a report made after each month, quarter or year; a usage-log is about one dataset',
      querystring: noQuery,
      body: scheduleBody,
      response: { 201: scheduleSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const made = await operations.scheduleReport(actorOf(request), request.body);
      return answer(request, reply, made, undefined, 201);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/report-schedules',
    config: { permission: 'listReportSchedules' },
    schema: {
      tags: ['reports'],
      summary: 'Reports that are made by themselves; a department sees its own',
      querystring: z.strictObject({ state: z.string().min(1).max(20).optional(), ...pageQuery }),
      response: { 200: page(scheduleSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const found = await operations.listReportSchedules(actorOf(request));
      return answerPage(request, reply, found, { keyOf: (item) => item.id, where: { state: request.query.state } });
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/report-schedules/:id/end',
    config: { permission: 'endReportSchedule' },
    schema: {
      tags: ['reports'],
      summary: 'Makes it no more; what was made stays',
      params: idParams,
      querystring: noQuery,
      response: { 200: scheduleSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.endReportSchedule(actorOf(request), request.params.id)),
  });
}

function registerKept(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/kept-reports',
    config: { permission: 'listKeptReports' },
    schema: {
      tags: ['reports'],
      summary: 'Reports that were made on schedule, newest first; a department sees the logs of its own data',
      querystring: z.strictObject({
        report: z.string().min(1).max(40).optional(),
        dataset: z.string().min(1).max(200).optional(),
        schedule: z.string().min(1).max(200).optional(),
        ...pageQuery,
      }),
      response: { 200: page(keptSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { report, dataset, schedule } = request.query;
      const found = await operations.listKeptReports(actorOf(request));
      return answerPage(request, reply, found, { keyOf: (item) => item.id, where: { report, dataset, schedule } });
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/kept-reports/:id',
    config: { permission: 'fetchKeptReport' },
    schema: {
      tags: ['reports'],
      summary: 'One of them: JSON with its signature, CSV, or a printable page',
      params: idParams,
      querystring: keptQuery,
      response: {
        200: {
          description: 'In the form that was asked for',
          content: { 'application/json': { schema: keptContentSchema }, ...TEXTS },
        },
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (request, reply) => {
      const found = await operations.fetchKeptReport(actorOf(request), request.params.id);
      if (!found.ok) return sendProblems(request, reply, found.error);
      const { format } = request.query;
      return format === 'json' ? answer(request, reply, found) : sendText(reply, found.value.content, format);
    },
  });
}
