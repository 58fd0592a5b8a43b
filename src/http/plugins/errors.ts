import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AuditUnavailable } from '../../audit/audit-unavailable.ts';
import type { Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/id.ts';
import type { Rng } from '../../kernel/rng.ts';
import { StoreUnavailable } from '../../operations/store-unavailable.ts';
import { type Problem, problem, problemDocument } from '../../problems/problem.ts';
import { faultShape, type Log } from './access-log.ts';
import { languageOf } from './language.ts';

export interface ErrorOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

/** Thrown inside a handler to refuse where returning is impossible (streams). */
export class Refusal extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super('refused');
    this.name = 'Refusal';
    this.problems = problems;
  }
}

/** Sends problems as RFC 9457, in the language asked for. */
export function sendProblems(request: FastifyRequest, reply: FastifyReply, problems: readonly Problem[]): FastifyReply {
  const language = languageOf(request);
  const document = problemDocument(problems, language);
  if (document.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(document.status)
    .header('content-language', language)
    .header('vary', 'Accept-Language')
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(document);
}

/**
 * Every failure leaves as `application/problem+json`: schema failures as place and keyword, refusals of the server's own
 * limits as their codes, what could not be put on record as `audit.unavailable`, what could not be read as `store.unavailable`, anything else as `request.internal`
 * with a new incident id that also stands in the log.
 */
export function registerErrors(app: FastifyInstance, options: ErrorOptions): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = knownProblems(error, request);
    if (known !== null) return sendProblems(request, reply, known);
    const incident = fault(error, request, options);
    return sendProblems(request, reply, [unavailable(error) ?? incident]);
  });
  app.setNotFoundHandler((request, reply) => sendProblems(request, reply, [problem('request.unknown_route', {})]));
}

function fault(error: unknown, request: FastifyRequest, options: ErrorOptions): Problem {
  const incident = newId('inc', options.rng);
  options.log({
    at: options.clock.now().toISOString(),
    level: 'error',
    event: 'fault',
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? 'unknown',
    incident,
    ...faultShape(error),
  });
  return problem('request.internal', { incident });
}

function unavailable(error: unknown): Problem | null {
  if (error instanceof AuditUnavailable) return problem('audit.unavailable', {});
  return error instanceof StoreUnavailable ? problem('store.unavailable', {}) : null;
}

function knownProblems(error: FastifyError, request: FastifyRequest): readonly Problem[] | null {
  if (error instanceof Refusal) return error.problems;
  if (hasZodFastifySchemaValidationErrors(error)) return validationProblems(error);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return [problem('request.too_large', { limitBytes: request.routeOptions.bodyLimit ?? 0 })];
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return [problem('request.media_type', { expected: request.routeOptions.config.mediaType ?? 'application/json' })];
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
      return [problem('request.malformed', {})];
    case 'FST_ERR_HANDLER_TIMEOUT':
      return [problem('request.timeout', {})];
    case 'FST_ERR_REOPENED_CLOSE_SERVER':
      return [problem('request.stopping', {})];
    default:
      // secure-json-parse (prototype poisoning) and JSON.parse carry only a status.
      return error.statusCode === 400 ? [problem('request.malformed', {})] : null;
  }
}

const PLACES = { body: 'body', querystring: 'query', params: 'path', headers: 'headers' } as const;

interface ValidationItem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Record<string, unknown>;
}

const MOST_WORDS = 30;

/** Words of the schema itself, which stand in /openapi.json too; longer lists are read there. */
function wordsTaken({ keyword, params }: ValidationItem): { readonly values?: readonly string[] } {
  const values: unknown = keyword === 'invalid_value' ? params['values'] : null;
  const isShort = Array.isArray(values) && values.length <= MOST_WORDS && values.every((value) => typeof value === 'string');
  return isShort ? { values } : {};
}

/** Place and keyword only: what the asker wrote there is not repeated. Names of unknown fields are part of the pointer. */
function validationProblems(error: { readonly validation: readonly unknown[]; readonly validationContext?: unknown }): readonly Problem[] {
  const place = PLACES[error.validationContext as keyof typeof PLACES] ?? 'body';
  const found = (error.validation as readonly ValidationItem[]).slice(0, 50).flatMap((item) => {
    const base = item.instancePath === '/' ? '' : item.instancePath;
    const keys = item.keyword === 'unrecognized_keys' && Array.isArray(item.params['keys']) ? (item.params['keys'] as unknown[]) : [];
    const pointers = keys.length === 0 ? [base] : keys.slice(0, 50).map((key) => `${base}/${escapePointer(String(key))}`);
    const { keyword } = item;
    const words = wordsTaken(item);
    return pointers.map((pointer) => problem('request.invalid', { place, pointer: pointer.slice(0, 200), keyword, ...words }));
  });
  return found.length > 0 ? found : [problem('request.malformed', {})];
}

/** Source: RFC 6901 §3. */
function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
