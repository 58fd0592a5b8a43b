import type { Readable } from 'node:stream';
import type { ProblemDocument } from '../problems/problem.ts';
import type { AnswerAt, BodyAt, ItemAt, KnownPath } from './api-paths.ts';
import { CliFault, Refused } from './outcome.ts';
import type { ApiResponse, Transport } from './transport.ts';

/** Codes of problems that are the service's failure and not a refusal. */
export const FAULT_CODES: ReadonlySet<string> = new Set(['request.internal', 'request.timeout', 'request.stopping', 'audit.unavailable']);

/**
 * Calls of the HTTP API, typed by its OpenAPI document: an address that it does not have, or a body that it does not take, is an error of
 * types (`npx tsc`). Refusals are thrown as `Refused`, everything else that fails as `CliFault`.
 * Source: issue 6 ("A typed client … used by the CLI").
 */
export class ApiClient {
  readonly #transport: Transport;
  readonly #language: string;

  constructor(transport: Transport, language: string) {
    this.#transport = transport;
    this.#language = language;
  }

  get readsLocalFolders(): boolean {
    return this.#transport.readsLocalFolders;
  }

  async get<const P extends string>(path: P & KnownPath<P, 'get'>): Promise<AnswerAt<P, 'get'>> {
    return readJson(await this.#send('GET', path, {}));
  }

  /** The whole list, stretch by stretch. */
  async list<const P extends string>(path: P & KnownPath<P, 'get'>): Promise<readonly ItemAt<P>[]> {
    const found: ItemAt<P>[] = [];
    let cursor: string | undefined;
    do {
      const mark: string = cursor === undefined ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const stretch = await readJson<{ readonly items: readonly ItemAt<P>[]; readonly next?: string }>(
        await this.#send('GET', `${path}${mark}`, {}),
      );
      found.push(...stretch.items);
      cursor = stretch.next;
    } while (cursor !== undefined);
    return found;
  }

  async post<const P extends string>(
    path: P & KnownPath<P, 'post'>,
    body?: BodyAt<P>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<AnswerAt<P, 'post'>> {
    return this.postAsWritten(path, body, headers);
  }

  /** Posts what stands in a file of the person, as it stands there: the server says what is wrong with it. */
  async postAsWritten<const P extends string>(
    path: P & KnownPath<P, 'post'>,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<AnswerAt<P, 'post'>> {
    if (body === undefined) return readJson(await this.#send('POST', path, headers));
    return readJson(await this.#send('POST', path, { ...headers, 'content-type': 'application/json' }, JSON.stringify(body)));
  }

  async upload<T>(path: string, bytes: number, content: Readable): Promise<T> {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(bytes) };
    return readJson(await this.#send('PUT', path, headers, content));
  }

  async download(path: string): Promise<AsyncIterable<Uint8Array>> {
    return (await this.#send('GET', path, {})).body;
  }

  async #send(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string | Readable,
  ): Promise<ApiResponse> {
    const response = await this.#transport.send({
      method,
      path,
      headers: { ...headers, 'accept-language': this.#language },
      ...(body === undefined ? {} : { body }),
    });
    if (response.status < 400) return response;
    if (!response.mediaType.startsWith('application/problem+json'))
      throw new CliFault(`The server answered with status ${response.status}.`);
    const document = await readJson<ProblemDocument>(response);
    if (FAULT_CODES.has(document.code)) throw new CliFault(`${document.title}: ${document.detail}`);
    throw new Refused(document);
  }
}

async function readJson<T>(response: ApiResponse): Promise<T> {
  const text = (await readAll(response.body)).toString('utf8');
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new CliFault('The answer of the server cannot be read.');
  }
}

export async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** One segment of a path, safe whatever it holds. */
export function segment(text: string): string {
  return encodeURIComponent(text).replaceAll('.', '%2E');
}

/** `?a=1&b=2` of what is given; empty when nothing is. */
export function query(parameters: Readonly<Record<string, string | number | undefined>>): '' | `?${string}` {
  const given = Object.entries(parameters).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}
