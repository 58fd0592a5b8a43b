import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isKeyName, type NoteKey, printKey, readKey } from '../audit/note-key.ts';
import type { Clock } from '../kernel/clock.ts';
import { openWitness, type Witness } from '../store/witness-store.ts';

/** A witness that listens. */
export interface WitnessServer {
  /** Its verifier key, one line, for the logs that ask it. */
  readonly key: string;
  readonly address: string;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 100_000;
const TIMEOUT_MS = 10_000;

/**
 * Serves `POST /add-checkpoint` and `GET /checkpoint?origin=…` (the newest it signed, for who verifies) on one address,
 * by default this machine alone. Keys of the logs it knows: `logs.keys` in `folder`, one verifier key a line, read at
 * the start. Asks nobody who he is: the signature on a checkpoint is all that counts. Throws on keys or a certificate that
 * do not read.
 * Source: C2SP tlog-witness, "HTTP Interface".
 */
export async function serveWitness(options: {
  readonly folder: string;
  readonly name: string;
  readonly logs: readonly string[];
  readonly host: string;
  readonly port: number;
  /** PEM. Without, it speaks plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly clock: Clock;
}): Promise<WitnessServer> {
  const { folder, name, host, port, tls, clock } = options;
  if (!isKeyName(name)) throw new RangeError('A witness name has no spaces, no plus and no control characters');
  const lines = (await readFile(join(folder, 'logs.keys'), 'utf8').catch(() => '')).split('\n').filter((line) => line.trim() !== '');
  const logs: NoteKey[] = [...options.logs, ...lines].map((line) => {
    const key = readKey(line);
    if (key === null || key.algorithm === 'cosignature') throw new RangeError('A line that is no key of a log');
    return key;
  });
  const witness = await openWitness(folder, name, logs, clock);
  const serve: RequestListener = (request, response) => {
    void answer(witness, request)
      .catch(() => ({ status: 500, mediaType: 'text/plain; charset=utf-8', body: '' }))
      .then(({ status, mediaType, body }) => {
        response.writeHead(status, { 'content-type': mediaType, 'cache-control': 'no-store' }).end(body);
      });
  };
  const server = tls === undefined ? createServer(serve) : tlsServer(tls, serve);
  server.requestTimeout = TIMEOUT_MS;
  server.headersTimeout = TIMEOUT_MS;
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => done());
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    key: printKey(witness.key),
    address: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function tlsServer(tls: { readonly cert: string; readonly key: string }, serve: RequestListener) {
  try {
    return createTlsServer({ ...tls, minVersion: 'TLSv1.2' }, serve);
  } catch {
    throw new RangeError('Certificate and key are no pair in PEM form');
  }
}

async function answer(witness: Witness, request: IncomingMessage) {
  const url = new URL(request.url ?? '/', 'http://witness');
  const plain = 'text/plain; charset=utf-8';
  if (request.method === 'POST' && url.pathname === '/add-checkpoint') {
    const body = await bodyOf(request);
    return body === null ? { status: 413, mediaType: plain, body: '' } : witness.addCheckpoint(body);
  }
  if (request.method === 'GET' && url.pathname === '/checkpoint') {
    const note = await witness.latest(url.searchParams.get('origin') ?? '');
    return { status: note === null ? 404 : 200, mediaType: plain, body: note ?? '' };
  }
  return { status: 404, mediaType: plain, body: '' };
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
