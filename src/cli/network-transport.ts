import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { CliFault, UsageError } from './outcome.ts';
import type { ApiRequest, ApiResponse, Transport } from './transport.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * The API of a server. Plain HTTP only to this machine: an API key does not travel in the open.
 * Waits as long as the server does; a broken connection is a `CliFault`.
 */
export function networkTransport(server: string, apiKey: string): Transport {
  const base = parseServer(server);
  const send = base.protocol === 'https:' ? requestHttps : requestHttp;
  return {
    readsLocalFolders: false,
    send: (request) =>
      new Promise<ApiResponse>((resolve, reject) => {
        const failed = (): void => reject(new CliFault(`No answer from ${base.origin}. Check that the server runs and try again.`));
        const outgoing = send(new URL(request.path, base), {
          method: request.method,
          headers: { ...request.headers, authorization: `Bearer ${apiKey}` },
        });
        outgoing.on('error', failed);
        outgoing.on('response', (incoming) => {
          resolve({ status: incoming.statusCode ?? 0, mediaType: incoming.headers['content-type'] ?? '', body: incoming });
        });
        sendBody(outgoing, request.body, failed);
      }),
    close: async () => undefined,
  };
}

function sendBody(outgoing: NodeJS.WritableStream, body: ApiRequest['body'], failed: () => void): void {
  if (body === undefined) outgoing.end();
  else if (typeof body === 'string') outgoing.end(body);
  // A server may answer (refuse) before it has read everything; the response then counts, not the broken upload.
  else pipeline(body, outgoing).catch(() => setTimeout(failed, 1000));
}

function parseServer(server: string): URL {
  let url: URL;
  try {
    url = new URL(server);
  } catch {
    throw new UsageError('--server must be an address such as https://sluice.example');
  }
  if (url.protocol === 'https:') return url;
  if (url.protocol === 'http:' && LOOPBACK.has(url.hostname)) return url;
  throw new UsageError('--server must be https, except for this machine itself (http://127.0.0.1:PORT)');
}
