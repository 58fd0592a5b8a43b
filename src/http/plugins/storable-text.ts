import type { FastifyInstance } from 'fastify';
import { problem } from '../../problems/problem.ts';
import { sendProblems } from './errors.ts';

/** Levels of nesting that any schema of ours has, and more. */
const MOST_LEVELS = 64;

/**
 * Refuses, before any schema is asked, what no record could hold: U+0000 and halves of surrogate pairs in texts and names of fields, and
 * nesting beyond reason. Bytes that are no JSON pass. Source: RFC 7493 §2.1; PostgreSQL has no U+0000 in text.
 */
export function registerStorableText(app: FastifyInstance): void {
  app.addHook('preValidation', async (request, reply) => {
    const places = [
      ['path', request.params],
      ['query', request.query],
      ['body', request.body],
    ] as const;
    const found = places.filter(([, value]) => !isStorable(value, MOST_LEVELS)).map(([place]) => place);
    if (found.length === 0) return;
    const problems = found.map((place) => problem('request.invalid', { place, pointer: '', keyword: 'text' }));
    return sendProblems(request, reply, problems);
  });
}

function isStorable(value: unknown, levels: number): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || isStream(value)) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isStorable(item, levels - 1));
  return Object.entries(value).every(([name, item]) => isStorable(name, levels) && isStorable(item, levels - 1));
}

function isStream(value: object): boolean {
  return 'pipe' in value && typeof value.pipe === 'function';
}
