import { z } from 'zod';
import { reportCsv, reportPage } from '../../governance/report/report-texts.ts';
import { answer } from '../answer.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { reportQuery, reportSchema } from '../schemas/report.ts';
import type { App, RouteContext } from './route-context.ts';

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
          content: {
            'application/json': { schema: reportSchema },
            'text/csv': { schema: z.string() },
            'text/html': { schema: z.string() },
          },
        },
        ...PROBLEM_RESPONSES,
      },
    },
    handler: async (request, reply) => {
      const { from, to, format } = request.query;
      const made = await operations.makeReport(actorOf(request), { name: request.params.name, from, to });
      if (!made.ok) return sendProblems(request, reply, made.error);
      if (format === 'json') return answer(request, reply, made);
      const file = `attachment; filename="${made.value.name}-${from}-${to}.csv"`;
      if (format === 'csv') return reply.type('text/csv; charset=utf-8').header('content-disposition', file).send(reportCsv(made.value));
      const policy = "default-src 'none'; style-src 'unsafe-inline'";
      return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(reportPage(made.value));
    },
  });
}
