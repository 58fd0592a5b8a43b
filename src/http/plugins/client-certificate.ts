import { createHash, X509Certificate } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

const FIELD = /^:([A-Za-z0-9+/]{16,12000}={0,2}):$/;

/**
 * SHA-256 of the public key of the client certificate that a proxy of ours passed on, hex; null without one, from any
 * other address than a trusted proxy's own, and outside the certificate's time. The proxy has verified its chain and
 * that the client holds the key: nobody else may be able to set the header. Source: RFC 9440; ASVS 5.0 4.1.3.
 */
export function clientKeyDigest(request: FastifyRequest, proxies: readonly string[], now: Date): string | null {
  const header = request.headers['client-cert'];
  const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const encoded = typeof header === 'string' ? FIELD.exec(header)?.[1] : undefined;
  if (encoded === undefined || !proxies.includes(peer)) return null;
  try {
    const certificate = new X509Certificate(Buffer.from(encoded, 'base64'));
    if (now < new Date(certificate.validFrom) || now > new Date(certificate.validTo)) return null;
    const key = certificate.publicKey.export({ format: 'der', type: 'spki' });
    return createHash('sha256').update(key).digest('hex');
  } catch {
    return null;
  }
}
