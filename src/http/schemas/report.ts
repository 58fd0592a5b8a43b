import { z } from 'zod';
import { REPORT_NAMES } from '../../governance/report/report.ts';
import { API_SCHEMAS } from './registry.ts';

export const reportQuery = z.strictObject({
  from: z.string().min(1).max(20),
  to: z.string().min(1).max(20),
  format: z.enum(['json', 'csv', 'html']).default('json'),
});
export const reportSchema = z
  .object({
    name: z.enum(REPORT_NAMES),
    title: z.object({ zh: z.string(), en: z.string() }),
    meets: z.array(z.string()),
    from: z.string(),
    to: z.string(),
    madeAt: z.string(),
    columns: z.array(z.object({ name: z.string(), zh: z.string(), en: z.string(), people: z.literal(true).optional() })),
    rows: z.array(z.array(z.union([z.string(), z.number()]))),
  })
  .register(API_SCHEMAS, { id: 'Report' });
