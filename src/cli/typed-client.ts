import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '../../docs/reference/openapi.d.ts';
import type { ProblemDocument } from '../problems/problem.ts';
import { FAULT_CODES, readAll } from './api-client.ts';
import { CliFault, Refused } from './outcome.ts';
import type { Transport } from './transport.ts';

/** The API with addresses, parameters, bodies and answers as its own OpenAPI document has them. */
export type TypedClient = Client<paths>;

/** A client whose types are made from `docs/reference/openapi.json`, over the network or into an embedded instance. */
export function typedClient(transport: Transport, language: string): TypedClient {
  return createClient<paths>({
    baseUrl: 'http://sluice.invalid', // the transport knows the server; only path and query are taken from here
    headers: { 'accept-language': language },
    fetch: async (request: Request): Promise<Response> => {
      const { pathname, search } = new URL(request.url);
      const body = request.method === 'GET' ? '' : await request.text();
      const answer = await transport.send({
        method: request.method as 'GET' | 'POST' | 'PUT',
        path: `${pathname}${search}`,
        headers: Object.fromEntries([...request.headers].filter(([name]) => body !== '' || name !== 'content-type')),
        ...(body === '' ? {} : { body }),
      });
      const text = await readAll(answer.body);
      const isEmpty = answer.status === 204 || text.length === 0;
      return new Response(isEmpty ? null : new Uint8Array(text), { status: answer.status, headers: { 'content-type': answer.mediaType } });
    },
  });
}

/** The answer, or the refusal thrown as `Refused`; everything else that failed is a `CliFault`. */
export async function settled<T>(call: Promise<{ readonly data?: T; readonly error?: unknown; readonly response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (data !== undefined) return data;
  const document = error as Partial<ProblemDocument> | undefined;
  if (typeof document?.code !== 'string' || document.problems === undefined)
    throw new CliFault(`The server answered with status ${response.status}.`);
  if (FAULT_CODES.has(document.code)) throw new CliFault(`${document.title}: ${document.detail}`);
  throw new Refused(document as ProblemDocument);
}
