import { z } from 'zod';
import { API_SCHEMAS } from './registry.ts';

const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

/** RFC 9457 problem details with our extensions `code`, `facts` and `problems` (every refusal at once). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    instance: z.string().optional(),
    code: z.string(),
    facts,
    problems: z.array(z.object({ code: z.string(), title: z.string(), detail: z.string(), facts })),
  })
  .register(API_SCHEMAS, { id: 'Problem' });

const problemContent = { 'application/problem+json': { schema: problemSchema } } as const;

/** The answers every route may give besides its own. */
export const PROBLEM_RESPONSES = {
  '4xx': { description: 'Refused; every problem at once, each with what to do next.', content: problemContent },
  '5xx': { description: 'A fault of the service, with an incident id and nothing else.', content: problemContent },
} as const;
