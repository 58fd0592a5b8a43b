import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;
/** Steps before and after the present one that are taken: clocks of telephones. */
const DRIFT = 1;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const TOTP_SECRET_BYTES = 20;

/** The one-time password of a time step; HMAC-SHA-1. Source: RFC 6238 §4, RFC 4226 §5.3. */
export function totpAt(secret: Uint8Array, step: number, digits: number = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0');
}

/**
 * The step whose code was given, or null. Only steps after `lastStep` count: a code that was used once, or an older one,
 * is refused. Source: RFC 6238 §5.2 ("MUST NOT accept the second attempt").
 */
export function totpStep(secret: Uint8Array, code: string, now: Date, lastStep: number): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const present = Math.floor(now.getTime() / 1000 / STEP_SECONDS);
  const steps = Array.from({ length: 2 * DRIFT + 1 }, (_, at) => present - DRIFT + at).filter((step) => step >= 0);
  const matches = steps.filter((step) => timingSafeEqual(Buffer.from(totpAt(secret, step)), Buffer.from(code)));
  return matches.find((step) => step > lastStep) ?? null;
}

/** RFC 4648 base 32 without padding: what a person types into an authenticator. */
export function base32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32[(value >>> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + BASE32[(value << (5 - bits)) & 31];
}

/** What an authenticator scans. Source: the key URI format of Google Authenticator. */
export function otpauthUri(secret: Uint8Array, principal: string): string {
  return `otpauth://totp/Sluice:${encodeURIComponent(principal)}?secret=${base32(secret)}&issuer=Sluice&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`;
}
