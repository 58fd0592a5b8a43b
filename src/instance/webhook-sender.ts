import { lookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { PostOutcome, PostSigned, SignedPost } from '../operations/webhook-delivery.ts';
import type { AddressFault } from '../operations/webhook-interface.ts';
import { isPublicAddress } from './public-address.ts';

const TIMEOUT_MS = 10_000;
const LEAST_FREE_PORT = 1024;
/** Names that resolvers give to machines of their own network. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|arpa)$/;

/** Names to addresses; all of them. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveByDns: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

interface Sender {
  readonly post: PostSigned;
  readonly addressFault: AddressFault;
}

/**
 * Posts to webhooks. `allowed`: `host:port` that are sent to wherever they are, without TLS too; nothing else reaches a private address.
 * The name is resolved once, every address looked at, and the connection made to the one that was looked at: an answer of the resolver that
 * changes in between changes nothing. No redirect is followed, no answer read. Source: OWASP SSRF Prevention Cheat Sheet, case 2; ADR 0033.
 */
export function webhookSender(allowed: readonly string[], resolve: Resolve = resolveByDns): Sender {
  const isAllowed = (url: URL): boolean => allowed.includes(`${hostOf(url)}:${portOf(url)}`);
  const addressFault: AddressFault = (text) => {
    if (!URL.canParse(text) || text.length > 2000) return 'form';
    const url = new URL(text);
    if (url.username !== '' || url.password !== '' || url.hash !== '') return 'form';
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'scheme';
    if (isAllowed(url)) return null;
    if (url.protocol !== 'https:') return 'scheme';
    const host = hostOf(url);
    const port = portOf(url);
    if (port !== 443 && port < LEAST_FREE_PORT) return 'form';
    const isPrivate = isIP(host) === 0 ? LOCAL_NAME.test(host) || !host.includes('.') : !isPublicAddress(host);
    return isPrivate ? 'private' : null;
  };
  return {
    addressFault,
    async post(signed) {
      // Looked at again: the configuration may have changed since.
      if (addressFault(signed.url) !== null) return failed('address');
      const url = new URL(signed.url);
      const host = hostOf(url);
      const found = isIP(host) === 0 ? await inTime(resolve(host)).catch(() => []) : [host];
      const [address] = found;
      if (address === undefined) return failed('unresolved');
      if (!isAllowed(url) && !found.every(isPublicAddress)) return failed('address');
      return send(url, address, signed);
    },
  };
}

/** Without the brackets of IPv6 and the dot at the end, in lower case (`URL` writes it so). */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function failed(failure: Extract<PostOutcome, { ok: false }>['failure'], status: number | null = null): PostOutcome {
  return { ok: false, status, failure };
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('No answer in time')), TIMEOUT_MS);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

function send(url: URL, address: string, { headers, body }: SignedPost): Promise<PostOutcome> {
  const family = isIP(address);
  const pinned: LookupFunction = (_host, options, done) =>
    options.all === true ? done(null, [{ address, family }]) : done(null, address, family);
  const { promise, resolve } = Promise.withResolvers<PostOutcome>();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const options = {
    method: 'POST',
    agent: false,
    lookup: pinned,
    signal,
    headers: { ...headers, 'user-agent': 'sluice-webhook', 'content-length': Buffer.byteLength(body) },
  } as const;
  const request = url.protocol === 'https:' ? tlsRequest(url, { ...options, minVersion: 'TLSv1.2' }) : plainRequest(url, options);
  request.once('error', () => resolve(failed(signal.aborted ? 'timeout' : 'connection')));
  request.once('response', (response) => {
    const status = response.statusCode ?? 0;
    response.once('error', () => undefined);
    response.destroy(); // what a stranger answers is not read
    if (status >= 200 && status < 300) resolve({ ok: true, status });
    else resolve(failed(status >= 300 && status < 400 ? 'redirect' : 'status', status));
  });
  request.end(body);
  return promise;
}
