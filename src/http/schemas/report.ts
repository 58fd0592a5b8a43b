import { z } from 'zod';
import { REPORT_RHYTHMS } from '../../governance/report/period.ts';
import { SCHEDULED_NAMES } from '../../governance/report/report.ts';
import { API_SCHEMAS } from './registry.ts';

export const reportQuery = z.strictObject({
  from: z.string().min(1).max(20),
  to: z.string().min(1).max(20),
  format: z.enum(['json', 'csv', 'html']).default('json'),
});
export const reportSchema = z
  .object({
    name: z.enum(SCHEDULED_NAMES),
    title: z.object({ zh: z.string(), en: z.string() }),
    meets: z.array(z.string()),
    from: z.string(),
    to: z.string(),
    madeAt: z.string(),
    columns: z.array(z.object({ name: z.string(), zh: z.string(), en: z.string(), people: z.literal(true).optional() })),
    rows: z.array(z.array(z.union([z.string(), z.number()]))),
  })
  .register(API_SCHEMAS, { id: 'Report' });

const about = { report: z.string(), dataset: z.string().optional(), organisation: z.string().optional() };
export const scheduleBody = z.strictObject({
  report: z.string().min(1).max(40),
  rhythm: z.enum(REPORT_RHYTHMS),
  dataset: z.string().min(1).max(200).optional(),
});
export const scheduleSchema = z
  .object({ ...about, id: z.string(), rhythm: z.enum(REPORT_RHYTHMS), state: z.enum(['active', 'ended']), createdAt: z.string() })
  .register(API_SCHEMAS, { id: 'ReportSchedule' });
const kept = {
  ...about,
  id: z.string(),
  schedule: z.string(),
  from: z.string(),
  to: z.string(),
  madeAt: z.string(),
  digest: z.string(),
  signature: z.string(),
};
export const keptSchema = z.object(kept).register(API_SCHEMAS, { id: 'KeptReport' });
export const keptContentSchema = z.object({ ...kept, content: reportSchema }).register(API_SCHEMAS, { id: 'KeptReportContent' });
export const keptQuery = z.strictObject({ format: z.enum(['json', 'csv', 'html']).default('json') });
