import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Result } from '../kernel/result.ts';
import { describe, type Problem } from '../problems/problem.ts';
import { sendProblems } from './plugins/errors.ts';
import { type Language, languageOf } from './plugins/language.ts';

/** Sends the value with `status`, or the problems as RFC 9457. The route's response schema drops what it does not name. */
export function answer<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  result: Result<T, readonly Problem[]>,
  shape: (value: T) => unknown = (value) => value,
  status = 200,
): FastifyReply {
  if (!result.ok) return sendProblems(request, reply, result.error);
  return reply.code(status).send(shape(result.value));
}

export function asItems<T>(values: readonly T[]): { readonly items: readonly T[] } {
  return { items: values };
}

/** Problems inside a job or a load, worded for the asker. */
export function withWordedProblems<T extends { readonly problems?: readonly Problem[] }>(view: T, request: FastifyRequest): unknown {
  if (view.problems === undefined) return view;
  const language: Language = languageOf(request);
  return {
    ...view,
    problems: view.problems.map((item) => {
      const text = describe(item);
      return { code: item.code, facts: item.facts, title: text.title[language], detail: text.detail[language] };
    }),
  };
}

/** The settled answer of `ended`, or null once `waitMs` have passed; a later failure of `ended` is then nobody's. */
export async function within<T>(ended: Promise<T>, waitMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), waitMs);
  });
  ended.catch(() => undefined);
  try {
    return await Promise.race([ended, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Sends bytes as a download that no browser interprets; the response schema does not apply to them. */
export function sendDownload(reply: FastifyReply, mediaType: string, payload: Buffer | Readable): FastifyReply {
  return reply.type(mediaType).header('content-disposition', 'attachment').header('x-content-type-options', 'nosniff').send(payload);
}
