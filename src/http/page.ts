import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Result } from '../kernel/result.ts';
import type { PageWish } from '../operations/page-wish.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { sendProblems } from './plugins/errors.ts';

/** Items of a page where nothing is asked for. */
const PRESET_ITEMS = 100;

/** Names that a list may have for its items; a store need not be asked for others. */
const KEY = /^[\w.:-]{1,200}$/;

export interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/**
 * One page of a list in its own order. The cursor names the last item that was sent and is bound to the list and its
 * filters; it is opaque, holds nothing its reader has not seen, and stays good while items come in at the front.
 * Refuses a cursor of another list, and one whose item is gone, with `request.cursor`. `where` leaves out values whose
 * field of that name is another. Source: issue 6 ("pagination by cursor, filters").
 */
export function answerPage<T extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  result: Result<readonly T[], readonly Problem[]>,
  options: {
    readonly keyOf: (value: T) => string;
    readonly where?: Readonly<Record<string, string | undefined>>;
    readonly shape?: (value: T) => unknown;
    /** `result` is what `pageWish` asked for, and begins where the page does. */
    readonly isCut?: boolean;
  },
): FastifyReply {
  if (!result.ok) return sendProblems(request, reply, result.error);
  const { keyOf, where = {}, shape = (value: T): unknown => value, isCut = false } = options;
  const query = request.query as PageQuery;
  const values = result.value.filter((value) => matches(value, where));
  const start = isCut ? 0 : startOf(values.map(keyOf), query.cursor, listMark(request));
  if (start === null) return sendProblems(request, reply, [problem('request.cursor', {})]);
  const end = start + (query.limit ?? PRESET_ITEMS);
  const last = values[end - 1];
  const next = end < values.length && last !== undefined ? { next: cursorAt(keyOf(last), listMark(request)) } : {};
  return reply.send({ items: values.slice(start, end).map(shape), ...next });
}

/** What a list has to be read for: one item more than the page holds, so that it is known whether there is another page. */
export function pageWish(request: FastifyRequest): PageWish {
  const { limit, cursor } = request.query as PageQuery;
  return { atMost: (limit ?? PRESET_ITEMS) + 1, ...(cursor === undefined ? {} : { after: keyIn(cursor, listMark(request)) }) };
}

/** The key that a cursor of this list names; a key that nothing has, for anything else. */
function keyIn(cursor: string, mark: string): string {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const key: unknown = Array.isArray(value) && value.length === 2 && value[0] === mark ? value[1] : null;
    return typeof key === 'string' && KEY.test(key) && cursorAt(key, mark) === cursor ? key : '';
  } catch {
    return '';
  }
}

function matches(value: object, where: Readonly<Record<string, string | undefined>>): boolean {
  return Object.entries(where).every(([name, wanted]) => wanted === undefined || (value as Record<string, unknown>)[name] === wanted);
}

function startOf(keys: readonly string[], cursor: string | undefined, mark: string): number | null {
  if (cursor === undefined) return 0;
  const at = keys.findIndex((key) => cursorAt(key, mark) === cursor);
  return at < 0 ? null : at + 1;
}

/** List and filters as a short digest. */
function listMark(request: FastifyRequest): string {
  const { limit: _limit, cursor: _cursor, ...filters } = request.query as Record<string, unknown>;
  const parts = [request.routeOptions.url, Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1))];
  return createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('base64url').slice(0, 8);
}

function cursorAt(key: string, mark: string): string {
  return Buffer.from(JSON.stringify([mark, key]), 'utf8').toString('base64url');
}
