import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';

/** Everything a log line can hold. No SQL, query string, header, body, parameter or engine text has a field here. */
export interface LogLine {
  readonly at: string;
  readonly level: 'info' | 'error';
  readonly event: 'request' | 'fault' | 'listening' | 'stopping';
  readonly requestId?: string;
  readonly method?: string;
  /** Pattern of the route, such as `/v1/jobs/:id`; never the address asked for. */
  readonly route?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly actor?: string;
  readonly incident?: string;
  /** Class of the error, such as `TypeError`. */
  readonly kind?: string;
  /** `file:line:column` of our own frames, file names only. */
  readonly frames?: readonly string[];
  readonly port?: number;
}

export type Log = (line: LogLine) => void;

/** One line per answered request. */
export function registerAccessLog(app: FastifyInstance, options: { readonly log: Log; readonly clock: Clock }): void {
  app.addHook('onResponse', async (request, reply) => {
    options.log({
      at: options.clock.now().toISOString(),
      level: reply.statusCode >= 500 ? 'error' : 'info',
      event: 'request',
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
      ...(request.actor === null ? {} : { actor: request.actor.id }),
    });
  });
}

/** Class and frames of an error without its message: messages may quote rows. */
export function faultShape(error: unknown): { readonly kind: string; readonly frames: readonly string[] } {
  if (!(error instanceof Error)) return { kind: typeof error, frames: [] };
  const frames = [...(error.stack ?? '').matchAll(/^ {4}at .*?([\w.-]+\.(?:ts|js|mjs|cjs):\d+:\d+)\)?$/gm)].map((match) => match[1] ?? '');
  return { kind: /^[A-Za-z]{1,60}$/.test(error.name) ? error.name : 'Error', frames: frames.slice(0, 12) };
}
