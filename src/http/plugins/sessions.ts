import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { csrfToken } from '../../identity/one-time-text.ts';

const COOKIE = 'sluice_session';
const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** The session that the browser sent, or null. Source: RFC 6265 §4.2. */
export function sessionOf(request: FastifyRequest): string | null {
  for (const part of (request.headers.cookie ?? '').slice(0, 4096).split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === COOKIE) return part.slice(at + 1).trim();
  }
  return null;
}

/**
 * Gives the browser its session: not readable by scripts, not sent from other sites, not over plain HTTP where TLS stands
 * in front. Its end is the server's to decide. Source: ASVS 5.0 3.3.1–3.3.4.
 */
export function giveSession(reply: FastifyReply, session: string, isBehindTls: boolean): void {
  reply.header('set-cookie', `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Strict${isBehindTls ? '; Secure' : ''}`);
}

export function takeSession(reply: FastifyReply, isBehindTls: boolean): void {
  reply.header('set-cookie', `${COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict${isBehindTls ? '; Secure' : ''}`);
}

/**
 * Whether a request under a session comes from our own page: nothing is asked of readers; changes carry the token of the
 * session, and no sign of another site. Source: ASVS 5.0 3.5.1; Fetch Metadata.
 */
export function comesFromOwnPage(request: FastifyRequest, session: string): boolean {
  if (READING.includes(request.method)) return true;
  return isOfThisSite(request) && sameText(String(request.headers['x-csrf-token'] ?? ''), csrfToken(session));
}

/** No header says that another site sent it. */
export function isOfThisSite(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = request.headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === request.host;
  } catch {
    return false;
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}
